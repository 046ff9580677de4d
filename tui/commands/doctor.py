"""`thinktop doctor`: what could keep a sweep from working, a line for each check, with what to do about it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.text import Text

from core.doctor.finding import Level, bad
from core.doctor.machine import check_clock, check_logout, check_python, check_sqlite
from core.doctor.storage import check_storage
from core.errors import UsageError
from core.money import dollars
from tui.cli.options import JsonOption, StoreOption, place_of
from tui.console import plain, print_json, stderr, stdout
from tui.pages.tables import LABEL, RIGHT, WRONG
from tui.pages.terminal_checks import check_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config import Config
    from core.doctor.finding import Finding
    from core.plan import Plan

ConfigArgument = Annotated[Path | None, Parameter(help="A config file; default: config.toml, if it is there.")]
SpendOption = Annotated[
    bool,
    Parameter(name="--spend", negative="", help="Send a few requests per model, which cost: is the control obeyed?"),
]

_MARKS = {Level.GOOD: ("✓", RIGHT), Level.NOTE: ("!", "yellow"), Level.BAD: ("✗", WRONG)}


def doctor(
    config: ConfigArgument = None, /, *, spend: SpendOption = False, store: StoreOption = None, json: JsonOption = False
) -> int:
    """Check machine, store, config, problems, prices, keys, servers and terminal, and say what to do about each.

    With a few requests that cost a little: thinktop doctor aime.toml --spend
    """
    found = [check_python(), check_sqlite(), check_clock(), check_logout(os.environ)]
    from core.doctor.sweep import check_keys, check_prices, read_sweep  # noqa: PLC0415 - imports pydantic

    read, plan, said = read_sweep(config, os.environ)
    found += check_storage(place_of(store, None if read is None else read.run.store))
    found += said
    if plan is not None and read is not None:
        found += check_prices(plan)
        keys = list(check_keys(plan, os.environ))
        found += keys
        found += _online(read, plan, spend=spend, have_keys=all(one.level is not Level.BAD for one in keys))
    elif spend:
        raise UsageError(f"doctor --spend needs a config that is right; {_first_fault(said)}")
    size = shutil.get_terminal_size((80, 24))
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    found += check_terminal(os.environ, isatty=sys.stdout.isatty(), size=(size.columns, size.lines), encoding=encoding)
    healthy = all(one.level is not Level.BAD for one in found)
    if json:
        print_json({"ok": healthy, "checks": [one.to_json() for one in found]})
    else:
        _print(found)
    return 0 if healthy else 1


def _online(config: Config, plan: Plan, *, spend: bool, have_keys: bool) -> Sequence[Finding]:
    """What the servers say; with `spend`, what they do."""
    from core.doctor.servers import check_servers, clients_of  # noqa: PLC0415 - imports the client
    from core.doctor.spending import check_by_spending, probes, worst_case  # noqa: PLC0415 - starts the client
    from core.errors import EndpointError  # noqa: PLC0415 - starts the client

    async def ask() -> list[Finding]:
        async with clients_of(config, plan, os.environ) as clients:
            found = await check_servers(plan, clients)
            if not spend:
                return found
            if not have_keys:
                return [*found, bad("spend", "no request was sent, since a key is missing", "set it, then try again")]
            most = worst_case(plan)
            stderr().print(f"sending {len(probes(plan))} requests, which cost {dollars(most)} at most ...", style="dim")
            return found + await check_by_spending(plan, clients)

    try:
        return asyncio.run(ask())
    except EndpointError as error:
        return [bad("endpoint", str(error), "check its settings")]


def _first_fault(said: Sequence[Finding]) -> str:
    return next((one.text for one in said if one.level is not Level.GOOD), "name one")


def _print(found: Sequence[Finding]) -> None:
    out = stdout()
    for one in found:
        mark, style = _MARKS[one.level]
        out.print(Text.assemble((mark, style), " ", (f"{one.check:<12}", LABEL), plain(one.text)), soft_wrap=True)
        if one.advice:
            out.print(Text.assemble(" " * 14, plain(one.advice)), soft_wrap=True)
