"""One sampler per run: a kernel lock that goes when its holder does, however that dies."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from core.clock import seconds_since
from core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store.place import Place

PATIENCE_S = 1.0
"""A start tries this long: a look at the lock by somebody else must not refuse it."""
FRESH_S = 3.0
"""A sign of life younger than this is believed without a look at the lock."""


@contextmanager
def owned(place: Place, run_id: int, name: str) -> Iterator[None]:
    """Have the run for the body.

    Raises:
        Refused: another sampler has it.
    """
    place.make_folder()
    lock = FileLock(place.run_lock(run_id), timeout=PATIENCE_S, mode=0o600, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise Refused(
            f"another sampler has run {name} ({run_id}); watch it with `thinktop status {run_id}`, "
            f"or end it with `thinktop stop {run_id}`"
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_alive(place: Place, run_id: int, pid: int, host: str, beat_at: str) -> bool:
    """Whether the sampler of this row lives: its process exists, and its last beat is fresh or it holds the lock."""
    fresh = seconds_since(beat_at) <= FRESH_S
    if host != socket.gethostname():
        return fresh  # another container: its process ids mean nothing here
    return _runs(pid) and (fresh or _is_held(place, run_id))


def _runs(pid: int) -> bool:
    """Whether a process of this machine exists and is more than the remains that nobody has collected yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True  # no such table outside Linux
    return state not in ("Z", "X")


def _is_held(place: Place, run_id: int) -> bool:
    path = place.run_lock(run_id)
    if not path.exists():
        return False
    lock = FileLock(path, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
