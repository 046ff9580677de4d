"""What is lost with a run, in words: for the question before it is deleted, wherever that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.pages.standing import is_unpriced

if TYPE_CHECKING:
    from core.store.progress import Progress


def what_goes(found: Progress) -> str:
    """The run with what was paid for it."""
    run, sums = found.run, found.sums
    if run.imported:
        samples = amounts.counted(sums.kept, "sample")
        return f"run {visible_line(run.name, 80)} ({run.id}): {samples} that were imported"
    paid = dollars(run.spent_pico)
    if is_unpriced(found):
        paid = f"{paid} and what was {UNPRICED}" if run.spent_pico else f"an {UNPRICED} amount"
    mark = " (SIMULATED)" if run.simulated else ""
    doubt = f", {dollars(run.unknown_pico)} more in doubt" if run.unknown_attempts else ""
    samples = amounts.counted(sums.kept, "sample")
    return f"run {visible_line(run.name, 80)} ({run.id}){mark}: {samples} that cost {paid}{doubt}"
