"""What a majority vote among k draws of a cell is expected to earn. Knows nothing of runs, money or intervals.

The expectation is over all subsets of k of the n samples, without replacement. A tie gives 1/leaders credit; a sample
whose answer could not be read casts no vote; where nobody votes, nothing is earned. One sample, two, and all of them
(k = 1, 2, n) leave so little to expect that it is read off the counts. For 2 < k < n, cells of up to some hundred
samples are counted exactly (`core.analysis.few_votes`); the rest of this essay is about larger ones.

The sum. Take each sample with chance p = k/n on its own; given that k were taken, every subset of k is as likely as
any other. Let answer r have t votes. It earns 1/L where nobody has more and L - 1 others have t too, so with b_j(i) the
binomial chance that answer j has i votes, and since the integral of u^(L-1) over [0, 1] is 1/L, r earns

    sum over t, integral over u, [z^k]  b_r(t) z^t (1 - p + p z)^m  product over j of (a_j(z) + u b_j(t) z^t),

    a_j(z) = sum over i < t of b_j(i) z^i,

divided by the chance of k in n; m counts the samples that cannot stand in the way, and answers held by equally many
samples share one factor, raised to a power. Gauss-Legendre quadrature does the integral; [z^k] is the mean over the
M-th roots of unity of the polynomial times z^-k.

What is left out. Rare votes: t where r has that many, or an answer that few, with chance below 1e-17; rivals that have
so many with chance below 1e-17. The mean over roots adds coefficients k - M, k + M, ...: M is such (Bernstein) that
they too have chance below 1e-17, and the error of the quadrature is kept below that. The chance of k in n is above
1 / (3 sqrt(k) + 3), so for k up to 10,000 and 100 different counts all of it is below 1e-12; rounding is of the same
order or smaller. The work grows with k, not with n: about (spread of t) x (spread of k) x (different counts).
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import fsum, log, nan, pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis.few_votes import Contest, leads_by_counting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Whole = NDArray[np.intp]

Nodes = tuple[Reals, Reals]
"""Places and weights of a quadrature."""

Ballot = tuple[str | None, bool]
"""What one sample answered and whether that is right; None casts no vote."""

Tallied = tuple[int, int]
"""An answer's votes, and how many of them a grader holds right."""

_NEGLIGIBLE = 1e-17
"""Chance of what is left out, each time something is."""

_PAIR = 2
"""Votes that either agree or tie."""

_AT_ONCE = 1 << 12
"""Complex numbers in an array, about: what a processor's cache holds."""


def maj_at_k(ballots: Sequence[Ballot], k: int) -> float:
    """Expected credit of the majority vote among `k` of these samples, drawn without replacement; 0 to 1.

    Raises:
        ValueError: k is below 1 or larger than the number of samples.
    """
    return maj_at(ballots, (k,))[0]


def maj_at(ballots: Sequence[Ballot], ks: Sequence[int]) -> tuple[float, ...]:
    """Expected credit of the majority vote at each of `ks` samples, in their order; within 1e-12 of the exact value.

    The same answer has one verdict. Should a judge have contradicted itself, the answer earns the share of its
    verdicts that say right.

    Raises:
        ValueError: a k is below 1 or larger than the number of samples.
    """
    return maj_of(tally(ballots), len(ballots), ks)


def tally(ballots: Sequence[Ballot]) -> tuple[Tallied, ...]:
    """Votes by answer."""
    return _by_answer((answer, right, False) for answer, right in ballots)


def tally_of_columns(
    answers: Sequence[str | None], right: Sequence[bool], truncated: Sequence[bool]
) -> tuple[Tallied, ...]:
    """The same of samples by columns, of which the truncated cast no vote, whatever they answered.

    All that were answered and all that are right are its sums.
    """
    return _by_answer(zip(answers, right, truncated, strict=True))


def _by_answer(samples: Iterable[tuple[str | None, bool, bool]]) -> tuple[Tallied, ...]:
    # Alike samples are counted first, so that what is done in Python is done once for each answer.
    votes, rights = dict[str, int](), dict[str, int]()
    for (answer, right, cut), count in Counter(samples).items():
        if answer is not None and not cut:
            votes[answer] = votes.get(answer, 0) + count
            rights[answer] = rights.get(answer, 0) + (count if right else 0)
    return tuple((count, rights[answer]) for answer, count in votes.items())


def maj_of(tallied: Collection[Tallied], drawn: int, ks: Sequence[int]) -> tuple[float, ...]:
    """The same from counts alone: which sample gave which answer does not matter to the vote that is expected.

    Args:
        tallied: each answer's votes, and how many of them are right; the answers' names do not matter either.
        drawn: samples, those that cast no vote among them.
        ks: samples that vote.

    Raises:
        ValueError: a k is below 1 or larger than the number of samples.
    """
    return maj_of_cells([(tallied, drawn)], ks)[0]


def maj_of_cells(cells: Sequence[tuple[Collection[Tallied], int]], ks: Sequence[int]) -> list[tuple[float, ...]]:
    """The same for many cells at once, a tuple each in their order, at a small part of the cost of one by one.

    Args:
        cells: each cell's `tallied` and `drawn`, as for `maj_of`.
        ks: samples that vote, in every cell.

    Raises:
        ValueError: a k is below 1 or larger than the number of samples of a cell.
    """
    fewest = min((drawn for _, drawn in cells), default=0)
    for k in ks:
        if cells and not 1 <= k <= fewest:
            raise ValueError(f"maj@{k} needs 1 <= k <= {fewest}, the samples of this cell")
    if not ks:
        return [()] * len(cells)
    told = [_counted(tallied, drawn, ks) for tallied, drawn in cells]
    open_ks = tuple(dict.fromkeys(k for credit in told for k in ks if k not in credit))
    contests = [[] if credit.keys() >= set(ks) else _contests(*cell) for cell, credit in zip(cells, told, strict=True)]
    leads = _leads([contest for row in contests for _, contest in row], open_ks)
    for credit, row in zip(told, contests, strict=True):
        for i, k in enumerate(open_ks):
            if k not in credit:
                credit[k] = min(1.0, max(0.0, fsum(share * leads[contest][i] for share, contest in row)))
    return [tuple(credit[k] for k in ks) for credit in told]


def _contests(tallied: Collection[Tallied], drawn: int) -> list[tuple[float, Contest]]:
    """What each answer that was ever held right stands against, and the share of its votes that are right."""
    alike = sorted(Counter(votes for votes, _ in tallied).items())
    return [
        (
            right / count,
            Contest(count, tuple((left, size) for size, many in alike if (left := many - (size == count))), drawn),
        )
        for count, right in tallied
        if right
    ]


def _counted(tallied: Collection[Tallied], drawn: int, ks: Sequence[int]) -> dict[int, float]:
    """Expected credit at those k of `drawn` samples where a formula or a count tells it."""
    right, voting = sum(rights for _, rights in tallied) / drawn, sum(votes for votes, _ in tallied)
    if len(tallied) == 1 and voting == drawn:
        return dict.fromkeys(ks, right)
    # Beside another vote a vote is worth half, alike or not; beside a silent sample it is worth all.
    beside_another = right * (2 * drawn - voting - 1) / max(drawn - 1, 1)
    most = max((votes for votes, _ in tallied), default=0)
    leaders = [rights / most for votes, rights in tallied if votes == most]
    of_all = fsum(leaders) / len(leaders) if leaders else 0.0
    counted = {1: right, _PAIR: beside_another, drawn: right if drawn == 1 else of_all}
    return {k: counted[k] for k in ks if k in counted}


def _leads(contests: Sequence[Contest], ks: tuple[int, ...]) -> dict[Contest, list[float]]:
    """Expected share of the lead of each answer, at each of `ks`; NaN at all samples of a large cell."""
    kept = {contest: _kept(contest, ks) for contest in contests}
    unknown = [contest for contest, leads in kept.items() if not leads]
    few = [contest for contest in unknown if contest.few_enough]
    for contest, leads in zip(few, leads_by_counting(few, ks).tolist(), strict=True):
        kept[contest][:] = leads
    for contest in unknown:
        if not contest.few_enough:
            inner = [k for k in ks if k < contest.drawn]
            found = dict(zip(inner, leads_by_roots(*contest, inner), strict=True))
            kept[contest][:] = [found.get(k, nan) for k in ks]
    return kept


@lru_cache(maxsize=4096)
def _kept(_contest: Contest, _ks: tuple[int, ...]) -> list[float]:
    """Where leads are kept once they are known: cells are alike, and those of a live run seldom change."""
    return []


def leads_by_roots(count: int, rivals: Sequence[tuple[int, int]], drawn: int, ks: Sequence[int]) -> list[float]:
    """Expected share of the lead, at each of `ks` among `drawn` samples, of an answer held by `count` of them.

    Args:
        count: samples with this answer.
        rivals: how many other answers are held by how many samples each.
        drawn: samples in all, those that cast no vote among them.
        ks: samples that vote, more than 1 and fewer than `drawn`.
    """
    many, sizes = np.array([(1, count), *rivals]).T
    chances = _binomials(sizes, np.array(ks) / drawn)
    at_least = chances[..., ::-1].cumsum(axis=-1)[..., ::-1]
    begin = (chances.cumsum(axis=-1) <= _NEGLIGIBLE).sum(axis=-1)
    free = drawn - int(many @ sizes)
    return [
        _lead(_Field(many, sizes, free, *rows), _circle(drawn, k))
        for k, *rows in zip(ks, chances, at_least, begin, strict=True)
    ]


class _Field(NamedTuple):
    """An answer (row 0) and its rivals, a row for each kind of them, at one k."""

    many: Whole
    """Answers of the kind."""
    sizes: Whole
    """Samples that hold each."""
    silent: int
    """Samples that cast no vote."""
    chances: Reals
    """Of i votes: a row per kind, a column per i."""
    at_least: Reals
    """Of i votes or more."""
    begin: Whole
    """Fewest votes whose chance matters."""


def _lead(field: _Field, circle: _Circle) -> float:
    """Expected share of the lead of the answer in row 0."""
    many, sizes, silent, chances, at_least, begin = field
    t, end = max(1, int(begin.max())), min(circle.k + 1, int((at_least[0] > _NEGLIGIBLE).sum()))
    total = 0.0
    while t < end:
        # The more votes, the fewer rivals keep up; so a stretch of t at a time, of a size that stays in the cache.
        keeps_up = many * at_least[:, t] > _NEGLIGIBLE
        keeps_up[0] = False
        able, unable = np.flatnonzero(keeps_up), ~keeps_up
        unable[0] = False
        pull = circle.others(silent + int(many[unable] @ sizes[unable]))
        stop = min(end, t + 1 + _AT_ONCE // (len(pull) * (len(able) + 1)))
        led = powers = circle.powers(t, stop, len(pull))
        if len(able):
            low, held = int(begin[able].min()), chances[able, t:stop]
            fewer = chances[able, low:t] @ circle.powers(low, t, len(pull))
            nodes = _nodes(chances[0, t:stop], many[able] @ held, min(int(many[able].sum()), (circle.k - t) // t))
            led = powers * _nobody_above(held[:, :, None] * powers, fewer, many[able], nodes)
        total += float((chances[0, t:stop] @ led @ pull).real)
        t = stop
    return total / circle.chance


def _nobody_above(level: Complexes, fewer: Complexes, many: Whole, nodes: Nodes) -> Complexes:
    """The product over rivals of a_j + u b_j z^t, integrated over u: a row per t of a stretch, a column per z.

    Args:
        level: b_j(t) z^t: a layer per kind of rival, a row per t, a column per z.
        fewer: sum of b_j(i) z^i over i below the stretch: a row per kind of rival, a column per z.
        many: rivals of each kind.
        nodes: of the quadrature in u.
    """
    under = np.empty_like(level)
    under[:, 0] = fewer
    np.cumsum(level[:, :-1], axis=1, out=under[:, 1:])
    under[:, 1:] += fewer[:, None]
    # Every power at once, by the binary digits of the exponents, the highest first: square, then multiply.
    digits = [np.flatnonzero(many >> bit & 1) for bit in reversed(range(int(many.max()).bit_length()))]
    total = np.zeros(level.shape[1:], dtype=np.complex128)
    places, weights = nodes
    together = 1 + _AT_ONCE // level.size
    for i in range(0, len(places), together):
        factors = under + places[i : i + together, None, None, None] * level
        product = factors[:, digits[0]].prod(axis=1)
        for kinds in digits[1:]:
            product *= product
            if len(kinds):
                product *= factors[:, kinds].prod(axis=1)
        total += (weights[i : i + together, None, None] * product).sum(axis=0)
    return total


def _nodes(lead: Reals, tied: Reals, most: int) -> Nodes:
    """A quadrature that shares ties with negligible error.

    With N nodes the error is f^(2N) (N!)^4 / ((2N + 1) (2N)!^3); here f is the generating function of the number that
    tie, whose derivative, a factorial moment, is at most their expectation to the power of 2N.

    Args:
        lead: chance of t votes for the leader.
        tied: rivals expected to have t votes, for the same t.
        most: rivals that can tie.
    """
    nodes, error = 1, lead * tied * tied / 24
    while 2 * nodes <= most and error.sum() > _NEGLIGIBLE:
        nodes += 1
        error *= tied * tied * nodes**4 * (2 * nodes - 1) / ((2 * nodes + 1) * (2 * nodes * (2 * nodes - 1)) ** 3)
    return _quadrature(nodes)


class _Circle(NamedTuple):
    """The roots of unity at which polynomials are evaluated, those above the real axis standing for their mirrors."""

    k: int
    roots: Complexes
    """All of them, root i at i / M of the circle."""
    logs: Complexes
    """log(1 - p + p z) at each root of the upper half, falling in its real part."""
    ends: Complexes
    """z^-k at each root of the upper half, times its weight in the mean."""
    chance: float
    """Of k in n."""

    def others(self, free: int) -> Complexes:
        """(1 - p + p z)^free z^-k with the weight of z, without the roots at which it is negligible."""
        within = len(self.logs) if not free else int((self.logs.real * free > log(_NEGLIGIBLE)).sum())
        return np.asarray(np.exp(free * self.logs[:within]) * self.ends[:within])

    def powers(self, first: int, stop: int, roots: int) -> Complexes:
        """z^t, a row for each t from `first` up to `stop`, a column for each of so many roots."""
        turns = np.arange(first, stop)[:, None] * np.arange(roots) % len(self.roots)
        return np.asarray(self.roots[turns])


@lru_cache(maxsize=64)
def _circle(drawn: int, k: int) -> _Circle:
    """Roots enough that what they add to coefficient k, with p = k/drawn, is negligible."""
    p = k / drawn
    # An odd number of roots: -1, where 1 - p + p z can vanish, is none of them.
    count = 1 | (1 + min(drawn, int(_reach(np.array(k * (1 - p))))))
    half = np.arange(count // 2 + 1)
    angles = 2 * pi * half / count
    sizes = np.log1p(-4 * p * (1 - p) * np.sin(angles / 2) ** 2) / 2
    logs = sizes + 1j * np.arctan2(p * np.sin(angles), 1 - p + p * np.cos(angles))
    roots = np.exp(2j * pi * np.arange(count) / count)
    ends = roots[-k * half % count] * np.where(half > 0, 2, 1) / count
    return _Circle(k, roots, logs, ends, float((np.exp(drawn * logs) @ ends).real))


def _binomials(sizes: Whole, shares: Reals) -> Reals:
    """Chances of i votes: a layer for each p of `shares`, a row for each of `sizes` samples, a column for each i.

    From each row's first chance that matters upwards by ratios, then scaled to add up to 1: no factorial of thousands,
    whose logarithm would cost digits.
    """
    p = shares[:, None]
    expected = p * sizes
    reach = _reach(expected * (1 - p))
    lowest = np.maximum(0, np.floor(expected - reach)).astype(np.intp)
    votes = lowest[..., None] + np.arange(int(2 * reach.max()) + 3)
    ratios = (sizes[:, None] - votes + 1) * (p / (1 - p))[..., None] / np.maximum(votes, 1)
    ratios[..., 0] = 1.0
    chances = np.maximum(ratios, 0.0).cumprod(axis=-1)
    table = np.zeros((*expected.shape, int(lowest.max()) + votes.shape[-1]))
    np.put_along_axis(table, votes, chances / chances.sum(axis=-1, keepdims=True), axis=-1)
    return table


def _reach(variance: Reals) -> Reals:
    """Distance from its mean that a sum of independent votes exceeds with negligible chance (Bernstein's inequality).

    P(|X - mean| >= d) <= 2 exp(-d^2 / (2 variance + 2 d / 3)).
    """
    bits = log(2 / _NEGLIGIBLE)
    return np.asarray(bits / 3 + np.sqrt(bits * bits / 9 + 2 * bits * variance))


@lru_cache(maxsize=256)
def _quadrature(count: int) -> Nodes:
    """So many Gauss-Legendre nodes with their weights on [0, 1]: without error up to degree 2 count - 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2
