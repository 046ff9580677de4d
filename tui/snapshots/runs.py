"""All runs of a store as their list shows them, read at one instant; and the money that they come to together.

What is simulated is never added to what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from core.clock import monotonic
from core.status import AT_WORK
from core.store.events import Event, events_since, latest_events
from core.store.listing import Listed, listing
from core.store.progress import run_rows
from core.watching import judged_alive
from tui.pages.standing import is_unpriced

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date

    from core.status import Status
    from core.store.place import Place
    from core.store.progress import RunRow

SHARE = 0.01
"""Of one processor's time, for the reading of cells."""
LATEST = 4
"""Events of one run that are read at most."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list."""

    listed: Listed
    status: Status
    marked: bool = False
    """To be compared with the others that are marked."""
    pinned: bool = False
    """Kept on top."""

    @property
    def run(self) -> RunRow:
        """Its row."""
        return self.listed.progress.run

    @property
    def live(self) -> bool:
        """Whether somebody works at it, or holds it paused."""
        return self.status.sampler_alive or self.status.state in AT_WORK

    @property
    def priced(self) -> bool:
        """Whether all that it asks has a price."""
        return not is_unpriced(self.listed.progress)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was written down about one run."""

    run_id: int
    events: tuple[Event, ...]
    """The latest, newest first."""
    warnings: tuple[str, ...]
    """All of them, oldest first, each once."""


@dataclass(frozen=True, slots=True)
class RunsPicture:
    """What the list shows."""

    lines: tuple[RunLine, ...]
    """Live ones first, then the newest."""
    noted: Noted | None
    """Of the run that the cursor is on."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Picodollars over runs."""

    spent: int
    """By all runs that are not simulated."""
    today: int
    """By those of them that began today."""
    unknown: int
    """What may have been billed besides."""
    simulated: int
    """Never paid by anybody."""
    unpriced: bool
    """Whether some of what was asked has no price, so that more was spent than is counted."""


class Notes:
    """What was written down about runs; remembers what it has read, since a long run has a long log."""

    def __init__(self) -> None:
        self._warned: dict[int, tuple[int, tuple[str, ...]]] = {}

    def of(self, db: sqlite3.Connection, run_id: int) -> Noted:
        """The latest events of a run, and all its warnings."""
        latest = latest_events(db, run_id, LATEST)
        upto, known = self._warned.get(run_id, (0, ()))
        if latest and latest[0].id > upto:
            new = (event.text for event in events_since(db, run_id, upto, kind="warning"))
            known = tuple(dict.fromkeys((*known, *new)))
            self._warned[run_id] = latest[0].id, known
        return Noted(run_id, tuple(latest), known)


class Listing:
    """Reads all runs; where their cells take long to read, these are not read each time.

    State, money and pace are always those of the moment; draws and accuracy may be some seconds older.
    """

    def __init__(self) -> None:
        self._held: Sequence[Listed] = ()
        self._seen: Sequence[tuple[int, str]] = ()
        self._due = -inf
        self.behind = False
        """Whether cells were left unread the last time, so that there may be more to show though nothing changes."""

    def read(self, db: sqlite3.Connection, place: Place) -> tuple[RunLine, ...]:
        """All runs: live ones first, then the newest."""
        began, rows = monotonic(), run_rows(db)
        seen = [(row.id, row.state) for row in rows]
        self.behind = seen == self._seen and began < self._due
        if self.behind:
            pairs = zip(self._held, rows, strict=True)
            self._held = [replace(held, progress=replace(held.progress, run=row)) for held, row in pairs]
        else:
            self._held, self._seen = listing(db), seen
            self._due = began + (monotonic() - began) / SHARE
        lines = [RunLine(listed, judged_alive(listed.progress, place)) for listed in self._held]
        return tuple(sorted(lines, key=lambda line: (not line.live, -line.run.id)))


def spending(lines: Sequence[RunLine], today: date) -> Spending:
    """What runs have cost together.

    Args:
        lines: The runs.
        today: The day, here.
    """
    paid = [line for line in lines if not line.run.simulated]
    return Spending(
        spent=sum(line.run.spent_pico for line in paid),
        today=sum(line.run.spent_pico for line in paid if _day(line.run.started_at) == today),
        unknown=sum(line.run.unknown_pico for line in paid),
        simulated=sum(line.run.spent_pico for line in lines if line.run.simulated),
        unpriced=any(not line.priced and line.run.started_at and not line.run.imported for line in paid),
    )


def _day(stamped: str | None) -> date | None:
    """The day of a stored time on this machine's calendar."""
    return None if stamped is None else datetime.fromisoformat(stamped).astimezone().date()
