"""The pictures: for each, the size, the theme, and the keys that lead a person to what it shows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Self
from unittest.mock import patch

import tui.screens
from core.store.opening import reading
from core.store.runs import run_named
from docs.made.svg import svg_of
from docs.made.sweeps import LIVE, NOW
from tui.app import Thinktop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store.place import Place

WIDE, LOW, NARROW = (120, 40), (120, 30), (80, 24)
_SETTLED_S, _LONGEST_S = 0.5, 20.0
"""A screen that stood still so long is whole; it has so long to get there."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    keys: tuple[str, ...] = ()
    """From the first screen to what is shown."""
    size: tuple[int, int] = WIDE
    theme: str = "night"
    from_list: bool = False
    """Whether it begins with the list of runs, not with the run in mid-sweep."""


# Down to a problem of middling difficulty, whose answers differ.
_PROBLEM = (*["down"] * 13, "enter")

SHOTS: dict[str, Shot] = {
    "monitor": Shot(),
    "monitor-day": Shot(theme="day"),
    "monitor-80x24": Shot(size=NARROW),
    "runs": Shot(("m", "down", "down", "m", "up", "up"), LOW, from_list=True),
    "problem": Shot(_PROBLEM),
    "draw": Shot((*_PROBLEM, "end", "enter"), LOW),
    "curves": Shot(("m", "down", "down", "m", "f", "t"), from_list=True),
    "in-flight": Shot(("4",), LOW),
    "events": Shot(("5",), LOW),
    "new-run": Shot(("n", "enter"), LOW, from_list=True),
    "help": Shot(("question_mark",)),
}


def taken(name: str, place: Place) -> str:
    """The SVG of a picture, of a store that was staged for it."""
    with _at_rest():
        return asyncio.run(_taken(SHOTS[name], place))


async def _taken(shot: Shot, place: Place) -> str:
    with reading(place) as db:
        run_id = None if shot.from_list else run_named(db, LIVE)
    app = Thinktop(place, run_id=run_id, theme=shot.theme)
    async with app.run_test(size=shot.size, notifications=True) as pilot:
        await _settle(app)
        for key in shot.keys:
            await pilot.press(key)
            await _settle(app)
        drawn = svg_of(app, "thinktop")
    if app.crash is not None:
        raise app.crash
    return drawn


async def _settle(app: Thinktop) -> None:
    """Return when nothing on the screen moves any more."""
    began = still_since = time.monotonic()
    shown = ""
    while time.monotonic() - still_since < _SETTLED_S:
        await asyncio.sleep(_SETTLED_S / 10)
        before, shown = shown, "\n".join(strip.text for strip in app.screen._compositor.render_strips())  # noqa: SLF001 - there is no public way to what is on the screen
        if shown != before:
            still_since = time.monotonic()
        if time.monotonic() - began > _LONGEST_S:
            raise TimeoutError(f"the screen does not come to rest:\n{shown}")


@contextmanager
def _at_rest() -> Iterator[None]:
    """The clock stands still where the pictures were staged, in a time zone that says nothing of this machine."""
    for screen in iter_modules(tui.screens.__path__, "tui.screens."):
        import_module(screen.name)  # those that take the clock from it must be there when it is stopped
    ours = [module for name, module in sys.modules.items() if name.startswith(("core.", "tui."))]
    with contextlib.ExitStack() as stopped:
        stopped.enter_context(patch.dict(os.environ, TZ="UTC"))
        stopped.callback(time.tzset)
        time.tzset()
        for module in ours:
            if vars(module).get("datetime") is datetime:
                stopped.enter_context(patch.object(module, "datetime", _Stopped))
        yield


class _Stopped(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """When the pictures are taken."""
        return cls.fromtimestamp(NOW.timestamp(), tz)
