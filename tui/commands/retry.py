"""`thinktop retry`: ask the draws again that failed for good."""

from __future__ import annotations

from core import wishes
from tui.cli.options import NamedRun, StoreOption, place_of
from tui.steering.wishing import named, say, say_who_acts, status_of


def retry(run: NamedRun, /, *, store: StoreOption = None) -> None:
    """Ask the draws of a run again that failed for good; they count as owed from now on."""
    place = place_of(store)
    one = status_of(place, run)
    taken_back = wishes.retry(place, one.progress.run.id)
    if not taken_back:
        say(f"{named(one)}: no draw has failed for good")
        return
    say(f"{named(one)}: {taken_back:,} draw{'' if taken_back == 1 else 's'} will be asked again")
    say_who_acts(place, status_of(place, str(one.progress.run.id)))
