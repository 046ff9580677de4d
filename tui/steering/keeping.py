"""A config's run in the store: a new one, or the one of that name gone on with, or a refusal that says what differs."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from core import wishes
from core.clock import utc_now
from core.config import from_resolved, resolved_json
from core.errors import UsageError
from core.going_on import going_on, grows
from core.plan import differences
from core.planning import grading_of
from core.store import renewal, runs
from core.store.imports import refuse_imported
from core.store.opening import writing

if TYPE_CHECKING:
    from core.config import Config
    from core.plan import Plan
    from core.store.place import Place
    from core.store.runs import StoredRun

_MOST_DIFFERENCES = 8
_PACKAGES = ("thinktop", "openai", "genai-prices")


class AnotherPlanError(UsageError):
    """The store has a run of that name with another plan."""

    def __init__(self, name: str, found: list[str]) -> None:
        shown = found[:_MOST_DIFFERENCES]
        if len(found) > len(shown):
            shown.append(f"... and {len(found) - len(shown)} more")
        self.differing = (
            f"the store has a run {name} with another plan, and its samples would not be comparable:",
            *(f"  {line}" for line in shown),
        )
        """In what, a line each."""
        way_out = f"undo that, or give this one a name of its own: --set run.name={name}-2"
        super().__init__("\n".join([*self.differing, way_out]))


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that is in the store now, as its config says."""

    id: int
    new: bool
    notes: tuple[str, ...] = ()
    """What a person should know, a line each."""


def keep(place: Place, config: Config, plan: Plan) -> Kept:
    """The run of a plan: made, or grown by what the plan has and it lacks.

    Raises:
        AnotherPlanError: there is a run of that name with another plan; says in what it differs.
        StoreError: the store cannot be used.
    """
    with writing(place) as db:
        run_id = runs.run_named(db, plan.name)
        if run_id is None:
            grader = grading_of(config).identity
            return Kept(runs.create_run(db, plan, grader=grader, versions=_versions(), now=utc_now()), new=True)
        refuse_imported(db, run_id, "gone on with")
        held = runs.load_run(db, run_id)
    return _go_on(place, held, config, plan)


def _go_on(place: Place, held: StoredRun, config: Config, plan: Plan) -> Kept:
    refuse_another_plan(held.plan, plan)
    going = going_on(held.plan, from_resolved(held.plan.config), config, plan)
    if going.changes:
        wishes.set_live(place, held.id, going.changes)
    more = grows(held.plan, plan)
    stays = replace(going.plan, config=resolved_json(going.config))
    with writing(place) as db:
        if more:
            wishes.add_plan(db, held.id, stays, f"by its config: {more}")
        else:
            runs.add_to_run(db, held.id, stays)  # an endpoint's other settings may be new
        renewal.set_config(db, held.id, stays.config)
    return Kept(held.id, new=False, notes=(*going.notes, *([f"new in the config: {more}"] if more else [])))


def refuse_another_plan(held: Plan, wanted: Plan) -> None:
    """Nothing, where a plan only adds to the one of the same name that the store holds.

    Raises:
        AnotherPlanError: it differs in what was asked; says in what.
    """
    if found := differences(held, wanted):
        raise AnotherPlanError(wanted.name, found)


def _versions() -> str:
    found = {package: version(package) for package in _PACKAGES}
    return json.dumps(found | {"python": platform.python_version()}, sort_keys=True)
