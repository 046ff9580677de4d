"""`thinktop settle`: say what a request in doubt has cost."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from core import wishes
from core.errors import UsageError
from core.money import dollars, picodollars
from tui.cli.options import NamedRun, StoreOption, place_of
from tui.steering.wishing import named, say, status_of


def settle(
    run: NamedRun,
    attempt: Annotated[int, Parameter(name="ATTEMPT", help="Its number, as `thinktop log RUN --doubts` lists it.")],
    /,
    *,
    usd: Annotated[str, Parameter(metavar="X", help="Dollars that it has cost, as the provider says; 0 for nothing.")],
    store: StoreOption = None,
) -> None:
    """Close a request that is in doubt (sent, and its reply lost) by what it has cost; the run's record says so."""
    place = place_of(store)
    try:
        pico = picodollars(usd)
    except ValueError as error:
        raise UsageError(f"--usd: {error}") from None
    one = status_of(place, run)
    wishes.settle(place, one.progress.run.id, attempt, pico)
    left = status_of(place, str(one.progress.run.id)).progress.run
    say(f"{named(one)}: attempt {attempt} has cost {dollars(pico)}; {left.unknown_attempts:,} in doubt are left")
