"""What `thinktop extend` makes of its options: a plan that has more than the run, and nothing else changed.

Reads the run as it is stored, its config included, never the config file. Knows no terminal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from core import planning
from core.config import config_from_mapping, from_resolved
from core.errors import UsageError
from core.plan import Plan, Planned, differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config import Config
    from core.vocabulary import Budget, Condition, Problem

_MOST_DRAWS = 10**6


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options, as they were typed."""

    draws: str | None = None
    """`+100` more than there are, or `128` in all."""
    budgets: tuple[str, ...] = ()
    """Only these, of those that the run has."""
    new_budgets: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    problems: str | None = None
    """A source of more problems."""


def extended(held: Plan, wanted: Wanted) -> Plan:
    """The run's plan with what is wanted on top.

    Raises:
        UsageError: the run has no such label or budget, a number is none, or nothing would be added.
    """
    chosen = _chosen(held, wanted)
    more = _more_draws(wanted.draws)
    new = _new_conditions(held, wanted) if wanted.new_budgets else []
    problems = _more_problems(held, wanted.problems) if wanted.problems is not None else []
    planned = [
        replace(one, draws=_deeper(one, more)) if one in chosen and more and not wanted.new_budgets else one
        for one in held.planned
    ]
    config = from_resolved(held.config)
    planned += [Planned(condition, more[0] if more else config.run.draws) for condition in new]
    plan = replace(held, problems=(*held.problems, *problems), planned=tuple(planned))
    if plan.draws == held.draws:
        raise UsageError("nothing to add: give --draws +N, --budgets B,B or --problems FILE")
    if found := differences(held, plan):
        raise UsageError("\n".join(["that would change what the run has:", *(f"  {line}" for line in found[:8])]))
    return plan


def _chosen(held: Plan, wanted: Wanted) -> list[Planned]:
    """The run's conditions of the labels and budgets that were named; all where none was."""
    labels = dict.fromkeys(one.condition.label for one in held.planned)
    for label in wanted.labels:
        if label not in labels:
            known = ", ".join(labels)
            raise UsageError(f"--label {label}: the run has {known}; a new one is added by its config and thinktop run")
    budgets = dict.fromkeys(str(one.condition.budget) for one in held.planned)
    for budget in wanted.budgets:
        if budget not in budgets:
            known = ", ".join(budgets)
            raise UsageError(f"--budget {budget}: the run has {known}; a new one is added by --budgets {budget}")
    chosen = [
        one
        for one in held.planned
        if (not wanted.labels or one.condition.label in wanted.labels)
        and (not wanted.budgets or str(one.condition.budget) in wanted.budgets)
    ]
    if not chosen:
        raise UsageError("the run has no condition of that label and that budget together")
    return chosen


def _more_draws(text: str | None) -> tuple[int, bool] | None:
    """(number, whether it is on top of what there is); None where nothing was said."""
    if text is None:
        return None
    digits = text.removeprefix("+").replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdecimal() and 0 < int(digits) <= _MOST_DRAWS):
        raise UsageError(f"--draws {text}: must be +N for N more, or N in all, from 1 to {_MOST_DRAWS:,}")
    return int(digits), text.startswith("+")


def _deeper(one: Planned, more: tuple[int, bool] | None) -> int:
    assert more is not None
    number, on_top = more
    if on_top:
        return one.draws + number
    if number < one.draws:
        raise UsageError(f"--draws {number}: {one.condition} has {one.draws} planned already, and draws are only added")
    return number


def _new_conditions(held: Plan, wanted: Wanted) -> list[Condition]:
    """The conditions of budgets that the run does not have yet, for the labels named, or for all."""
    data = json.loads(held.config, parse_float=Decimal)
    for model in data["models"]:
        if not wanted.labels or model["label"] in wanted.labels:
            known = model["thinking"]["budgets"]
            model["thinking"]["budgets"] = known + [b for b in map(_budget, wanted.new_budgets) if b not in known]
    config = config_from_mapping(data, name="--budgets")
    prices = {one.condition.label: one.condition.price for one in held.planned}
    had = {(one.condition.label, one.condition.budget) for one in held.planned}
    made = [
        planning.condition_of(config, model, budget)
        for model in config.models
        for budget in model.thinking.asked
        if model.label in prices and (model.label, budget) not in had
    ]
    # A run's prices stay those that it began with.
    return [replace(condition, price=prices[condition.label]) for condition in made]


def _budget(text: str) -> Budget:
    return int(text) if text.isascii() and text.isdecimal() else text


def _more_problems(held: Plan, source: str) -> list[Problem]:
    """The problems of a source that the run does not have yet; all of them, whatever limit the config sets."""
    config = from_resolved(held.config)
    known = {problem.id: problem for problem in held.problems}
    found = planning.problems_of(_without_limit(config, source), source, Path.cwd())
    return [problem for problem in found if known.get(problem.id) is None or _differ(known[problem.id], problem)]


def _differ(one: Problem, other: Problem) -> bool:
    return (one.question, one.answer) != (other.question, other.answer)


def _without_limit(config: Config, source: str) -> Config:
    hub = source.startswith("hf://")
    changes = {"limit": None} | ({} if hub else {"revision": None, "split": None})
    return config.model_copy(update={"problems": config.problems.model_copy(update=changes)})


def detail(held: Plan, plan: Plan) -> str:
    """What was added, in words, for the run's record."""
    parts = []
    if len(plan.problems) > len(held.problems):
        parts.append(f"{len(plan.problems) - len(held.problems):,} problems")
    if len(plan.planned) > len(held.planned):
        new: Sequence[Planned] = plan.planned[len(held.planned) :]
        parts.append("new " + ", ".join(str(one.condition) for one in new))
    parts.append(f"{plan.draws - held.draws:,} draws")
    return ", ".join(parts)
