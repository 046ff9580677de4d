"""From the store's rows to the analysis: a run's samples as columns, and the curve that they make.

Glue only: what a number means is `core.analysis`'s business, how a row is found the store's. Two things are decided
here. A sample that is not graded yet is left out, not taken for wrong, and counted. And where draws were added after
results had been seen, headline accuracy keeps the draws of the first plan (choosing where to look again would bias
it), while votes and pass@k, which need many draws, use all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from core.analysis.curve import ConditionCurve, condition_curve
from core.analysis.records import CellSamples, ConditionSamples
from core.store.progress import run_row
from core.store.samples import cells, failures, samples
from core.vocabulary import Control

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from core.store.progress import RunRow
    from core.store.samples import CellRow, SampleRow
    from core.vocabulary import Budget, Json

_Key = tuple[str, "Budget", str]
"""Label, budget, problem: what names a cell of a run."""


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


@dataclass(slots=True)
class _Columns:
    """The columns of one cell while they are filled."""

    answers: list[str | None] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    truncated: list[bool] = field(default_factory=list)
    completion_tokens: list[int] = field(default_factory=list)
    cost_pico: list[int | None] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, row: SampleRow) -> None:
        self.answers.append(row.answer)
        self.right.append(row.verdict == "right")
        self.truncated.append(row.finish_reason == "length")
        self.completion_tokens.append(row.completion_tokens)
        self.cost_pico.append(row.billed_pico)
        self.seconds.append(row.seconds)

    def cell(self, row: CellRow, draws: int, missing: int) -> CellSamples:
        return CellSamples(
            problem_id=row.problem,
            cluster=row.cluster,
            draws=draws,
            missing=missing,
            answers=tuple(self.answers),
            right=tuple(self.right),
            truncated=tuple(self.truncated),
            completion_tokens=tuple(self.completion_tokens),
            cost_pico=tuple(self.cost_pico),
            seconds=tuple(self.seconds),
        )


def read_run(connection: sqlite3.Connection, run_id: int) -> ReadRun:
    """A run with the numbers of all its conditions, in the order of the plan."""
    conditions = tuple(curve_of(condition) for condition in read_conditions(connection, run_id))
    return ReadRun(run_row(connection, run_id), conditions)


def read_conditions(connection: sqlite3.Connection, run_id: int) -> Iterator[ReadCondition]:
    """A run's conditions with the numbers of their samples, one at a time, in the order of the plan."""
    failed = Counter[tuple[str, "Budget", str, int]]()
    for failure in failures(connection, run_id):
        failed[failure.label, failure.budget, failure.problem, failure.draw] += 1
    by_cell = _ByCell(samples(connection, run_id))
    for _, group in groupby(cells(connection, run_id), key=lambda row: (row.label, row.budget)):
        rows = list(group)
        every, first, ungraded = [], [], 0
        for row in rows:
            key = (row.label, row.budget, row.problem)
            both = _Columns(), _Columns()
            for sample in by_cell.take(key):
                if sample.verdict is None:
                    ungraded += 1
                    continue
                both[0].add(sample)
                if sample.draw < row.planned_first:
                    both[1].add(sample)
            missing_first = sum(failed[*key, draw] for draw in range(row.planned_first)) if row.failed else 0
            every.append(both[0].cell(row, row.planned, row.failed))
            first.append(both[1].cell(row, row.planned_first, missing_first))
        extended = any(row.planned > row.planned_first for row in rows)
        whole = _condition(run_id, rows[0], every)
        yield ReadCondition(whole, _condition(run_id, rows[0], first) if extended else whole, ungraded)


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


def curve_json(read: Sequence[ReadRun]) -> dict[str, Json]:
    """What `thinktop curve --json` prints of one or more runs."""
    return {
        "runs": [one.run.id for one in read],
        "simulated_runs": [one.run.id for one in read if one.run.simulated],
        "conditions": [condition.to_json() for one in read for condition in one.conditions],
        "fits": [],
        "verdicts": [],
    }


class _ByCell:
    """The samples of one cell after the other, out of a stream that has the cells' own order."""

    def __init__(self, rows: Iterable[SampleRow]) -> None:
        key: Callable[[SampleRow], _Key] = lambda row: (row.label, row.budget, row.problem)  # noqa: E731 - typed for groupby
        self._groups = groupby(rows, key)
        self._next: tuple[_Key, Iterator[SampleRow]] | None = next(self._groups, None)

    def take(self, key: _Key) -> Iterator[SampleRow]:
        """The samples of this cell; to be read before the next is taken."""
        if self._next is None or self._next[0] != key:
            return
        yield from self._next[1]
        self._next = next(self._groups, None)


def _condition(run_id: int, row: CellRow, held: list[CellSamples]) -> ConditionSamples:
    return ConditionSamples(
        run=run_id,
        label=row.label,
        model=row.model,
        control=Control(row.control),
        budget=row.budget,
        budget_tokens=row.budget if isinstance(row.budget, int) else None,
        cells=tuple(held),
    )
