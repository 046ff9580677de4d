"""`thinktop run`: start the sweep of a config, or go on with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.config import load_config
from core.errors import Refused, UsageError
from core.planning import plan_of, warnings_of
from core.sampler.detach import start_detached
from core.store.opening import reading
from core.store.place import Place
from core.store.runs import run_named
from core.visible import visible_line
from core.vocabulary import State
from core.watching import status as status_now
from tui.commands import sampling
from tui.commands.keeping import keep
from tui.commands.options import StoreOption
from tui.commands.spelling import command, spelled
from tui.console import stderr

if TYPE_CHECKING:
    from core.config import Config
    from core.status import Status

ConfigArgument = Annotated[Path | None, Parameter(name="CONFIG", help="The TOML file; default: config.toml.")]
SetOption = Annotated[
    list[str] | None,
    Parameter(name="--set", negative="", metavar="KEY=VALUE", help="Override the config; may be given again."),
]


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
    store: StoreOption = None,
) -> int:
    """Start the sweep of a config, or go on with it.

    The same name and the same plan is the same run: only what is still owed is asked. In a terminal the sampler is a
    process of its own, which goes on when the terminal is gone; elsewhere it is this process, as with --headless.
    """
    if headless and detach:
        raise UsageError("--headless and --detach exclude each other: one keeps the sampler here, the other sends it away")
    loaded = load_config(config, overrides=set_ or [])
    plan = plan_of(loaded)
    sampling.check_keys(plan.endpoints)
    place = store_of(store, loaded)
    here = headless or not (detach or sampling.in_a_terminal())
    _refuse_where_sampled(place, plan.name, unless=not (here or detach))
    kept = keep(place, loaded, plan)
    for line in (*warnings_of(loaded), *kept.notes):
        stderr().print(visible_line(line), soft_wrap=True)
    words = [*([] if config is None else [str(config)]), *(["--headless"] if headless else [])]
    words += [part for one in set_ or [] for part in ("--set", one)]
    again = command(["run", *words, *([] if store is None else ["--store", str(store)])])
    return go(place, kept.id, again, here=here, detach=detach)


def go(place: Place, run_id: int, again: str, *, here: bool, detach: bool) -> int:
    """The exit code of a run that is in the store and is to be worked off: here, or by a process of its own.

    Raises:
        Refused: it is paused by a wish, or another sampler has it.
    """
    with reading(place) as db:
        status = status_now(db, place, run_id)
    name = status.progress.run.name
    if status.sampler_alive:
        stderr().print(f"{visible_line(name)} ({run_id}) has a sampler already, {status.progress.run.pid}: watching it")
        return sampling.watch(place, run_id, again)
    if status.progress.run.paused:
        raise Refused(f"run {name} ({run_id}) is paused by a wish; let it go on with: {spelled(place, 'resume', name)}")
    if _nothing_to_do(status):
        stderr().print(f"{visible_line(name)} ({run_id}): nothing is owed")
        return sampling.conclude(status, place, again)
    if here:
        return sampling.work_off(place, run_id, again)
    pid = start_detached(place, run_id)
    if not detach:
        return sampling.watch(place, run_id, again)
    sys.stdout.write(f"{run_id}\n")
    said = f"{visible_line(name)} ({run_id}): sampler {pid} has it; see {spelled(place, 'status', name)}"
    stderr().print(f"{said}, end it with {spelled(place, 'stop', name)}", soft_wrap=True)
    return 0


def store_of(store: Path | None, config: Config) -> Place:
    """The place of the store for a config's run: --store, else $THINKTOP_STORE, else what the config says."""
    return Place.at(store or os.environ.get("THINKTOP_STORE") or config.run.store)


def _refuse_where_sampled(place: Place, name: str, *, unless: bool) -> None:
    """Nothing, unless a living sampler has the run of this name: then what is asked for here cannot be had."""
    if unless or not place.path.exists():
        return
    with reading(place) as db:
        run_id = run_named(db, name)
        status = None if run_id is None else status_now(db, place, run_id)
    if status is not None and status.sampler_alive:
        raise Refused(
            f"another sampler, {status.progress.run.pid}, has run {name} ({run_id}); "
            f"see {spelled(place, 'status', name)}, or end it with {spelled(place, 'stop', name)}"
        )


def _nothing_to_do(status: Status) -> bool:
    sums = status.sums
    return status.state is State.FINISHED and sums.owed == 0 and sums.graded == sums.kept
