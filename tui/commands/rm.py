"""`thinktop rm`: delete a run. Asks first; never while a sampler has the run."""

from __future__ import annotations

from core.deleting import delete_owned
from core.sampler.ownership import owned
from core.store.opening import reading
from core.store.progress import progress
from core.store.runs import find_run
from tui.cli.confirming import agreed
from tui.cli.options import NamedRun, StoreOption, YesOption, place_of
from tui.console import stderr, stdout
from tui.pages.loss import what_goes


def rm(run: NamedRun, /, *, yes: YesOption = False, store: StoreOption = None) -> int:
    """Delete a run with all its samples, for good; says what goes, and asks.

    In a script: thinktop rm demo-1 --yes
    """
    place = place_of(store)
    with reading(place) as db:
        found = progress(db, find_run(db, run))
    with owned(place, found.run.id, found.run.name):
        what = what_goes(found)
        if not yes and not agreed(f"Delete {what}? It cannot be undone.", "say --yes to delete"):
            stderr().print("nothing was deleted")
            return 1
        delete_owned(place, found)
    stdout().print(f"deleted {what}", soft_wrap=True)
    return 0
