"""Runs read for their figures, and when: what was read is kept, since reading a million samples takes seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.clock import monotonic
from core.store.progress import run_row, run_rows
from core.store.standing import counted_samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from core.reading import ReadRun
    from core.store.progress import RunRow
    from core.store.standing import CountedSamples

AT_ONCE = 5_000
"""Samples up to which reading takes less time than it takes to say that it does."""
MOST = 50_000
"""Samples of a run from which on all of them are read only if somebody asks for it."""
REST_S = 10.0
"""Seconds between two readings, while things move."""
_REST = 20
"""Reading takes at most one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run as it was read."""

    read: ReadRun
    exact: bool
    """Whether every sample was read; else the numbers come from the store's sums."""
    samples: int
    clock: str
    """The local time at which it was read."""
    gone_on: bool
    """Whether more has come since."""


@dataclass(frozen=True, slots=True)
class CurvesPicture:
    """What the screen of figures shows."""

    held: tuple[HeldRun, ...]
    reading: int
    """Samples that are about to be read."""
    runs: tuple[RunRow, ...]
    """Every run of the store."""


@dataclass(frozen=True, slots=True)
class _Kept:
    read: ReadRun
    exact: bool
    counted: CountedSamples
    clock: str
    next_at: float
    """When to look again."""
    gone_on: bool = False


class Readings:
    """What was read of each run. Used by one reading after the other, on the reader's thread."""

    def __init__(self, given_up: Callable[[], bool]) -> None:
        self._given_up = given_up
        self._kept: dict[int, _Kept] = {}
        self._announced: set[int] = set()

    def picture(self, db: sqlite3.Connection, run_ids: Sequence[int], wanted: frozenset[int]) -> CurvesPicture:
        """The runs as they are known now; what takes time to read is announced first, and read at the next call.

        Args:
            db: at one instant.
            run_ids: which runs.
            wanted: those of which every sample is to be read now, however many they are.
        """
        held, reading = [], 0
        for run_id in run_ids:
            kept = self._kept.get(run_id)
            if kept is None or run_id in wanted or monotonic() >= kept.next_at:
                counted = counted_samples(db, run_id)
                if kept is None and counted.kept > AT_ONCE and run_id not in self._announced:
                    self._announced.add(run_id)
                    reading += counted.kept
                    continue
                kept = self._kept_now(db, run_id, kept, counted, wanted=run_id in wanted)
            if kept is not None:
                self._kept[run_id] = kept
                held.append(HeldRun(kept.read, kept.exact, kept.counted.kept, kept.clock, kept.gone_on))
        return CurvesPicture(tuple(held), reading, tuple(run_rows(db)))

    def _kept_now(
        self, db: sqlite3.Connection, run_id: int, kept: _Kept | None, counted: CountedSamples, *, wanted: bool
    ) -> _Kept | None:
        """What is known of a run now: read anew if it moved; every sample of a large one only where that is wanted."""
        if kept is None or wanted:
            return self._read(db, run_id, counted, every=wanted or counted.kept <= MOST) or kept
        if kept.counted == counted:
            return replace(kept, gone_on=False, next_at=monotonic() + REST_S)
        if kept.exact and counted.kept > MOST:
            return replace(kept, gone_on=True, next_at=monotonic() + REST_S)
        return self._read(db, run_id, counted, every=counted.kept <= MOST) or kept

    def _read(self, db: sqlite3.Connection, run_id: int, counted: CountedSamples, *, every: bool) -> _Kept | None:
        began = monotonic()
        read = self._exact(db, run_id) if every else _standing(db, run_id)
        if read is None:
            return None
        ended = monotonic()
        return _Kept(
            read,
            exact=every,
            counted=counted,
            clock=datetime.now().astimezone().strftime("%H:%M:%S"),
            next_at=ended + max(REST_S, _REST * (ended - began)),
        )

    def _exact(self, db: sqlite3.Connection, run_id: int) -> ReadRun | None:
        """Every sample, a condition at a time; None where nobody waits for it any more."""
        from core.reading import ReadRun, curve_of, read_conditions  # noqa: PLC0415 - imports numpy

        curves = []
        for condition in read_conditions(db, run_id):
            if self._given_up():
                return None
            curves.append(curve_of(condition))
        return ReadRun(run_row(db, run_id), tuple(curves))


def _standing(db: sqlite3.Connection, run_id: int) -> ReadRun:
    from core.standing_curve import standing_run  # noqa: PLC0415 - imports numpy

    return standing_run(db, run_id)
