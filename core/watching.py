"""A run's status as it stands: its progress from the store, its sampler's life from the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.sampler.ownership import is_alive
from core.status import Status, status_of
from core.store.progress import Progress, progress

if TYPE_CHECKING:
    import sqlite3

    from core.store.place import Place


def status(connection: sqlite3.Connection, place: Place, run_id: int) -> Status:
    """The status of a run, read inside the caller's transaction."""
    return judged_alive(progress(connection, run_id), place)


def judged_alive(read: Progress, place: Place) -> Status:
    """The status that a progress comes to on this machine, now."""
    run = read.run
    alive = (
        run.pid is not None
        and run.host is not None
        and run.beat_at is not None
        and run.state not in ("stopped", "capped", "finished", "planned")
        and is_alive(place, run.id, run.pid, run.host, run.beat_at)
    )
    return status_of(read, sampler_alive=alive)
