"""`thinktop stop`: end the sampler of a run."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from core import wishes
from core.errors import ThinktopError
from tui.cli.options import LiveRun, StoreOption, place_of
from tui.cli.spelling import spelled
from tui.steering.parting import in_flight_will_finish
from tui.steering.wishing import at_work, named, say, the_one


def stop(
    run: LiveRun = None,
    /,
    *,
    now: Annotated[bool, Parameter(negative="", help="Give up what is in flight too; it may be billed.")] = False,
    store: StoreOption = None,
) -> None:
    """End the sampler of a run: once what is in flight is back, or at once with --now."""
    place = place_of(store)
    one = the_one(place, run, at_work, "at work")
    if not one.sampler_alive:
        raise ThinktopError(f"no sampler has {named(one)}, which is {one.state.value}: there is nothing to stop")
    wishes.stop(place, one.progress.run.id, now=now)
    what = (
        f"{one.in_flight:,} in flight are given up, and may be billed" if now else in_flight_will_finish(one.in_flight)
    )
    say(f"{named(one)}: {what}. Go on with: {spelled(place, 'resume', one.progress.run.name)}")
