"""Control, Scaling and Performance: the three numbers by which s1 compares ways to ask for thinking.

Muennighoff et al. 2025, *s1: Simple test-time scaling*, arXiv:2501.19393, section 3.2, equations 1 to 3. The paper runs
a set of evaluations, each with another amount of thinking: here, the conditions of one label. Its formulas are kept as
they are, with what it leaves open said in the names: the unit of Scaling, and whether Control counts samples or means.
Knows nothing of why a slope is what it is: for a verdict on growth, fits and equivalence tests are the better tools.

Scaling weighs all pairs of conditions alike, so two that used nearly the same tokens can outweigh the rest: their slope
is noise over next to nothing. Its interval then is as wide as it should be. Performance is the best of several noisy
numbers and so flatters, the more so the more conditions there are; it has no interval here because that of the best
condition would not cover this.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.jackknife import jackknife_interval, means_without_each
from core.analysis.overrun import overrun_of

if TYPE_CHECKING:
    from core.analysis.grid import Grid, Reals
    from core.analysis.intervals import Interval
    from core.analysis.overrun import Overrun
    from core.vocabulary import Budget, Json

_POINTS_PER_1000_TOKENS = 100 * 1000
"""A share per token in percentage points per 1000 tokens."""

_SAME = 1e-9
"""Tokens that differ by a smaller share differ by rounding."""


@dataclass(frozen=True, slots=True)
class S1:
    """s1's three numbers for the conditions of one label."""

    control: float | None
    """Share of samples that used at most what was asked, a mean over conditions; None from sums, and without tokens
    asked for, like the next two."""
    control_within: float | None
    """Share of samples within 20 % of what was asked, a mean over conditions."""
    control_of_means: float | None
    """Share of conditions whose mean tokens are at most what was asked: equation 1 to the letter, which counts
    evaluations. Known from sums too."""
    scaling_points_per_1000_tokens: float | None
    """Mean slope over all pairs of conditions, in percentage points of accuracy per 1000 tokens used; None without two
    that used different tokens."""
    scaling_ci95_points_per_1000_tokens: Interval | None
    """For other problems of the kind; None below 2 clusters of them, and where all of them agree."""
    performance: float | None
    """The best accuracy of a condition, a share."""
    performance_budget: Budget | None
    """What was asked for there; the least thinking of equals."""

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names, which carry their units; the rest are shares."""
        scaling = self.scaling_ci95_points_per_1000_tokens
        return {
            "control": self.control,
            "control_within_20_percent": self.control_within,
            "control_of_means": self.control_of_means,
            "scaling_points_per_1000_tokens": self.scaling_points_per_1000_tokens,
            "scaling_ci95_points_per_1000_tokens": scaling and list(scaling),
            "performance": self.performance,
            "performance_budget": self.performance_budget,
        }


def s1_of(grid: Grid) -> S1:
    """s1's numbers of one label; None for those that cannot be said.

    - Control = 1/|A| sum over conditions a of the share of samples with tokens <= asked(a). The lower end of the range
      is 0: the budget is an upper limit, as it mostly is in the paper.
    - Scaling = mean over pairs a, b of conditions of (accuracy(b) - accuracy(a)) / (tokens(b) - tokens(a)), tokens
      being means per problem, as used. Pairs that used the same are left out: they have no slope. The interval comes
      from leaving out each problem in turn (`core.analysis.jackknife`).
    - Performance = max over conditions of accuracy.

    Scaling and Performance are over the problems that have a sample under every condition that has any.
    """
    same = grid.columns([i for i in range(len(grid.budgets)) if grid.drawn[:, i].any()])
    same = same.rows(same.held)
    accuracy, tokens = same.accuracy, same.mean_tokens
    best = int(np.argmax(accuracy)) if len(same.problems) and len(same.budgets) else None
    obeyed = _overruns(grid)
    below = [used <= asked for used, asked in zip(grid.mean_tokens, grid.asked, strict=True) if asked and used >= 0]
    scaling = float(_scaling(accuracy[None], tokens[None])[0])
    without = _scaling(*(means_without_each(one, same.clusters) for one in (same.shares, same.placed_tokens)))
    return S1(
        control=_mean([1 - one.share_over for one in obeyed]),
        control_within=_mean([one.share_within for one in obeyed]),
        control_of_means=_mean(below),
        scaling_points_per_1000_tokens=scaling if isfinite(scaling) else None,
        scaling_ci95_points_per_1000_tokens=jackknife_interval(scaling, without) if isfinite(scaling) else None,
        performance=None if best is None else float(accuracy[best]),
        performance_budget=None if best is None else same.budgets[best],
    )


def _overruns(grid: Grid) -> list[Overrun]:
    """Of the conditions that have samples and asked for tokens; none from sums."""
    every = [
        overrun_of([used for cell in one.cells for used in cell.completion_tokens], one.budget_tokens)
        for one in grid.samples or ()
    ]
    return [one for one in every if one is not None]


def _scaling(accuracy: Reals, tokens: Reals) -> Reals:
    """Equation 2, for each row of conditions; NaN where no two of them used different tokens."""
    first, second = np.triu_indices(accuracy.shape[1], k=1)
    apart = tokens[:, second] - tokens[:, first]
    differ = np.abs(apart) > _SAME * tokens[:, second]
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.where(differ, (accuracy[:, second] - accuracy[:, first]) / apart, 0.0)
        return np.asarray(slopes.sum(axis=1) / differ.sum(axis=1) * _POINTS_PER_1000_TOKENS)


def _mean(values: list[float] | list[bool]) -> float | None:
    return float(sum(values) / len(values)) if values else None
