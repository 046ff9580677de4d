"""The lead of an answer in a cell of up to a few hundred samples: subsets counted, all k at once. Knows counts only.

Of the C(n, k) subsets, those in which answer r has t votes and nobody more are counted by polynomials in z, whose
coefficient of z^m says in how many ways m of the other samples are taken. A rival of s samples gives

    sum over i < t of C(s, i) z^i, and C(s, t) z^t where it ties,

rivals below t and silent samples, all together (1 + z)^samples; where j tie, r has 1 / (j + 1) of the lead. From the
first t on that no rival reaches, only that last factor is left. Every term is positive, so nothing cancels: the error
is that of a few hundred roundings. Numbers grow up to C(n, n / 2), which a float holds up to n = 1029. The work grows
as the cube of the rivals that have two samples or more, so where they are many `core.analysis.votes` does better.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Reals = NDArray[np.float64]

_MOST_SAMPLES, _MOST_RIVALS = 256, 48
"""Samples of a cell, and rivals of more than one sample, up to which this is the quicker way."""


def few_enough(rivals: Sequence[tuple[int, int]], drawn: int) -> bool:
    """Whether a cell with these rivals is sooner counted than integrated."""
    return drawn <= _MOST_SAMPLES and sum(many for many, size in rivals if size > 1) <= _MOST_RIVALS


def leads_by_counting(
    count: int, rivals: Sequence[tuple[int, int]], drawn: int, ks: Sequence[int]
) -> tuple[float, ...]:
    """Expected share of the lead, at each of `ks` among `drawn` samples, of an answer held by `count` of them.

    Args:
        count: samples with this answer.
        rivals: how many other answers are held by how many samples each.
        drawn: samples in all, those that cast no vote among them.
        ks: samples that vote, at least 1 and at most `drawn`.
    """
    others, own = drawn - count, _row(count)
    ways = np.zeros(drawn + 1)
    highest = max((size for _, size in rivals), default=0)
    for t in range(1, min(highest, count, max(ks)) + 1):
        able = [(many, size) for many, size in rivals if size >= t]
        below = np.convolve(_level(able, t), _row(others - sum(many * size for many, size in able)))
        ways[t : t + len(below)] += own[t] * below
    if count > highest:
        ways[highest + 1 :] += np.convolve(own[highest + 1 :], _row(others))
    at = list(ks)
    return tuple((ways[at] / _row(drawn)[at]).tolist())


def _level(able: Sequence[tuple[int, int]], t: int) -> Reals:
    """Ways, by samples taken of these rivals, in which none has more than `t` votes, weighed by the leader's share."""
    rivals = sum(many for many, _ in able)
    if t == 1:
        # Whoever has a vote at all ties: the degree counts the ties.
        ways = np.ones(1)
        for many, size in able:
            ways = np.convolve(ways, _row(many) * float(size) ** np.arange(many + 1))
        return np.asarray(ways / np.arange(1, rivals + 2))
    # A row for each number of ties, one after the other and long enough that no product runs over into the next.
    length = rivals * t + 1
    rows = np.zeros((rivals + 1) * length)
    rows[0] = 1.0
    for many, size in able:
        row = _row(size)
        for _ in range(many):
            below = np.convolve(rows, row[:t])[: len(rows)]
            below[length + t :] += row[t] * rows[: -length - t]
            rows = below
    return np.asarray(1 / np.arange(1, rivals + 2) @ rows.reshape(rivals + 1, length))


@lru_cache(maxsize=2 * _MOST_SAMPLES)
def _row(samples: int) -> Reals:
    """A row of Pascal's triangle: in how many ways i of so many samples are taken."""
    row = np.ones(samples + 1)
    for i in range(1, samples + 1):
        row[i] = row[i - 1] * (samples - i + 1) / i
    return row
