"""Having a config's run in the store and worked off: new or gone on with, in this process or in one of its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.config import load_config
from core.errors import Refused, ThinktopError
from core.planning import plan_of, warnings_of
from core.sampler.detach import start_detached
from core.store.opening import reading
from core.store.runs import run_named
from core.visible import visible_line
from core.vocabulary import State
from core.watching import status as status_now
from tui.cli.options import place_of
from tui.cli.spelling import command, spelled
from tui.console import stderr
from tui.steering import sampling
from tui.steering.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.status import Status
    from core.store.place import Place

    Watch = Callable[[Place, int, str], int]
    """What watches a run that another process samples: place, run, the command that comes back; an exit code."""


@dataclass(frozen=True, slots=True)
class Started:
    """How `thinktop run` was called."""

    config: Path | None
    overrides: tuple[str, ...]
    store: Path | None
    headless: bool
    detach: bool

    @property
    def again(self) -> str:
        """The command line that goes on with it in the same way."""
        words = [*([] if self.config is None else [str(self.config)]), *(["--headless"] if self.headless else [])]
        words += [word for one in self.overrides for word in ("--set", one)]
        return command(["run", *words, *([] if self.store is None else ["--store", str(self.store)])])


def run_config(started: Started, watch: Watch) -> int:
    """The exit code of `thinktop run`."""
    config = load_config(started.config, overrides=started.overrides)
    plan = plan_of(config)
    sampling.check_keys(plan.endpoints)
    place = place_of(started.store, config.run.store)
    here = started.headless or not (started.detach or sampling.in_a_terminal())
    _refuse_where_sampled(place, plan.name, unless=not (here or started.detach))
    kept = keep(place, config, plan)
    for line in (*(f"warning: {line}" for line in warnings_of(config)), *kept.notes):
        stderr().print(visible_line(line), soft_wrap=True)
    return go(place, kept.id, started.again, here=here, detach=started.detach, watch=watch)


def go(place: Place, run_id: int, again: str, *, here: bool, detach: bool, watch: Watch) -> int:
    """The exit code of a run that is in the store and is to be worked off: here, or by a process of its own.

    Raises:
        ThinktopError: it is paused by a wish.
        Refused: another sampler took it meanwhile.
    """
    with reading(place) as db:
        status = status_now(db, place, run_id)
    name = status.progress.run.name
    if status.sampler_alive:
        stderr().print(f"{visible_line(name)} ({run_id}) has a sampler already, {status.progress.run.pid}: watching it")
        return watch(place, run_id, again)
    if status.progress.run.paused:
        raise ThinktopError(
            f"run {name} ({run_id}) is paused by a wish; let it go on with: {spelled(place, 'resume', name)}"
        )
    if nothing_to_do(status):
        stderr().print(f"{visible_line(name)} ({run_id}): nothing is owed")
        return sampling.conclude(status, place, again)
    if here:
        return sampling.work_off(place, run_id, again)
    pid = start_detached(place, run_id)
    if not detach:
        return watch(place, run_id, again)
    sys.stdout.write(f"{run_id}\n")
    said = f"{visible_line(name)} ({run_id}): sampler {pid} has it; see {spelled(place, 'status', name)}"
    stderr().print(f"{said}, end it with {spelled(place, 'stop', name)}", soft_wrap=True)
    return 0


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


def nothing_to_do(status: Status) -> bool:
    """Whether a sampler would find nothing: all is asked, and all that came back is read."""
    sums = status.sums
    return status.state is State.FINISHED and sums.owed == 0 and sums.graded == sums.kept
