"""Taking a run out of a store for good, with its files: the one way, for the shell and for screens alike.

What is deleted is what somebody saw and said yes to, or nothing: never a run that a sampler has, nor one that has come
to hold more since it was looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ThinktopError
from core.sampler.ownership import owned
from core.store.opening import writing
from core.store.progress import progress
from core.store.runs import delete_run

if TYPE_CHECKING:
    from core.store.place import Place
    from core.store.progress import Progress


def delete(place: Place, seen: Progress) -> None:
    """Delete a run with all that belongs to it.

    Args:
        place: The store.
        seen: The run as it was when somebody agreed to lose it.

    Raises:
        Refused: a sampler has it.
        ThinktopError: it is gone, another one, or holds other samples by now.
    """
    with owned(place, seen.run.id, seen.run.name):
        delete_owned(place, seen)


def delete_owned(place: Place, seen: Progress) -> None:
    """The same by somebody who has the run.

    Raises:
        ThinktopError: as `delete` does.
    """
    run_id = seen.run.id
    with writing(place) as db:
        found = progress(db, run_id)
        if found.run.name != seen.run.name:
            raise ThinktopError(f"run {run_id} is another one by now; look with `thinktop status --all`")
        if found.sums.kept != seen.sums.kept:
            raise ThinktopError(
                f"run {run_id} has {found.sums.kept:,} samples by now, {seen.sums.kept:,} when it was looked at; "
                "nothing was deleted: look again"
            )
        delete_run(db, run_id)
    _remove_files(place, run_id)


def _remove_files(place: Place, run_id: int) -> None:
    """Take the run's logs and its lock away: the next run of the same number has its own."""
    log = place.run_log(run_id)
    for path in (log, log.with_name(f"{log.name}.1"), place.run_lock(run_id)):
        path.unlink(missing_ok=True)
