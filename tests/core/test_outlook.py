from __future__ import annotations

from typing import TYPE_CHECKING

from core.config import config_from_mapping
from core.outlook import owed_cells
from core.planning import plan_of

if TYPE_CHECKING:
    from core.plan import Plan


def plan() -> Plan:
    return plan_of(
        config_from_mapping(
            {
                "run": {"name": "r", "draws": 4},
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
    )


def test_a_plan_that_is_not_begun_owes_everything_problem_by_problem():
    owed = owed_cells(plan(), {})

    assert [(cell.condition.budget, cell.first, cell.stop) for cell in owed] == [(16, 0, 4), (32, 0, 4)] * 2


def test_what_is_held_is_not_owed_and_a_full_cell_is_left_out():
    first = plan().problems[0].id

    owed = owed_cells(plan(), {(first, "m", 16): 4, (first, "m", 32): 1})

    assert [(cell.condition.budget, cell.first) for cell in owed] == [(32, 1), (16, 0), (32, 0)]


def test_the_bytes_are_those_of_the_whole_message():
    (cell, *_) = owed_cells(plan(), {})

    assert cell.prompt_bytes > len(plan().problems[0].question.encode())
    assert cell.messages == 1
