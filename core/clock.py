"""The two clocks: when something happened (UTC, for the store) and how long it took (monotonic seconds)."""

from __future__ import annotations

import time
from datetime import UTC, datetime

monotonic = time.monotonic
"""Seconds on a clock that only goes forward; for durations, never stored."""


def utc_now() -> str:
    """The time as the store keeps it: `2026-11-22T10:00:00.123Z`."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """A moment as the store keeps it, in UTC to the millisecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def seconds_since(stamped: str, now: datetime | None = None) -> float:
    """Seconds from a stored time until now; never negative, for clocks that were set back."""
    moment = datetime.fromisoformat(stamped)
    return max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())
