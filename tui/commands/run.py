"""`thinktop run`: start the sweep of a config, or go on with it. What it does stands in `running`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from core.errors import UsageError
from tui.cli.options import ConfigArgument, ConfigStoreOption, SetOption  # noqa: TC001 - cyclopts reads annotations at run time


def run(
    config: ConfigArgument = None,
    /,
    *,
    headless: Annotated[
        bool, Parameter(negative="", help="Sample in this process: progress on stderr, the result on stdout.")
    ] = False,
    detach: Annotated[
        bool, Parameter(negative="", help="Start the sampler in the background, print the run's id, and return.")
    ] = False,
    set_: SetOption = None,
    store: ConfigStoreOption = None,
) -> int:
    """Start the sweep of a config, or go on with it.

    The same name and the same plan is the same run: only what is still owed is asked. In a terminal the sampler is a
    process of its own, which goes on when the terminal is gone; elsewhere it is this process, as with --headless.
    """
    if headless and detach:
        raise UsageError("--headless keeps the sampler here and --detach sends it away: give one of them")
    from tui.monitoring import watch  # noqa: PLC0415 - `--help` does without
    from tui.steering.running import Started, run_config  # noqa: PLC0415 - as above

    return run_config(Started(config, tuple(set_ or ()), store, headless=headless, detach=detach), watch)
