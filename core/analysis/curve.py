"""From the samples of conditions to the numbers behind the figures: `thinktop curve --json`.

Puts together what its neighbours each know one part of; every mean over problems is a mean of the problems' own means.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import fsum
from statistics import fmean
from typing import TYPE_CHECKING

from core.analysis.intervals import Interval, bounds, interval, mean, standard_error, standard_error_of_draws
from core.analysis.overrun import Overrun, overrun_of
from core.analysis.passk import pass_at_k
from core.analysis.votes import maj_at
from core.vocabulary import PICO, Budget, Control, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.records import CellSamples, ConditionSamples

_LARGEST_VOTE = 512
"""Largest k of maj@k, short of all samples."""


@dataclass(frozen=True, slots=True)
class AtK:
    """What k samples a problem earn, by one of them being right (pass) or by a vote (maj)."""

    k: int
    value: float
    ci95: Interval | None


@dataclass(frozen=True, slots=True)
class ConditionCurve:
    """One point of a curve, with everything said about it; None where it cannot be said."""

    run: int
    label: str
    model: str
    control: Control
    budget: Budget
    budget_tokens: int | None
    problems: int
    """Problems with a sample: what accuracy is a mean over."""
    draws: int
    """Samples planned."""
    samples: int
    """Draws that came back."""
    answered: int
    """Samples with an answer that counts: read, and not truncated."""
    truncated: int
    missing: int
    """Draws that failed for good."""
    accuracy: float | None
    se: float | None
    se_draws: float | None
    ci95: Interval | None
    bounds: Interval | None
    mean_completion_tokens: float | None
    mean_cost_usd: str | None
    """Dollars a sample, a decimal string to the picodollar; None where a sample is unpriced."""
    mean_seconds: float | None
    overrun: Overrun | None
    pass_at: tuple[AtK, ...]
    maj_at: tuple[AtK, ...]

    def to_json(self) -> dict[str, Json]:
        """The condition as `thinktop curve --json` prints it."""
        return {
            "run": self.run,
            "label": self.label,
            "model": self.model,
            "control": self.control.value,
            "budget": self.budget,
            "problems": self.problems,
            "draws": self.draws,
            "samples": self.samples,
            "answered": self.answered,
            "truncated": self.truncated,
            "missing": self.missing,
            "accuracy": self.accuracy,
            "se": self.se,
            "se_draws": self.se_draws,
            "ci95": self.ci95 and list(self.ci95),
            "bounds": self.bounds and list(self.bounds),
            "mean_completion_tokens": self.mean_completion_tokens,
            "mean_cost_usd": self.mean_cost_usd,
            "mean_seconds": self.mean_seconds,
            "overrun": self.overrun.to_json() if self.overrun else None,
            "pass_at": {str(at.k): at.value for at in self.pass_at},
            "maj_at": {str(at.k): at.value for at in self.maj_at},
            "maj_ci95": {str(at.k): at.ci95 and list(at.ci95) for at in self.maj_at},
        }


def condition_curve(condition: ConditionSamples) -> ConditionCurve:
    """The numbers of one condition; those that need a sample are None until there is one."""
    held = [cell for cell in condition.cells if cell.samples]
    ballots = [cell.ballots for cell in held]
    rights = [sum(right for _, right in cast) for cast in ballots]
    drawn = [cell.samples for cell in held]
    shares = [right / n for right, n in zip(rights, drawn, strict=True)]
    clusters = [cell.cluster for cell in held]
    fewest = min(drawn, default=0)
    passing, voting = pass_sizes(fewest), vote_sizes(fewest)
    passes = [[pass_at_k(n, right, k) for k in passing] for n, right in zip(drawn, rights, strict=True)]
    votes = [maj_at(cast, voting) for cast in ballots]
    return ConditionCurve(
        run=condition.run,
        label=condition.label,
        model=condition.model,
        control=condition.control,
        budget=condition.budget,
        budget_tokens=condition.budget_tokens,
        problems=len(held),
        draws=sum(cell.draws for cell in condition.cells),
        samples=sum(drawn),
        answered=sum(answer is not None for cast in ballots for answer, _ in cast),
        truncated=sum(sum(cell.truncated) for cell in held),
        missing=sum(cell.missing for cell in condition.cells),
        accuracy=mean(shares),
        se=standard_error(shares, clusters),
        se_draws=standard_error_of_draws(rights, drawn),
        ci95=interval(shares, sum(drawn), clusters),
        bounds=_bounds(condition.cells),
        mean_completion_tokens=mean([fmean(cell.completion_tokens) for cell in held]),
        mean_cost_usd=_mean_cost(held),
        mean_seconds=mean([fmean(cell.seconds) for cell in held]),
        overrun=overrun_of([tokens for cell in held for tokens in cell.completion_tokens], condition.budget_tokens),
        pass_at=_over_problems(passing, passes, drawn, clusters),
        maj_at=_over_problems(voting, votes, drawn, clusters),
    )


def pass_sizes(fewest: int) -> tuple[int, ...]:
    """1, 2, 4, ... up to `fewest` samples, and `fewest` itself."""
    powers = [1 << i for i in range(fewest.bit_length())]
    return tuple(sorted({*powers, fewest})) if fewest else ()


def vote_sizes(fewest: int) -> tuple[int, ...]:
    """1, 2, 4, ... up to `fewest` samples but no further than 512, and `fewest` itself.

    The work of an expected vote grows with k, and a vote of thousands hardly differs from one of all, which is counted.
    """
    return tuple(k for k in pass_sizes(fewest) if k <= _LARGEST_VOTE or k == fewest)


def _over_problems(
    ks: Sequence[int], rows: Sequence[Sequence[float]], drawn: Sequence[int], clusters: Sequence[str | None]
) -> tuple[AtK, ...]:
    """The mean over problems at each k, with its interval; a row per problem, a column per k."""
    columns = zip(ks, zip(*rows, strict=True), strict=True) if ks else ()
    return tuple(AtK(k, fsum(column) / len(column), interval(column, sum(drawn), clusters)) for k, column in columns)


def _bounds(cells: Sequence[CellSamples]) -> Interval | None:
    rights = [sum(right for _, right in cell.ballots) for cell in cells]
    return bounds(rights, [cell.samples for cell in cells], [cell.missing for cell in cells])


def _mean_cost(cells: Sequence[CellSamples]) -> str | None:
    """Mean over problems of the mean cost of their samples, in dollars, rounded once, to a whole picodollar."""
    problems: list[Fraction] = []
    for cell in cells:
        priced = [cost for cost in cell.cost_pico if cost is not None]
        if len(priced) < cell.samples:
            return None
        problems.append(Fraction(sum(priced), cell.samples))
    if not problems:
        return None
    whole, fraction = divmod(round(sum(problems, Fraction()) / len(problems)), PICO)
    decimals = f"{fraction:012d}"
    # Six decimals at least, as prices are read; the others only where they say something.
    return f"{whole}.{decimals[:6]}{decimals[6:].rstrip('0')}"
