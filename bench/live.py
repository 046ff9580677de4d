"""A run that a real sampler works off on the simulator, at a chosen pace, for as long as is measured beside it."""

from __future__ import annotations

import math
import os
import signal
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING, Any

from bench.filling import END, GRADE, KEEP, KEEP_TEXT, NOW, RESERVE
from core import wishes
from core.clock import utc_now
from core.config import config_from_mapping
from core.planning import grading_of, plan_of
from core.sampler.detach import start_detached
from core.simulator.model import tokens_for_words
from core.simulator.settings import SimulatorSettings
from core.store.opening import reading, writing
from core.store.place import Place
from core.store.runs import create_run
from core.vocabulary import State
from core.watching import status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.status import Status

END_S = 20.0
"""Seconds that a sampler may take to act on a wish, before it is killed or given up."""
_LOOK_S = 0.1


class SweepError(Exception):
    """A run did not get where it was to get."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How much is planned, and how fast it is to come."""

    problems: int
    budgets: Sequence[int]
    draws: int
    at_once: int
    per_s: float
    """Samples a second."""
    filled: int = 0
    """Draws of every cell that are in the store already, put there without a sampler."""

    @property
    def config(self) -> dict[str, Any]:
        """The run as a config spells it."""
        latency_s = SimulatorSettings(speed=1).latency
        typical_s = mean(latency_s(round(tokens_for_words(budget))) for budget in self.budgets)
        # One at a time, replies of many lengths would come in no pace that could be called one.
        even = {"latency_s": 1 / self.per_s} if self.at_once == 1 else {}
        return {
            "run": {"name": "live", "draws": self.draws, "max_concurrency": self.at_once, "cap_usd": 1_000_000},
            "problems": {"source": "builtin:competition", "limit": self.problems},
            "grading": {"kind": "integer", "range": [0, 999]},
            "models": [
                {
                    "name": "o1-mini",
                    "endpoint": "simulator",
                    "token_cap": 32768,
                    "thinking": {"control": "prompt", "budgets": list(self.budgets)},
                }
            ],
            "simulator": {"speed": self.per_s * typical_s / self.at_once, **even},
        }


@dataclass(frozen=True, slots=True)
class Live:
    """A run with a sampler at work."""

    place: Place
    run_id: int
    pid: int

    def status(self) -> Status:
        """How it stands now."""
        with reading(self.place) as connection:
            return status(connection, self.place, self.run_id)

    def pause(self) -> None:
        """Pause it; back once nothing is in flight."""
        wishes.pause(self.place, self.run_id)
        self.wait_for(State.PAUSED, END_S)

    def resume(self) -> None:
        """Let it go on; back once it does."""
        wishes.resume(self.place, self.run_id)
        self.wait_for(State.RUNNING, END_S)

    def wait_for(self, state: State, timeout_s: float) -> None:
        """Return once the run is in a state.

        Raises:
            SweepError: It did not get there in time.
        """
        deadline = time.monotonic() + timeout_s
        while (now := self.status().state) is not state:
            if time.monotonic() > deadline:
                raise SweepError(f"the run is {now.value} where it was to be {state.value} within {timeout_s:g} s")
            time.sleep(_LOOK_S)

    def end(self) -> None:
        """Have the sampler end, and kill it where it does not."""
        wishes.stop(self.place, self.run_id, now=True)
        deadline = time.monotonic() + END_S
        while self.status().sampler_alive:
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
                return
            time.sleep(_LOOK_S)


@contextmanager
def live(folder: Path, sweep: Sweep) -> Iterator[Live]:
    """A fresh store in a new folder, with a sampler that works on its only run until the context ends."""
    folder.mkdir()
    config = config_from_mapping(sweep.config)
    place = Place.at(folder / "runs.db")
    with writing(place) as connection:
        run_id = create_run(
            connection, plan_of(config), grader=grading_of(config).identity, versions="{}", now=utc_now()
        )
    if sweep.filled:
        _fill(place, sweep.filled)
    one = Live(place, run_id, start_detached(place, run_id))
    try:
        yield one
    finally:
        one.end()


def _fill(place: Place, draws: int) -> None:
    with closing(sqlite3.connect(place.path, isolation_level=None)) as connection:
        connection.create_function("log2_of", 1, math.log2, deterministic=True)
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (RESERVE, END, KEEP, KEEP_TEXT, GRADE):
            connection.execute(statement, {"draws": draws, "now": NOW})
        connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")
