"""A sweep on a real store against a real HTTP server: the simulator, at an address like anybody's, with its books."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.clock import utc_now
from core.config import config_from_mapping
from core.planning import grading_of, plan_of
from core.sampler.run import Sampler
from core.simulator.faults import Scheduled
from core.simulator.launch import simulator
from core.simulator.settings import SimulatorSettings
from core.store.opening import reading, writing
from core.store.place import Place
from core.store.runs import create_run
from core.watching import status


@dataclass
class Bench:
    """A place for runs, and the address of a simulator."""

    place: Place
    base_url: str
    api_key: str
    runs: int = 0
    books: dict[str, Any] = field(default_factory=dict)

    def plan(self, **run):
        """The plan of a small sweep; `problems`, `budgets` and `token_cap` apart, keywords are those of [run]."""
        self.runs += 1
        budgets, limit = run.pop("budgets", [64, 256, 1024]), run.pop("problems", 10)
        model = {"name": "o1-mini", "endpoint": "here", "token_cap": run.pop("token_cap", 32768)}
        model |= {"price": {"input": 3.0, "output": 12.0}, "thinking": {"control": "prompt", "budgets": budgets}}
        endpoint = {"base_url": self.base_url, "api_key_env": "TEST_KEY", "timeout_s": run.pop("timeout_s", 20)}
        config = config_from_mapping(
            {
                "run": {"name": f"run-{self.runs}", **run},
                "problems": {"source": "builtin:competition", "limit": limit},
                "grading": {"kind": "integer", "range": [0, 999]},
                "endpoints": {"here": endpoint},
                "models": [model],
            }
        )
        return plan_of(config), grading_of(config).identity

    def new_run(self, **run):
        plan, grader = self.plan(**run)
        with writing(self.place) as db:
            return create_run(db, plan, grader=grader, versions="{}", now=utc_now())

    async def sample(self, run_id):
        return await Sampler(self.place, run_id).work_off()

    def status(self, run_id):
        with reading(self.place) as db:
            return status(db, self.place, run_id).to_json()

    def ask(self, query, *values):
        with reading(self.place) as db:
            return db.execute(query, values).fetchall()

    def recorded(self):
        """The server's numbers of the requests whose replies are on record."""
        rows = self.ask("SELECT request_id FROM attempts WHERE outcome = 'kept'")
        return {request_id.rpartition("_")[2] for (request_id,) in rows}

    def ledger(self):
        with urllib.request.urlopen(self.base_url.removesuffix("/v1") + "/ledger", timeout=10) as reply:
            return json.load(reply)

    def until(self, run_id, holds, patience_s=20.0):
        """The status for which `holds` is true, waited for."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            seen = self.status(run_id)
            if holds(seen):
                return seen
            time.sleep(0.05)
        raise AssertionError(f"never came true; the last status was {seen}")


@pytest.fixture
def bench_with(tmp_path, monkeypatch):
    """A context manager: a simulator with these settings, and a store."""

    @contextlib.asynccontextmanager
    async def started(**settings):
        settings["schedule"] = tuple(Scheduled(**fault) for fault in settings.get("schedule", ()))
        async with simulator(SimulatorSettings(**{"speed": 0.0, **settings})) as address:
            monkeypatch.setenv("TEST_KEY", address.api_key)
            yield Bench(Place.at(tmp_path / "runs.db"), address.base_url, address.api_key)

    return started
