"""Intervals of a label's accuracies by resampling, beside those that a formula gives.

Two of them for each condition: of other problems of the kind, and of other problems and other draws of each. From the
same resamples for all conditions, so that whoever wants the difference of two can trust what is said of both. Draws are
right or wrong, so drawing them anew is to draw from a binomial: no sample is looked at again. How resamples are made is
`core.analysis.resampling`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.analysis.intervals import count_clusters
from core.analysis.resampling import TIMES, middle, problem_weights, resampled_draws, weighted_means

if TYPE_CHECKING:
    from core.analysis.grid import Grid, Reals
    from core.analysis.intervals import Interval
    from core.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """95 % percentile intervals of accuracy, one for each condition of a label."""

    resamples: int
    seed: int
    problems: tuple[Interval | None, ...]
    """Of other problems; None for a condition without a sample, or where all resamples say the same, like the next."""
    full: tuple[Interval | None, ...]
    """Of other problems and other draws of them (hierarchical): the wider, where draws are few."""

    def to_json(self) -> dict[str, Json]:
        """The intervals by their names, in the order of the label's budgets."""
        return {
            "resamples": self.resamples,
            "seed": self.seed,
            "accuracy_ci95_of_problems": [one and list(one) for one in self.problems],
            "accuracy_ci95_of_problems_and_draws": [one and list(one) for one in self.full],
        }


def bootstrapped(grid: Grid, times: int = TIMES, seed: int = 0) -> Bootstrapped | None:
    """The intervals of one label; None below 2 clusters of problems, of which all resamples are the same."""
    if count_clusters(grid.clusters) < 2:  # noqa: PLR2004 - as above
        return None
    weights = problem_weights(grid.clusters, times, seed)
    of_problems = weighted_means(grid.shares, weights)
    of_draws, _ = resampled_draws(replace(grid, samples=None), weights, seed)
    return Bootstrapped(times, seed, tuple(map(_interval, of_problems.T)), tuple(map(_interval, of_draws.T)))


def _interval(accuracies: Reals) -> Interval | None:
    """Without width an interval says nothing of other problems: where none is ever wrong, see `ci95`."""
    found = middle(accuracies)
    return found if found and found[0] < found[1] else None
