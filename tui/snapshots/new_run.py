"""What the screen of a new run needs of the store: the names that are taken, and one run to copy or to extend."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.store.progress import config_of, run_row, run_rows
from core.store.strips import strips
from core.watching import status as status_now

if TYPE_CHECKING:
    import sqlite3

    from core.status import Status
    from core.store.place import Place
    from core.store.progress import RunRow


@dataclass(frozen=True, slots=True)
class Extended:
    """The run that is to be extended, as it stands."""

    status: Status
    problems: int


@dataclass(frozen=True, slots=True)
class NewRunPicture:
    """The store as far as a new run goes."""

    runs: tuple[RunRow, ...]
    """All runs, oldest first."""
    copied: str | None
    """The config, as it is stored, of the run that is to be copied."""
    extended: Extended | None


def new_run_picture(db: sqlite3.Connection, place: Place, *, copy_of: int | None, extend: int | None) -> NewRunPicture:
    """The picture, read at one instant.

    Raises:
        ThinktopError: the run has been deleted.
    """
    return NewRunPicture(
        runs=tuple(run_rows(db)),
        copied=None if copy_of is None else _config(db, copy_of),
        extended=None if extend is None else Extended(status_now(db, place, extend), len(strips(db, extend))),
    )


def _config(db: sqlite3.Connection, run_id: int) -> str:
    run_row(db, run_id)  # says so if it has been deleted
    return json.dumps(config_of(db, run_id))
