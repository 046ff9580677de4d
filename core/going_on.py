"""Going on with a stored run from its config: what the config changes, what a wish keeps, what a person is told.

A setting has three values then: what the config says now, what it said when the run was stored, and what the run has.
Where the config's line has changed, the config is newer and holds; where it has not, the run's own value does, since a
wish has changed it meanwhile. Pure: reads no store and writes none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from core.money import dollars
from core.plan import Live
from core.planning import live_of

if TYPE_CHECKING:
    from core.config import Config, LiveValue
    from core.plan import Plan
    from core.vocabulary import Endpoint

ENDPOINT_LIVE = ("timeout_s", "requests_per_minute", "tokens_per_minute", "max_concurrency")
"""What of an endpoint may change while a run goes on."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What follows from a config for a run that is stored already."""

    plan: Plan
    """What to add to the run; its endpoints have the live settings that hold."""
    config: Config
    """What the store keeps as the run's config from now on: the next comparison is with this one."""
    changes: dict[str, LiveValue]
    """Live settings that the config has changed, by the names that `core.wishes.set_live` takes."""
    notes: tuple[str, ...]
    """What a person should know, a line each."""


def going_on(held: Plan, before: Config, config: Config, wanted: Plan) -> GoingOn:
    """What going on with a run means.

    Args:
        held: The run as it is stored.
        before: The config that is stored with it.
        config: The config as it is now.
        wanted: The plan that this one describes.
    """
    changes: dict[str, LiveValue] = {}
    notes: list[str] = []
    _settle(live_of(before), live_of(config), held.live, "", changes, notes)
    known = {endpoint.name: endpoint for endpoint in held.endpoints}
    endpoints = []
    for endpoint in wanted.endpoints:
        stored = known.get(endpoint.name)
        if stored is not None and (endpoint.name in before.endpoints or endpoint.simulated):
            said = before.endpoint(endpoint.name)
            holds = _settle(said, endpoint, stored, f"{endpoint.name}.", changes, notes)
            endpoints.append(replace(endpoint, **holds))  # type: ignore[arg-type] # values of the same record's fields
        else:
            endpoints.append(endpoint)
    planned = {(one.condition.label, one.condition.budget): one.draws for one in held.planned}
    for one in wanted.planned:
        there = planned.get((one.condition.label, one.condition.budget), 0)
        if one.draws < there:
            notes.append(f"{one.condition}: {there:,} draws stay planned (the config says {one.draws:,})")
    if config.grading != before.grading:
        notes.append(
            f"[grading] differs from the run's: its answers are still read as before; `thinktop regrade {held.name}` "
            "reads them all anew"
        )
    if config.analysis.margin != before.analysis.margin:
        notes.append(
            f"analysis.margin stays {before.analysis.margin:g}, as it was before any result was seen (the config says "
            f"{config.analysis.margin:g})"
        )
    # Its samples are read by the grader that they were read by, and drawn from the seed that they were drawn from.
    kept_run = config.run.model_copy(update={"seed": before.run.seed})
    kept_margin = config.analysis.model_copy(update={"margin": before.analysis.margin})
    stays = config.model_copy(update={"grading": before.grading, "run": kept_run, "analysis": kept_margin})
    return GoingOn(replace(wanted, endpoints=tuple(endpoints)), stays, changes, tuple(notes))


def grows(held: Plan, wanted: Plan) -> str:
    """What a plan has and a run lacks, in words: `2 conditions, 120 draws`; empty if nothing."""
    problems = {problem.id for problem in held.problems}
    draws = {(one.condition.label, one.condition.budget): one.draws for one in held.planned}
    more_problems = sum(problem.id not in problems for problem in wanted.problems)
    new = [one for one in wanted.planned if (one.condition.label, one.condition.budget) not in draws]
    deeper = [
        one for one in wanted.planned if one.draws > draws.get((one.condition.label, one.condition.budget), one.draws)
    ]
    parts = [
        (more_problems, "problem"),
        (len(new), "condition"),
        (len(deeper), "condition with more draws"),
    ]
    return ", ".join(_count(number, noun) for number, noun in parts if number)


def _settle(
    before: Live | Endpoint,
    now: Live | Endpoint,
    held: Live | Endpoint,
    prefix: str,
    changes: dict[str, LiveValue],
    notes: list[str],
) -> dict[str, LiveValue]:
    """The value of each live setting that holds; what changes, and what a person is told, is put down."""
    names = ENDPOINT_LIVE if not isinstance(now, Live) else tuple(field.name for field in fields(Live))
    holds: dict[str, LiveValue] = {}
    for name in names:
        said, says, has = getattr(before, name), getattr(now, name), getattr(held, name)
        holds[name] = says if says != said else has
        if says == has:
            continue
        if says != said:
            changes[f"{prefix}{name}"] = says
            notes.append(
                f"{prefix}{_spelled(name)} is now {_shown(name, says)}, as the config says (was {_shown(name, has)})"
            )
        else:
            notes.append(
                f"{prefix}{_spelled(name)} is {_shown(name, has)} by a wish (the config says {_shown(name, says)})"
            )
    return holds


def _spelled(name: str) -> str:
    """The name of a live setting as the config and `thinktop set` spell it."""
    return {"cap_pico": "cap_usd", "give_up_after_s": "give_up_after"}.get(name, name)


def _shown(name: str, value: LiveValue) -> str:
    if value is None:
        return "none"
    if name == "cap_pico" and isinstance(value, int):
        return dollars(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g} s" if isinstance(value, float) and name.endswith("_s") else f"{value}"


def _count(number: int, noun: str) -> str:
    head, _, rest = noun.partition(" ")
    return f"{number:,} {head}{'' if number == 1 else 's'}{' ' + rest if rest else ''}"
