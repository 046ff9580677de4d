"""Choosing among k samples by what a scorer thought of them: the best of k, and votes weighed by scores.

A reward model or a verifier may have scored each sample; here is what its scores are worth beside a plain vote. Only
conditions of which every sample has a score are told of, so that all three are about the same samples. Knows nothing of
who scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt
from typing import TYPE_CHECKING

from core.analysis.curve import vote_sizes
from core.analysis.intervals import interval
from core.analysis.weighted import best_of_k, weighted_vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.intervals import Interval
    from core.analysis.records import CellSamples, ConditionSamples
    from core.vocabulary import Budget, Json

MOST = 32
"""Largest k: beyond it votes are drawn at random for seconds and hardly change."""


@dataclass(frozen=True, slots=True)
class ScoredAt:
    """What k samples earn; means over problems."""

    k: int
    best: float
    """Credit of the sample with the highest score."""
    best_ci95: Interval | None
    weighted: float | None
    """Expected credit of the vote in which each sample counts by its score; None where a score is below 0."""
    weighted_ci95: Interval | None
    drawn_se: float | None
    """Standard error of `weighted` that is due to random subsets; 0 where all were voted on."""

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names, all shares."""
        return {
            "k": self.k,
            "best_of": self.best,
            "best_of_ci95": self.best_ci95 and list(self.best_ci95),
            "weighted_vote": self.weighted,
            "weighted_vote_ci95": self.weighted_ci95 and list(self.weighted_ci95),
            "weighted_vote_drawn_se": self.drawn_se,
        }


@dataclass(frozen=True, slots=True)
class Scored:
    """One scorer's scores of one condition."""

    budget: Budget
    scorer: str
    problems: int
    at: tuple[ScoredAt, ...]

    def to_json(self) -> dict[str, Json]:
        """The scores' worth by its names."""
        return {
            "budget": self.budget,
            "scorer": self.scorer,
            "problems": self.problems,
            "at": [one.to_json() for one in self.at],
        }


def scored_of(condition: ConditionSamples, seed: int = 0) -> tuple[Scored, ...]:
    """What each scorer's scores are worth; empty where no scorer has scored every sample."""
    held = [cell for cell in condition.cells if cell.samples]
    if not held:
        return ()
    everywhere = set.intersection(*(_whole(cell) for cell in held))
    ks = [k for k in vote_sizes(min(cell.samples for cell in held)) if k <= MOST]
    return tuple(
        Scored(condition.budget, scorer, len(held), tuple(_at(held, scorer, k, seed) for k in ks))
        for scorer in sorted(everywhere)
    )


def _whole(cell: CellSamples) -> set[str]:
    """The scorers that have scored every sample of a cell."""
    return {name for name, scores in cell.scores if None not in scores}


def _at(cells: Sequence[CellSamples], scorer: str, k: int, seed: int) -> ScoredAt:
    clusters, samples = [cell.cluster for cell in cells], sum(cell.samples for cell in cells)
    best, votes = [], []
    for place, cell in enumerate(cells):
        scores = [score for score in dict(cell.scores)[scorer] if score is not None]
        best.append(best_of_k(scores, [right for _, right in cell.ballots], k))
        if min(scores) >= 0:
            votes.append(weighted_vote(cell.ballots, scores, k, seed + place))
    told = len(votes) == len(cells)
    credit = [one.value for one in votes]
    return ScoredAt(
        k=k,
        best=fsum(best) / len(best),
        best_ci95=interval(best, samples, clusters),
        weighted=fsum(credit) / len(credit) if told else None,
        weighted_ci95=interval(credit, samples, clusters) if told else None,
        drawn_se=sqrt(fsum(one.se**2 for one in votes)) / len(votes) if told else None,
    )
