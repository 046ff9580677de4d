"""What the pictures show: a store with four runs on the built-in simulator, one of them stopped in mid-sweep.

Real samplers make it. The sweep on show is worked off by a detached sampler until it is rather more than half done;
then the store is copied as it stands, its clock is set, and every picture is taken of that copy: all show one instant.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core import wishes
from core.clock import stamp, utc_now
from core.config import config_from_mapping
from core.planning import grading_of, plan_of
from core.sampler.detach import start_detached
from core.sampler.run import Sampler
from core.store.opening import open_reader, reading, writing
from core.store.place import Place
from core.store.runs import create_run
from core.watching import status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NOW = datetime.fromisoformat("2026-11-22T10:07:30+00:00")
"""When the pictures are taken, as far as they say."""
LIVE = "scaling"
"""The run that is in mid-sweep."""
DONE = 0.6
"""Share of its draws that are done: three draws of each cell, and the fourth begun."""

_SAMPLER, _HOST = 4711, "lab-3"
"""In place of the process and the machine that made the pictures."""
_LOOK_S, _END_S, _LONGEST_S = 0.1, 20.0, 300.0
_STAMPS = {
    "runs": ("created_at", "started_at", "ended_at"),
    "attempts": ("reserved_at", "ended_at"),
    "samples": ("kept_at",),
    "failures": ("failed_at",),
    "events": ("at",),
    "wishes": ("wished_at", "taken_at"),
    "samplers": ("started_at", "beat_at", "waiting_since"),
}
"""Everything in the store that is a time."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked."""

    problems: int
    draws: int
    deep: int
    """Draws at the largest budget, where the votes are."""
    speed: float
    """Of the simulator, for the run in mid-sweep."""


FULL = Size(problems=30, draws=4, deep=16, speed=12)
SMALL = Size(problems=3, draws=2, deep=4, speed=60)
"""In a few seconds, for the test that this still works."""


def staged(folder: Path, size: Size) -> Place:
    """A store with the runs, as it stood in the middle of the sweep on show."""
    place = Place.at(folder / "making.db")
    for config in _finished(size):
        asyncio.run(Sampler(place, _created(place, config)).work_off())
    run_id = _created(place, _live(size))
    pid = start_detached(place, run_id)
    try:
        _wait_until_mid_sweep(place, run_id)
        return _copied(place, Place.at(folder / "runs.db"))
    finally:
        _end(place, run_id, pid)


def config_text(size: Size) -> str:
    """The sweep on show as a config of a real endpoint, for the screen that plans one."""
    return f"""\
# Accuracy over the tokens that a model spends thinking, on 30 problems of competition style.
[run]
name = "{LIVE}-o1-mini"
draws = {size.draws}
cap_usd = 150
max_concurrency = 64

[problems]
source = "builtin:competition"
limit = {size.problems}

[grading]
kind = "integer"
range = [0, 999]

[endpoints.openai]
base_url = "https://api.openai.com/v1"
api_key_env = "OPENAI_API_KEY"

[[models]]
name = "o1-mini"
endpoint = "openai"
token_cap = 32768
price = {{ input = 3.0, output = 12.0 }}

[models.thinking]
control = "prompt"
budgets = [16, 32, 64, 128, 256, 512, 1024, 2048]
draws_at = {{ 2048 = {size.deep} }}
"""


def _finished(size: Size) -> Sequence[Mapping[str, Any]]:
    """Runs that are over when the pictures are taken."""
    words = {"control": "prompt", "budgets": [2**power for power in range(4, 12)]}
    levels = {"control": "effort", "budgets": ["low", "medium", "high"]}
    model = {"name": "o1-mini", "endpoint": "simulator", "token_cap": 32768}
    other = {"name": "other-mini", "endpoint": "simulator", "token_cap": 32768, "price": {"input": 1.1, "output": 4.4}}
    return [
        _config("pilot", size, [{**model, "thinking": words}], draws=1, cap_usd=30),
        _config("by-effort", size, [{**other, "thinking": levels}], draws=size.draws, cap_usd=40),
        _config("small-cap", size, [{**model, "thinking": words}], draws=size.draws, cap_usd=3),
    ]


def _live(size: Size) -> Mapping[str, Any]:
    """The sweep on show: some requests are lost, some refused, and for some seconds nobody answers."""
    thinking = {
        "control": "prompt",
        "budgets": [2**power for power in range(4, 12)],
        "draws_at": {2048: size.deep},
    }
    model = {"name": "o1-mini", "endpoint": "simulator", "token_cap": 32768, "thinking": thinking}
    config = _config(LIVE, size, [model], draws=size.draws, cap_usd=120)
    schedule = [
        {"kind": "reset", "at": [20, 21]},
        {"kind": "400", "at": 160},
        {"kind": "503", "from_s": 14, "to_s": 20},  # an outage: it has answered before
        {"kind": "cut_body", "at": 420},
        {"kind": "429", "at": [520, 526]},
    ]
    faults = {"429": 0.006, "500": 0.004}
    return {**config, "simulator": {"speed": size.speed, "faults": faults, "schedule": schedule}}


def _config(name: str, size: Size, models: Sequence[Mapping[str, Any]], *, draws: int, cap_usd: int) -> dict[str, Any]:
    return {
        "run": {"name": name, "draws": draws, "cap_usd": cap_usd, "max_concurrency": 32},
        "problems": {"source": "builtin:competition", "limit": size.problems},
        "grading": {"kind": "integer", "range": [0, 999]},
        "models": list(models),
        "simulator": {"speed": 0},
    }


def _created(place: Place, mapping: Mapping[str, Any]) -> int:
    config = config_from_mapping(mapping)
    with writing(place) as db:
        return create_run(db, plan_of(config), grader=grading_of(config).identity, versions="{}", now=utc_now())


def _wait_until_mid_sweep(place: Place, run_id: int) -> None:
    """Return when so many of the draws are done."""
    deadline = time.monotonic() + _LONGEST_S
    while True:
        with reading(place) as db:
            now = status(db, place, run_id)
        if now.sums.kept >= DONE * now.sums.planned:
            return
        if time.monotonic() > deadline or not now.sampler_alive:
            raise TimeoutError(f"{LIVE} is {now.state} with {now.sums.kept} draws; it was to get further")
        time.sleep(_LOOK_S)


def _end(place: Place, run_id: int, pid: int) -> None:
    """Have the sampler end, and kill it where it does not."""
    wishes.stop(place, run_id, now=True)
    deadline = time.monotonic() + _END_S
    with suppress(ChildProcessError):  # it has been collected
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(_LOOK_S)


def _copied(place: Place, target: Place) -> Place:
    """The store at one instant, moved to the hour that the pictures show, and to another machine."""
    with closing(open_reader(place)) as source, closing(sqlite3.connect(target.path)) as copy:
        source.backup(copy)
        with copy:
            _move(copy)
    target.make_folder()
    return target


def _move(copy: sqlite3.Connection) -> None:
    """Set the clock of a copy, where nobody works: what may not happen to a store may happen to its picture."""
    for (trigger,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        copy.execute(f"DROP TRIGGER {trigger}")
    (beat,) = copy.execute("SELECT max(beat_at) FROM samplers").fetchone()
    by = NOW - datetime.fromisoformat(beat)
    copy.create_function("moved", 1, lambda stamped: _moved(stamped, by), deterministic=True)
    for table, columns in _STAMPS.items():
        copy.execute(f"UPDATE {table} SET {', '.join(f'{column} = moved({column})' for column in columns)}")
    # A sampler on another machine is taken for alive while its last beat is fresh.
    copy.execute("UPDATE samplers SET pid = ?, host = ?", (_SAMPLER, _HOST))
    copy.execute("UPDATE events SET text = ? WHERE kind = 'start'", (f"sampler {_SAMPLER} on {_HOST}",))


def _moved(stamped: str | None, by: timedelta) -> str | None:
    return None if stamped is None else stamp(datetime.fromisoformat(stamped) + by)
