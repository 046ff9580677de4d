"""`python -m bench calibration`: sweeps of known truth, simulated by the thousand, and what the analysis makes of them.

How often does a 95 % interval hold the truth, and how often is "no more gains" said of a curve that still grows? The
code under test is `core.analysis` as it stands; `bench.truths` makes the data. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bench.truths import (
    OCTAVES,
    SOME,
    TRUTHS,
    VOTE_KS,
    VOTES,
    Sweep,
    a_sweep,
    flat,
    hardnesses,
    true_knee,
    true_means,
    vote_of,
    votes_among,
)
from core.analysis.gain import gain_per_doubling
from core.analysis.intervals import interval
from core.analysis.knee import knee_of
from core.analysis.pairing import paired_difference
from core.analysis.verdicts import MARGIN, Evidence, Finding, verdicts_of
from core.analysis.vote_gains import vote_gain
from core.analysis.vote_table import VoteTable


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


def simulate_votes(name: str, sweep: Sweep, times: int, generator: np.random.Generator) -> Tally:
    """So many sets of votes between two answers, and what is said of each."""
    chance = VOTES[name]
    ks = tuple(k for k in VOTE_KS if k <= sweep.draws)
    hardness = (np.arange(SOME) + 0.5) / SOME
    means = np.array([vote_of(chance(hardness), k).mean() for k in ks])
    known = np.array([votes_among(sweep.draws, k) for k in ks])
    single = a_sweep(flat, replace(sweep, draws=1), generator).columns([0])
    tally = Tally(sweeps=times)
    for _ in range(times):
        right = generator.binomial(sweep.draws, chance(hardnesses(sweep, generator)))
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
    hardness = (np.arange(SOME) + 0.5) / SOME
    return {
        name: float((vote_of(truth(hardness), 64) - vote_of(truth(hardness), 32)).mean())
        for name, truth in VOTES.items()
    }


def _rate(hits: int, of: int) -> str:
    return f"{100 * hits / of:.1f}" if of else ""


def _head(names: Sequence[str]) -> list[str]:
    return [_row(names), _row(["---", *["---:"] * (len(names) - 1)])]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
