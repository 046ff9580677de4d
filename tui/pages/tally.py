"""What each condition of a run has come to, from sums alone: the rows of the table of `thinktop status`.

Accuracy is the mean over problems, as everywhere; it counts every draw, those too that were added later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis.intervals import interval, mean
from core.octaves import token_quartiles
from core.store.grid import grid

if TYPE_CHECKING:
    import sqlite3

    from core.analysis.intervals import Interval
    from core.store.grid import GridCell
    from core.store.progress import ConditionRow, Progress


@dataclass(frozen=True, slots=True)
class Tally:
    """A condition with what follows from its cells."""

    row: ConditionRow
    accuracy: float | None
    ci95: Interval | None
    overrun: tuple[float, float, float] | None
    """First quartile, median, third quartile of tokens used per token asked for."""
    extended: bool
    """Whether draws were planned after results had been seen."""

    @property
    def mean_tokens(self) -> float | None:
        """Completion tokens a sample."""
        sums = self.row.sums
        return sums.completion_tokens / sums.kept if sums.kept else None


def tallies(connection: sqlite3.Connection, progress: Progress) -> list[Tally]:
    """A run's conditions in the order of the plan."""
    by_condition: dict[int, list[GridCell]] = {}
    for cell in grid(connection, progress.run.id):
        by_condition.setdefault(cell.condition_id, []).append(cell)
    return [tally(row, by_condition.get(row.id, [])) for row in progress.conditions]


def tally(row: ConditionRow, cells: list[GridCell]) -> Tally:
    """What a condition and its cells come to."""
    graded = [cell for cell in cells if cell.graded]
    shares = [cell.right / cell.graded for cell in graded]
    known = interval(shares, sum(cell.graded for cell in graded), [cell.cluster for cell in graded])
    quartiles = token_quartiles(row.octaves)
    asked = row.budget if isinstance(row.budget, int) else 0
    return Tally(
        row=row,
        accuracy=mean(shares),
        ci95=known,
        overrun=(quartiles[0] / asked, quartiles[1] / asked, quartiles[2] / asked) if quartiles and asked else None,
        extended=any(cell.planned > cell.planned_first for cell in cells),
    )
