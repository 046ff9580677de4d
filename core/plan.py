"""What a run asks: problems x conditions x draws; what makes it the same run; what of it is still owed.

Pure: decides on values. Where a plan comes from (config, files) and where it is kept (store) is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Protocol, TypeVar

from core.vocabulary import Cell, Condition, Control, Draw, Endpoint, Problem

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from core.grading.spec import GradingSpec
    from core.vocabulary import Budget, Price


@dataclass(frozen=True, slots=True)
class Live:
    """What may change while a run goes on; no part of its identity."""

    max_concurrency: int
    cap_pico: int | None = None
    """Dollars at most, in picodollars: spent + in doubt + reserved never pass it."""
    cap_tokens: int | None = None
    max_attempts: int = 5
    """Requests for one step before its draw fails for good."""
    give_up_after_s: float = 43200.0
    """Seconds without a connection after which a run stops waiting for an endpoint."""
    on_unknown: str = "retry"
    """What becomes of a draw whose request may have been billed without a reply: `retry` or `skip`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A condition with the draws planned in each of its cells."""

    condition: Condition
    draws: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run before anything is asked."""

    name: str
    seed: int
    problems: tuple[Problem, ...]
    planned: tuple[Planned, ...]
    endpoints: tuple[Endpoint, ...]
    live: Live
    config: str
    """The resolved config as JSON, for the store."""

    @property
    def simulated(self) -> bool:
        """Whether any answer or judgement comes from the built-in simulator."""
        return any(endpoint.simulated for endpoint in self.endpoints)

    @property
    def draws(self) -> int:
        """Draws in all its cells."""
        return len(self.problems) * sum(one.draws for one in self.planned)


@dataclass(frozen=True, slots=True)
class Judge:
    """A configured judge model."""

    model: str
    endpoint: str
    prompt: str
    token_cap: int
    token_cap_field: str
    price: Price | None
    spec: GradingSpec


PROBLEM_IDENTITY = ("question", "answer")
CONDITION_IDENTITY = ("model", "control", "token_cap", "prompt", "system", "body")
"""What makes a condition of a label and budget the same one, besides its endpoint's address."""


LEVELS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Effort levels from least to most thinking."""


class Asked(Protocol):
    """As much of a condition as says how much thinking it asks for."""

    @property
    def label(self) -> str:
        """The configured model."""

    @property
    def control(self) -> str:
        """How it is asked."""

    @property
    def budget(self) -> Budget:
        """For how much."""


C = TypeVar("C", bound=Asked)


def differences(held: Plan, wanted: Plan) -> list[str]:
    """In what identity two plans of the same name differ, a line each; empty if `wanted` only adds to `held`.

    Problems, budgets, labels and draws that one of them lacks are no difference: a plan only grows.
    """
    lines: list[str] = []
    held_problems = {problem.id: problem for problem in held.problems}
    for problem in wanted.problems:
        before = held_problems.get(problem.id)
        changed = [name for name in PROBLEM_IDENTITY if before and getattr(before, name) != getattr(problem, name)]
        if changed:
            lines.append(f"problem {problem.id}: another {' and '.join(changed)} than the run has")
    held_addresses = {endpoint.name: endpoint.address for endpoint in held.endpoints}
    wanted_addresses = {endpoint.name: endpoint.address for endpoint in wanted.endpoints}
    held_conditions = {(one.condition.label, one.condition.budget): one.condition for one in held.planned}
    for one in wanted.planned:
        condition = one.condition
        known = held_conditions.get((condition.label, condition.budget))
        if known is None:
            continue
        changed = [name for name in CONDITION_IDENTITY if getattr(known, name) != getattr(condition, name)]
        if held_addresses.get(known.endpoint) != wanted_addresses.get(condition.endpoint):
            changed.append("endpoint address")
        if changed:
            lines.append(f"{condition}: another {', '.join(changed)} than the run has")
    return lines


def live_changes(before: Live, after: Live) -> dict[str, object]:
    """The live settings in which two plans differ, with the values of the second."""
    return {
        field.name: getattr(after, field.name)
        for field in fields(Live)
        if getattr(before, field.name) != getattr(after, field.name)
    }


@dataclass(frozen=True, slots=True)
class Held:
    """The draws of a cell that need no asking: all below `until`, and some beyond."""

    until: int = 0
    beyond: frozenset[int] = frozenset()

    def __contains__(self, number: object) -> bool:
        """Whether a draw of this number is recorded, or has failed for good."""
        return isinstance(number, int) and (number < self.until or number in self.beyond)


def owed(
    cells: Sequence[Cell], held: Mapping[int, Container[int]], given: Container[tuple[int, int]] = ()
) -> Iterator[Draw]:
    """The draws still to pay for, breadth-first: draw 0 of every cell, then draw 1, so that a curve is there early.

    `held` has the recorded and failed draws by the cell's row; `given` the (cell row, number) that were given out
    already and that `held` may not know yet.
    """
    rounds = max((cell.planned for cell in cells), default=0)
    nothing: Container[int] = ()
    for number in range(rounds):
        for cell in cells:
            if number < cell.planned and number not in held.get(cell.id, nothing) and (cell.id, number) not in given:
                yield Draw(cell, number)


def extremes(conditions: Iterable[C]) -> list[tuple[C, C]]:
    """The lowest and the highest budget of each label that has several and whose control could be ignored."""
    labels: dict[str, list[C]] = {}
    for one in conditions:
        if one.control not in (Control.NONE, Control.MAX_TOKENS):
            labels.setdefault(one.label, []).append(one)
    ordered = (sorted(several, key=lambda one: height(one.budget)) for several in labels.values() if len(several) > 1)
    return [(several[0], several[-1]) for several in ordered]


def height(budget: Budget) -> tuple[int, int]:
    """A key by which budgets stand from the least thinking to the most: effort levels, then tokens."""
    if isinstance(budget, int):
        return 1, budget
    level = str(budget)
    return 0, LEVELS.index(level) if level in LEVELS else len(LEVELS)
