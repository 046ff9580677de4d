"""The cap: spent + in doubt + reserved never pass it.

A mirror in memory of the run's totals, so that a reservation that does not fit can wait for replies to release theirs
without asking the store each time; the store's own trigger is the last word. Knows no prices and no SQL.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


class CapReached(Exception):  # noqa: N818 - an end like any other, no error
    """Nothing is reserved by anybody, and the next request still does not fit."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a request may cost at most, or has cost: picodollars and tokens."""

    pico: int
    tokens: int


class Spending:
    """What is committed (spent or in doubt) and reserved, against the caps; None is no cap."""

    def __init__(self, committed: Amount, cap_pico: int | None, cap_tokens: int | None) -> None:
        self._committed = committed
        self._reserved = Amount(0, 0)
        self._holders = 0
        self._caps = (cap_pico, cap_tokens)
        self._turnstile = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def room(self) -> tuple[int | None, int | None]:
        """What is left under the dollar cap (picodollars) and under the token cap; None is no cap."""
        cap_pico, cap_tokens = self._caps
        return (
            None if cap_pico is None else cap_pico - self._committed.pico - self._reserved.pico,
            None if cap_tokens is None else cap_tokens - self._committed.tokens - self._reserved.tokens,
        )

    async def reserve(self, amount: Amount) -> None:
        """Return once the amount is set aside; first come, first served, so that the order of draws is kept.

        Raises:
            CapReached: it does not fit though nothing else is reserved.
        """
        async with self._turnstile:
            while not self._fits(amount):
                if self._holders == 0:
                    raise CapReached
                self._changed.clear()
                await self._changed.wait()
            self._reserved = Amount(self._reserved.pico + amount.pico, self._reserved.tokens + amount.tokens)
            self._holders += 1

    def release(self, amount: Amount, cost: Amount) -> None:
        """Give a reservation back; `cost` of it is now spent or in doubt."""
        self._reserved = Amount(self._reserved.pico - amount.pico, self._reserved.tokens - amount.tokens)
        self._committed = Amount(self._committed.pico + cost.pico, self._committed.tokens + cost.tokens)
        self._holders -= 1
        self._changed.set()

    def refresh(self, committed: Amount, cap_pico: int | None, cap_tokens: int | None) -> None:
        """Take over what the store says: another process has settled a doubt, judged, or changed a cap."""
        self._committed = committed
        self._caps = (cap_pico, cap_tokens)
        self._changed.set()

    def _fits(self, amount: Amount) -> bool:
        pico, tokens = self.room
        return (pico is None or amount.pico == 0 or amount.pico <= pico) and (tokens is None or amount.tokens <= tokens)
