"""The monitor as commands have it: which run it opens on, how it looks, and what is said once it is left."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from core.errors import StoreError, ThinktopError, UsageError
from core.store.opening import reading
from core.store.progress import run_ids
from core.visible import visible_line
from core.watching import status as status_now
from tui.cli.failing import INTERRUPTED
from tui.cli.spelling import spelled
from tui.console import stderr
from tui.steering.wishing import named

if TYPE_CHECKING:
    from core.status import Status
    from core.store.place import Place

THEMES = ("night", "day", "terminal", "terminal-light")
_SIGNALLED = 128
"""Added to a signal's number for the exit code, as shells do."""


def usable() -> bool:
    """Whether there is a terminal that can show the monitor, with somebody at its keys; or a browser instead."""
    return "TEXTUAL_DRIVER" in os.environ or (
        sys.stdin is not None
        and sys.stdin.isatty()
        and sys.stdout.isatty()
        and sys.stderr.isatty()
        and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")
    )


def monitor(
    place: Place, run_id: int | None = None, *, read_only: bool = False, mouse: bool = True, theme: str | None = None
) -> int:
    """The exit code of the monitor, from its first screen to the last word.

    Args:
        place: The store, which need not exist yet.
        run_id: The run to open; by default the one that is at work, or the list of all.
        read_only: Change nothing.
        mouse: Whether it listens to the mouse; then the terminal's own selection wants the shift key.
        theme: One of `THEMES`; by default what fits the terminal.

    Raises:
        Exception: whatever ended the monitor, if it was an error.
    """
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty, it asks for nothing; Textual takes it for set
    chosen = theme_of(theme)
    from tui.app import Thinktop  # noqa: PLC0415 - Textual is loaded for the monitor only

    app = Thinktop(place, run_id=only_live(place) if run_id is None else run_id, read_only=read_only, theme=chosen)
    app.run(mouse=mouse and os.environ.get("THINKTOP_MOUSE", "1") not in ("0", "no", "off", "false"))
    if app.crash is not None:
        raise app.crash
    if app.ended_by is not None and app.ended_by is not signal.SIGHUP:
        _say_who_goes_on(place)
    if app.ended_by is not None:
        return INTERRUPTED if app.ended_by is signal.SIGINT else _SIGNALLED + app.ended_by
    _say_who_goes_on(place)
    return 0


def watch(place: Place, run_id: int, again: str) -> int:
    """The exit code of a run that another process samples: the monitor where there is a terminal for it.

    Once it is left, a run that is over is concluded as on the command line.
    """
    from tui.steering import sampling  # noqa: PLC0415 - has the sampler with it, which a mere look does without

    if not usable():
        return sampling.watch(place, run_id, again)
    code = monitor(place, run_id)
    try:
        with reading(place) as db:
            status = status_now(db, place, run_id)
    except ThinktopError:
        return code  # deleted from within, or its store gone: there is nothing to conclude
    return code if code or status.sampler_alive else sampling.conclude(status, place, again)


def only_live(place: Place) -> int | None:
    """The one run that is at work; None where there is none, or more than one."""
    alive = _alive(place)
    return alive[0].progress.run.id if len(alive) == 1 else None


def theme_of(asked: str | None) -> str:
    """The theme that was asked for; else what fits the terminal as far as it says.

    Raises:
        UsageError: there is no such theme.
    """
    asked = asked or os.environ.get("THINKTOP_THEME")
    if asked:
        if asked not in THEMES:
            raise UsageError(f"there is no theme {asked!r}; there are {', '.join(THEMES)}")
        return asked
    light = os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
    few = bool(os.environ.get("NO_COLOR")) or not (
        os.environ.get("COLORTERM") in ("truecolor", "24bit") or "256" in os.environ.get("TERM", "")
    )
    if few:
        return "terminal-light" if light else "terminal"
    return "day" if light else "night"


def _alive(place: Place) -> list[Status]:
    """The runs that a sampler has."""
    if not place.path.exists():
        return []
    with reading(place) as db:
        return [one for run_id in run_ids(db) if (one := status_now(db, place, run_id)).sampler_alive]


def _say_who_goes_on(place: Place) -> None:
    """Say which samplers go on, how to come back, and how to end them."""
    console = stderr()
    try:
        alive = _alive(place)
    except StoreError as error:
        console.print(visible_line(str(error)), soft_wrap=True)
        return
    for one in alive:
        name, pid = one.progress.run.name, one.progress.run.pid
        stop = spelled(place, "stop", name)
        if one.progress.run.paused:
            said = f"is paused: sampler {pid} sends nothing; let it go on: {spelled(place, 'resume', name)}"
        else:
            said = f"goes on without you: sampler {pid}"
        console.print(f"{named(one)} {said}; end it: {stop}", soft_wrap=True)
    if alive:
        console.print(f"come back: {spelled(place)}", soft_wrap=True)
