from __future__ import annotations

import pytest

from core.clock import utc_now
from core.config import config_from_mapping
from core.planning import plan_of
from core.store import runs
from core.store.observations import observations
from core.store.opening import writing
from core.store.place import Place
from core.vocabulary import Control


@pytest.fixture
def db(tmp_path):
    with writing(Place.at(tmp_path / "runs.db")) as connection:
        for name in ("one", "two"):
            config = config_from_mapping(
                {
                    "run": {"name": name, "draws": 2},
                    "problems": {"source": "builtin:competition", "limit": 2},
                    "grading": {"kind": "integer"},
                    "models": [
                        {
                            "name": "m",
                            "endpoint": "simulator",
                            "token_cap": 100,
                            "thinking": {"control": "prompt", "budgets": [16, 32]},
                        }
                    ],
                }
            )
            runs.create_run(connection, plan_of(config), grader="integer-1", versions="{}", now=utc_now())
        yield connection


def test_runs_of_the_same_model_control_and_budget_are_taken_together(db):
    db.execute(
        "UPDATE cells SET kept = 2, completion_tokens = 600, seconds = 3.0"
        " WHERE condition_id IN (SELECT id FROM conditions WHERE budget = 16)"
    )

    found = observations(db, simulated=True)

    (key,) = found
    assert key == ("m", Control.PROMPT, 16)
    assert (found[key].draws, found[key].completion_tokens, found[key].seconds) == (8, 300.0, 1.5)


def test_simulated_draws_are_no_guide_for_real_ones(db):
    db.execute("UPDATE cells SET kept = 1, completion_tokens = 5, seconds = 1.0")

    assert observations(db, simulated=False) == {}


def test_imported_runs_are_no_guide(db):
    db.execute("UPDATE cells SET kept = 2, completion_tokens = 600, seconds = 3.0")
    db.execute("UPDATE runs SET imported = '{}'")
    assert observations(db, simulated=True) == {}
