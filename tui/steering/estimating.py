"""The estimate of a config's sweep: of all of it, or of what a run that is begun still owes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.config import from_resolved, load_config
from core.going_on import going_on, grows
from core.plan import Live
from core.planning import plan_of
from core.store.imports import refuse_imported
from core.store.opening import reading
from core.store.progress import run_row
from core.store.runs import load_run, run_named
from core.store.samples import cells
from tui.cli.options import place_of
from tui.console import print_json, stderr, stdout
from tui.steering.keeping import refuse_another_plan
from tui.steering.outlook import outlook, outlook_json, print_outlook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.config import Config
    from core.estimate import Estimate
    from core.outlook import CellKey
    from core.plan import Plan
    from core.store.place import Place
    from core.store.progress import RunRow


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a config's sweep would take from here on."""

    plan: Plan
    """With the live settings that hold: of a run that is begun, a wish beats a line that has not changed."""
    estimate: Estimate
    run: RunRow | None
    """The run of that name and plan, if it is begun already."""
    notes: tuple[str, ...] = ()
    """What going on with it would mean, a line each."""


def foresee(place: Place, config: Config, plan: Plan) -> Foreseen:
    """What a plan would take beyond what the store holds of it.

    Raises:
        AnotherPlanError: there is a run of that name with another plan.
    """
    run_id = None
    if place.path.exists():
        with reading(place) as db:
            run_id = run_named(db, plan.name)
            if run_id is not None:
                refuse_imported(db, run_id, "gone on with")
                held = load_run(db, run_id).plan
                refuse_another_plan(held, plan)
                counted = {(row.problem, row.label, row.budget): row.kept + row.failed for row in cells(db, run_id)}
                run = run_row(db, run_id)
    if run_id is None:
        return foresee_anew(place, plan)
    going = going_on(held, from_resolved(held.config), config, plan)
    live = {name: going.changes.get(name, getattr(held.live, name)) for name in Live.__dataclass_fields__}
    plan = replace(plan, live=Live(**live))
    more = grows(held, plan)
    notes = (*going.notes, *([f"new in the config: {more}"] if more else []))
    return Foreseen(plan, outlook(plan, place, counted, run), run, notes)


def foresee_anew(place: Place, plan: Plan) -> Foreseen:
    """What all of a plan would take, whatever the store holds of it."""
    nothing: dict[CellKey, int] = {}
    return Foreseen(plan, outlook(plan, place, nothing, None), None)


def print_estimate(path: Path | None, overrides: Sequence[str], store: Path | None, *, as_json: bool) -> None:
    """Print what the rest of a config's sweep would take."""
    config = load_config(path, overrides=overrides)
    found = foresee(place_of(store, config.run.store), config, plan_of(config))
    if as_json:
        print_json(outlook_json(found.plan, found.estimate))
        return
    print_outlook(stdout(), found.plan, found.estimate)
    if found.run is not None:
        stderr().print(f"the run is in the store already ({found.run.id}): this is what it still owes")
