"""What a majority vote among k draws of a cell is expected to earn, exactly. Knows nothing of runs, money or intervals.

The expectation is over all subsets of k of the n samples, without replacement. A tie gives 1/leaders credit; a sample
whose answer could not be read casts no vote; where nobody votes, nothing is earned.

How it is computed. Let answer r be held by c_r of the n samples. It earns something in a subset when it has t votes
there and nobody has more; with L - 1 others at t as well it earns 1/L. Counting subsets is multiplying polynomials in
x, the power of x being the size of the subset: r contributes C(c_r, t) x^t, another answer j contributes

    a_j(x) + u b_j(x),   a_j = sum over i < t of C(c_j, i) x^i,   b_j = C(c_j, t) x^t,

and everything that cannot reach t contributes one factor (1 + x)^(how many samples those are). The power of u counts
the others that tie, and since the integral of u^(L-1) over [0, 1] is 1/L, the tie rule is an integral over u of a
polynomial of known degree: Gauss-Legendre quadrature with enough nodes gives it without error. Coefficient k of the
sum over t, divided by C(n, k), is the expectation, for every k at once and in polynomial time. Every number added is
positive, so nothing cancels; to stay within a double, C(c, i) is carried as the binomial probability
C(c, i) p^i (1-p)^(c-i), a tilt that divides out in the end.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import lgamma, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector = NDArray[np.float64]

Ballot = tuple[str | None, bool]
"""What one sample answered and whether that is right; None casts no vote."""

_ONE_TILT_UP_TO = 1000
"""Samples up to which p = 1/2 keeps every coefficient inside a double, so that one pass serves all k."""


def maj_at_k(ballots: Sequence[Ballot], k: int) -> float:
    """Expected credit of the majority vote among `k` of these samples, drawn without replacement; 0 to 1.

    Raises:
        ValueError: k is below 1 or larger than the number of samples.
    """
    return maj_at(ballots, (k,))[0]


def maj_at(ballots: Sequence[Ballot], ks: Sequence[int]) -> tuple[float, ...]:
    """Expected credit of the majority vote at each of `ks` samples, in their order: one pass for all of them.

    The same answer has one verdict. Should a judge have contradicted itself, the answer earns the share of its
    verdicts that say right.

    Raises:
        ValueError: a k is below 1 or larger than the number of samples.
    """
    drawn = len(ballots)
    for k in ks:
        if not 1 <= k <= drawn:
            raise ValueError(f"maj@{k} needs 1 <= k <= {drawn}, the samples of this cell")
    votes = Counter(answer for answer, _ in ballots if answer is not None)
    rights = Counter(answer for answer, right in ballots if answer is not None and right)
    worth = {answer: rights[answer] / votes[answer] for answer in rights}
    silent = drawn - votes.total()
    credit = dict.fromkeys(ks, 0.0)
    partial = sorted({k for k in ks if k < drawn})
    passes = [(0.5, partial)] if drawn <= _ONE_TILT_UP_TO else [(k / drawn, [k]) for k in partial]
    for answer, value in worth.items():
        rivals = sorted(count for other, count in votes.items() if other != answer)
        if drawn in credit:
            credit[drawn] += value * _share_of_the_lead(votes[answer], rivals)
        for tilt, sizes in passes:
            if sizes:
                for k, chance in zip(sizes, _wins(votes[answer], rivals, silent, sizes, tilt), strict=True):
                    credit[k] += value * float(chance)
    return tuple(credit[k] for k in ks)


def _share_of_the_lead(count: int, rivals: Sequence[int]) -> float:
    """Credit of an answer with `count` votes when every sample votes: no subset left to choose."""
    if any(rival > count for rival in rivals):
        return 0.0
    return 1 / (1 + sum(rival == count for rival in rivals))


def _wins(count: int, rivals: Sequence[int], silent: int, ks: Sequence[int], tilt: float) -> Vector:
    """Expected share of the lead of an answer held by `count` samples, at each subset size of `ks`.

    Args:
        count: samples with this answer.
        rivals: samples with each other answer, ascending.
        silent: samples that cast no vote.
        ks: subset sizes, below the number of samples.
        tilt: the p of the module's essay.
    """
    largest = max(ks)
    total = np.zeros(len(ks))
    lead = _binomial(count, tilt)
    most = min(count, largest)
    first = 1
    while first <= most:
        # From `first` to `last` votes the same rivals are able to keep up, so the factor of all the others is the same.
        able = [rival for rival in rivals if rival >= first]
        last = min(most, able[0]) if able else most
        if not able:
            polynomial = np.where(np.arange(len(lead)) >= first, lead, 0.0)
        elif len(able) == 1:
            polynomial = _duel(lead, _binomial(able[0], tilt), first, last)
        else:
            alike = [(_binomial(rival, tilt), many) for rival, many in Counter(able).items()]
            polynomial = np.zeros(largest + 1)
            for t in range(first, last + 1):
                beside = _nobody_above(alike, t, largest - t)
                polynomial[t : t + len(beside)] += lead[t] * beside
        others = silent + sum(rivals) - sum(able)
        total += [_coefficient(polynomial, _binomial(others, tilt), k) for k in ks]
        first = last + 1
    everyone = _binomial(count + sum(rivals) + silent, tilt)
    return np.asarray(total / everyone[list(ks)])


def _duel(lead: Vector, rival: Vector, first: int, last: int) -> Vector:
    """Coefficients for a lead of `first` to `last` votes whose one rival has fewer, or as many for half the credit."""
    t, i = np.arange(first, last + 1)[:, None], np.arange(last + 1)
    credit = np.where(i < t, 1.0, np.where(i == t, 0.5, 0.0))
    return np.asarray(np.bincount((t + i).ravel(), (credit * lead[t] * rival[i]).ravel()), dtype=np.float64)


def _nobody_above(rivals: Sequence[tuple[Vector, int]], t: int, degree: int) -> Vector:
    """Coefficients, up to `degree` at most, of the product over rivals of a_j + u b_j, integrated over u.

    Args:
        rivals: chances of 0, 1, 2, ... votes of a rival able to have t, and how many rivals are like that one.
        t: votes of the answer that leads.
        degree: samples in the subset beside those t.
    """
    rivalry = sum(many for _, many in rivals)
    total = np.zeros(min(degree, t * rivalry) + 1)
    for node, weight in _quadrature(1 + min(rivalry, degree // t)):
        product = np.full(1, weight)
        for chances, many in rivals:
            factor = chances[: t + 1].copy()
            factor[t] *= node
            product = _times_power(product, factor, many, degree)
        total += product
    return total


def _times_power(product: Vector, factor: Vector, power: int, degree: int) -> Vector:
    """`product` times `factor` to the `power`, by repeated squaring, without what lies above `degree`."""
    while True:
        if power % 2:
            product = np.convolve(product, factor)[: degree + 1]
        power //= 2
        if not power:
            return product
        factor = np.convolve(factor, factor)[: degree + 1]


def _coefficient(left: Vector, right: Vector, k: int) -> float:
    """Coefficient k of the product of two polynomials."""
    lowest, highest = max(0, k - len(right) + 1), min(k, len(left) - 1)
    if lowest > highest:
        return 0.0
    return float(left[lowest : highest + 1] @ right[k - highest : k - lowest + 1][::-1])


@lru_cache(maxsize=4096)
def _binomial(n: int, p: float) -> Vector:
    """Chances of 0..n hits in n trials: C(n, i) p^i (1-p)^(n-i)."""
    hits, misses = log(p), log(1 - p)
    logs = [lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * hits + (n - i) * misses for i in range(n + 1)]
    chances = np.exp(logs)
    chances.flags.writeable = False
    return chances


@lru_cache(maxsize=256)
def _quadrature(leaders: int) -> tuple[tuple[float, float], ...]:
    """Gauss-Legendre nodes with their weights on [0, 1], without error up to degree leaders - 1."""
    nodes, weights = np.polynomial.legendre.leggauss(-(-leaders // 2))
    return tuple(zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True))
