"""`thinktop resume`: take back a pause or a stop, and see to it that a sampler is there."""

from __future__ import annotations

from core import wishes
from core.errors import Refused
from core.sampler.detach import start_detached
from core.store.imports import refuse_imported
from core.store.opening import reading
from core.store.runs import load_endpoints
from core.vocabulary import State
from tui.cli.options import LiveRun, StoreOption, place_of
from tui.cli.spelling import spelled
from tui.steering.wishing import at_rest, at_work, named, say, the_one


def resume(run: LiveRun = None, /, *, store: StoreOption = None) -> None:
    """Go on with a run: take back a pause or a stop, and start a sampler in the background if none lives.

    It reads all it needs from the store: the config may be gone, and the directory another. Keys come from the
    environment.
    """
    place = place_of(store)
    one = the_one(place, run, lambda other: at_work(other) or at_rest(other), "to be gone on with")
    row = one.progress.run
    with reading(place) as db:
        refuse_imported(db, row.id, "resumed")
    if one.state is State.STOPPING:
        raise Refused(f"{named(one)} is stopping: resume it once what is in flight is back ({one.in_flight:,} now)")
    if one.sampler_alive:
        wishes.resume(place, row.id)
        was = "goes on" if row.paused else "was not paused"
        say(f"{named(one)} {was}; its sampler is {row.pid}")
        return
    if not at_rest(one) and one.sums.graded == one.sums.kept:
        more = spelled(place, "extend", row.name, "--draws", "+1")
        failed = (
            f", or {spelled(place, 'retry', row.name)} for the {one.sums.failed:,} failed" if one.sums.failed else ""
        )
        say(f"{named(one)} is finished: nothing is owed; ask for more with {more}{failed}")
        return
    with reading(place) as db:
        endpoints = load_endpoints(db, row.id)
    from tui.steering.sampling import check_keys  # noqa: PLC0415 - only where a sampler is to start

    check_keys(endpoints)
    wishes.resume(place, row.id)
    pid = start_detached(place, row.id)
    say(f"{named(one)} goes on: sampler {pid} has it; see {spelled(place, 'status', row.name)}")
