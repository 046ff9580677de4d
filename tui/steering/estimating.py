"""The estimate of a config's sweep: of all of it, or of what a run that is begun still owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.config import load_config
from core.planning import plan_of
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

    from core.outlook import CellKey
    from core.plan import Plan
    from core.store.place import Place
    from core.store.progress import RunRow


def print_estimate(path: Path | None, overrides: Sequence[str], store: Path | None, *, as_json: bool) -> None:
    """Print what the rest of a config's sweep would take."""
    config = load_config(path, overrides=overrides)
    plan = plan_of(config)
    place = place_of(store, config.run.store)
    run, held = _held(place, plan)
    found = outlook(plan, place, held, run)
    if as_json:
        print_json(outlook_json(plan, found))
        return
    print_outlook(stdout(), plan, found)
    if run is not None:
        stderr().print(f"the run is in the store already ({run.id}): this is what it still owes")


def _held(place: Place, plan: Plan) -> tuple[RunRow | None, dict[CellKey, int]]:
    """The run of that name and its draws that need no asking, where there is one.

    Raises:
        UsageError: that run has another plan.
    """
    if not place.path.exists():
        return None, {}
    with reading(place) as db:
        run_id = run_named(db, plan.name)
        if run_id is None:
            return None, {}
        refuse_another_plan(load_run(db, run_id).plan, plan)
        held = {(row.problem, row.label, row.budget): row.kept + row.failed for row in cells(db, run_id)}
        return run_row(db, run_id), held
