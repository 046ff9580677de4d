"""Tables of problems, conditions and draws, filled row by row from a source that names them in any order.

Owns what makes two rows the same problem or the same condition, and how draws are numbered: from 0 in each cell, in the
order of the source's own numbers, since those start anywhere and may be seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from core.interchange.importing.facts import refuse
from core.interchange.importing.foreign import (
    ENDPOINT,
    NO_CAP,
    ForeignCell,
    ForeignFailure,
    ForeignRun,
    ForeignSample,
)
from core.vocabulary import Budget, Condition, Control, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CELLS = 5_000_000
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Effort levels, from the least to the most."""

Placed = TypeVar("Placed", ForeignCell, ForeignSample, ForeignFailure)


@dataclass(slots=True)
class Tables:
    """Problems and conditions by what names them."""

    problems: dict[str, Problem] = field(default_factory=dict)
    conditions: dict[tuple[str, Budget], Condition] = field(default_factory=dict)
    _problem_places: dict[str, int] = field(default_factory=dict)
    _condition_places: dict[tuple[str, Budget], int] = field(default_factory=dict)

    def problem(self, problem: Problem, where: str) -> int:
        """The place of a problem; what an earlier row did not say of it is filled in.

        Raises:
            UsageError: an earlier row says something else of it.
        """
        held = self.problems.get(problem.id)
        if held is None:
            self._problem_places[problem.id] = len(self.problems)
            self.problems[problem.id] = problem
        elif held != problem:
            self.problems[problem.id] = _merged(held, problem, where)
        return self._problem_places[problem.id]

    def condition(self, condition: Condition, where: str) -> int:
        """The place of a condition.

        Raises:
            UsageError: an earlier row has another model under the same label and budget.
        """
        key = condition.label, condition.budget
        held = self.conditions.setdefault(key, condition)
        if held.model != condition.model:
            refuse(where, f"{condition} is {held.model!r} in an earlier row and {condition.model!r} here")
        return self._condition_places.setdefault(key, len(self._condition_places))


def condition_of(
    label: str,
    model: str,
    budget: Budget,
    control: Control | None = None,
    *,
    token_cap: int | None = None,
    prompt: str = "{problem}",
    system: str | None = None,
    body: str = "{}",
) -> Condition:
    """A condition that was asked elsewhere; how it was asked follows from its budget where the source does not say."""
    if control is None or (control is Control.NONE) != (budget is None):
        control = Control.NONE if budget is None else Control.EFFORT if isinstance(budget, str) else Control.PROMPT
    return Condition(label, model, ENDPOINT, control, budget, token_cap or NO_CAP, prompt, system, body)


def numbered(
    samples: Iterable[tuple[tuple[int, int], ForeignSample]],
    failures: Iterable[tuple[tuple[int, int], ForeignFailure]],
) -> tuple[tuple[ForeignSample, ...], tuple[ForeignFailure, ...], tuple[ForeignCell, ...]]:
    """Samples and failures with their draws counted from 0 in each cell, and the cells that they make.

    Args:
        samples: Each with what orders it among the draws of its cell.
        failures: The same.

    Raises:
        UsageError: there are more cells than a store should hold.
    """
    draws: dict[tuple[int, int], list[tuple[tuple[int, int], ForeignSample | ForeignFailure]]] = {}
    for order, sample in samples:
        draws.setdefault((sample.condition, sample.problem), []).append((order, sample))
    for order, failure in failures:
        draws.setdefault((failure.condition, failure.problem), []).append((order, failure))
    if len(draws) > MOST_CELLS:
        refuse("the import", f"has more than {MOST_CELLS:,} cells (problems x conditions)")
    kept: list[ForeignSample] = []
    failed: list[ForeignFailure] = []
    cells = []
    for (condition, problem), held in sorted(draws.items(), key=lambda item: item[0]):
        held.sort(key=lambda item: item[0])
        cells.append(ForeignCell(problem, condition, len(held), len(held)))
        for number, (_, one) in enumerate(held):
            if isinstance(one, ForeignSample):
                kept.append(replace(one, draw=number))
            else:
                failed.append(replace(one, draw=number))
    return tuple(kept), tuple(failed), tuple(cells)


def in_order(run: ForeignRun) -> ForeignRun:
    """The run with the conditions of each label from the least thinking asked for to the most, as far as is known."""
    labels = list(dict.fromkeys(condition.label for condition in run.conditions))
    order = sorted(
        range(len(run.conditions)),
        key=lambda place: (labels.index(run.conditions[place].label), *_asked(run.conditions[place].budget), place),
    )
    places = {before: now for now, before in enumerate(order)}

    def moved(one: Placed) -> Placed:
        return replace(one, condition=places[one.condition])

    return replace(
        run,
        conditions=tuple(run.conditions[place] for place in order),
        cells=tuple(sorted(map(moved, run.cells), key=lambda cell: (cell.condition, cell.problem))),
        samples=tuple(map(moved, run.samples)),
        failures=tuple(map(moved, run.failures)),
    )


def _asked(budget: Budget) -> tuple[int, int]:
    """What orders budgets: nothing asked, tokens, then the effort levels that are known."""
    if budget is None:
        return 0, 0
    if isinstance(budget, int):
        return 1, budget
    return 2, EFFORTS.index(budget) if budget in EFFORTS else len(EFFORTS)


def _merged(held: Problem, other: Problem, where: str) -> Problem:
    for name in ("question", "answer", "cluster"):
        before, now = getattr(held, name), getattr(other, name)
        if before and now and before != now:
            refuse(where, f"problem {held.id}: its {name} is {now!r:.60} here and {before!r:.60} in an earlier row")
    return Problem(
        held.id,
        held.question or other.question,
        held.answer or other.answer,
        held.cluster or other.cluster,
        held.difficulty if held.difficulty is not None else other.difficulty,
    )
