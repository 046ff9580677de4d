"""How many requests the simulator takes: so many in flight, so many a second. Pure; the clock comes in."""

from __future__ import annotations


class Gate:
    """A token bucket that holds one second's worth, beside a ceiling on requests in flight."""

    def __init__(self, in_flight: int | None, per_s: float | None) -> None:
        self._in_flight = in_flight
        self._per_s = per_s
        self._tokens = max(1.0, per_s or 0.0)
        self._filled_at: float | None = None

    def refuses(self, in_flight: int, now_s: float) -> float | None:
        """Seconds to wait before trying again, or None where the request is taken.

        Args:
            in_flight: Requests in flight, this one included.
            now_s: A clock's reading, in seconds.
        """
        if self._in_flight is not None and in_flight > self._in_flight:
            return 0.0
        if self._per_s is None:
            return None
        since = 0.0 if self._filled_at is None else now_s - self._filled_at
        self._filled_at = now_s
        self._tokens = min(max(1.0, self._per_s), self._tokens + since * self._per_s)
        if self._tokens < 1:
            return (1 - self._tokens) / self._per_s
        self._tokens -= 1
        return None
