"""What a terminal was sent, in order and with times: kept by a thread that reads, drawn from by one that looks."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.terminal.stream import Piece


@dataclass(frozen=True, slots=True)
class Read:
    """What one read brought, or a change of the terminal's size, in its place among the reads."""

    at: float
    """Monotonic seconds, like all times here."""
    pieces: tuple[Piece, ...] = ()
    size: tuple[int, int] | None = None
    """Columns and lines, where the size changed."""


class Transcript:
    """Everything that came, once; the count of bytes for good."""

    def __init__(self, *, remember: bool) -> None:
        self._remember = remember
        self._condition = Condition()
        self._undrawn: deque[Read] = deque()
        self._raw: list[bytes] = []
        self._times: list[float] = []
        self._sizes: list[int] = []
        self._over = False

    @property
    def raw(self) -> bytes:
        """All bytes, or none where they are not to be remembered."""
        with self._condition:
            return b"".join(self._raw)

    @property
    def last_at(self) -> float | None:
        """When the last byte came; None before the first."""
        with self._condition:
            return self._times[-1] if self._times else None

    def written(self, since: float, until: float) -> int:
        """Bytes that came from `since` on and before `until`."""
        with self._condition:
            return sum(self._sizes[bisect_left(self._times, since) : bisect_left(self._times, until)])

    def raw_between(self, since: float, until: float) -> bytes:
        """The bytes themselves, where they are remembered."""
        with self._condition:
            return b"".join(self._raw[bisect_left(self._times, since) : bisect_left(self._times, until)])

    def add(self, at: float, data: bytes, pieces: tuple[Piece, ...]) -> None:
        """Put down what a read brought."""
        with self._condition:
            self._times.append(at)
            self._sizes.append(len(data))
            if self._remember:
                self._raw.append(data)
            self._undrawn.append(Read(at, pieces))
            self._condition.notify_all()

    def add_size(self, at: float, size: tuple[int, int]) -> None:
        """Put down that the terminal has another size from here on."""
        with self._condition:
            self._undrawn.append(Read(at, size=size))

    def end(self) -> None:
        """Put down that nothing more will come."""
        with self._condition:
            self._over = True
            self._condition.notify_all()

    def next_undrawn(self) -> Read | None:
        """The oldest read that was not handed out yet; None where all were."""
        with self._condition:
            return self._undrawn.popleft() if self._undrawn else None

    def wait(self, until: float) -> bool:
        """Whether there is something to draw, once there is or it is too late for it."""
        with self._condition:
            while not self._undrawn and not self._over:
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(left)
            return bool(self._undrawn)
