"""`thinktop` alone, and `thinktop monitor`: the monitor in a terminal; elsewhere a line for each run."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from core.store.opening import reading
from core.store.runs import find_run
from tui.cli.options import StoreOption, place_of
from tui.cli.spelling import spelled

WhichRun = Annotated[
    str | None, Parameter(name="RUN", help="An id, a name, or a unique start; default: the one at work, or the list.")
]


def monitor(
    run: WhichRun = None,
    /,
    *,
    read_only: Annotated[bool, Parameter(negative="", help="Watch only: nothing can be changed.")] = False,
    no_mouse: Annotated[bool, Parameter(negative="", help="Leave the mouse to the terminal.")] = False,
    theme: Annotated[
        str | None, Parameter(help="night, day, terminal or terminal-light; default: what fits the terminal.")
    ] = None,
    store: StoreOption = None,
) -> int:
    """Watch runs, steer them, and look into what they brought. Leaving it stops nothing.

    `thinktop` alone does the same. Colours can be chosen for good with THINKTOP_THEME, or turned off with NO_COLOR;
    THINKTOP_MOUSE=0 leaves the mouse to the terminal for good.
    """
    from tui import monitoring  # noqa: PLC0415 - `--help` does without

    place = place_of(store)
    if not monitoring.usable():
        from tui.commands.status import status  # noqa: PLC0415 - as above

        code = status(run, every=run is None, store=store)
        more = spelled(place, "status", "RUN")
        sys.stderr.write(f"{more} says more of one; thinktop --help lists what else there is\n")
        return code
    run_id = None
    if run is not None:
        with reading(place) as db:
            run_id = find_run(db, run)
    return monitoring.monitor(place, run_id, read_only=read_only, mouse=not no_mouse, theme=theme)
