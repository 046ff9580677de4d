"""How fast money goes: dollars a minute of work, over the last minute of work that was seen."""

from __future__ import annotations

from collections import deque

WINDOW_S = 60.0
"""Seconds of work that say how fast money goes now."""
LEAST_S = 10.0
"""Below so many seconds seen, the whole run says it better."""


class Burn:
    """Remembers what was spent when; its clock is the run's own, which stands still while the run is paused."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def pico_a_minute(self, worked_s: float, spent_pico: int) -> float | None:
        """Picodollars a minute of work of late; None before anything was spent.

        Args:
            worked_s: Seconds that the run has worked.
            spent_pico: What it has spent until then.
        """
        if not self._seen or worked_s > self._seen[-1][0]:
            self._seen.append((worked_s, spent_pico))
        while len(self._seen) > 1 and self._seen[0][0] < worked_s - WINDOW_S:
            self._seen.popleft()
        if spent_pico <= 0 or worked_s <= 0:
            return None
        began_s, began_pico = self._seen[0]
        if worked_s - began_s < LEAST_S:
            return 60 * spent_pico / worked_s
        return 60 * (spent_pico - began_pico) / (worked_s - began_s)
