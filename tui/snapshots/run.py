"""One run as the monitor shows it, read at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.status import Status
    from core.store.events import Event
    from core.store.flights import Doubt, Flight
    from core.store.grid import Counted
    from core.store.strips import Strip
    from tui.pages.tally import Tally
    from tui.snapshots.figure import CurvePicture


class ProblemStanding(NamedTuple):
    """A problem with what its samples come to."""

    strip: Strip
    leaders: tuple[Counted, ...] | None
    """The answers with the most votes; several where they tie; None where that was not read."""
    priced: bool
    """Whether all that was asked about it has a price."""

    @property
    def shares(self) -> list[float | None]:
        """Share of right samples under each condition, in the order of the plan."""
        return [right / graded if graded else None for right, graded in self.strip.shares]


@dataclass(frozen=True, slots=True)
class RunPicture:
    """What the monitor shows of a run; None is what was not read this time, and stays as it is on the screen."""

    status: Status
    tallies: Sequence[Tally] | None
    strips: Sequence[Strip] | None
    leaders: Mapping[int, tuple[Counted, ...]]
    """By problem row, of the problems that were asked for."""
    curve: CurvePicture | None
    flights: Sequence[Flight] | None
    doubts: Sequence[Doubt] | None
    events: Sequence[Event]
    """Newest first."""
