"""Checks of the store's place: its file system, its disk, the file itself. Makes and changes nothing."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

from core.doctor.finding import bad, good, note
from core.errors import ThinktopError
from core.store.opening import open_reader
from core.store.place import MOUNTINFO, refuse_network_file_systems
from core.store.progress import run_ids

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.doctor.finding import Finding
    from core.store.place import Place

MEGABYTE = 10**6
LITTLE, TOO_LITTLE = 1000 * MEGABYTE, 50 * MEGABYTE
"""Free bytes; a sweep of a thousand long answers takes some tens of megabytes."""


def check_storage(place: Place, *, mountinfo: Path = MOUNTINFO) -> Iterator[Finding]:
    """File system, free disk, and the store."""
    folder = place.path.parent
    if not folder.is_dir():
        yield bad("store", f"{folder}: no such folder", "make it, or name another place with --store PATH")
        return
    try:
        refuse_network_file_systems(place, mountinfo)
    except ThinktopError as error:
        yield _from_error("file system", error)
    else:
        yield good("file system", "a disk of this machine, where SQLite's log is safe")
    yield _disk(folder)
    yield _store(place)


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free / 10**9:,.1f} GB free at {folder}"
    if free < TOO_LITTLE:
        return bad("disk", text, "free some space: a sampler that cannot write waits, and sends nothing")
    if free < LITTLE:
        return note("disk", text, "enough for a small sweep")
    return good("disk", text)


def _store(place: Place) -> Finding:
    path = place.path
    writable = os.access(path.parent, os.W_OK)
    if not path.exists():
        if writable:
            return good("store", f"{path}: not there yet; the first run makes it")
        return bad("store", f"{path}: not there, and its folder cannot be written", "name another with --store PATH")
    try:
        with closing(open_reader(place)) as connection:
            runs = len(run_ids(connection))
    except ThinktopError as error:
        return _from_error("store", error)
    text = f"{path}: {runs:,} run{'' if runs == 1 else 's'}, {path.stat().st_size / MEGABYTE:,.1f} MB"
    if not (writable and os.access(path, os.W_OK)):
        return note("store", f"{text}, read-only", "runs can be read, not made: make the file and its folder writable")
    return good("store", text)


def _from_error(check: str, error: ThinktopError) -> Finding:
    """An error's own words: what is wrong, then what to do."""
    text, _, advice = str(error).partition("; ")
    return bad(check, text, advice)
