"""The leads of answers in cells of up to a few hundred samples: subsets counted, all cells at once. Knows counts only.

Of the C(n, k) subsets, those in which answer r has t votes and nobody more are counted. Three parts of t:

More votes than all rivals but the largest hold, or than half of k: only the largest rival can stand in the way. With Y
its votes among the m = k - t samples that are not r's, F(t) = P(Y < t) grows from t to t + 1 by

    P(Y = t | m)  +  P(Y = t | m - 1) (s - t) / (N - m + 1),

s being its samples, N those that are not r's: one vote more is allowed, and one sample fewer is drawn.

One vote: whoever has a vote at all ties. The product of (1 + s z) over rivals tells by its degree how many.

What is left. A rival of s samples gives the sum over i < t of C(s, i) z^i, and u C(s, t) z^t; silent samples and rivals
of fewer than t give (1 + z)^samples; the coefficient of z^(k - t) of the product, integrated over u from 0 to 1, counts
a tie of L as 1 / L. The degree in u is known, so Gauss-Legendre quadrature is exact. Where t votes are, even beside the
largest rival alone, less likely than 1e-16, they are left out.

Every term is positive, so nothing cancels: the error is that of a few hundred roundings. Numbers grow up to
C(n, n / 2), which a float holds up to n = 1029; the work grows as the cube of n, so that from some five hundred samples
on `core.analysis.votes` does better. Arrays have a column for each answer (and each t, and u), and a row for each power
of z: what is done is done for all cells in one go, since a cell alone is too small to be worth a call.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Reals = NDArray[np.float64]
Whole = NDArray[np.intp]
Flags = NDArray[np.bool_]

_MOST_SAMPLES = 512
"""Samples of a cell up to which this is the quicker way, however many rivals there are."""

_NEGLIGIBLE = 1e-16
"""Chance of a number of votes that is left out; there are at most half of k such numbers."""

_AT_ONCE = 64
"""Answers worked on together, about: what a processor's cache holds of their polynomials."""


class Contest(NamedTuple):
    """An answer and what stands against it."""

    own: int
    """Samples with this answer, at least 1."""
    rivals: tuple[tuple[int, int], ...]
    """How many other answers are held by how many samples each, the sizes rising."""
    drawn: int
    """Samples in all, those that cast no vote among them."""

    @property
    def few_enough(self) -> bool:
        """Whether it is sooner counted than integrated."""
        return self.drawn <= _MOST_SAMPLES


def leads_by_counting(contests: Sequence[Contest], ks: Sequence[int]) -> Reals:
    """Expected share of the lead of each answer, a row each, at each of `ks` votes, a column each.

    Args:
        contests: each `few_enough`.
        ks: samples that vote, at least 1 and at most those of any contest.
    """
    parts = [_leads(_field(contests[i : i + _AT_ONCE]), ks) for i in range(0, len(contests), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.empty((0, len(ks)))


class _Field(NamedTuple):
    """Contests side by side: a column for each."""

    drawn: Whole
    own: Whole
    sizes: Whole
    """Samples of each rival that has two or more, a row each, the largest first; 0 where there are fewer rivals."""
    singles: Whole
    """Rivals with one sample."""

    @property
    def largest(self) -> Whole:
        """Samples of the largest rival; 0 without one."""
        return np.asarray(np.maximum(self.sizes[0], self.singles > 0))

    @property
    def second(self) -> Whole:
        """Samples of the largest but one; 0 without one."""
        return np.asarray(np.maximum(self.sizes[1], self.singles > (self.sizes[0] == 0)))


class _Levels(NamedTuple):
    """Numbers of votes to be worked out, one a column: `t` of answer `of` may matter up to `most` votes in all."""

    of: Whole
    t: Whole
    most: Whole
    able: Whole
    """Rivals that have t samples."""

    def among(self, chosen: Whole | Flags) -> _Levels:
        return _Levels(*(fact[chosen] for fact in self))


def _field(contests: Sequence[Contest]) -> _Field:
    held = [[size for many, size in one.rivals[::-1] if size > 1 for _ in range(many)] for one in contests]
    sizes = np.zeros((max(2, *map(len, held)), len(contests)), dtype=np.intp)
    for column, row in enumerate(held):
        sizes[: len(row), column] = row
    singles = [sum(many for many, size in one.rivals if size == 1) for one in contests]
    drawn, own = ([one.drawn for one in contests], [one.own for one in contests])
    return _Field(np.array(drawn), np.array(own), sizes, np.array(singles))


def _leads(field: _Field, ks: Sequence[int]) -> Reals:
    top = min(int(np.minimum(field.own, field.second).max()), max(ks) // 2)
    matters = np.zeros((len(ks), top + 1, len(field.own)), dtype=np.bool_)
    leads = np.zeros((len(ks), len(field.own)))
    for i, k in enumerate(ks):
        votes = np.arange(min(k, int(field.own.max())) + 1)[:, None]
        lead, at_most = _beside_the_largest(field, k, votes)
        contested = (votes <= field.second) & (2 * votes <= k)
        leads[i] = np.where(contested, 0.0, lead)[1:].sum(axis=0)
        rows = min(len(votes), top + 1)
        matters[i, :rows] = (contested & (at_most > _NEGLIGIBLE))[:rows]
    leads += _with_one_vote(field, ks)
    for levels in _alike(field, ks, matters):
        _add(leads, field, ks, levels, matters)
    return np.asarray(leads.T)


def _beside_the_largest(field: _Field, k: int, votes: Whole) -> tuple[Reals, Reals]:
    """The chance of each number of votes, a row each, times the share of the lead beside the largest rival alone.

    And the chance that its votes are so many and the largest rival's no more.
    """
    others, rival, m = field.drawn - field.own, field.largest, k - votes
    rest = others - rival
    level = _ways(rival, votes) * _ways(rest, m - votes) / _or_one(_ways(others, m))
    one_less = _ways(rival, votes) * _ways(rest, m - votes - 1) / _or_one(_ways(others, m - 1))
    growth = level + one_less * (rival - votes) / np.maximum(others - m + 1, 1)
    # Where the others are fewer than k, F starts at the votes that r has at least: there all others are drawn.
    least = np.maximum(k - others, 0)
    fewer = np.cumsum(np.where(votes < least, 0.0, growth), axis=0) - growth + ((least > rival) & (votes >= least))
    chance = _ways(field.own, votes) * _ways(others, m) / _ways(field.drawn, k)
    return chance * (fewer + level / 2), chance * (fewer + level)


def _with_one_vote(field: _Field, ks: Sequence[int]) -> Reals:
    """What one vote earns beside two rivals or more: a row per k."""
    larger = field.sizes[field.sizes.any(axis=1)]
    highest = min(int((field.singles + (field.sizes > 0).sum(axis=0)).max()), max(ks) - 1)
    tied = np.arange(highest + 1)[:, None]
    voting = _ways(field.singles, tied)
    for size in larger:
        voting[1:] += size * voting[:-1]
    voting *= field.own / (tied + 1)
    silent = field.drawn - field.own - field.singles - field.sizes.sum(axis=0)
    voting[:, field.second == 0] = 0.0
    at = np.array(ks)[:, None, None]
    earned = (voting * _ways(silent, at - 1 - tied)).sum(axis=1) / _ways(field.drawn, at[:, 0])
    return np.asarray(earned * (at[:, 0] > 1))


def _alike(field: _Field, ks: Sequence[int], matters: Flags) -> Iterator[_Levels]:
    """Two votes and more that matter at some k, together where they are of the same octave."""
    t, of = np.nonzero(matters.any(axis=0))
    most = (np.array(ks)[:, None] * matters[:, t, of]).max(axis=0)
    able = (field.sizes[:, of] >= t).sum(axis=0)
    # The most rivals first: the fewer take part, the shorter the row of those that still do.
    order = np.argsort(-able, kind="stable")
    levels = _Levels(of, t, most, able).among(order)
    for octave in range(1, int(t.max(initial=0)).bit_length()):
        inside = levels.t >> octave == 1
        if inside.any():
            yield levels.among(inside)


def _add(leads: Reals, field: _Field, ks: Sequence[int], levels: _Levels, matters: Flags) -> None:
    """Add to `leads` what these levels earn."""
    of, t, _, _ = levels
    below = _nobody_above(field.sizes[:, of], levels)
    free = field.drawn[of] - field.own[of] - np.where(field.sizes[:, of] >= t, field.sizes[:, of], 0).sum(axis=0)
    for i, k in enumerate(ks):
        at = np.flatnonzero(matters[i, t, of])
        if not len(at):
            continue
        taken = np.arange(min(len(below), k - int(t[at].min()) + 1))[:, None]
        left = below[: len(taken), at] * _ways(free[at], k - t[at] - taken)
        earned = _ways(field.own[of[at]], t[at]) * left.sum(axis=0) / _ways(field.drawn[of[at]], k)
        leads[i] += np.bincount(of[at], earned, leads.shape[1])


def _nobody_above(sizes: Whole, levels: _Levels) -> Reals:
    """Ways, by samples taken of the able rivals, a row each, in which none has more than t votes; ties shared.

    Args:
        sizes: of the rivals of each level, a column each.
        levels: those of the most able rivals first.
    """
    t, able = levels.t, levels.able
    degree = int(np.minimum(t * able, levels.most - t).max())
    nodes = np.minimum(able, levels.most // t - 1) // 2 + 1
    column = np.repeat(np.arange(len(t)), nodes)
    quadratures = [_quadrature(count) for count in nodes.tolist()]
    places, weights = (np.concatenate(parts) for parts in zip(*quadratures, strict=True))
    t, able, sizes = t[column], able[column], sizes[:, column]
    top = int(t.max())
    votes = np.arange(top + 1)[:, None]
    counted = (votes < t) + places * (votes == t)
    rows = _triangle().T[: top + 1]
    # Above the ways stand rows of 0, so that every way has as many before it as a rival can have votes.
    room = np.zeros((top + degree + 1, len(t)))
    ways, before = room[top:], sliding_window_view(room, top + 1, axis=0)[..., ::-1]
    ways[0] = 1.0
    for rival in range(int(able.max())):
        still = int((able > rival).sum())
        highest = int(t[:still].max())
        reached = min(degree, (rival + 1) * highest) + 1
        factor = rows[: highest + 1].take(sizes[rival, :still], axis=1) * counted[: highest + 1, :still]
        ways[:reached, :still] = np.einsum("dci,ic->dc", before[:reached, :still, : highest + 1], factor)
    return np.asarray(np.add.reduceat(ways * weights, np.cumsum(nodes) - nodes, axis=1))


def _or_one(counts: Reals) -> Reals:
    """To divide by, where there are no ways and the quotient is 0 anyway."""
    return np.where(counts > 0, counts, 1.0)


def _ways(samples: Whole, taken: Whole | int) -> Reals:
    """In how many ways so many of these samples are taken; none where they are too few, or fewer than none is asked."""
    triangle = _triangle()
    return np.asarray(triangle.ravel().take(samples * triangle.shape[1] + taken))


@lru_cache(maxsize=1)
def _triangle() -> Reals:
    """Pascal's triangle: in how many ways i of s samples are taken, a row per s, a column per i.

    Followed by as many columns of 0, which a negative i finds too.
    """
    ways = np.zeros((_MOST_SAMPLES + 1, 2 * (_MOST_SAMPLES + 1)))
    ways[:, 0] = 1.0
    for above, row in pairwise(ways):
        row[1:] = above[1:] + above[:-1]
    return ways


@lru_cache(maxsize=_MOST_SAMPLES // 4)
def _quadrature(count: int) -> tuple[Reals, Reals]:
    """So many Gauss-Legendre nodes with their weights on [0, 1]: without error up to degree 2 count - 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2
