"""When the monitor's tables and curve are to be read again: not more often than a slow line or a laptop likes."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from core.clock import monotonic

if TYPE_CHECKING:
    from core.status import Status
    from core.store.progress import Sums
    from core.vocabulary import State

TABLES_S, CURVE_S = 1.9, 5.9
"""Seconds between two readings of the tables and of the curve, while things move."""
_PATIENCE = 100.0
"""Seconds between two readings for each second that one takes."""


class Due:
    """When each was read last, of what, and how often that may be."""

    def __init__(self) -> None:
        self._tables_at = self._curve_at = -inf
        self._tables_every, self._curve_every = TABLES_S, CURVE_S
        self._tables_of: tuple[Sums, State, str] | None = None
        self._curve_of: tuple[Sums, State, str] | None = None

        self.behind = False
        """Whether something came that neither was read for: a burst can end a run."""

    def now(self, status: Status) -> tuple[bool, bool]:
        """Whether the tables, and whether the curve; both follow a change of state at once."""
        run = status.progress.run  # another store may have another run in its place, as far on as this one
        now, seen = monotonic(), (status.sums, status.state, run.created_at)
        first = self._tables_of is None
        hurried = self._tables_of is None or self._tables_of[1] is not status.state
        tables = seen != self._tables_of and (hurried or now - self._tables_at >= self._tables_every)
        # The first screen does not wait for the curve, which has more to load and to count.
        curve = not first and seen != self._curve_of and (hurried or now - self._curve_at >= self._curve_every)
        if tables:
            self._tables_at, self._tables_of = now, seen
        if curve:
            self._curve_at, self._curve_of = now, seen
        self.behind = seen != self._tables_of or seen != self._curve_of
        return tables, curve

    def took(self, tables_s: float, curve_s: float) -> None:
        """What the readings have cost: of a large run they are made the more seldom."""
        if tables_s:
            self._tables_every = max(TABLES_S, _PATIENCE * tables_s)
        if curve_s:
            self._curve_every = max(CURVE_S, _PATIENCE * curve_s)
