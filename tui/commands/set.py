"""`thinktop set`: change what is live in a run."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from core import wishes
from core.config import parse_live
from tui.cli.options import NamedRun, StoreOption, place_of
from tui.steering.wishing import named, say, say_who_acts, status_of


def set_live(
    run: NamedRun,
    /,
    *changes: Annotated[str, Parameter(name="KEY=VALUE", help="Such as cap_usd=20, max_concurrency=16, cap_usd=none.")],
    store: StoreOption = None,
) -> None:
    """Change what is live in a run: cap_usd, cap_tokens, max_concurrency, max_attempts, give_up_after, on_unknown.

    For its endpoints: timeout_s, requests_per_minute, tokens_per_minute; for one of them, NAME.timeout_s and so on.
    A cap or a rate is lifted by none. What is set here beats the config until the config's own line changes.
    """
    place = place_of(store)
    values = parse_live(changes)
    one = status_of(place, run)
    wishes.set_live(place, one.progress.run.id, values)
    say(f"{named(one)}: {', '.join(changes)}")
    say_who_acts(place, one)
