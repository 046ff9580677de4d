"""Coverage: the share of problems that one of k samples gets right, over k, and two curves that say how it goes on.

**The power law** of Brown et al. 2024 (arXiv:2407.21787), coverage = exp(a k^b) with a and b below 0, is a
straight line of log(-log coverage) on log k. Its points are means over the same samples, so they lie closer to any
smooth curve than independent ones would: a small residual is no proof of the law.

**The Beta-Binomial** (Skellam 1948, JRSS B 10:257) starts from the problems instead: their chances of a right sample
are spread as Beta(alpha, beta), and c of n right samples are binomial given the chance. Then coverage at k is
1 - E[(1 - p)^k], for every k, and what is missing falls in the end as k^-alpha: a power law that comes from the
problems that are hardly ever solved (Schaeffer et al. 2025, arXiv:2502.17578).

Both go beyond the samples that there are, and neither knows of problems that can never be solved. Knows nothing of
answers and votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1, fsum, lgamma, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis.curve import AtK
from core.analysis.intervals import interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.vote_table import VoteTable
    from core.vocabulary import Budget, Json

Reals = NDArray[np.float64]

LEAST_POINTS = 2
"""Points that a line needs, and samples that a spread needs."""

_SPREADS = (1e-3, 1e6)
"""alpha + beta: between problems that are always or never solved, and problems that are all alike."""

_STEPS = 32
"""Of the first search along alpha + beta, evenly in its logarithm."""

_GOLDEN = (sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """coverage = exp(a k^b)."""

    a: float
    """log coverage of one sample; below 0."""
    b: float
    """Below 0 where coverage grows."""
    residual: float
    """Root of the mean square of what log(-log coverage) lies off the line."""
    points: int
    """Numbers of samples that it was fitted to: those with coverage above 0 and below 1."""

    def at(self, k: float) -> float:
        """Coverage of `k` samples, 0 to 1."""
        return exp(self.a * k**self.b)

    def to_json(self) -> dict[str, Json]:
        """The law by its letters."""
        return {"a": self.a, "b": self.b, "residual": self.residual, "points": self.points}


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """How the problems' chances of a right sample are spread."""

    alpha: float
    beta: float
    log_likelihood: float
    """Of the right samples of all problems, natural logarithm."""

    @property
    def mean(self) -> float:
        """Chance of a right sample, over problems."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def at_edge(self) -> bool:
        """Whether alpha + beta ran as far as it may: problems are always or never solved, or show no difference."""
        spread = self.alpha + self.beta
        return not _SPREADS[0] * 1.01 < spread < _SPREADS[1] / 1.01

    def at(self, k: int) -> float:
        """Coverage of `k` samples of a problem not seen yet: 1 - B(alpha, beta + k) / B(alpha, beta)."""
        # Sample by sample: each fails with chance (beta + i) / (alpha + beta + i) when the i before it have.
        return -expm1(float(np.log1p(-self.alpha / (self.alpha + self.beta + np.arange(k))).sum()))

    def to_json(self) -> dict[str, Json]:
        """The spread by its parameters."""
        return {
            "alpha": self.alpha,
            "beta": self.beta,
            "log_likelihood": self.log_likelihood,
            "at_edge": self.at_edge,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one condition, and the curves through it."""

    label: str
    budget: Budget
    problems: int
    """Those with a sample."""
    points: tuple[AtK, ...]
    """pass@k, the mean over problems, with its interval."""
    power_law: PowerLaw | None
    """None with fewer than 2 points above 0 and below 1."""
    beta_binomial: BetaBinomial | None
    """None where all samples are right, or none, or no problem has 2: nothing tells how chances are spread."""

    def to_json(self) -> dict[str, Json]:
        """Coverage by its names; `k`, `pass_at` and `ci95` are lists of the same length."""
        return {
            "label": self.label,
            "budget": self.budget,
            "problems": self.problems,
            "k": [at.k for at in self.points],
            "pass_at": [at.value for at in self.points],
            "ci95": [at.ci95 and list(at.ci95) for at in self.points],
            "power_law": self.power_law.to_json() if self.power_law else None,
            "beta_binomial": self.beta_binomial.to_json() if self.beta_binomial else None,
        }


def coverage_of(table: VoteTable) -> Coverage:
    """Coverage at the table's numbers of samples, and both curves.

    The power law is fitted to the means, the Beta-Binomial to every problem's right samples, all of them: problems may
    have different numbers.
    """
    points = []
    for k, column in zip(table.ks, table.coverage.T.tolist(), strict=True) if table.problems else ():
        points.append(AtK(k, fsum(column) / len(column), interval(column, sum(table.drawn), table.clusters)))
    return Coverage(
        label=table.label,
        budget=table.budget,
        problems=len(table.problems),
        points=tuple(points),
        power_law=power_law([at.k for at in points], [at.value for at in points]),
        beta_binomial=beta_binomial(table.drawn, table.right) if table.right else None,
    )


def power_law(ks: Sequence[int], coverage: Sequence[float]) -> PowerLaw | None:
    """exp(a k^b) by least squares on log(-log coverage) over log k; None below 2 points above 0 and below 1.

    Brown et al. 2024, arXiv:2407.21787. At 0 and at 1 the logarithms do not exist.
    """
    open_ = [(log(k), log(-log(value))) for k, value in zip(ks, coverage, strict=True) if 0 < value < 1]
    if len(open_) < LEAST_POINTS:
        return None
    x, y = np.array(open_).T
    b = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    level = float(y.mean() - b * x.mean())
    return PowerLaw(-exp(level), b, sqrt(float(((y - level - b * x) ** 2).mean())), len(open_))


def beta_binomial(drawn: Sequence[int], right: Sequence[int]) -> BetaBinomial | None:
    """The Beta distribution of chances that makes these right samples likeliest.

    For each alpha + beta the likelihood has one best mean, since it is concave in it: Newton's method finds it. Along
    alpha + beta, from 0.001 to 1,000,000, a search over steps and then by the golden section.

    Returns:
        None where all samples are right, or none, or where no problem has 2.
    """
    if not 0 < sum(right) < sum(drawn) or max(drawn) < LEAST_POINTS:
        return None
    counts = _Counts.of(drawn, right)
    low, high = log(_SPREADS[0]), log(_SPREADS[1])
    steps = [low + (high - low) * i / _STEPS for i in range(_STEPS + 1)]
    best = max(range(_STEPS + 1), key=lambda i: counts.highest(exp(steps[i])))
    low, high = steps[max(best - 1, 0)], steps[min(best + 1, _STEPS)]
    for _ in range(40):
        first, second = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if counts.highest(exp(first)) < counts.highest(exp(second)):
            low = first
        else:
            high = second
    spread = exp((low + high) / 2)
    middle = counts.best_mean(spread)
    return BetaBinomial(spread * middle, spread * (1 - middle), counts.highest(spread) + _ways(drawn, right))


class _Counts(NamedTuple):
    """What the likelihood depends on: how many problems have more than i samples of a kind, for each i from 0.

    Gamma(a + c) / Gamma(a) is the product over i below c of a + i, so its logarithm is a sum over i of log(a + i) for
    those problems that have more than i.
    """

    right: Reals
    wrong: Reals
    drawn: Reals

    @classmethod
    def of(cls, drawn: Sequence[int], right: Sequence[int]) -> _Counts:
        wrong = [n - c for n, c in zip(drawn, right, strict=True)]
        return cls(*(np.bincount(kind)[::-1].cumsum()[-2::-1].astype(np.float64) for kind in (right, wrong, drawn)))

    def highest(self, spread: float) -> float:
        """The log likelihood at the best mean, without the ways to arrange right samples among all."""
        middle = self.best_mean(spread)
        parts = ((self.right, spread * middle), (self.wrong, spread * (1 - middle)), (self.drawn, spread))
        right, wrong, drawn = (float(more @ np.log(start + np.arange(len(more)))) for more, start in parts)
        return right + wrong - drawn

    def best_mean(self, spread: float) -> float:
        """The mean chance, within (0, 1), of the highest likelihood with this alpha + beta."""
        low, high, middle = 0.0, 1.0, 0.5
        rights, wrongs = np.arange(len(self.right)) / spread, np.arange(len(self.wrong)) / spread
        for _ in range(100):
            up, down = 1 / (middle + rights), 1 / (1 - middle + wrongs)
            slope, bend = float(self.right @ up - self.wrong @ down), float(self.right @ up**2 + self.wrong @ down**2)
            low, high = (middle, high) if slope > 0 else (low, middle)
            step = middle + slope / bend
            following = step if low < step < high else (low + high) / 2
            if abs(following - middle) < 1e-15:  # noqa: PLR2004 - rounding
                break
            middle = following
        return middle


def _ways(drawn: Sequence[int], right: Sequence[int]) -> float:
    """Logarithm of in how many ways the right samples may lie among all."""
    return fsum(lgamma(n + 1) - lgamma(c + 1) - lgamma(n - c + 1) for n, c in zip(drawn, right, strict=True))
