"""Group commits: one thread writes whatever was handed to it while its previous commit ran, as one transaction.

A commit with FULL synchronisation costs an fsync, so hundreds a second are only cheap together. Each operation is a
plain function of the connection; it is handed over without waiting (`post`), so a paid answer is on its way to the
disk before anything can cancel the task that carries it, and it is written even if nobody waits for it any more.
An operation that breaks a rule of the schema, or fails in any other way of its own, fails alone; a disk that fails
makes the whole group wait and try again, from the start, so an operation may run more than once: nothing new is sent
meanwhile, since sending starts with a committed reservation. Knows no table and no money.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TypeVar

from core.errors import StoreError
from core.store.opening import open_writer, reason_of, transaction
from core.store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from core.store.place import Place

Result = TypeVar("Result")
_Posted = tuple["Callable[[sqlite3.Connection], object]", "asyncio.Future[object]"]

OF_THE_DISK = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Errors that say something about the store and nothing about the operation."""
RETRY_S = 0.5
"""Between two tries of a commit that the disk refused."""
LAST_TRIES_S = 30.0
"""How long a closing writer goes on trying before it gives answers up, loudly."""
GROUP = 1000
"""Operations in one transaction at most: bounds how long other writers wait for their turn."""


class Writer:
    """The writing end of a store for one event loop. An async context manager; leaving it writes all that is posted."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._posted: queue.SimpleQueue[_Posted | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store writer", daemon=True)
        self._closing_at: float | None = None
        self._ready: asyncio.Future[None]
        self._loop: asyncio.AbstractEventLoop
        self.stalled = ""
        """Why nothing can be written at the moment; empty when it can."""
        self.lost = 0
        """Operations given up at the end because the disk never took them."""

    async def __aenter__(self) -> Self:
        """Open the store on the writer's thread.

        Raises:
            StoreError: it cannot be used.
        """
        self._loop = asyncio.get_running_loop()
        self._ready = self._loop.create_future()
        self._thread.start()
        try:
            await self._ready
        except asyncio.CancelledError:
            self._posted.put(None)  # nobody will use it: let the thread end
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write all that was posted, then close, even if cancelled meanwhile."""
        self._closing_at = time.monotonic()
        self._posted.put(None)
        closed = asyncio.ensure_future(asyncio.to_thread(self._thread.join))
        try:
            await asyncio.shield(closed)
        except asyncio.CancelledError:
            await closed
            raise

    def post(self, operation: Callable[[sqlite3.Connection], Result]) -> asyncio.Future[Result]:
        """Hand over an operation; the future has its result once it is committed. It is written in any case."""
        future: asyncio.Future[Result] = self._loop.create_future()
        self._posted.put((operation, future))  # type: ignore[arg-type] # a future is invariant; each gets its own result
        return future

    async def write(self, operation: Callable[[sqlite3.Connection], Result]) -> Result:
        """The result of an operation, once it is committed."""
        return await asyncio.shield(self.post(operation))

    # ------------------------------------------------------------------------------ on the writer's thread

    def _work(self) -> None:
        try:
            turns = Turns(self._place)
            try:
                connection = open_writer(self._place, turns)
            except BaseException:
                turns.close()
                raise
        except Exception as error:  # noqa: BLE001 - handed to the one who waits for the opening
            self._call(_settle, [(self._ready, error)])
            return
        identity = self._place.identity()
        self._call(_settle, [(self._ready, None)])
        more = True
        while more:
            group, more = self._next_group()
            self._see_through(connection, turns, group, identity)
        with turns.turn(), suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a reader that stays would keep the log at its size
            connection.close()
        turns.close()

    def _next_group(self) -> tuple[list[_Posted], bool]:
        """All that is posted by now, at least one; and whether the writer is still open."""
        group: list[_Posted] = []
        item = self._posted.get()
        while item is not None:
            group.append(item)
            if len(group) == GROUP:
                return group, True
            try:
                item = self._posted.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _see_through(
        self, connection: sqlite3.Connection, turns: Turns, group: list[_Posted], identity: tuple[int, int] | None
    ) -> None:
        """Commit a group, however long the disk takes to allow it."""
        while group:
            try:
                self._check_still_there(identity)
                with turns.turn(), transaction(connection):
                    results = [_apart(connection, operation) for operation, _ in group]
            except Exception as error:  # noqa: BLE001 - this thread must not die: what was paid for hangs on it
                reason = reason_of(error) if isinstance(error, sqlite3.Error) else str(error) or type(error).__name__
                self.stalled = reason
                if self._closing_at is not None and time.monotonic() > self._closing_at + LAST_TRIES_S:
                    self.lost += len(group)
                    failed = StoreError(f"{self._place.path}: {len(group)} writes were given up: {reason}")
                    self._call(_settle, [(future, failed) for _, future in group])
                    return
                time.sleep(RETRY_S)
            else:
                self.stalled = ""
                self._call(_settle, [(future, result) for (_, future), result in zip(group, results, strict=True)])
                return

    def _check_still_there(self, identity: tuple[int, int] | None) -> None:
        if self._place.identity() != identity:
            raise StoreError(f"{self._place.path}: moved, deleted or replaced while in use; put it back")

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop may have closed on a second interrupt; the data is safe by now
            self._loop.call_soon_threadsafe(function, *arguments)


def _apart(connection: sqlite3.Connection, operation: Callable[[sqlite3.Connection], object]) -> object:
    """The operation's result, or the error of its own; then it leaves no trace and the others go on."""
    connection.execute("SAVEPOINT one")
    try:
        result: object = operation(connection)
    except Exception as error:  # whatever it is, it goes to the one who waits for the result
        if isinstance(error, (MemoryError, OSError)) or _primary_code(error) in OF_THE_DISK:
            raise
        connection.execute("ROLLBACK TO one")
        result = error
    connection.execute("RELEASE one")
    return result


def _primary_code(error: Exception) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _settle(results: list[tuple[asyncio.Future[object], object]]) -> None:
    for future, result in results:
        if future.done():
            continue  # whoever waited was cancelled; the write stands
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
