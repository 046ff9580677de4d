"""From the store to a study: runs read once, each label a grid, with what their configs say of how results are read.

Glue only. A study comes from every sample (`read_study`), or from the store's sums (`standing_study`), which a monitor
can afford every few seconds whatever the number of samples. From sums, draws that were added after results had been
seen count too, and only the largest budget of each label has votes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.analysis.curve import Aggregate, curve_of_aggregates
from core.analysis.grid import grid_of, grid_of_totals
from core.analysis.obedience import Obedience, obeys
from core.analysis.study import LabelStudy, Reference, StudiedRun, Study
from core.analysis.verdicts import MARGIN
from core.analysis.vote_table import VotesWhere, vote_table, vote_table_of_tallies, votes_where
from core.plan import extremes
from core.reading import ReadCurve, ReadRun, curve_of, read_conditions
from core.standing_curve import standing_conditions
from core.store.columns import condition_rows, contents, problem_ids
from core.store.draws import first_tokens
from core.store.imports import aggregates_of
from core.store.progress import config_of, run_row
from core.vocabulary import Control, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.analysis.grid import Grid
    from core.analysis.records import ConditionSamples, ConditionTotals
    from core.analysis.vote_table import VoteTable
    from core.reading import ReadCondition
    from core.store.imports import AggregateRow
    from core.store.progress import RunRow
    from core.vocabulary import Budget, Json


@dataclass(frozen=True, slots=True)
class _Label:
    """One label of one run as it was read."""

    run: RunRow
    label: str
    curves: tuple[ReadCurve, ...]
    grid: Grid | None
    voting: Callable[[], tuple[VoteTable, ...]]
    obedience: Obedience | None


@dataclass(frozen=True, slots=True)
class _Settings:
    """What a run's config says of how its results are read."""

    analysis: Mapping[str, Any]
    references: tuple[Reference, ...]
    models: Mapping[str, Mapping[str, Any]]
    """By label."""
    seed: int


def study_of_runs(connection: sqlite3.Connection, run_ids: Sequence[int], *, margin: float | None = None) -> Study:
    """What is said of these runs, from every one of their samples.

    Args:
        connection: within one transaction.
        run_ids: the runs, in the order of the report.
        margin: accuracy that counts as no gain, instead of the one that each run was started with.
    """
    return read_study(connection, run_ids, margin=margin)[1]


def read_study(
    connection: sqlite3.Connection,
    run_ids: Sequence[int],
    *,
    margin: float | None = None,
    at_each: Callable[[], None] = lambda: None,
) -> tuple[tuple[ReadRun, ...], Study]:
    """The same, with the conditions of each run in the order of its plan.

    Before each condition is worked out, `at_each` is called; what it raises ends the reading.
    """
    reads: list[ReadRun] = []
    labels: list[_Label] = []
    for run_id in run_ids:
        run = run_row(connection, run_id)
        conditions = []
        for read in read_conditions(connection, run_id):
            at_each()
            conditions.append((read, curve_of(read)))
        published = _published(connection, run)
        curves = [curve for _, curve in conditions] + [curve for label in published for curve in label.curves]
        reads.append(ReadRun(run, tuple(curves)))
        labels += [*_labels_of(connection, run, conditions), *published]
    return tuple(reads), _study(connection, [one.run for one in reads], labels, margin)


def standing_study(connection: sqlite3.Connection, run_ids: Sequence[int], *, margin: float | None = None) -> Study:
    """What is said of these runs, from the store's sums alone."""
    runs = [run_row(connection, run_id) for run_id in run_ids]
    labels: list[_Label] = []
    for run in runs:
        labels += [*_standing_labels(connection, run), *_published(connection, run)]
    return _study(connection, runs, labels, margin)


@dataclass(frozen=True, slots=True)
class VotesOver:
    """What k samples of one condition earn, over the problems that have so many."""

    run: int
    label: str
    budget: Budget
    k: int
    earned: VotesWhere
    of_problems: int
    """Problems with any sample."""

    @property
    def words(self) -> str:
        """`o1-mini 2048: maj@64 70.1 %, pass@64 99.2 % over 12 of 30 problems`."""
        name = self.label if self.budget is None else f"{self.label} {self.budget}"
        if self.earned.maj is None or self.earned.passed is None:
            return f"{name}: no problem has {self.k} samples"
        return (
            f"{name}: maj@{self.k} {100 * self.earned.maj:.1f} %, pass@{self.k} {100 * self.earned.passed:.1f} % over "
            f"{self.earned.problems} of {self.of_problems} problems"
        )

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names."""
        return {
            "run": self.run,
            "label": self.label,
            "budget": self.budget,
            "k": self.k,
            "maj": self.earned.maj,
            "pass": self.earned.passed,
            "problems": self.earned.problems,
            "of_problems": self.of_problems,
        }


def votes_over(connection: sqlite3.Connection, run_id: int, k: int) -> Iterator[VotesOver]:
    """What `k` samples earn under each condition of a run, where problems have uneven numbers of draws."""
    for read in read_conditions(connection, run_id):
        one = read.samples
        held = sum(cell.samples > 0 for cell in one.cells)
        if held:
            yield VotesOver(run_id, one.label, one.budget, k, votes_where(one, k), held)


def _study(
    connection: sqlite3.Connection, runs: Sequence[RunRow], labels: Sequence[_Label], margin: float | None
) -> Study:
    settings = {run.id: _settings(connection, run.id) for run in runs}
    first = settings[runs[0].id] if runs else _Settings({}, (), {}, 0)
    planned = {run: float(one.analysis.get("margin") or MARGIN) for run, one in settings.items()}
    shared = Counter(label.label for label in labels)
    return Study(
        runs=tuple(
            StudiedRun(run.id, run.name, run.simulated, run.imported, run.state == State.FINISHED) for run in runs
        ),
        labels=tuple(
            _label_study(
                one,
                settings[one.run.id],
                f"{one.label} (run {one.run.id})" if shared[one.label] > 1 else one.label,
                planned[one.run.id] if margin is None else margin,
            )
            for one in labels
        ),
        references=tuple(dict.fromkeys(each for one in settings.values() for each in one.references)),
        margin_chosen_late=margin is not None and any(margin != one for one in planned.values()),
        seed=first.seed,
        usd_per_train_flop=_number(first.analysis.get("usd_per_train_flop")),
        queries=_number(first.analysis.get("queries")),
    )


def _label_study(read: _Label, settings: _Settings, name: str, margin: float) -> LabelStudy:
    model = settings.models.get(read.label, {})
    grid = read.grid
    if grid is not None:
        flops, params = _number(model.get("train_flops")), _number(model.get("params"))
        grid = replace(grid, name=name, train_flops=flops, params=params)
        order = {budget: place for place, budget in enumerate(grid.budgets)}
        curves = tuple(sorted((one.curve for one in read.curves), key=lambda curve: order[curve.budget]))
    else:
        curves = tuple(one.curve for one in read.curves)
    return LabelStudy(
        run=read.run.id,
        name=name,
        label=read.label,
        simulated=read.run.simulated,
        curves=curves,
        grid=grid,
        voting=read.voting,
        obedience=read.obedience,
        seed=settings.seed,
        margin=margin,
        value_usd=_number(settings.analysis.get("value_usd")),
    )


def _labels_of(
    connection: sqlite3.Connection, run: RunRow, conditions: Sequence[tuple[ReadCondition, ReadCurve]]
) -> Iterator[_Label]:
    obedience = _obedience(connection, run.id)
    for label in dict.fromkeys(read.samples.label for read, _ in conditions):
        held = [(read, curve) for read, curve in conditions if read.samples.label == label]
        grid = grid_of([read.first for read, _ in held])
        order = {budget: place for place, budget in enumerate(grid.budgets)}
        whole = sorted((read.samples for read, _ in held), key=lambda one: order[one.budget])
        yield _Label(run, label, tuple(curve for _, curve in held), grid, partial(_tables, whole), obedience.get(label))


def _tables(conditions: Sequence[ConditionSamples]) -> tuple[VoteTable, ...]:
    return tuple(vote_table(one) for one in conditions)


def _standing_labels(connection: sqlite3.Connection, run: RunRow) -> Iterator[_Label]:
    conditions = standing_conditions(connection, run.id)
    obedience, ids = _obedience(connection, run.id), problem_ids(connection, run.id)
    said = contents(connection, run.id)
    for label in dict.fromkeys(one.totals.label for one in conditions):
        held = [one for one in conditions if one.totals.label == label]
        problems = [[ids[row] for row in one.problems] for one in held]
        grid = grid_of_totals([one.totals for one in held], problems, said)
        voting = [(one.totals, keys) for one, keys in zip(held, problems, strict=True) if one.votes]
        curves = tuple(one.curve for one in held)
        yield _Label(run, label, curves, grid, partial(_tables_of_tallies, voting), obedience.get(label))


def _tables_of_tallies(voting: Sequence[tuple[ConditionTotals, Sequence[str]]]) -> tuple[VoteTable, ...]:
    return tuple(vote_table_of_tallies(totals, problems) for totals, problems in voting)


def _published(connection: sqlite3.Connection, run: RunRow) -> list[_Label]:
    """The labels that a run knows as published numbers only."""
    rows = aggregates_of(connection, run.id)
    labels: dict[str, dict[Any, list[Any]]] = {}
    for row in rows:
        labels.setdefault(row.label, {}).setdefault(row.budget, []).append(row)
    return [
        _Label(run, label, tuple(_published_curve(run.id, held) for held in budgets.values()), None, tuple, None)
        for label, budgets in labels.items()
    ]


def _published_curve(run_id: int, rows: Sequence[AggregateRow]) -> ReadCurve:
    first = rows[0]
    points = [Aggregate(row.votes, row.problems, row.accuracy, row.mean_tokens) for row in rows]
    curve = curve_of_aggregates(run_id, first.label, first.model, Control(first.control), first.budget, points)
    return ReadCurve(curve, extended=False, headline_draws=0, ungraded=0)


def _obedience(connection: sqlite3.Connection, run_id: int) -> dict[str, Obedience]:
    """By label: whether its control is obeyed, as the sampler asks it of the first draws."""
    found = {}
    for low, high in extremes(condition_rows(connection, run_id)):
        tokens = first_tokens(connection, run_id, low.label, (low.budget, high.budget))
        cap = low.token_cap if low.token_cap == high.token_cap else None
        found[low.label] = obeys(tokens.get(low.budget, {}), tokens.get(high.budget, {}), cap=cap)
    return found


def _settings(connection: sqlite3.Connection, run_id: int) -> _Settings:
    config = config_of(connection, run_id)
    references = [
        Reference(one["name"], one["accuracy"], one.get("tokens"), one.get("usd"))
        for one in config.get("reference", ())
    ]
    return _Settings(
        analysis=config.get("analysis") or {},
        references=tuple(references),
        models={str(model.get("label") or model["name"]): model for model in config.get("models", ())},
        seed=int((config.get("run") or {}).get("seed", 0)),
    )


def _number(value: Any) -> float | None:
    """A number of a stored config, where amounts of money are texts."""
    return None if value is None else float(value)
