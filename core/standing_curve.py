"""A run's curve as it stands, from its sums alone: what `core.reading` gives, at a cost that samples do not add to.

Equal to it, but for rounding: problems, draws, samples, answered, missing, accuracy, se, se_draws, ci95, bounds,
pass@k, and maj@k, which is worked out only for the largest budget of each label. It may differ where

- draws were added after results had been seen: the sums do not tell them apart, so accuracy, se, se_draws, ci95 and
  bounds count them too (`extended` says so, and `headline_draws` counts all);
- samples are not graded yet: tokens, cost, seconds, overrun and truncated count them already (`ungraded` says how
  many);
- always: the overrun's quartiles are right to within 2.2 %, share_over to within half of the samples whose tokens
  share the budget's sixteenth of an octave, and share_within to within half of those that share one with 0.8 or 1.2
  times the budget, because the store keeps tokens by sixteenths of an octave, 4.4 % wide;
- some samples of a priced condition have no price: the sums take them for free.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, NamedTuple

from core.analysis.curve import curve_of_totals
from core.analysis.overrun import NEARLY, Overrun
from core.analysis.records import CellTotals, ConditionTotals
from core.octaves import token_quartiles
from core.reading import ReadCurve, ReadRun
from core.store.progress import run_row
from core.store.standing import clusters, summed_conditions, tallied_votes
from core.vocabulary import Control

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.votes import Tallied
    from core.octaves import Octaves
    from core.store.standing import SummedCell, SummedCondition


class Standing(NamedTuple):
    """A condition as it stands."""

    totals: ConditionTotals
    problems: tuple[int, ...]
    """The problem (row) of each cell."""
    curve: ReadCurve
    votes: bool
    """Whether its answers were tallied."""


def standing_curves(connection: sqlite3.Connection, run_id: int) -> tuple[ConditionCurve, ...]:
    """The numbers of a run's conditions, in the order of the plan, to draw a figure from."""
    return tuple(one.curve for one in standing_run(connection, run_id).conditions)


def standing_run(connection: sqlite3.Connection, run_id: int) -> ReadRun:
    """The same with the run itself, and with what must be said beside the numbers."""
    conditions = standing_conditions(connection, run_id)
    return ReadRun(run_row(connection, run_id), tuple(one.curve for one in conditions))


def standing_conditions(connection: sqlite3.Connection, run_id: int) -> list[Standing]:
    """A run's conditions with their sums and the numbers made of them, in the order of the plan."""
    conditions, problems = summed_conditions(connection, run_id), clusters(connection, run_id)
    voting = _largest(conditions)
    found = []
    for one in conditions:
        votes = tallied_votes(connection, one.id) if one.id in voting else None
        totals = _condition_totals(run_id, one, problems, votes)
        found.append(
            Standing(totals, tuple(cell.problem_id for cell in one.cells), _curve(one, totals), votes is not None)
        )
    return found


def _largest(conditions: Sequence[SummedCondition]) -> set[int]:
    """Of each label the conditions whose votes are shown: of the most tokens asked for, and of the most draws.

    Where no tokens are asked for, of the most spent, in tokens, in dollars or in seconds, as far as these are known.
    Of several with as many draws, the one of the most thinking has a verdict.
    """
    labels: dict[str, list[SummedCondition]] = {}
    for one in conditions:
        if any(cell.graded for cell in one.cells):
            labels.setdefault(one.label, []).append(one)
    found = set()
    for held in labels.values():
        for spent in ("completion_tokens", "billed_pico", "seconds"):
            if any(_mean(one.cells, spent) for one in held):
                last = max(held, key=lambda one: (_tokens_asked(one) or 0, _mean(one.cells, spent)))
                found.add(last.id)
        rising = sorted(held, key=lambda one: (_tokens_asked(one) or 0, _mean(one.cells, "completion_tokens")))
        found.add(max(reversed(rising), key=_fewest).id)
    return found


def _fewest(condition: SummedCondition) -> int:
    """Draws that each of its problems has."""
    return min((cell.graded for cell in condition.cells if cell.graded), default=0)


def _mean(cells: Sequence[SummedCell], name: str) -> float:
    """Mean over problems of what a sample took."""
    means: list[float] = [getattr(cell, name) / cell.kept for cell in cells if cell.kept]
    return sum(means) / len(means) if means else 0.0


def _tokens_asked(condition: SummedCondition) -> int | None:
    return condition.budget if isinstance(condition.budget, int) else None


def _condition_totals(
    run_id: int,
    condition: SummedCondition,
    problems: Mapping[int, str | None],
    votes: Mapping[int, Sequence[Tallied]] | None,
) -> ConditionTotals:
    """A condition's sums as the analysis takes them; `problems` has the cluster of each problem (row)."""
    return ConditionTotals(
        run=run_id,
        label=condition.label,
        model=condition.model,
        control=Control(condition.control),
        budget=condition.budget,
        budget_tokens=_tokens_asked(condition),
        overrun=_overrun(condition),
        cells=tuple(
            CellTotals(
                cluster=problems[cell.problem_id],
                draws=cell.planned,
                missing=cell.failed,
                samples=cell.graded,
                right=cell.right,
                answered=cell.answered,
                truncated=cell.truncated,
                summed=cell.kept,
                completion_tokens=cell.completion_tokens,
                log2_tokens=cell.log2_tokens,
                cost_pico=cell.billed_pico if condition.priced else None,
                seconds=cell.seconds,
                tallied=None if votes is None else tuple(votes.get(cell.id, ())),
            )
            for cell in condition.cells
        ),
    )


def _curve(condition: SummedCondition, totals: ConditionTotals) -> ReadCurve:
    curve = curve_of_totals(totals)
    return ReadCurve(
        curve,
        extended=any(cell.planned > cell.planned_first for cell in condition.cells),
        headline_draws=curve.samples,
        ungraded=sum(cell.kept - cell.graded for cell in condition.cells),
    )


def _overrun(condition: SummedCondition) -> Overrun | None:
    asked, quartiles = _tokens_asked(condition), token_quartiles(condition.octaves)
    if not asked or quartiles is None:
        return None
    q1, median, q3 = (tokens / asked for tokens in quartiles)
    over = _samples_above(condition.octaves, asked)
    nearly = _samples_above(condition.octaves, NEARLY[0] * asked) - _samples_above(condition.octaves, NEARLY[1] * asked)
    drawn = sum(samples for _, samples in condition.octaves)
    return Overrun(
        median=median,
        q1=q1,
        q3=q3,
        geomean=2 ** (sum(cell.log2_tokens for cell in condition.cells) / drawn - log2(asked)),
        share_over=over / drawn,
        share_within=nearly / drawn,
    )


def _samples_above(octaves: Octaves, tokens: float) -> float:
    """Samples that used more than so many tokens; of those in the same sixteenth of an octave, half."""
    at = round(16 * log2(tokens))
    return sum(samples * (0.5 if bucket == at else 1) for bucket, samples in octaves if bucket >= at)
