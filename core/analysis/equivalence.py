"""Is there no difference worth the name? Two one-sided tests, and how to make several of them at once.

That a difference is not significant shows nothing: a small enough sample never finds any. To say that there is none
takes a test whose null hypothesis is that there is one, of at least a margin that was set before looking. Owns the test
and the adjustment of p values; knows nothing of tokens or curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.intervals import NO_SPREAD, count_clusters, members, standard_error, t_p_value

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from core.analysis.grid import Reals

LEVEL = 0.025
"""At or below this adjusted p, equivalence is said: where the 95 % interval of the difference lies within the margin.

Half the usual level of this test, since what is said of a curve that gains just more than the margin must be wrong well
below once in 20 times, also where few problems decide, as simulated sweeps show (`python -m bench calibration`).
"""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A mean paired difference over problems, tested against a margin either way."""

    difference: float
    se: float
    """Clustered by problem."""
    margin: float
    clusters: int
    p: float
    """Chance, at most, of such a sample where the true difference is the margin or more, up or down."""


def equivalence(
    differences: Sequence[float],
    margin: float,
    clusters: Sequence[Hashable | None] | None = None,
    change: float | None = None,
    independent: float | None = None,
) -> Equivalence | None:
    """The test of one difference per problem; None below 2 clusters.

    Two one-sided t tests (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657), clustered as means are, with
    clusters - 1 degrees of freedom; p is the larger of the two. Each is made a second time with t corrected for the
    skewness of the clusters' sums (Hall 1992, J. R. Statist. Soc. B 54:221), and the larger p counts: where few
    problems gain much, a sample with few of them has a small mean and, with it, a small standard error.

    It is never below (1 - margin / change) ^ independent. A gain of `margin` may be one of `change` in a few problems
    and nothing in the others; this is the chance that none of those few was asked. With `change` 1, the most there is,
    183 problems are needed to get it below 0.025, as in the "rule of three"; the t test alone would be sure from any
    number of problems that did not move.

    Args:
        differences: one per problem, each within [-1, 1].
        margin: in the same unit, above 0.
        clusters: of each problem, as for `standard_error`.
        change: the size that changes of a problem have, where something is known of it; see `likely_change`.
        independent: how many independent problems these are worth; None is the number of clusters, the least.

    Raises:
        ValueError: the margin is not above 0.
    """
    if margin <= 0:
        raise ValueError(f"a margin is above 0, not {margin:g}")
    error = standard_error(differences, clusters)
    if error is None:
        return None
    clusters = clusters or [None] * len(differences)
    count = count_clusters(clusters)
    centre = float(np.mean(differences))
    if error > NO_SPREAD:
        skew = _skewness(differences, clusters) / sqrt(count)
        below, above = (centre - margin) / error, (centre + margin) / error
        ts = (-below, -_without_skew(below, skew), above, _without_skew(above, skew))
        tested = max(_tail(t, count - 1) for t in ts)
    else:
        tested = 0.0 if abs(centre) < margin else 1.0
    size = likely_change(change)
    unseen = (1 - margin / size) ** (independent or count) if size > margin else 0.0
    return Equivalence(centre, error, margin, count, max(tested, unseen, _LEAST_P))


def _tail(t: float, freedom: int) -> float:
    """Chance that Student's t is above this."""
    beyond = t_p_value(t, freedom) / 2
    return beyond if t > 0 else 1 - beyond


def _without_skew(t: float, skew: float) -> float:
    """Hall's monotone cubic of t, whose distribution is nearer to Student's; `skew` is over the root of the number."""
    return t + skew * t**2 / 3 + skew / 6 + skew**2 * t**3 / 27


def _skewness(differences: Sequence[float], clusters: Sequence[Hashable | None]) -> float:
    """Third standardised moment of the clusters' sums of deviations."""
    away = np.asarray(differences) - np.mean(differences)
    totals = np.bincount(members(clusters), away)
    return float((totals**3).mean() / (totals**2).mean() ** 1.5)


_LEAST_P = 1e-12
"""No test is surer than this: the tail of t is not known better."""
_LEAST_CHANGE = 0.1


def likely_change(change: float | None) -> float:
    """The size that changes are taken to have: as seen, but from 0.1 to 1; 1 where none was seen.

    A curve on which little moved says little of how problems move, so smaller is not believed.
    """
    return min(max(change, _LEAST_CHANGE), 1.0) if change else 1.0


def usual_change(shares: Reals) -> float | None:
    """How large a problem's changes are between neighbouring points of its curve: sum of d^2 / sum of |d|.

    It is the mean of |d| where each counts by its size, so that the many small changes do not hide the few large ones
    that a mean is made of. Noise of the draws is in it, which errs towards caution. None where nothing ever changes.
    """
    steps = np.abs(np.diff(shares, axis=1))
    total = float(steps.sum())
    return float((steps**2).sum()) / total if total > NO_SPREAD * steps.size else None


def independent_problems(shares: Reals, clusters: Sequence[Hashable | None]) -> float:
    """How many independent problems these are worth, from their number down to that of the clusters.

    Problems over the design effect of their mean shares (Kish 1965, Survey Sampling, section 8.2): squared standard
    error with clusters over that without. Clusters whose problems are no more alike than others cost nothing.
    """
    own = shares.mean(axis=1).tolist()
    plain, clustered = standard_error(own), standard_error(own, clusters)
    fewest = count_clusters(clusters)
    if not plain or not clustered:
        return float(fewest)
    return float(np.clip(len(own) * (plain / clustered) ** 2, fewest, len(own)))


def holm(sequences: Sequence[Sequence[float]]) -> list[list[float]]:
    """Adjusted p values of several questions, each a sequence of tests of which one is made once the last succeeded.

    With one test a question this is Holm 1979 (Scand. J. Statist. 6:65). In a sequence, a test hands its share of the
    level on to the next one (fixed-sequence testing: Maurer, Hothorn and Lehmacher 1995), the last one to the other
    questions: the graphical form of Bretz et al. 2009 (Stat. Med. 28:586). The chance of any wrong success is at most
    the level at which the adjusted values are read.
    """
    adjusted: list[list[float]] = [[] for _ in sequences]
    reached = 0.0
    while open_ones := [i for i, tests in enumerate(sequences) if len(adjusted[i]) < len(tests)]:
        nearest = min(open_ones, key=lambda i: sequences[i][len(adjusted[i])])
        reached = max(reached, min(1.0, len(open_ones) * sequences[nearest][len(adjusted[nearest])]))
        adjusted[nearest].append(reached)
    return adjusted
