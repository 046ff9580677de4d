"""How sure one can be of what is worked out from several means over problems: a slope, a ratio.

The delete-one jackknife: work it out again without each cluster of problems in turn (Efron and Tibshirani 1993, *An
Introduction to the Bootstrap*, chapter 11). All means lose the same problems, so budgets stay paired. It needs no seed,
and where problems are few it keeps its promise better than a bootstrap's percentiles: of intervals for s1's Scaling
over 15 simulated problems, 95 in 100 held the truth, and 90.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.intervals import count_clusters, members, t_quantile

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from core.analysis.grid import Reals
    from core.analysis.intervals import Interval

_NO_SPREAD = 1e-9
"""A standard error below this share of the value (of 1, where that is larger) is rounding."""


def means_without_each(values: Reals, clusters: Sequence[Hashable | None]) -> Reals:
    """The mean of each column of `values` (a row a problem, none NaN) without each cluster: a row for each of those.

    A problem whose cluster is None stands for itself. No rows below 2 clusters.
    """
    member, count = list(members(clusters)), count_clusters(clusters)
    if count < 2:  # noqa: PLR2004 - without the only one there is nothing left
        return np.empty((0, values.shape[1]))
    sums = np.zeros((count, values.shape[1]))
    np.add.at(sums, member, values)
    sizes = np.bincount(member)[:, None]
    return np.asarray((sums.sum(axis=0) - sums) / (len(member) - sizes))


def jackknife_interval(value: float, without: Reals) -> Interval | None:
    """95 % interval for `value`, from what it is `without` each of G clusters.

    se^2 = (G - 1) / G sum (value_(g) - their mean)^2, with Student's t at G - 1 degrees of freedom. None below 2
    clusters, where a value without one of them is not known, and where all agree but for rounding: that says nothing of
    the spread between problems.
    """
    count = len(without)
    if not count or not np.isfinite(without).all():
        return None
    se = sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    if se < _NO_SPREAD * max(1.0, abs(value)):
        return None
    reach = t_quantile(count - 1) * se
    return value - reach, value + reach
