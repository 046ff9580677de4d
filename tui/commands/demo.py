"""`thinktop demo`: a whole sweep on the built-in simulator. What it does stands in `demonstrating`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from tui.cli.options import StoreOption, place_of


def demo(
    *,
    quick: Annotated[bool, Parameter(negative="", help="A smaller one: under 20 seconds in all.")] = False,
    store: StoreOption = None,
) -> int:
    """Run a whole sweep on the built-in simulator: no key, no network, not a cent.

    Thirty problems of competition style, asked of a simulated o1-mini for budgets of 2^4 to 2^11 tokens. Each demo is a
    new run, demo-1, demo-2 and so on, marked SIMULATED wherever it is shown.
    """
    from tui.monitoring import watch  # noqa: PLC0415 - `--help` does without
    from tui.steering.demonstrating import run_demo  # noqa: PLC0415 - as above

    return run_demo(place_of(store), watch, quick=quick)
