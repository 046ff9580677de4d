"""A place for a store, and a small plan to keep in it."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest

from core.clock import utc_now
from core.plan import Live, Plan, Planned
from core.store import runs
from core.store.draws import Kept, Reservation, keep, reserve
from core.store.opening import _migrate, writing
from core.store.place import Place
from core.vocabulary import Condition, Control, Endpoint, Price, Problem, Reply, Usage

NOW = "2026-11-22T10:00:00.000Z"


def condition(budget=64, label="o1-mini", **changes):
    given = {
        "model": "o1-mini",
        "endpoint": "here",
        "control": Control.PROMPT,
        "token_cap": 1000,
        "prompt": "Think for a while. {problem}",
        "system": None,
        "body": '{"max_completion_tokens":1000}',
        "price": Price("3", "12"),
    }
    return Condition(label=label, budget=budget, **(given | changes))


def plan(problems=3, budgets=(16, 64), draws=2, name="sweep-1", conditions=None, endpoints=None, **live):
    return Plan(
        name=name,
        seed=0,
        problems=tuple(Problem(f"p{n}", f"What is {n} + {n}?", str(2 * n)) for n in range(problems)),
        planned=tuple(Planned(one, draws) for one in conditions or [condition(budget) for budget in budgets]),
        endpoints=endpoints or (Endpoint("here", "http://127.0.0.1:9/v1"),),
        live=Live(**({"max_concurrency": 8} | live)),
        config="{}",
    )


def new_run(db, a_plan):
    return runs.create_run(db, a_plan, grader="integer 1", versions="{}", now=NOW)


def kept(completion_tokens=100, billed_pico=1_200_000, text="The answer is 4.", **fields):
    reply = {"reasoning": None, "finish_reason": "stop", "model": "o1-mini", "fingerprint": "fp", "request_id": "req_1"}
    reply |= {name: fields.pop(name) for name in list(fields) if name in reply}
    usage = Usage(20, completion_tokens, **fields)
    return Kept(Reply(text=text, usage=usage, seconds=1.5, **reply), usage, billed_pico, estimated=False)


def reserved(db, run_id, cell_id, draw=0, *, pico=5_000_000, tokens=1000, purpose="ask", number=1):
    return reserve(db, Reservation(run_id, cell_id, draw, 0, purpose, number, pico, tokens), utc_now())


def recorded(db, run_id, cell_id, draw=0, **fields):
    """The row of a sample that is reserved and kept."""
    return keep(db, reserved(db, run_id, cell_id, draw), kept(**fields), NOW)


@pytest.fixture
def make():
    """Builders of plans, conditions, runs and replies."""
    return SimpleNamespace(
        condition=condition, plan=plan, run=new_run, kept=kept, reserved=reserved, recorded=recorded, now=NOW
    )


@pytest.fixture
def db():
    """The schema in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    _migrate(connection)
    yield connection
    connection.close()


@pytest.fixture
def place(tmp_path):
    return Place.at(tmp_path / "runs.db")


@pytest.fixture
def stored(place):
    """A store with one run in it: (place, run row, cell rows)."""
    with writing(place) as connection:
        run_id = new_run(connection, plan())
        cells = [number for (number,) in connection.execute("SELECT id FROM cells ORDER BY id")]
    return SimpleNamespace(place=place, run_id=run_id, cells=cells)
