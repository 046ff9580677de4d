"""The end of a curve: does its last stretch gain anything, and if that cannot be said, what would it take?

The same questions are put to thinking (a point for each condition) and to votes (a point for each k); both come as
`Points`. Owns the tests and their numbers; how they are put in words is `core.analysis.verdicts`.

**Where a plateau starts** is not looked up in the data first and tested afterwards. The last point is compared with the
latest point at about half its tokens or less, then with the one before that, and so on towards less thinking; the first
comparison that fails ends it (fixed-sequence testing, Maurer, Hothorn and Lehmacher 1995), so the order was fixed
before and no test is made twice. At about half or less, because any two points that are near enough look alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import ceil, log
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.equivalence import Equivalence, equivalence, independent_problems, likely_change, usual_change
from core.analysis.full_table import LEAST_POINTS, FullTable, full_table
from core.analysis.gain import Gain, gain_along
from core.analysis.vote_gains import DRAWS_A_VOTE

if TYPE_CHECKING:
    from core.analysis.grid import Grid, Reals
    from core.analysis.vote_table import VoteTable

LOST_AT_MOST = 0.02
"""Share of a point's draws that may be cut off or have failed; above, no plateau is looked for."""
SMALLEST_VOTE = 4
"""Votes of 2 are votes of 1, to the last bit: only from 4 on has voting been tried."""
_CHANCE = 0.8
"""With which a plateau that is there should be found: what the numbers of problems and draws are planned for."""
APART = 0.75
"""Doublings between the points of a comparison at least: budgets that double are used by halves, more or less."""
_ALL = 1 - 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A curve on the same problems: a row for each problem, a column for each point, from the fewest tokens."""

    octaves: Reals
    """Log2 of each point's mean tokens, rising."""
    shares: Reals
    clusters: tuple[str | None, ...]
    lost: Reals
    """Of each point: share of its draws that was cut off by the token cap or failed for good."""
    ends: tuple[Reals, Reals] | None
    """`shares` if all missing draws were wrong, and if all were right; None where none is missing."""
    variance: Reals | None
    """Of each share: what other draws of the same problem would give, squared; None where it cannot be known."""
    change: float | None
    """How large the changes of a problem are from point to point; None where there are none to learn it from."""

    @property
    def always_right(self) -> int:
        """Problems that the last point never gets wrong; a missing draw counts as wrong."""
        shares = self.shares if self.ends is None else self.ends[0]
        return int((shares[:, -1] >= _ALL).sum())


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last point against an earlier one."""

    start: int
    """The earlier point."""
    test: Equivalence
    p: float
    """The test's; where draws are missing, the largest over what they may have been."""


@dataclass(frozen=True, slots=True)
class Need:
    """What would tell whether the last doubling gains anything: the standard error must come down to the margin."""

    more_problems: int | None
    """With as many draws each; None where problems are not what is short."""
    draws_factor: float | None
    """How many times the draws would do instead; None where no number of draws would, or where it cannot be known."""
    draws_help: bool | None
    """Whether most of the variance is between draws, not between problems; None where it cannot be known."""


def points_of_thinking(grid: Grid) -> Points | None:
    """The label's conditions as points; None where there are not two problems under two conditions."""
    table = full_table(grid)
    if table is None:
        return None
    at = np.ix_(table.rows, table.columns)
    drawn, right, missing = grid.drawn[at], grid.right[at], grid.missing[at]
    whole = grid.drawn[:, table.columns] + grid.missing[:, table.columns]
    gone = grid.truncated[:, table.columns] + grid.missing[:, table.columns]
    return Points(
        octaves=table.octaves,
        shares=table.shares,
        clusters=table.clusters,
        lost=np.asarray(gone.sum(axis=0) / whole.sum(axis=0), dtype=np.float64),
        ends=(right / (drawn + missing), (right + missing) / (drawn + missing)) if missing.any() else None,
        variance=_variance_of_draws(table, grid),
        change=usual_change(table.shares),
    )


def points_of_votes(votes: VoteTable) -> Points | None:
    """The votes of a condition as points at k times its tokens, up to k of half its draws; None below votes of 4.

    How large changes are is learnt from votes of 4 on. The step from 2 to 4 is the first to bring anything and by far
    the largest: later, a doubling moves a problem between two answers by 0.083 at most (the largest difference of
    Phi(x sqrt 2) and Phi(x), Phi being the normal distribution, which votes of many draws follow).

    Args:
        votes: expected credit of each problem at each k.
    """
    most = min(votes.drawn, default=0) // DRAWS_A_VOTE
    columns = [column for column, k in enumerate(votes.ks) if k <= most]
    if not columns or votes.ks[columns[-1]] < SMALLEST_VOTE or len(votes.credit) < LEAST_POINTS:
        return None
    ks = np.array([votes.ks[column] for column in columns], dtype=np.float64)
    return Points(
        octaves=np.asarray(np.log2(ks * votes.tokens), dtype=np.float64),
        shares=votes.credit[:, columns],
        clusters=votes.clusters,
        lost=np.full(len(columns), votes.lost),
        ends=None,
        variance=None,
        change=usual_change(votes.credit[:, [column for column in columns if votes.ks[column] >= SMALLEST_VOTE]]),
    )


def gain_at_the_end(points: Points) -> Gain:
    """The slope over the upper half of the curve's doublings: whether it rises or falls where it ends.

    The half is the same whatever the accuracies are, so nothing is picked because it rises.
    """
    first = _upper_half(points)
    return gain_along(points.octaves[first:], points.shares[:, first:], points.clusters)


def sign_at_the_end(points: Points) -> int:
    """1 or -1 where the interval of that slope is above or below 0, else 0.

    Where draws are missing it must be so too if they all had come out against it: draws that fail are not a random
    part of all, since they are rather the long ones.
    """
    sign = gain_at_the_end(points).sign
    if not sign or points.ends is None:
        return sign
    first = _upper_half(points)
    octaves = points.octaves[first:]
    low, high = points.ends if sign > 0 else points.ends[::-1]
    against = np.where(octaves > octaves.mean(), low[:, first:], high[:, first:])
    return sign if gain_along(octaves, against, points.clusters).sign == sign else 0


def comparisons(points: Points, margin: float) -> tuple[Comparison, ...]:
    """The last point against the earlier ones, in the order in which they may be looked at.

    Ends where too much was cut off or is missing at either end of a stretch: what came back says too little there.
    """
    last = len(points.octaves) - 1
    test_of = partial(
        equivalence,
        margin=margin,
        clusters=points.clusters,
        change=points.change,
        independent=independent_problems(points.shares, points.clusters),
    )
    made: list[Comparison] = []
    for start in range(last - 1, -1, -1):
        if points.octaves[last] - points.octaves[start] < APART:
            continue
        if max(points.lost[start], points.lost[last]) > LOST_AT_MOST:
            break
        test = test_of((points.shares[:, last] - points.shares[:, start]).tolist())
        if test is None:
            break
        p = test.p
        if points.ends is not None:
            wrong, right = points.ends
            for difference in (right[:, last] - wrong[:, start], wrong[:, last] - right[:, start]):
                other = test_of(difference.tolist())
                p = max(p, 1.0 if other is None else other.p)
        made.append(Comparison(start, test, p))
    return tuple(made)


def need(points: Points, comparison: Comparison, level: float) -> Need:
    """What it would take to find a plateau over this stretch in 4 of 5 cases where there is one.

    The standard error has to be margin / (z of 1 - level + z of .9): then both one-sided tests succeed with a chance of
    0.8 where the true difference is 0, and a gain of the margin is nearly always seen. And there must be enough
    problems for a rare change not to be missed, see `equivalence`.
    The variance of the difference is split: between draws (unbiased, from each cell), and between problems (the rest).

    Args:
        points: the curve.
        comparison: the stretch, one of its `comparisons`.
        level: of the test, after adjustment for the others.
    """
    test, last = comparison.test, len(points.octaves) - 1
    problems = len(points.shares)
    normal = NormalDist()
    target = (test.margin / (normal.inv_cdf(1 - level) + normal.inv_cdf((1 + _CHANCE) / 2))) ** 2
    total = test.se**2 * problems
    seen = _problems_to_see(points, test.margin, level)
    wanted = max(ceil(total / target), ceil(seen))
    more = wanted - problems if wanted > problems else None
    if points.variance is None:
        return Need(more, None, None)
    draws = float((points.variance[:, comparison.start] + points.variance[:, last]).mean())
    between = max(total - draws, 0.0)
    room = target * problems - between
    enough = room > 0 and seen <= problems and total > target * problems
    return Need(more, draws / room if enough else None, draws > between)


def _upper_half(points: Points) -> int:
    """The first point of the upper half; so early, too, that the slope is not one between two points that coincide."""
    middle = (points.octaves[0] + points.octaves[-1]) / 2
    apart = int((points.octaves <= points.octaves[-1] - APART).sum()) - 1
    return min(int(np.searchsorted(points.octaves, middle)), max(apart, 0))


def _problems_to_see(points: Points, margin: float, level: float) -> float:
    """Problems among which a gain of the margin, made of changes of the usual size, does not go unseen."""
    alike = len(points.shares) / independent_problems(points.shares, points.clusters)
    size = likely_change(points.change)
    return alike * log(level) / log(1 - margin / size) if size > margin else 1.0


def _variance_of_draws(table: FullTable, grid: Grid) -> Reals | None:
    """Of each cell p (1 - p) / (n - 1), the unbiased variance of its share; None where a cell has one draw."""
    drawn = grid.drawn[np.ix_(table.rows, table.columns)]
    if drawn.min() < 2:  # noqa: PLR2004 - a variance needs two samples
        return None
    return np.asarray(table.shares * (1 - table.shares) / (drawn - 1), dtype=np.float64)
