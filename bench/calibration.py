"""`python -m bench calibration`: sweeps of known truth, simulated by the thousand, and what the analysis makes of them.

How often does a 95 % interval hold the truth, and how often is "no more gains" said of a curve that still grows? The
code under test is `core.analysis` as it stands; what is made here is data. A problem is a hardness, drawn anew in each
sweep; a truth says what the chance of the right answer is at each hardness and budget. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.analysis.fits import Shape, fit_many
from core.analysis.gain import gain_per_doubling
from core.analysis.grid import Grid
from core.analysis.intervals import interval
from core.analysis.knee import knee_of
from core.analysis.pairing import paired_difference
from core.analysis.verdicts import MARGIN, Evidence, Finding, verdicts_of
from core.analysis.vote_gains import vote_gain
from core.analysis.vote_table import VoteTable
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
_SOME = 20_000
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


@dataclass(slots=True)
class Tally:
    """What came out."""

    held: Counter[str] = field(default_factory=Counter)
    """Intervals that hold the truth, by what they are of."""
    made: Counter[str] = field(default_factory=Counter)
    findings: Counter[Finding] = field(default_factory=Counter)
    wrong: int = 0
    """Verdicts of no more gains beyond a budget after which the truth gains more than the margin."""
    sweeps: int = 0

    def add(self, name: str, low: float, high: float, truth: float) -> None:
        """One interval more."""
        self.made[name] += 1
        self.held[name] += low <= truth <= high

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.held + other.held,
            self.made + other.made,
            self.findings + other.findings,
            self.wrong + other.wrong,
            self.sweeps + other.sweeps,
        )


def simulate(name: str, sweep: Sweep, times: int, generator: np.random.Generator, *, knees: bool) -> Tally:
    """So many sweeps of one truth, and what is said of each."""
    truth = TRUTHS[name]
    means = true_means(truth)
    octaves = OCTAVES - OCTAVES.mean()
    slope = float(octaves @ means / (octaves @ octaves))
    knee = true_knee(means) if knees else None
    tally = Tally(sweeps=times)
    for _ in range(times):
        grid = a_sweep(truth, sweep, generator)
        shares = grid.shares
        for column in range(len(OCTAVES)):
            ci95 = interval(shares[:, column].tolist(), sweep.problems * sweep.draws, grid.clusters)
            tally.add("accuracy", *(ci95 or (0.0, 1.0)), means[column])
        gain = gain_per_doubling(grid)
        tally.add("gain per doubling", *((gain and gain.ci95) or (-1.0, 1.0)), slope)
        for first, second in ((0, 7), (3, 4), (6, 7)):
            paired = paired_difference(grid, first, grid, second)
            tally.add("paired difference", *(paired.ci95 or (-1.0, 1.0)), means[second] - means[first])
        if knee is not None and (found := knee_of(grid, seed=int(generator.integers(1 << 30)))) is not None:
            tally.add("knee", *found.ci95, knee)
        (verdict,) = verdicts_of([Evidence(grid)])
        tally.findings[verdict.finding] += 1
        if verdict.beyond_tokens is not None:
            start = int(np.abs(OCTAVES - math.log2(verdict.beyond_tokens)).argmin())
            tally.wrong += abs(means[-1] - means[start]) > MARGIN
    return tally


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
    hardness = _hardness(sweep, generator)
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


def _hardness(sweep: Sweep, generator: np.random.Generator) -> Reals:
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
    return np.where(hardness < 0.3, 0.53 + 0.3 * hardness, np.where(hardness < 0.8, 0.93, 0.1))  # noqa: PLR2004


def votes_saturating(hardness: Reals) -> Reals:
    """A few votes settle every problem, the right way in most."""
    return np.where(hardness < 0.7, 0.95 - 0.35 * hardness, 0.3 - 0.25 * hardness)  # noqa: PLR2004


VOTES: dict[str, Callable[[Reals], Reals]] = {
    truth.__name__.replace("_", " "): truth for truth in (votes_growing, votes_growing_in_some, votes_saturating)
}


def simulate_votes(name: str, sweep: Sweep, times: int, generator: np.random.Generator) -> Tally:
    """So many sets of votes between two answers, and what is said of each."""
    chance = VOTES[name]
    ks = tuple(k for k in VOTE_KS if k <= sweep.draws)
    hardness = (np.arange(_SOME) + 0.5) / _SOME
    means = np.array([_vote_of(chance(hardness), k).mean() for k in ks])
    known = np.array([_votes_among(sweep.draws, k) for k in ks])
    single = a_sweep(flat, replace(sweep, draws=1), generator).columns([0])
    tally = Tally(sweeps=times)
    for _ in range(times):
        right = generator.binomial(sweep.draws, chance(_hardness(sweep, generator)))
        table = VoteTable(
            label="simulated",
            budget=0,
            ks=ks,
            credit=known[:, right].T.copy(),
            coverage=np.zeros((sweep.problems, len(ks))),
            problems=single.problems,
            clusters=single.clusters,
            drawn=(sweep.draws,) * sweep.problems,
            tokens=1000.0,
            dollars=None,
            seconds=1.0,
        )
        for first, second in ((0, 2), (1, 3)):
            gain = vote_gain(table, ks[first], ks[second])
            tally.add("vote gain", *(gain.ci95 or (-1.0, 1.0)), means[second] - means[first])
        (verdict,) = verdicts_of([Evidence(single, [table])])
        tally.findings[verdict.finding] += 1
        if verdict.beyond_tokens is not None:
            start = ks.index(round(verdict.beyond_tokens / table.tokens))
            last = max(column for column, k in enumerate(ks) if 2 * k <= sweep.draws)
            tally.wrong += abs(means[last] - means[start]) > MARGIN
    return tally


def _vote_of(chance: Reals, k: int) -> Reals:
    """Expected credit of k votes, each right with this chance, else for the one wrong answer; a tie gives a half."""
    from scipy.stats import binom  # noqa: PLC0415 - takes a second to import

    return np.asarray(binom.sf(k // 2, k, chance) + (0 if k % 2 else 0.5 * binom.pmf(k // 2, k, chance)))


def _votes_among(drawn: int, k: int) -> Reals:
    """The same for k of the samples, by how many of these are right."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - takes a second to import

    right = np.arange(drawn + 1)
    tied = 0 if k % 2 else 0.5 * hypergeom.pmf(k // 2, drawn, right, k)
    return np.asarray(hypergeom.sf(k // 2, drawn, right, k) + tied, dtype=np.float64)


def clopper_pearson(hits: int, of: int) -> tuple[float, float]:
    """95 % limits of a rate (Clopper and Pearson 1934, Biometrika 26:404)."""
    from scipy.stats import beta  # noqa: PLC0415 - takes a second to import

    low = beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    return float(low), float(high)


SWEEPS = (Sweep(30, 1), Sweep(30, 4), Sweep(30, 16), Sweep(60, 4, together=3), Sweep(300, 4), Sweep(300, 32))
VOTE_SWEEPS = (Sweep(30, 16), Sweep(30, 128), Sweep(60, 128, together=3), Sweep(200, 64))
LEAPS = "sharp"
"""The truth in which a doubling changes one problem in thirty, and that one altogether."""
WITH_KNEE = ("saturating", "soft")


def calibration(arguments: list[str]) -> int:
    """Simulate, and print what came out as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench calibration", description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="sweeps of each truth and size (default 300)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    generator = np.random.default_rng(chosen.seed)
    thinking = {
        (name, sweep): simulate(name, sweep, chosen.times, generator, knees=name in WITH_KNEE)
        for sweep in SWEEPS
        for name in TRUTHS
    }
    voting = {
        (name, sweep): simulate_votes(name, sweep, chosen.times, generator) for sweep in VOTE_SWEEPS for name in VOTES
    }
    every = sum(tally.sweeps for tally in (*thinking.values(), *voting.values()))
    lines = [f"{every:,} sweeps were simulated, {chosen.times} of each truth and size, seed {chosen.seed}.", ""]
    lines += [*_coverage(thinking, SWEEPS), "", *_coverage_by_truth(thinking, list(TRUTHS)), ""]
    lines += [*_coverage(voting, VOTE_SWEEPS), ""]
    lines += [*_wrong(thinking, _gains_of_thinking()), "", *_wrong(voting, _gains_of_votes()), ""]
    lines += [*_found(thinking, SWEEPS, _gains_of_thinking()), "", *_found(voting, VOTE_SWEEPS, _gains_of_votes())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


Tallies = Mapping[tuple[str, Sweep], Tally]


def _coverage(tallies: Tallies, sweeps: Sequence[Sweep]) -> list[str]:
    """How often 95 % intervals held the truth: a row for each kind, a column for each size."""
    kinds = list(dict.fromkeys(kind for tally in tallies.values() for kind in tally.made))
    lines = _head(["95 % interval of", *map(str, sweeps), "all"])
    for kind, leaps in ((kind, leaps) for leaps in (False, True) for kind in kinds):
        each = [
            sum((t for (name, size), t in tallies.items() if size == sweep and (name == LEAPS) == leaps), Tally())
            for sweep in sweeps
        ]
        if any(tally.made[kind] for tally in each):
            cells = [_rate(tally.held[kind], tally.made[kind]) for tally in (*each, sum(each, Tally()))]
            lines.append(_row([f"{kind}, truth `{LEAPS}`" if leaps else kind, *cells]))
    return lines


def _coverage_by_truth(tallies: Tallies, truths: Sequence[str]) -> list[str]:
    """The same with a row for each truth, over all sizes."""
    kinds = list(dict.fromkeys(kind for tally in tallies.values() for kind in tally.made))
    lines = _head(["truth", *kinds])
    for name in truths:
        whole = sum((tally for (one, _), tally in tallies.items() if one == name), Tally())
        lines.append(_row([name, *(_rate(whole.held[kind], whole.made[kind]) for kind in kinds)]))
    return lines


def _wrong(tallies: Tallies, gains: Mapping[str, float]) -> list[str]:
    """How often no more gains was said beyond a budget after which the truth gains more than the margin."""
    lines = _head(["truth", "gains in its last doubling", "wrongly no more gains", "rate", "95 % limits"])
    for name, gain in gains.items():
        lines.append(
            _wrong_row(name, f"{100 * gain:+.1f} points", [t for (one, _), t in tallies.items() if one == name])
        )
    still = [t for (name, _), t in tallies.items() if gains[name] > MARGIN]
    lines.append(_wrong_row("all that gain more than 2 points", "", still))
    return lines


def _wrong_row(name: str, gain: str, tallies: Sequence[Tally]) -> str:
    whole = sum(tallies, Tally())
    low, high = clopper_pearson(whole.wrong, whole.sweeps)
    rate = 100 * whole.wrong / whole.sweeps
    return _row(
        [name, gain, f"{whole.wrong} of {whole.sweeps:,}", f"{rate:.2f} %", f"{100 * low:.2f} to {100 * high:.2f} %"]
    )


def _found(tallies: Tallies, sweeps: Sequence[Sweep], gains: Mapping[str, float]) -> list[str]:
    """What was said, by truth and size: shares of no more gains, growing, falling, ceiling; the rest is too early."""
    lines = _head(["truth: plateau / growing / falling / ceiling, %", *map(str, sweeps)])
    findings = (Finding.NO_MORE_GAINS, Finding.GROWING, Finding.FALLING, Finding.CEILING)
    for name in gains:
        each = [tallies[name, sweep] for sweep in sweeps]
        cells = [" / ".join(f"{100 * t.findings[one] / t.sweeps:.0f}" for one in findings) for t in each]
        lines.append(_row([name, *cells]))
    return lines


def _gains_of_thinking() -> dict[str, float]:
    return {name: float(np.diff(true_means(truth))[-1]) for name, truth in TRUTHS.items()}


def _gains_of_votes() -> dict[str, float]:
    """From votes of 32 to votes of 64."""
    hardness = (np.arange(_SOME) + 0.5) / _SOME
    return {
        name: float((_vote_of(truth(hardness), 64) - _vote_of(truth(hardness), 32)).mean())
        for name, truth in VOTES.items()
    }


def _rate(hits: int, of: int) -> str:
    return f"{100 * hits / of:.1f}" if of else ""


def _head(names: Sequence[str]) -> list[str]:
    return [_row(names), _row(["---", *["---:"] * (len(names) - 1)])]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
