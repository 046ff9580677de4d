"""The one holder of a reader in the monitor: says whether the store changed, and reads for the screen on show.

A store can go away, be locked, be replaced or come from another version while it is watched. Then the feed is lost, in
words; it looks for the store again at each question, and is found once that can be read.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from core.errors import StoreError
from core.store.reader import Reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from core.store.place import Place

Result = TypeVar("Result")


class Feed:
    """What a store holds, read whole pictures at a time."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.lost = ""
        """Why the store cannot be read now; empty while it can."""
        self.was_there = False
        """Whether it could be read at all since the beginning."""
        self._held = AsyncExitStack()
        self._reader: Reader | None = None

    async def changed(self) -> bool:
        """Whether anything may have changed since this was last asked; False while the store is lost."""
        try:
            return await (await self._found()).changed()
        except StoreError as error:
            await self._lose(error)
            return False

    async def read(self, query: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """What a query reads at one instant; None where the store is lost.

        Raises:
            ThinktopError: what the query itself says, such as that a run is not there any more.
        """
        try:
            return await (await self._found()).read(query)
        except StoreError as error:
            await self._lose(error)
            return None

    async def close(self) -> None:
        """Let go of the store."""
        self._reader = None
        await self._held.aclose()

    async def _found(self) -> Reader:
        if self._reader is None:
            self._reader = await self._held.enter_async_context(Reader(self.place))
            self.lost, self.was_there = "", True
        return self._reader

    async def _lose(self, error: StoreError) -> None:
        # The path last: it is known, may be long, and what does not fit a line is cut.
        why = str(error).removeprefix(f"{self.place.path}: ")
        self.lost = str(error) if why == str(error) else f"{why} ({self.place.path})"
        await self.close()
