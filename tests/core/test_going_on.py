from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.config import Config, config_from_mapping
from core.going_on import going_on, grows
from core.planning import plan_of

if TYPE_CHECKING:
    from core.plan import Plan


def config(*, timeout_s: float = 60, kind: str = "integer", budgets: tuple[int, ...] = (16,), **run: Any) -> Config:
    return config_from_mapping(
        {
            "run": {"name": "r", "cap_usd": 60, **run},
            "problems": {"source": "builtin:competition", "limit": 2},
            "grading": {"kind": kind},
            "endpoints": {"own": {"base_url": "http://h/v1", "timeout_s": timeout_s}},
            "models": [
                {
                    "name": "m",
                    "endpoint": "own",
                    "token_cap": 100,
                    "price": {"input": 1, "output": 2},
                    "thinking": {"control": "prompt", "budgets": list(budgets)},
                }
            ],
        }
    )


def wished(plan: Plan, **live: Any) -> Plan:
    return replace(plan, live=replace(plan.live, **live))


def test_the_same_config_again_changes_nothing_and_says_nothing():
    held = plan_of(config())

    found = going_on(held, config(), config(), plan_of(config()))

    assert (found.changes, found.notes) == ({}, ())


def test_a_wish_beats_an_unchanged_line():
    held = wished(plan_of(config()), cap_pico=20 * 10**12)

    found = going_on(held, config(), config(), plan_of(config()))

    assert found.changes == {}
    assert found.notes == ("cap_usd is $20.00 by a wish (the config says $60.00)",)


def test_a_changed_line_beats_a_wish():
    held = wished(plan_of(config()), cap_pico=20 * 10**12)
    now = config(cap_usd=80)

    found = going_on(held, config(), now, plan_of(now))

    assert found.changes == {"cap_pico": 80 * 10**12}
    assert found.notes == ("cap_usd is now $80.00, as the config says (was $20.00)",)


def test_a_line_that_was_changed_to_what_a_wish_says_already_is_not_worth_a_word():
    held = wished(plan_of(config()), max_concurrency=16)
    now = config(max_concurrency=16)

    found = going_on(held, config(), now, plan_of(now))

    assert (found.changes, found.notes) == ({}, ())


def test_a_wish_for_an_endpoint_is_carried_over_to_the_plan_that_is_added():
    held = plan_of(config())
    held = replace(held, endpoints=(replace(held.endpoints[0], timeout_s=7.0),))

    found = going_on(held, config(), config(), plan_of(config()))

    assert found.plan.endpoints[0].timeout_s == 7
    assert found.notes == ("own.timeout_s is 7 s by a wish (the config says 60 s)",)


def test_an_endpoints_changed_line_holds():
    now = config(timeout_s=90)

    found = going_on(plan_of(config()), config(), now, plan_of(now))

    assert found.plan.endpoints[0].timeout_s == 90
    assert found.changes == {"own.timeout_s": 90.0}


def test_another_grading_is_left_to_regrade_and_the_stored_config_keeps_its_own():
    now = config(kind="exact")

    found = going_on(plan_of(config()), config(), now, plan_of(now))

    assert found.config.grading.kind == "integer"
    assert "thinktop regrade r" in found.notes[0]


def test_the_config_that_is_kept_is_what_the_next_one_is_compared_with():
    now = config(cap_usd=80)

    found = going_on(plan_of(config()), config(), now, plan_of(now))

    assert found.config.cap_pico == 80 * 10**12


def test_fewer_draws_in_the_config_are_said_to_have_no_effect():
    held = plan_of(config(draws=4))

    found = going_on(held, config(draws=4), config(draws=2), plan_of(config(draws=2)))

    assert found.notes == ("m 16: 4 draws stay planned (the config says 2)",)


def test_what_a_plan_has_more_is_counted():
    held = plan_of(config())

    assert grows(held, held) == ""
    assert grows(held, plan_of(config(draws=3))) == "1 condition with more draws"
    assert grows(held, plan_of(config(budgets=(16, 32, 64)))) == "2 conditions"
    assert grows(replace(held, problems=held.problems[:1]), held) == "1 problem"


def test_the_margin_stays_what_it_was_before_any_result_was_seen():
    before, held = config(), plan_of(config())
    after = before.model_copy(update={"analysis": before.analysis.model_copy(update={"margin": 0.2})})

    found = going_on(held, before, after, plan_of(after))

    assert found.config.analysis.margin == 0.02
    assert "analysis.margin stays 0.02" in found.notes[0]
