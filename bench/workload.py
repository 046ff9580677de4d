"""The run that is measured: 30 built-in problems, eight budgets, a price and a cap, against a local server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.clock import utc_now
from core.config import config_from_mapping
from core.planning import grading_of, plan_of
from core.store.opening import writing
from core.store.place import Place
from core.store.runs import create_run

if TYPE_CHECKING:
    from pathlib import Path

BUDGETS = [16, 32, 64, 128, 256, 512, 1024, 2048]
PROBLEMS = 30
CELLS = PROBLEMS * len(BUDGETS)


def planned(folder: Path, base_url: str, *, draws: int, at_once: int = 64) -> tuple[Place, int]:
    """A fresh store in a folder with one planned run of 240 x `draws` draws."""
    config = config_from_mapping(
        {
            "run": {"name": "bench", "draws": draws, "max_concurrency": at_once, "cap_usd": 1_000_000},
            "problems": {"source": "builtin:competition", "limit": PROBLEMS},
            "grading": {"kind": "integer", "range": [0, 999]},
            "endpoints": {"local": {"base_url": base_url}},
            "models": [
                {
                    "name": "bench-model",
                    "endpoint": "local",
                    "token_cap": 32768,
                    "price": {"input": 3.0, "output": 12.0},
                    "thinking": {"control": "prompt", "budgets": BUDGETS},
                }
            ],
        }
    )
    place = Place.at(folder / "runs.db")
    with writing(place) as connection:
        plan = plan_of(config)
        assert len(plan.problems) == PROBLEMS
        run_id = create_run(connection, plan, grader=grading_of(config).identity, versions="{}", now=utc_now())
    return place, run_id
