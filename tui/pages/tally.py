"""What each condition of a run has come to, from sums alone: the rows of the table of `thinktop status`.

Accuracy is the mean over problems, as everywhere; it counts every draw, those too that were added later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis.intervals import interval, mean
from core.octaves import token_quartiles
from core.store.grid import extended_conditions
from core.store.strips import strips

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Sequence

    from core.analysis.intervals import Interval
    from core.store.progress import ConditionRow, Progress
    from core.store.strips import Strip


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
        """Completion tokens a sample; None where none are known."""
        sums = self.row.sums
        return sums.completion_tokens / sums.kept or None if sums.kept else None


def tallies(connection: sqlite3.Connection, progress: Progress) -> list[Tally]:
    """A run's conditions in the order of the plan."""
    run_id = progress.run.id
    return tallied(progress, strips(connection, run_id), extended_conditions(connection, run_id))


def tallied(progress: Progress, problems: Sequence[Strip], extended: Container[int]) -> list[Tally]:
    """The same of what was read already.

    Args:
        progress: The run.
        problems: Its problems, whose shares stand in the order of its conditions.
        extended: The conditions (rows) that draws were added to after results had been seen.
    """
    clusters = [problem.cluster for problem in problems]
    return [
        _tally(row, [problem.shares[at] for problem in problems], clusters, extended=row.id in extended)
        for at, row in enumerate(progress.conditions)
    ]


def _tally(
    row: ConditionRow, shares: Sequence[tuple[int, int]], clusters: Sequence[str | None], *, extended: bool
) -> Tally:
    """What a condition comes to: (right, graded) and the cluster of each problem."""
    graded = [(right / of, of, cluster) for (right, of), cluster in zip(shares, clusters, strict=True) if of]
    values = [share for share, _, _ in graded]
    quartiles = token_quartiles(row.octaves)
    asked = row.budget if isinstance(row.budget, int) else 0
    return Tally(
        row=row,
        accuracy=mean(values),
        ci95=interval(values, sum(of for _, of, _ in graded), [cluster for _, _, cluster in graded]),
        overrun=(quartiles[0] / asked, quartiles[1] / asked, quartiles[2] / asked) if quartiles and asked else None,
        extended=extended,
    )
