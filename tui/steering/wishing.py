"""What the commands that steer have in common: which run is meant, how it stands, and what to say of its sampler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError
from core.store.opening import reading
from core.store.progress import run_ids
from core.store.runs import find_run
from core.visible import visible_line
from core.vocabulary import State
from core.watching import status
from tui.cli.spelling import spelled
from tui.console import stderr

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.status import Status
    from core.store.place import Place


def status_of(place: Place, which: str) -> Status:
    """How the run stands that a person means."""
    with reading(place) as db:
        return status(db, place, find_run(db, which))


def the_one(place: Place, which: str | None, fits: Callable[[Status], bool], what: str) -> Status:
    """How the run stands that a person means; without a word of theirs, the only one that fits.

    Args:
        place: The store.
        which: What the person called it.
        fits: Which runs the command is for.
        what: Those in words, such as `at work`.

    Raises:
        UsageError: none fits, or more than one.
    """
    if which is not None:
        return status_of(place, which)
    with reading(place) as db:
        found = [one for one in (status(db, place, run_id) for run_id in run_ids(db)) if fits(one)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no run is {what}; name the one you mean ({spelled(place, 'status', '--all')} lists them)")
    names = ", ".join(f"{one.progress.run.name} ({one.progress.run.id})" for one in found)
    raise UsageError(f"{len(found)} runs are {what}: {names}; name the one you mean")


def at_work(one: Status) -> bool:
    """Whether a sampler has it."""
    return one.sampler_alive


def at_rest(one: Status) -> bool:
    """Whether there is something to go on with: it owes draws, or it is paused."""
    return one.state is not State.FINISHED or one.sums.owed > 0


def named(one: Status) -> str:
    """`aime-2024 (3)`, visible."""
    return f"{visible_line(one.progress.run.name)} ({one.progress.run.id})"


def say(line: str) -> None:
    """A line for the person, on stderr."""
    stderr().print(line, soft_wrap=True)


def say_who_acts(place: Place, one: Status) -> None:
    """Say whether a sampler acts on it now, or how to go on."""
    if one.sampler_alive:
        say(f"its sampler ({one.progress.run.pid}) acts on it within a second")
    elif at_rest(one):
        say(f"no sampler has it now; go on with: {spelled(place, 'resume', one.progress.run.name)}")
