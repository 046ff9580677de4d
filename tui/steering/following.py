"""Watching a run from outside: reads the store once a second and shows how it stands until it is over.

In a terminal a block of lines is redrawn in place; elsewhere a plain line is written where something changed, more
seldom as time goes on. Writes to the console that it is given, which is stderr's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from rich.live import Live

from core.clock import monotonic
from core.store.progress import Progress, progress
from core.store.reader import Reader
from core.watching import judged_alive
from tui.steering.progress import block, line, over

if TYPE_CHECKING:
    from rich.console import Console

    from core.status import Status
    from core.store.place import Place

TICK_S = 1.0
FIRST_S, LAST_S = 2.0, 30.0
"""Between two plain lines: at first, and in the end."""


class View(Protocol):
    """Where a status is shown."""

    def show(self, status: Status) -> None:
        """Show how it stands now."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


async def follow(place: Place, run_id: int, console: Console, stop: asyncio.Event) -> Status:
    """The status of a run once it is over, or once `stop` is set."""
    view: View = _Block(console) if console.is_terminal and not console.is_dumb_terminal else _Lines(console)
    try:
        async with Reader(place) as reader:
            read: Progress | None = None
            while True:
                stopped = stop.is_set()
                if await reader.changed() or read is None:
                    read = await reader.read(lambda db: progress(db, run_id))
                status = judged_alive(read, place)
                view.show(status)
                if stopped or over(status):
                    return status
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), TICK_S)
    finally:
        view.close()


class _Block:
    """A block of lines at the bottom of a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
        self._shown = ""
        self._live.start()

    def show(self, status: Status) -> None:
        words = block(status, self._console.width - 1)
        if words.plain != self._shown:
            self._shown = words.plain
            self._live.update(words, refresh=True)

    def close(self) -> None:
        self._live.stop()


class _Lines:
    """Lines one below the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = self._last = monotonic()
        self._said: tuple[str, str] = ("", "")

    def show(self, status: Status) -> None:
        words, state = line(status), status.state.value
        if words == self._said[1]:
            return
        now = monotonic()
        wait = min(max(FIRST_S, (now - self._began) / 10), LAST_S)
        if state == self._said[0] and now - self._last < wait:
            return
        self._last, self._said = now, (state, words)
        self._console.print(words, soft_wrap=True)

    def close(self) -> None:
        """Nothing: a line is a line."""
