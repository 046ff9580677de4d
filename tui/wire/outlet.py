"""The thread that writes to the terminal what its picture lacks. Knows a file descriptor, and nothing of Textual.

It asks for bytes whenever the line is free, so a slow line gets fewer and later states instead of a queue of old ones,
and a line that stands still (a suspended ssh) holds up neither the event loop nor the memory. A terminal that has gone
away is said once; what is written after that is dropped.
"""

from __future__ import annotations

import os
import select
from threading import Condition, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wire.picture import Picture

_PATIENCE_SECONDS = 1.0
"""How long a close waits for a terminal that takes nothing."""


class Outlet:
    """A picture and the terminal that is to show it.

    Args:
        picture: from here on used through the outlet only.
        fileno: where to write; it stays open when the outlet is closed.
        encoding: of the terminal.
        lost: called once, on the outlet's thread, when the terminal has gone away.
    """

    def __init__(self, picture: Picture, fileno: int, encoding: str, lost: Callable[[], None]) -> None:
        self._picture = picture
        self._fileno = fileno
        self._encoding = encoding
        self._lost = lost
        self._changed = Condition()
        self._over = False
        self.bytes_written = 0
        """Bytes that the terminal has taken so far."""
        # A daemon, since a write to a terminal that stands still may never return.
        self._thread = Thread(target=self._run, name="thinktop-outlet", daemon=True)
        self._thread.start()

    def say(self, data: str) -> None:
        """Have this shown as soon as the line is free. Never waits for the terminal."""
        with self._changed:
            if not self._over:
                self._picture.take(data)
                self._changed.notify()

    def forget(self, size: tuple[int, int] | None = None) -> None:
        """Know nothing of the screen any more, because something else wrote there or its size is another now."""
        with self._changed:
            if size is None:
                self._picture.forget()
            else:
                self._picture.resize(*size)

    def close(self) -> None:
        """Write the rest, for a second at most, and then nothing more."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(_PATIENCE_SECONDS)

    def _run(self) -> None:
        while data := self._next():
            try:
                self._write(data.encode(self._encoding, "replace"))
            except OSError:
                with self._changed:
                    closing, self._over = self._over, True
                if not closing:
                    self._lost()
                return

    def _next(self) -> str:
        """What to write now; empty when closed and nothing is left."""
        with self._changed:
            while not (data := self._picture.give()) and not self._over:
                self._changed.wait()
            return data

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                written = os.write(self._fileno, rest)
            except BlockingIOError:  # someone who shares the terminal made it non-blocking
                select.select([], [self._fileno], [])
                continue
            self.bytes_written += written
            rest = rest[written:]
