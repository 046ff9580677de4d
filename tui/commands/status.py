"""`thinktop status`: where a run stands, or all of them. Reads sums only, so a million samples cost what a few do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.store.opening import reading
from core.store.progress import run_ids, warnings
from core.store.runs import find_run
from core.watching import status as status_now
from tui.cli.options import JsonOption, NewestRun, StoreOption, place_of
from tui.console import print_json, stderr, stdout
from tui.pages.standing import condition_table, runs_table, summary
from tui.pages.tally import tallies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.status import Status
    from core.store.place import Place
    from core.vocabulary import Json

AllOption = Annotated[bool, Parameter(name="--all", negative="", help="All runs of the store, a line for each.")]


def status(
    run: NewestRun = None, /, *, every: AllOption = False, store: StoreOption = None, json: JsonOption = False
) -> int:
    """Where a run stands: its state, its draws, its dollars, and what each budget has come to.

    For scripts: thinktop status aime-2024 --json
    """
    place = place_of(store)
    if every and run is not None:
        raise UsageError("status takes a run or --all, not both")
    if every:
        return _all(place, json=json)
    with reading(place) as db:
        found = status_now(db, place, find_run(db, run))
        said = warnings(db, found.progress.run.id)
        tallied = [] if json else tallies(db, found.progress)
    if json:
        print_json(_json(found, said))
        return 0
    out = stdout()
    for line in summary(found, said, place, out.width):
        out.print(line)
    out.print()
    if tallied:
        out.print(condition_table(tallied))
    if any(row.extended for row in tallied):
        note = "+ draws were added after results had been seen; `thinktop curve` keeps the first plan's"
        stderr().print(note, style="dim")
    return 0


def _json(found: Status, said: Sequence[str]) -> dict[str, Json]:
    return found.to_json() | {"warnings": list(said)}


def _all(place: Place, *, json: bool) -> int:
    with reading(place) as db:
        found = [status_now(db, place, run_id) for run_id in run_ids(db)]
        said = [warnings(db, one.progress.run.id) for one in found] if json else []
    if json:
        print_json([_json(one, its) for one, its in zip(found, said, strict=True)])
    elif found:
        stdout().print(runs_table(found))
    else:
        stderr().print("no runs in this store yet; `thinktop demo` makes one")
    return 0
