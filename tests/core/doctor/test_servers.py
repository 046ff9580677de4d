import pytest

from core.config import config_from_mapping
from core.doctor.finding import Level
from core.doctor.servers import check_servers, clients_of
from core.doctor.spending import _controls, check_by_spending, probes, worst_case
from core.planning import plan_of


def sweep(endpoint="simulator", control="prompt", budgets=(16, 2048), faults=None, model="o1-mini"):
    config = config_from_mapping(
        {
            "run": {"name": "x"},
            "problems": {"source": "builtin:competition", "limit": 2},
            "grading": {"kind": "integer"},
            "endpoints": {"gone": {"base_url": "http://127.0.0.1:9/v1"}},
            "models": [
                {
                    "name": model,
                    "endpoint": endpoint,
                    "token_cap": 32768,
                    "thinking": {"control": control, "budgets": list(budgets)},
                }
            ],
            "simulator": {"speed": 0, "faults": faults or {}},
        }
    )
    return config, plan_of(config)


async def checked(config, plan, *, spend=False):
    async with clients_of(config, plan, {}) as clients:
        found = await check_servers(plan, clients)
        return found + (await check_by_spending(plan, clients) if spend else [])


async def test_a_server_that_answers_and_lists_the_model_is_good():
    found = await checked(*sweep())

    assert [(one.check, one.level) for one in found] == [("endpoint", Level.GOOD), ("model", Level.GOOD)]


async def test_a_server_that_is_not_there_cannot_be_reached():
    (found,) = await checked(*sweep("gone"))

    assert found.level is Level.BAD
    assert "cannot be reached" in found.text


async def test_spending_tells_tokens_dollars_and_whether_cap_and_control_are_obeyed():
    found = {one.check: one for one in await checked(*sweep(), spend=True)}

    assert {one.level for one in found.values()} == {Level.GOOD}
    assert "so the cap is honoured" in found["token cap"].text
    assert "obeyed" in found["control"].text
    assert "SIMULATED" in found["spent"].text


@pytest.mark.parametrize(
    ("few", "many", "level"),
    [(100, 100, Level.NOTE), (100, 119, Level.NOTE), (100, 120, Level.GOOD)],
)
def test_a_control_whose_tokens_do_not_rise_is_perhaps_ignored(few, many, level):
    _, plan = sweep(control="effort", budgets=("low", "high"))
    low, high = (one.condition for one in plan.planned)

    (found,) = _controls({"o1-mini": [(low, few), (high, many)]})

    assert found.level is level
    assert "`reasoning_effort`" in found.text


async def test_a_request_that_fails_is_in_the_way_and_may_have_cost():
    found = await checked(*sweep(faults={"reset": 1.0}), spend=True)

    assert [one.level for one in found if one.check == "request"] == [Level.BAD] * 3
    assert "3 requests may have been billed" in found[-1].text


def test_three_requests_are_sent_per_label_and_their_worst_case_is_known():
    _, plan = sweep(budgets=(64, 2048, 16))

    asked = probes(plan)

    assert [(one.condition.budget, one.small) for one in asked] == [(16, False), (2048, False), (16, True)]
    assert asked[2].body["max_completion_tokens"] == 16
    assert worst_case(plan) > 2 * 32768 * 12 * 10**6


def test_without_a_price_the_worst_case_is_unknown():
    assert worst_case(sweep("gone", model="own")[1]) is None
