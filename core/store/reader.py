"""The reading end of a store for an event loop: notices changes, and reads a whole picture in one hop.

Notices what other processes commit by `PRAGMA data_version`, which costs a tenth of a millisecond. A store that is
replaced under an open connection goes on answering with old data and no error, so the file's identity is compared too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self, TypeVar

import aiosqlite

from core.errors import StoreError
from core.store.opening import explained, open_reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from types import TracebackType

    from core.store.place import Place

Result = TypeVar("Result")


class Reader:
    """An async context manager around a read-only connection."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._db = aiosqlite.Connection(lambda: open_reader(place), iter_chunk_size=64)
        self._version = -1
        self._identity: tuple[int, int] | None = None

    async def __aenter__(self) -> Self:
        """The reader, connected.

        Raises:
            StoreError: the store cannot be read.
        """
        self._identity = self._place.identity()
        # Found out first: where an opening fails, the package leaves a thread that outlives the event loop.
        await asyncio.to_thread(lambda: open_reader(self._place).close())
        await self._db
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection, even if cancelled meanwhile: its thread must not outlive the event loop."""
        closing = asyncio.ensure_future(self._db.close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    async def changed(self) -> bool:
        """Whether anything was committed since the last time this was asked.

        Raises:
            StoreError: the file was moved, deleted or replaced.
        """
        if self._place.identity() != self._identity:
            raise StoreError(f"{self._place.path}: moved, deleted or replaced while in use")
        with explained(self._place):
            async with self._db.execute("PRAGMA data_version") as cursor:
                row = await cursor.fetchone()
        assert row is not None
        before, self._version = self._version, int(row[0])
        return self._version != before

    async def read(self, query: Callable[[sqlite3.Connection], Result]) -> Result:
        """What a function reads, all of it at one instant of the store."""

        def at_one_instant(connection: sqlite3.Connection) -> Result:
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                if connection.in_transaction:  # some errors have ended it
                    connection.execute("ROLLBACK")

        with explained(self._place):
            # One hop to the connection's thread for a whole picture, instead of one for each of its queries.
            result: Result = await self._db._execute(lambda: at_one_instant(self._db._conn))  # type: ignore[no-untyped-call] # noqa: SLF001 - the package offers no public way to run a function there
        return result
