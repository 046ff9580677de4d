"""How sure one can be of a mean over problems: standard errors, a 95 % interval, bounds for what is missing.

Everything here starts from one number per problem, its mean over samples, because samples of one problem say little
about the next problem. Knows nothing of tokens, votes or money. The rules and their reasons stand in
docs/statistics.md.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan, cos, fsum, pi, sin, sqrt, tan
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

Interval = tuple[float, float]

CONFIDENCE = 0.95

NO_SPREAD = 1e-12
"""A standard error below this is rounding: shares are ratios of whole numbers, expected votes are exact to that."""

_SERIES_UP_TO = 200
"""Degrees of freedom up to which the t distribution is summed; above, an expansion around the normal is as exact."""


def mean(values: Sequence[float]) -> float | None:
    """Mean of the problems' means; None without problems."""
    return fsum(values) / len(values) if values else None


def standard_error(values: Sequence[float], clusters: Sequence[Hashable | None] | None = None) -> float | None:
    """Standard error of the mean of `values`, the problems being a sample of problems; None below 2 clusters.

    sd(values, ddof 1) / sqrt(problems); with clusters, the clustered standard error of Miller 2024 (arXiv:2411.00640)
    with the factor clusters / (clusters - 1), so that clusters of one problem give the same number as none.

    Args:
        values: one mean per problem.
        clusters: the cluster of each problem; a problem whose cluster is None stands for itself.
    """
    return _error(_deviations(values, clusters)[1], len(values))


def members(clusters: Sequence[Hashable | None]) -> tuple[int, ...]:
    """The number of each problem's cluster, counted from 0 as they come; a problem without one is its own."""
    return _members(tuple(clusters))


@lru_cache(maxsize=64)
def _members(clusters: tuple[Hashable | None, ...]) -> tuple[int, ...]:
    # Kept, since everything that is said of a run is said of the same problems.
    numbers: dict[Hashable, int] = {}
    return tuple(
        numbers.setdefault(("alone", i) if one is None else ("of", one), len(numbers)) for i, one in enumerate(clusters)
    )


def count_clusters(clusters: Sequence[Hashable | None]) -> int:
    """Independent groups of problems: clusters, and problems that belong to none."""
    return max(members(clusters), default=-1) + 1


def standard_error_of_draws(rights: Sequence[int], drawn: Sequence[int]) -> float | None:
    """Standard error of the accuracy with these very problems held fixed: what other draws of them would give.

    sqrt(sum over problems of s^2 / n) / problems, s^2 = p (1 - p) n / (n - 1) being the unbiased variance within a
    problem. None where a problem has fewer than 2 samples: its variance is unknown, and a number that left it out would
    be too small.
    """
    if not drawn or min(drawn) < 2:  # noqa: PLR2004 - a variance needs two samples
        return None
    shares = [right / n for right, n in zip(rights, drawn, strict=True)]
    return sqrt(fsum(p * (1 - p) / (n - 1) for p, n in zip(shares, drawn, strict=True))) / len(drawn)


def interval(
    values: Sequence[float], samples: int, clusters: Sequence[Hashable | None] | None = None
) -> Interval | None:
    """95 % interval for the mean of `values`, each within [0, 1]; None below 2 clusters.

    Wilson's score interval (Wilson 1927, JASA 22) for an effective number of samples n = p (1 - p) / se^2, never more
    than `samples`, with Student's t at clusters - 1 degrees of freedom for the normal quantile. At 0 and at 1, where se
    is 0 and says nothing, n is the number of clusters. So it stays within [0, 1] and never has zero width.

    Args:
        values: one mean per problem.
        samples: samples behind all of `values`: independent answers cannot tell more than their number.
        clusters: the cluster of each problem, as for `standard_error`.
    """
    p, totals = _deviations(values, clusters)
    error = _error(totals, len(values))
    if p is None or error is None:
        return None
    t = t_quantile(len(totals) - 1)
    if min(p, 1 - p) <= NO_SPREAD:
        return wilson(round(p), len(totals), t)
    return wilson(p, min(p * (1 - p) / error**2, samples) if error else samples, t)


def difference_interval(
    values: Sequence[float], clusters: Sequence[Hashable | None] | None = None, *, most: float = 1.0
) -> Interval | None:
    """95 % interval for the mean of `values` of either sign, such as differences; None below 2 clusters.

    Student's t at clusters - 1 degrees of freedom with the clustered standard error (Miller 2024, arXiv:2411.00640,
    section 4.2), within [-most, most].

    Where all clusters say the same, se is 0 and says nothing. If more than a share q of all clusters were otherwise, so
    many that agree would be seen less than once in 20 times: q = 1 - .05^(1/clusters), about 3/clusters (the rule of
    three; Hanley and Lippman-Hand 1983, JAMA 249:1743). Those may be anything from -most to most, so the mean lies
    within (1 - q) mean - q most and (1 - q) mean + q most.

    Args:
        values: one per problem.
        clusters: the cluster of each problem, as for `standard_error`.
        most: the largest size that a value can have.
    """
    centre, totals = _deviations(values, clusters)
    error = _error(totals, len(values))
    if centre is None or error is None:
        return None
    reach = t_quantile(len(totals) - 1) * error
    if error <= NO_SPREAD:
        otherwise = 1 - (1 - CONFIDENCE) ** (1 / len(totals))
        centre, reach = (1 - otherwise) * centre, otherwise * most
    return max(-most, centre - reach), min(most, centre + reach)


def wilson(p: float, n: float, z: float) -> Interval:
    """Wilson's score interval for a share `p` of `n` trials, `z` standard deviations either side; within [0, 1]."""
    p = float(p)
    centre = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    scale = 1 + z * z / n
    # At the ends the exact bounds are 0 and 1; rounding must not push them past, nor leave the mean outside.
    return min(p, max(0.0, (centre - reach) / scale)), max(p, min(1.0, (centre + reach) / scale))


def wilson_of_problems(p: float, problems: int) -> Interval | None:
    """The interval of one draw each of so many problems of which a share `p` is right; None below 2 of them."""
    if problems < 2:  # noqa: PLR2004 - as for all intervals here
        return None
    return wilson(p, problems - (0 < p < 1), t_quantile(problems - 1))


def bounds(rights: Sequence[int], drawn: Sequence[int], missing: Sequence[int]) -> Interval | None:
    """Accuracy if every missing draw were wrong, and if every one were right; None without a draw.

    A draw is missing when it failed for good; one still to come is not.
    """
    whole = [(right, n + lost, lost) for right, n, lost in zip(rights, drawn, missing, strict=True) if n + lost]
    if not whole:
        return None
    lowest = fsum(right / n for right, n, _ in whole) / len(whole)
    highest = fsum((right + lost) / n for right, n, lost in whole) / len(whole)
    return lowest, highest


@lru_cache(maxsize=1024)
def t_quantile(freedom: int) -> float:
    """Student's t that leaves 2.5 % above it, at `freedom` degrees of freedom.

    The distribution in closed form, Abramowitz and Stegun 1964, 26.7.3 and 26.7.4, solved by halving; above 200 degrees
    the expansion 26.7.5, which is right there to 9 digits. (scipy knows it too, at a third of a second for the import.)
    """
    if freedom > _SERIES_UP_TO:
        z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
        return (
            z
            + (z**3 + z) / (4 * freedom)
            + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
            + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
        )
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < CONFIDENCE else (low, middle)
    return sqrt(freedom) * tan(low)


def t_p_value(t: float, freedom: int) -> float:
    """Chance of a Student's t at least this far from 0, to either side, at `freedom` degrees of freedom.

    Abramowitz and Stegun 1964, 26.7.3 and 26.7.4; right to 1e-12, so a smaller one says no more than that.
    """
    return min(1.0, max(0.0, 1 - _within(atan(abs(t) / sqrt(freedom)), freedom)))


def _within(angle: float, freedom: int) -> float:
    """Chance that |t| stays below sqrt(freedom) tan(angle)."""
    c, s = cos(angle), sin(angle)
    term, total = 1.0, 0.0
    if freedom % 2 == 0:
        for i in range(freedom // 2):
            total += term
            term *= c * c * (2 * i + 1) / (2 * i + 2)
        return s * total
    term = c
    for i in range((freedom - 1) // 2):
        total += term
        term *= c * c * (2 * i + 2) / (2 * i + 3)
    return 2 / pi * (angle + s * total)


def _error(totals: Sequence[float], problems: int) -> float | None:
    """The clustered standard error from each cluster's sum of deviations."""
    if len(totals) < 2:  # noqa: PLR2004 - one group says nothing about the spread between groups
        return None
    spread = fsum(total * total for total in totals)
    return sqrt(spread * len(totals) / (len(totals) - 1)) / problems


def _deviations(
    values: Sequence[float], clusters: Sequence[Hashable | None] | None
) -> tuple[float | None, Sequence[float]]:
    """The mean, and the sum over each cluster's problems of how far they are from it."""
    centre = mean(values)
    if centre is None:
        return None, []
    away = [value - centre for value in values]
    if not clusters or clusters.count(None) == len(away):
        return centre, away
    together: dict[int, list[float]] = {}
    for one, deviation in zip(members(clusters), away, strict=True):
        together.setdefault(one, []).append(deviation)
    return centre, [fsum(deviations) for deviations in together.values()]
