"""`thinktop rm`: delete a run. Asks first; never while a sampler has the run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import Refused, UsageError
from core.money import UNPRICED, dollars
from core.sampler.ownership import owned
from core.store.opening import reading, writing
from core.store.progress import progress, run_row
from core.store.runs import delete_run, find_run
from core.visible import visible_line
from tui.cli.options import StoreOption, place_of
from tui.commands.regrade import WhichArgument  # noqa: TC001 - cyclopts reads it at run time
from tui.console import stderr, stdout
from tui.pages import amounts

if TYPE_CHECKING:
    from core.store.place import Place
    from core.store.progress import Progress

YesOption = Annotated[bool, Parameter(name=["--yes", "-y"], negative="", help="Do not ask.")]


def rm(run: WhichArgument, /, *, yes: YesOption = False, store: StoreOption = None) -> int:
    """Delete a run with all its samples, for good; says what goes, and asks.

    In a script: thinktop rm demo-1 --yes
    """
    place = place_of(store)
    with reading(place) as db:
        found = progress(db, find_run(db, run))
    run_id, name = found.run.id, found.run.name
    with owned(place, run_id, name):
        what = _what_goes(found)
        if not yes and not _agreed(what):
            stderr().print("nothing was deleted")
            return 1
        with writing(place) as db:
            if run_row(db, run_id).name != name:
                raise Refused(f"run {run_id} is another one by now; look with `thinktop status --all`")
            delete_run(db, run_id)
        _remove_files(place, run_id)
    stdout().print(f"deleted {what}", soft_wrap=True)
    return 0


def _what_goes(found: Progress) -> str:
    """The run with what was paid for it, in words."""
    run, sums = found.run, found.sums
    paid = dollars(run.spent_pico)
    if any(not row.priced for row in found.conditions):
        paid = f"{paid} and what was {UNPRICED}" if run.spent_pico else f"an {UNPRICED} amount"
    mark = " (SIMULATED)" if run.simulated else ""
    doubt = f", {dollars(run.unknown_pico)} more in doubt" if run.unknown_attempts else ""
    samples = amounts.counted(sums.kept, "sample")
    return f"run {visible_line(run.name, 80)} ({run.id}){mark}: {samples} that cost {paid}{doubt}"


def _agreed(what: str) -> bool:
    """Whether the person at the terminal says yes.

    Raises:
        UsageError: there is no terminal to ask at.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("rm asks before it deletes, and there is no terminal to ask at: say --yes")
    sys.stderr.write(f"Delete {what}? It cannot be undone. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _remove_files(place: Place, run_id: int) -> None:
    """Take the run's logs and its lock away: the next run of the same number has its own."""
    log = place.run_log(run_id)
    for path in (log, log.with_name(f"{log.name}.1"), place.run_lock(run_id)):
        path.unlink(missing_ok=True)
