"""`thinktop rm`: delete a run. Asks first; never while a sampler has the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ThinktopError
from core.money import UNPRICED, dollars
from core.sampler.ownership import owned
from core.store.opening import reading, writing
from core.store.progress import progress, run_row
from core.store.runs import delete_run, find_run
from core.visible import visible_line
from tui.cli.confirming import agreed
from tui.cli.options import NamedRun, StoreOption, YesOption, place_of
from tui.console import stderr, stdout
from tui.pages import amounts
from tui.pages.standing import is_unpriced

if TYPE_CHECKING:
    from core.store.place import Place
    from core.store.progress import Progress


def rm(run: NamedRun, /, *, yes: YesOption = False, store: StoreOption = None) -> int:
    """Delete a run with all its samples, for good; says what goes, and asks.

    In a script: thinktop rm demo-1 --yes
    """
    place = place_of(store)
    with reading(place) as db:
        found = progress(db, find_run(db, run))
    run_id, name = found.run.id, found.run.name
    with owned(place, run_id, name):
        what = _what_goes(found)
        if not yes and not agreed(f"Delete {what}? It cannot be undone.", "say --yes to delete"):
            stderr().print("nothing was deleted")
            return 1
        with writing(place) as db:
            if run_row(db, run_id).name != name:
                raise ThinktopError(f"run {run_id} is another one by now; look with `thinktop status --all`")
            delete_run(db, run_id)
        _remove_files(place, run_id)
    stdout().print(f"deleted {what}", soft_wrap=True)
    return 0


def _what_goes(found: Progress) -> str:
    """The run with what was paid for it, in words."""
    run, sums = found.run, found.sums
    paid = dollars(run.spent_pico)
    if is_unpriced(found):
        paid = f"{paid} and what was {UNPRICED}" if run.spent_pico else f"an {UNPRICED} amount"
    mark = " (SIMULATED)" if run.simulated else ""
    doubt = f", {dollars(run.unknown_pico)} more in doubt" if run.unknown_attempts else ""
    samples = amounts.counted(sums.kept, "sample")
    return f"run {visible_line(run.name, 80)} ({run.id}){mark}: {samples} that cost {paid}{doubt}"


def _remove_files(place: Place, run_id: int) -> None:
    """Take the run's logs and its lock away: the next run of the same number has its own."""
    log = place.run_log(run_id)
    for path in (log, log.with_name(f"{log.name}.1"), place.run_lock(run_id)):
        path.unlink(missing_ok=True)
