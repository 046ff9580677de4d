"""Truths that are known, and sweeps drawn from them: what `bench.calibration` holds the analysis against.

A problem is a hardness, drawn anew in each sweep; a truth says what the chance of the right answer is at each hardness
and budget, or in each vote. Knows nothing of what is made of a sweep, except for the shape that a knee is defined by.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.analysis.fits import Shape, fit_many
from core.analysis.grid import Grid
from core.vocabulary import Control

Reals = NDArray[np.float64]
Truth = Callable[[Reals, Reals], Reals]
"""The chance of the right answer at each hardness (rows, 0 to 1) and log2 tokens (columns)."""

OCTAVES = np.arange(8.0, 16.0)
"""Log2 of the mean tokens of eight budgets."""
_TOKENS_BY_HARDNESS = 3.0
"""How many times the tokens of the easiest problem the hardest takes."""
_TOKENS_SPREAD = 0.45
"""Standard deviation of log tokens between the draws of a cell."""
_MANY = 400_000
"""Problems that a truth's means are taken over."""
_EASY, _MIDDLING, _HARD = 0.3, 0.7, 0.8
"""Hardnesses at which votes turn out otherwise."""
SOME = 20_000
"""The same for votes."""
_NORMAL = NormalDist()


def _logistic(x: Reals) -> Reals:
    return np.asarray(0.5 + 0.5 * np.tanh(x / 2), dtype=np.float64)


def growing(hardness: Reals, x: Reals) -> Reals:
    """Each problem has a budget that brings half of its chance; these are spread over and beyond the range."""
    return 0.95 * _logistic((x - 5 - 14 * hardness) / 0.9)


def sharp(hardness: Reals, x: Reals) -> Reals:
    """As `growing`, at half the pace, and each problem turns from never to always within a fraction of a doubling."""
    return 0.02 + 0.96 * _logistic((x + 4 - 28 * hardness) / 0.08)


def just_growing(hardness: Reals, x: Reals) -> Reals:
    """Every problem gains 2.5 points per doubling, a little more than the margin."""
    return np.clip(0.05 + 0.7 * hardness + 0.025 * (x - OCTAVES[0]), 0, 1)


def just_growing_in_some(hardness: Reals, x: Reals) -> Reals:
    """The same mean gain, all of it in one problem of five."""
    some = hardness % 0.1 < 0.02  # noqa: PLR2004 - at every hardness
    return np.where(some, 0.06 + 0.125 * (x - OCTAVES[0]), 0.05 + 0.9 * hardness)


def saturating(hardness: Reals, x: Reals) -> Reals:
    """Every problem rises with the tokens up to 2^12, and no further."""
    return 0.05 + (0.9 - 0.75 * hardness) * np.minimum(x - 7, 5) / 5


def soft(hardness: Reals, x: Reals) -> Reals:
    """As `saturating`, but each problem comes to its own level on its own soft curve, around 2^10."""
    return (0.95 - 0.8 * hardness) * _logistic((x - 9 - 2 * hardness) / 0.7)


def flat(hardness: Reals, x: Reals) -> Reals:
    """Thinking changes nothing."""
    return 0.05 + 0.9 * hardness + 0.0 * x


def near_the_top(hardness: Reals, x: Reals) -> Reals:
    """Most problems are nearly always right; a few rise late."""
    late = hardness > 0.8  # noqa: PLR2004 - one problem in five
    return np.where(late, 0.9 * _logistic((x - 8 - 40 * (hardness - 0.8)) / 0.5), 0.985)


TRUTHS: dict[str, Truth] = {
    truth.__name__.replace("_", " "): truth
    for truth in (growing, sharp, just_growing, just_growing_in_some, near_the_top, saturating, soft, flat)
}


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is asked in each simulated sweep."""

    problems: int
    draws: int
    together: int = 1
    """Problems of a cluster: they share most of their hardness."""

    def __str__(self) -> str:
        """`30 x 4 draws, clusters of 3`."""
        return f"{self.problems} x {self.draws}" + (f", clusters of {self.together}" if self.together > 1 else "")


def true_means(truth: Truth) -> Reals:
    """The accuracy at each budget over all problems that there may be."""
    hardness = (np.arange(_MANY) + 0.5) / _MANY
    return np.asarray(truth(hardness[:, None], OCTAVES).mean(axis=0), dtype=np.float64)


def true_knee(means: Reals) -> float:
    """Tokens at the knee of the hinge that is nearest to the truth."""
    places = np.linspace(OCTAVES[1], OCTAVES[-1], 6001)
    fitted = fit_many(Shape.HINGE, OCTAVES[None, :], means[None, :], (places, np.ones(len(places))))
    return float(2 ** fitted.place[0])


def a_sweep(truth: Truth, sweep: Sweep, generator: np.random.Generator) -> Grid:
    """One sweep, as the sums of its cells."""
    hardness = hardnesses(sweep, generator)
    shape = sweep.problems, len(OCTAVES)
    right = generator.binomial(sweep.draws, np.clip(truth(hardness[:, None], OCTAVES), 0, 1))
    slope = math.log(_TOKENS_BY_HARDNESS)
    own = np.exp(slope * (hardness - 0.5)) * slope / (2 * math.sinh(slope / 2))
    noise = np.exp(_TOKENS_SPREAD * generator.standard_normal((sweep.draws, *shape)) - _TOKENS_SPREAD**2 / 2)
    names = tuple(map(str, range(sweep.problems)))
    return Grid(
        run=1,
        name="simulated",
        label="simulated",
        model="simulated",
        control=Control.PROMPT,
        budgets=tuple(range(shape[1])),
        asked=tuple(range(shape[1])),
        problems=names,
        contents=names,
        clusters=_clusters(sweep),
        drawn=np.full(shape, sweep.draws),
        right=right,
        missing=np.zeros(shape, dtype=np.int64),
        truncated=np.zeros(shape, dtype=np.int64),
        tokens=own[:, None] * 2**OCTAVES * noise.mean(axis=0),
        dollars=np.full(shape, np.nan),
        seconds=np.zeros(shape),
    )


def _clusters(sweep: Sweep) -> tuple[str | None, ...]:
    if sweep.together == 1:
        return (None,) * sweep.problems
    return tuple(str(problem // sweep.together) for problem in range(sweep.problems))


def hardnesses(sweep: Sweep, generator: np.random.Generator) -> Reals:
    """Uniform; problems of a cluster have a correlation of 0.6 between their normal scores."""
    own = generator.standard_normal(sweep.problems)
    if sweep.together > 1:
        shared = generator.standard_normal(-(-sweep.problems // sweep.together)).repeat(sweep.together)
        own = math.sqrt(0.4) * own + math.sqrt(0.6) * shared[: sweep.problems]
    return np.array([_NORMAL.cdf(score) for score in own.tolist()])


VOTE_KS = tuple(1 << power for power in range(8))


def votes_growing(hardness: Reals) -> Reals:
    """The right answer is a little ahead of the wrong one, in some problems by very little: votes go on helping."""
    return 0.5 + 0.2 * hardness


def votes_growing_in_some(hardness: Reals) -> Reals:
    """So it is in three problems of ten; the others are settled by a few votes."""
    return np.where(hardness < _EASY, 0.53 + 0.3 * hardness, np.where(hardness < _HARD, 0.93, 0.1))


def votes_saturating(hardness: Reals) -> Reals:
    """A few votes settle every problem, the right way in most."""
    return np.where(hardness < _MIDDLING, 0.95 - 0.35 * hardness, 0.3 - 0.25 * hardness)


VOTES: dict[str, Callable[[Reals], Reals]] = {
    truth.__name__.replace("_", " "): truth for truth in (votes_growing, votes_growing_in_some, votes_saturating)
}


def vote_of(chance: Reals, k: int) -> Reals:
    """Expected credit of k votes, each right with this chance, else for the one wrong answer; a tie gives a half."""
    from scipy.stats import binom  # noqa: PLC0415 - takes a second to import

    return np.asarray(binom.sf(k // 2, k, chance) + (0 if k % 2 else 0.5 * binom.pmf(k // 2, k, chance)))


def votes_among(drawn: int, k: int) -> Reals:
    """The same for k of the samples, by how many of these are right."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - takes a second to import

    right = np.arange(drawn + 1)
    tied = 0 if k % 2 else 0.5 * hypergeom.pmf(k // 2, drawn, right, k)
    return np.asarray(hypergeom.sf(k // 2, drawn, right, k) + tied, dtype=np.float64)
