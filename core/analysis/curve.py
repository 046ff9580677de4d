"""From the samples of conditions to the numbers behind the figures: `thinktop curve --json`.

Puts together what its neighbours each know one part of; every mean over problems is a mean of the problems' own means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, log2
from typing import TYPE_CHECKING

from core.analysis.intervals import (
    Interval,
    bounds,
    interval,
    mean,
    standard_error,
    standard_error_of_draws,
    wilson_of_problems,
)
from core.analysis.overrun import Overrun, overrun_of
from core.analysis.passk import pass_at_k
from core.analysis.records import CellTotals, ConditionTotals
from core.analysis.votes import maj_of_cells, tally_of_columns
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
    tokens: float | None = None
    """Mean completion tokens of all k together, where a source says; else k times those of one."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A published result of a condition, without its samples."""

    votes: int
    """Draws per problem whose most frequent answer counts; 1 is no vote."""
    problems: int | None
    accuracy: float
    mean_tokens: float | None
    """Completion tokens per problem, of all its votes together."""


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
    geomean_completion_tokens: float | None
    """2 to the mean over problems of the mean of log2: half of the problems that think longest move it little."""
    used_per_asked: float | None
    """Mean completion tokens per token asked for."""
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
            "geomean_completion_tokens": self.geomean_completion_tokens,
            "used_per_asked": self.used_per_asked,
            "mean_cost_usd": self.mean_cost_usd,
            "mean_seconds": self.mean_seconds,
            "overrun": self.overrun.to_json() if self.overrun else None,
            "pass_at": {str(at.k): at.value for at in self.pass_at},
            "maj_at": {str(at.k): at.value for at in self.maj_at},
            "maj_ci95": {str(at.k): at.ci95 and list(at.ci95) for at in self.maj_at},
        }


def condition_curve(condition: ConditionSamples) -> ConditionCurve:
    """The numbers of one condition; those that need a sample are None until there is one."""
    tokens = [tokens for cell in condition.cells for tokens in cell.completion_tokens]
    return curve_of_totals(
        ConditionTotals(
            run=condition.run,
            label=condition.label,
            model=condition.model,
            control=condition.control,
            budget=condition.budget,
            budget_tokens=condition.budget_tokens,
            overrun=overrun_of(tokens, condition.budget_tokens),
            cells=tuple(_totals(cell) for cell in condition.cells),
        )
    )


def curve_of_totals(condition: ConditionTotals) -> ConditionCurve:
    """The same from sums. Votes need the tally of every cell that has a sample, and are left out otherwise."""
    held = [cell for cell in condition.cells if cell.samples]
    spent = [cell for cell in condition.cells if cell.summed]
    rights, drawn = [cell.right for cell in held], [cell.samples for cell in held]
    shares = [right / n for right, n in zip(rights, drawn, strict=True)]
    clusters = [cell.cluster for cell in held]
    passing, voting = pass_sizes(min(drawn, default=0)), vote_sizes(min(drawn, default=0))
    alike = {(n, right): [pass_at_k(n, right, k) for k in passing] for n, right in set(zip(drawn, rights, strict=True))}
    passes = [alike[n, right] for n, right in zip(drawn, rights, strict=True)]
    votes = maj_of_cells([(cell.tallied, cell.samples) for cell in held if cell.tallied is not None], voting)
    ci95 = interval(shares, sum(drawn), clusters)
    # One sample's pass and vote are accuracy, so their intervals are known.
    known = {tuple(shares): ci95}
    # What is 0 in all of a problem's samples was not said by the source of an imported run.
    tokens = mean([cell.completion_tokens / cell.summed for cell in spent if cell.completion_tokens])
    log2_tokens = mean([cell.log2_tokens / cell.summed for cell in spent if cell.completion_tokens])
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
        answered=sum(cell.answered for cell in held),
        truncated=sum(cell.truncated for cell in spent),
        missing=sum(cell.missing for cell in condition.cells),
        accuracy=mean(shares),
        se=standard_error(shares, clusters),
        se_draws=standard_error_of_draws(rights, drawn),
        ci95=ci95,
        bounds=_bounds(condition.cells),
        mean_completion_tokens=tokens,
        geomean_completion_tokens=None if log2_tokens is None else 2**log2_tokens,
        used_per_asked=tokens / condition.budget_tokens if tokens and condition.budget_tokens else None,
        mean_cost_usd=_mean_cost(spent),
        mean_seconds=mean([cell.seconds / cell.summed for cell in spent if cell.seconds]),
        overrun=condition.overrun,
        pass_at=_over_problems(passing, passes, drawn, clusters, known),
        maj_at=_over_problems(voting, votes, drawn, clusters, known) if len(votes) == len(held) else (),
    )


def curve_of_aggregates(
    run: int, label: str, model: str, control: Control, budget: Budget, points: Sequence[Aggregate]
) -> ConditionCurve:
    """The numbers of one condition as they were published: one draw, and votes among more.

    Without the problems' own results only what each is at most: an interval for as many independent answers as there
    are problems (one draw of each), and no standard error.

    Args:
        run: the run's number.
        label: of the condition, like the next three.
        model: as it was called.
        control: how it was asked.
        budget: what each draw was asked for.
        points: the published ones, a single draw (votes = 1) first where there is one.
    """
    at = [
        AtK(one.votes, one.accuracy, wilson_of_problems(one.accuracy, one.problems or 0), one.mean_tokens)
        for one in sorted(points, key=lambda one: one.votes)
    ]
    lone = next((one for one in at if one.k == 1), None)
    tokens = lone.tokens if lone else None
    asked = budget if isinstance(budget, int) else None
    problems = max(one.problems or 0 for one in points)
    return ConditionCurve(
        run=run,
        label=label,
        model=model,
        control=control,
        budget=budget,
        budget_tokens=asked,
        problems=problems,
        draws=0,
        samples=0,
        answered=0,
        truncated=0,
        missing=0,
        accuracy=lone.value if lone else None,
        se=None,
        se_draws=None,
        ci95=lone.ci95 if lone else None,
        bounds=None,
        mean_completion_tokens=tokens,
        geomean_completion_tokens=None,
        used_per_asked=tokens / asked if tokens and asked else None,
        mean_cost_usd=None,
        mean_seconds=None,
        overrun=None,
        pass_at=(lone,) if lone else (),
        maj_at=tuple(at),
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
    ks: Sequence[int],
    rows: Sequence[Sequence[float]],
    drawn: Sequence[int],
    clusters: Sequence[str | None],
    known: dict[tuple[float, ...], Interval | None],
) -> tuple[AtK, ...]:
    """The mean over problems at each k, with its interval; a row per problem, a column per k.

    `known` has the intervals of columns that were met before, and is added to.
    """
    found = []
    for k, column in zip(ks, zip(*rows, strict=True), strict=True) if ks else ():
        if column not in known:
            known[column] = interval(column, sum(drawn), clusters)
        found.append(AtK(k, fsum(column) / len(column), known[column]))
    return tuple(found)


def _totals(cell: CellSamples) -> CellTotals:
    tallied = tally_of_columns(cell.answers, cell.right, cell.truncated)
    priced = [cost for cost in cell.cost_pico if cost is not None]
    return CellTotals(
        cluster=cell.cluster,
        draws=cell.draws,
        missing=cell.missing,
        samples=cell.samples,
        right=sum(right for _, right in tallied),
        answered=sum(votes for votes, _ in tallied),
        truncated=sum(cell.truncated),
        summed=cell.samples,
        completion_tokens=sum(cell.completion_tokens),
        # A sample of none counts as one token.
        log2_tokens=fsum(map(log2, filter(None, cell.completion_tokens))),
        cost_pico=sum(priced) if len(priced) == cell.samples else None,
        seconds=fsum(cell.seconds),
        tallied=tallied,
    )


def _bounds(cells: Sequence[CellTotals]) -> Interval | None:
    return bounds([cell.right for cell in cells], [cell.samples for cell in cells], [cell.missing for cell in cells])


def _mean_cost(cells: Sequence[CellTotals]) -> str | None:
    """Mean over problems of the mean cost of their samples, in dollars, rounded once, to a whole picodollar."""
    by_samples = Counter[int]()
    for cell in cells:
        if cell.cost_pico is None:
            return None
        by_samples[cell.summed] += cell.cost_pico
    if not cells:
        return None
    problems = sum((Fraction(pico, samples) for samples, pico in by_samples.items()), Fraction())
    whole, fraction = divmod(round(problems / len(cells)), PICO)
    decimals = f"{fraction:012d}"
    # Six decimals at least, as prices are read; the others only where they say something.
    return f"{whole}.{decimals[:6]}{decimals[6:].rstrip('0')}"
