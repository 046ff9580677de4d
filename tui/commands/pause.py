"""`thinktop pause`: send nothing more until `resume`."""

from __future__ import annotations

import time
from typing import Annotated

from cyclopts import Parameter

from core import wishes
from core.errors import ThinktopError
from core.vocabulary import State
from tui.cli.options import LiveRun, StoreOption, place_of
from tui.cli.spelling import spelled
from tui.steering.parting import in_flight_will_finish
from tui.steering.wishing import at_work, named, say, status_of, the_one

_LOOK_S = 0.2


def pause(
    run: LiveRun = None,
    /,
    *,
    wait: Annotated[bool, Parameter(negative="", help="Return only once nothing is in flight any more.")] = False,
    store: StoreOption = None,
) -> None:
    """Send nothing more until `thinktop resume`; what is in flight finishes and is kept.

    The pause outlives the sampler: going on with the run does not end it, resume does.
    """
    place = place_of(store)
    one = the_one(place, run, at_work, "at work")
    if one.state is State.FINISHED:
        raise ThinktopError(f"{named(one)} is finished: there is nothing to pause")
    wishes.pause(place, one.progress.run.id)
    resumed = spelled(place, "resume", one.progress.run.name)
    if not one.sampler_alive:
        say(f"{named(one)} stays paused, and no sampler has it; let it go on with: {resumed}")
        return
    say(f"{named(one)}: {in_flight_will_finish(one.in_flight)}. Let it go on with: {resumed}")
    if wait:
        which = str(one.progress.run.id)
        while one.sampler_alive and one.state is not State.PAUSED:
            time.sleep(_LOOK_S)
            one = status_of(place, which)
        say(f"{named(one)} is {one.state.value}")
