"""Choosing among k samples by scores: the best of them, or a vote in which each counts by its weight.

A score may be a reward model's, a verifier's, or the model's own confidence; a weight likewise. As for all votes, the
expectation is over subsets of k of the n samples, without replacement (best-of-N and weighted majority: Cobbe et al.
2021, arXiv:2110.14168; Li et al. 2023, arXiv:2206.02336; Snell et al. 2024, arXiv:2408.03314). Knows
nothing of where scores come from.
"""

from __future__ import annotations

from itertools import combinations, groupby, islice
from math import comb, fsum, isfinite, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis.votes import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.analysis.votes import Ballot

Reals = NDArray[np.float64]
Whole = NDArray[np.intp]

MOST_SUBSETS = 20_000
"""Subsets up to which each is voted on; of more, so many are drawn."""

_AT_ONCE = 1 << 20
"""Numbers in an array, about."""

_SAME = 1e-9
"""Totals this close, as a share of the larger, tie: sums of the same weights may differ by rounding."""


class Expected(NamedTuple):
    """An expectation, and how far it was worked out."""

    value: float
    se: float
    """Standard error of the Monte Carlo mean; 0 where exact."""
    exact: bool


def best_of_k(scores: Sequence[float], right: Sequence[bool], k: int) -> float:
    """Chance that the highest-scoring of `k` of these samples is right; of those that tie, each is as likely taken.

    Sorted by score, the best of k is within the lowest m samples with chance C(m, k) / C(n, k); so a group of equal
    scores above m others, s of them, is the best with chance (C(m + s, k) - C(m, k)) / C(n, k), and then the sample
    taken is any of the group. Whole numbers throughout: exact to rounding.

    Args:
        scores: finite, higher is better.
        right: of each sample.
        k: samples to choose from.

    Raises:
        ValueError: k is below 1 or larger than the number of samples, lengths differ, or a score is not finite.
    """
    _check(scores, len(right), k, "score")
    lower, found = 0, []
    ways = comb(len(scores), k)
    for _, group in groupby(sorted(zip(scores, right, strict=True)), key=lambda sample: sample[0]):
        rights = [good for _, good in group]
        best = comb(lower + len(rights), k) - comb(lower, k)
        found.append(best / ways * (sum(rights) / len(rights)))
        lower += len(rights)
    return fsum(found)


def weighted_vote(ballots: Sequence[Ballot], weights: Sequence[float], k: int, seed: int = 0) -> Expected:
    """Expected credit of the vote of `k` of these samples in which each counts by its weight.

    The answer with the largest total wins; those that tie share. What could not be read casts no vote, nor does a
    weight of 0; where nobody votes, nothing is earned. Up to 20,000 subsets are voted on one by one; where there are
    more, 20,000 are drawn at random, each as likely as any other, and the standard error of their mean says how far off
    the value may be.

    Args:
        ballots: what each sample answered, and whether that is right.
        weights: of each sample, finite and not below 0; only their ratios matter.
        k: samples that vote.
        seed: of the random subsets; the same seed draws the same.

    Raises:
        ValueError: k is below 1 or larger than the number of samples, lengths differ, or a weight is not finite or is
            below 0.
    """
    _check(weights, len(ballots), k, "weight")
    if min(weights) < 0:
        raise ValueError(f"a weight of {min(weights)} cannot vote: give weights of 0 or more")
    answers = sorted({answer for answer, _ in ballots if answer is not None})
    if not answers:
        return Expected(0.0, 0.0, exact=True)
    votes = np.zeros((len(ballots), len(answers)))
    for i, ((answer, _), weight) in enumerate(zip(ballots, weights, strict=True)):
        if answer is not None:
            votes[i, answers.index(answer)] = weight / (max(weights) or 1.0)
    verdicts = [tally([ballot for ballot in ballots if ballot[0] == answer]) for answer in answers]
    earns = np.array([right / count for ((count, right),) in verdicts])
    exact = comb(len(ballots), k) <= MOST_SUBSETS
    subsets = _every(len(ballots), k) if exact else _random(len(ballots), k, seed)
    earned = np.concatenate([_credit(taken @ votes, earns) for taken in subsets])
    value = min(1.0, fsum(earned.tolist()) / len(earned))
    return Expected(value, 0.0 if exact else float(earned.std(ddof=1)) / sqrt(len(earned)), exact)


def _check(numbers: Sequence[float], samples: int, k: int, name: str) -> None:
    if len(numbers) != samples:
        raise ValueError(f"{samples} samples need as many {name}s, not {len(numbers)}")
    if not 1 <= k <= samples:
        raise ValueError(f"{k} samples to choose from need 1 <= k <= {samples}, the samples of this cell")
    if not all(map(isfinite, numbers)):
        raise ValueError(f"a {name} is not a finite number: leave out samples that have none")


def _credit(totals: Reals, earns: Reals) -> Reals:
    """What each subset earns: a row of `totals` each, a column per answer."""
    most = totals.max(axis=1, keepdims=True)
    leading = (totals >= most * (1 - _SAME)) & (most > 0)
    return np.asarray(leading @ earns / np.maximum(leading.sum(axis=1), 1))


def _every(samples: int, k: int) -> Iterator[Reals]:
    """Every subset of so many samples, a row each with 1 for those taken, a part of them at a time."""
    # Of more than half it is the others that are told apart.
    taken = float(2 * k <= samples)
    subsets = combinations(range(samples), k if taken else samples - k)
    while rows := list(islice(subsets, max(1, _AT_ONCE // samples))):
        yield _marked(np.array(rows, dtype=np.intp), samples, taken)


def _random(samples: int, k: int, seed: int) -> Iterator[Reals]:
    """The same for random subsets."""
    generator = np.random.default_rng(seed)
    rows = max(1, _AT_ONCE // samples)
    for start in range(0, MOST_SUBSETS, rows):
        keys = generator.random((min(rows, MOST_SUBSETS - start), samples))
        yield _marked(np.argpartition(keys, k - 1, axis=1)[:, :k], samples, 1.0)


def _marked(rows: Whole, samples: int, mark: float) -> Reals:
    """A row each with `mark` at these samples, which is 0 or 1, and the other of the two elsewhere."""
    marked = np.full((len(rows), samples), 1.0 - mark)
    np.put_along_axis(marked, rows, mark, axis=1)
    return marked
