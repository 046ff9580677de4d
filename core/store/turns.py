"""Taking turns at the store: one writer at a time, whatever process it is in.

SQLite before 3.51.3 can corrupt a write-ahead-log database when two connections write or checkpoint at the same
instant (sqlite.org/wal.html, "the WAL-reset bug"), and Python often ships an older one. So every write transaction,
and every opening and closing of a writer, holds this lock for its few milliseconds. It is a kernel lock (flock): it
goes when its holder does, however that dies. Blocking on it costs a writer well under a millisecond beside another;
polling for it costs a hundred. Knows nothing of SQL.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store.place import Place

PATIENCE_S = 5.0
"""How long a command waits for its turn before it gives up and names the holder."""


class Turns:
    """The turn lock of one store, for one thread of one process."""

    def __init__(self, place: Place) -> None:
        place.make_folder()
        self._place = place
        try:
            self._file = os.open(place.turn_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{place.turn_lock}: cannot open this lock file ({error.strerror})") from error

    def close(self) -> None:
        """Let go of the lock file."""
        os.close(self._file)

    @contextmanager
    def turn(self, patience_s: float | None = None) -> Iterator[None]:
        """Hold the lock for the body. Without a patience, wait for it as long as it takes.

        Raises:
            StoreError: another process kept the lock for longer than `patience_s`.
        """
        if patience_s is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        else:
            self._wait(patience_s)
        try:
            with suppress(OSError):  # the name of the holder is a courtesy; a full disk must not cost the turn
                os.pwrite(self._file, f"{os.getpid():<10}".encode(), 0)
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _wait(self, patience_s: float) -> None:
        until = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    holder = os.pread(self._file, 10, 0).decode("ascii", "replace").strip() or "unknown"
                    raise StoreError(
                        f"{self._place.path}: locked for over {patience_s:g} s by process {holder}; "
                        f"see what it is with: ps -p {holder}"
                    ) from None
                time.sleep(0.005)
            else:
                return
