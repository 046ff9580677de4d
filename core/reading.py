"""From the store's rows to the analysis: a run's samples as columns, and the curve that they make.

Glue only: what a number means is `core.analysis`'s business, how a row is found the store's. Two things are decided
here. A sample that is not graded yet is left out, not taken for wrong, and counted. And where draws were added after
results had been seen, headline accuracy keeps the draws of the first plan (choosing where to look again would bias
it), while votes and pass@k, which need many draws, use all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

from core.analysis.curve import ConditionCurve, condition_curve
from core.analysis.records import CellSamples, ConditionSamples
from core.store.columns import (
    NOTHING,
    Columns,
    cell_rows,
    columns,
    condition_rows,
    contents,
    draws_before,
    failed_draws,
    grades,
)
from core.store.imports import scores_of
from core.store.progress import run_row
from core.vocabulary import Control

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from core.store.columns import CellRow, ConditionRow
    from core.store.progress import RunRow
    from core.vocabulary import Json


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A condition's samples as they were read."""

    samples: ConditionSamples
    first: ConditionSamples
    """Those of the first plan only; the same record where nothing was added."""
    ungraded: int
    """Samples left out because the current grader has not seen them."""

    @property
    def extended(self) -> bool:
        """Whether draws were planned after results had been seen."""
        return self.first is not self.samples


@dataclass(frozen=True, slots=True)
class ReadCurve:
    """A condition's numbers with what must be said beside them."""

    curve: ConditionCurve
    extended: bool
    headline_draws: int
    """Samples that accuracy and its intervals are made of."""
    ungraded: int

    def to_json(self) -> dict[str, Json]:
        """The condition as `thinktop curve --json` prints it."""
        said: dict[str, Json] = {"extended": self.extended, "headline_draws": self.headline_draws}
        return self.curve.to_json() | said | {"ungraded": self.ungraded}


@dataclass(frozen=True, slots=True)
class ReadRun:
    """One run, read for its curve."""

    run: RunRow
    conditions: tuple[ReadCurve, ...]


def read_run(connection: sqlite3.Connection, run_id: int) -> ReadRun:
    """A run with the numbers of all its conditions, in the order of the plan."""
    conditions = tuple(curve_of(condition) for condition in read_conditions(connection, run_id))
    return ReadRun(run_row(connection, run_id), conditions)


def read_conditions(connection: sqlite3.Connection, run_id: int) -> Iterator[ReadCondition]:
    """A run's conditions with the numbers of their samples, one at a time, in the order of the plan."""
    said, marks = contents(connection, run_id), grades(connection, run_id)
    scores = scores_of(connection, run_id)
    for condition in condition_rows(connection, run_id):
        rows = cell_rows(connection, condition.id)
        held = columns(connection, condition.id, marks)
        failed = list(failed_draws(connection, condition.id)) if any(row.failed for row in rows) else []
        extended = any(row.planned > row.planned_first for row in rows)
        every, first, ungraded = [], [], 0
        for row in rows:
            samples = held.get(row.id, NOTHING)
            graded, left_out = _graded(samples)
            ungraded += left_out
            every.append(_cell(row, graded, row.planned, row.failed, said[row.problem], scores))
            if extended:
                until = draws_before(connection, row.id, row.planned_first)
                missing = sum(cell == row.id and draw < row.planned_first for cell, draw in failed)
                early, _ = _graded(Columns._make(column[:until] for column in samples))
                first.append(_cell(row, early, row.planned_first, missing, said[row.problem], scores))
        whole = _condition(run_id, condition, every)
        yield ReadCondition(whole, _condition(run_id, condition, first) if extended else whole, ungraded)


def curve_of(read: ReadCondition) -> ReadCurve:
    """A condition's numbers: accuracy from the first plan's draws, all else from every draw."""
    whole = condition_curve(read.samples)
    if not read.extended:
        return ReadCurve(whole, extended=False, headline_draws=whole.samples, ungraded=read.ungraded)
    first = condition_curve(read.first)
    headline = replace(
        whole,
        accuracy=first.accuracy,
        se=first.se,
        se_draws=first.se_draws,
        ci95=first.ci95,
        bounds=first.bounds,
    )
    return ReadCurve(headline, extended=True, headline_draws=first.samples, ungraded=read.ungraded)


def _graded(held: Columns) -> tuple[Columns, int]:
    """The samples that the current grader has seen, and how many it has not."""
    if None not in held.right:
        return held, 0
    seen = [right is not None for right in held.right]
    return Columns._make(tuple(compress(column, seen)) for column in held), seen.count(False)


def _cell(
    row: CellRow, held: Columns, draws: int, missing: int, content: str, scores: Mapping[str, Mapping[int, float]]
) -> CellSamples:
    return CellSamples(
        problem_id=row.problem,
        cluster=row.cluster,
        draws=draws,
        missing=missing,
        answers=held.answer,
        right=tuple(map(bool, held.right)),
        truncated=tuple(map(bool, held.cut)),
        completion_tokens=held.completion_tokens,
        cost_pico=held.billed_pico,
        seconds=held.seconds,
        content=content,
        scores=tuple((scorer, tuple(map(found.get, held.id))) for scorer, found in scores.items()),
    )


def _condition(run_id: int, row: ConditionRow, held: list[CellSamples]) -> ConditionSamples:
    return ConditionSamples(
        run=run_id,
        label=row.label,
        model=row.model,
        control=Control(row.control),
        budget=row.budget,
        budget_tokens=row.budget if isinstance(row.budget, int) else None,
        cells=tuple(held),
    )
