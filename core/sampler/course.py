"""Where a run is heading: sending, paused, or ending, and why. The one place that workers ask before they send."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.vocabulary import State

if TYPE_CHECKING:
    from core.endpoint.pace import Slots


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends: `FINISHED`, `CAPPED` or `STOPPED`, and the reason for a person."""

    state: State
    reason: str
    by_itself: bool = True
    """False where a person asked for it."""


class Course:
    """Whether requests may be sent. Closing it also sends away everybody who waits for a slot."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._go = asyncio.Event()
        self._go.set()
        self.paused = False
        self.pause_reason = ""
        self.ending: Ending | None = None
        self.ended = asyncio.Event()
        """Set with `ending`: nothing more is sent, what is in flight is kept."""
        self.now = asyncio.Event()
        """Set where what is in flight shall be given up too."""

    def pause(self, reason: str = "") -> None:
        """Send nothing more until `resume`; what is in flight is kept."""
        self.paused, self.pause_reason = True, reason
        self._slots.close()
        if self.ending is None:  # who is being sent home must not be held up
            self._go.clear()

    def resume(self) -> None:
        """Send again."""
        self.paused, self.pause_reason = False, ""
        if self.ending is None:
            self._slots.reopen()
            self._go.set()

    def end(self, state: State, reason: str, *, by_itself: bool = True, now: bool = False) -> None:
        """Send nothing more, for good. The first ending stands; `now` may come on top of it."""
        if self.ending is None:
            self.ending = Ending(state, reason, by_itself)
        self._slots.close()
        self._go.set()
        self.ended.set()
        if now:
            self.now.set()

    async def may_send(self) -> bool:
        """True once requests may be sent; False once the run is ending."""
        await self._go.wait()
        return self.ending is None

    def state(self, in_flight: int) -> State:
        """Where the run stands, given how many requests are out."""
        if self.ending is not None:
            return State.STOPPING
        if self.paused:
            return State.PAUSING if in_flight else State.PAUSED
        return State.RUNNING
