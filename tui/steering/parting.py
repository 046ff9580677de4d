"""What is said when a run comes to an end, or somebody turns away from it: counts, dollars, and how to go on.

Pure but for the spelling of commands. The exit code of each ending stands here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.money import dollars
from core.visible import visible_line
from core.vocabulary import State
from tui.cli.failing import ERROR, INTERRUPTED
from tui.cli.spelling import spelled
from tui.pages.standing import is_unpriced

if TYPE_CHECKING:
    from core.status import Status
    from core.store.place import Place

DONE, CAPPED, SOME_FAILED = 0, 3, 4

BY_HAND = ("interrupted", "stopped by a wish")
"""The reasons of a stop that somebody asked for: no fault, but not done either."""


def exit_code(status: Status) -> int:
    """How a run's end is told to a script; a stop by a wish counts as an interruption."""
    match status.state:
        case State.FINISHED:
            return SOME_FAILED if status.sums.failed else DONE
        case State.CAPPED:
            return CAPPED
        case State.STOPPED if status.progress.run.reason in BY_HAND:
            return INTERRUPTED
        case _:
            return ERROR


def parting(status: Status, place: Place, again: str) -> list[str]:
    """The lines that end a command which saw a run to its end; `again` is the command that goes on with it."""
    run, sums = status.progress.run, status.sums
    why = f": {visible_line(run.reason)}" if run.reason and status.state is not State.FINISHED else ""
    counts = f"{sums.kept:,} of {sums.planned:,} draws done, {sums.failed:,} failed for good"
    doubtful = f", {run.unknown_attempts:,} requests in doubt" if run.unknown_attempts else ""
    lines = [
        f"{visible_line(run.name)} ({run.id}) is {status.state.value}{why}",
        f"{counts}{doubtful}; {_money(status)}{_mark(status)}",
    ]
    if status.state is State.INTERRUPTED:
        lines.append(
            f"its sampler is gone without a word, with {status.in_flight:,} requests in flight: they count as possibly "
            f"billed ({dollars(run.reserved_pico)})"
        )
    if run.unknown_attempts:
        doubts = spelled(place, "log", run.name, "--doubts")
        lines.append(f"in doubt is what may have been billed without a reply: {doubts}")
    return lines + _onwards(status, place, again)


def in_flight_will_finish(requests: int) -> str:
    """`37 requests in flight will finish; nothing new is sent`."""
    if requests == 0:
        return "nothing is in flight; nothing new is sent"
    return f"{requests:,} request{'' if requests == 1 else 's'} in flight will finish; nothing new is sent"


def _money(status: Status) -> str:
    run = status.progress.run
    if is_unpriced(status.progress):
        cap = "none" if run.cap_tokens is None else f"{run.cap_tokens:,}"
        return f"spent {run.spent_tokens:,} tokens, in doubt {run.unknown_tokens:,}, cap {cap}; unpriced"
    cap = "none" if run.cap_pico is None else dollars(run.cap_pico)
    return f"spent {dollars(run.spent_pico)}, in doubt {dollars(run.unknown_pico)}, cap {cap}"


def _mark(status: Status) -> str:
    return " · SIMULATED" if status.progress.run.simulated else ""


def _onwards(status: Status, place: Place, again: str) -> list[str]:
    run, sums = status.progress.run, status.sums
    match status.state:
        case State.CAPPED:
            key = "cap_usd" if run.cap_pico is not None else "cap_tokens"
            raised = spelled(place, "set", run.name, f"{key}=MORE")
            return [f"go on with: {raised} && {spelled(place, 'resume', run.name)}"]
        case State.FINISHED if sums.failed:
            return [f"ask the failed ones again: {spelled(place, 'retry', run.name)} && {again}"]
        case State.FINISHED:
            return []
        case State.PAUSED:
            return [f"go on with: {spelled(place, 'resume', run.name)}"]
        case _:
            return [f"go on with: {again}"]
