"""What makes two plans the same run, and what is owed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.plan import Held, Live, Plan, Planned, differences, live_changes, owed
from core.vocabulary import Cell, Condition, Control, Endpoint, Price, Problem

CONDITION = Condition("m", "m", "here", Control.PROMPT, 64, 1000, "{problem}", None, "{}", Price("3", "12"))
PROBLEMS = (Problem("a", "1 + 1?", "2"), Problem("b", "2 + 2?", "4"))
PLAN = Plan("r", 0, PROBLEMS, (Planned(CONDITION, 2),), (Endpoint("here", "http://a/v1"),), Live(8), "{}")


def with_condition(**changes):
    return replace(PLAN, planned=(Planned(replace(CONDITION, **changes), 2),))


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (replace(PLAN, problems=(replace(PROBLEMS[0], question="1 + 2?"),)), "question"),
        (replace(PLAN, problems=(replace(PROBLEMS[0], answer="3"),)), "answer"),
        (with_condition(model="n"), "model"),
        (with_condition(control=Control.NONE), "control"),
        (with_condition(token_cap=2), "token_cap"),
        (with_condition(prompt="Think! {problem}"), "prompt"),
        (with_condition(system="You think."), "system"),
        (with_condition(body='{"temperature":1}'), "body"),
        (replace(PLAN, endpoints=(Endpoint("here", "http://b/v1"),)), "endpoint address"),
    ],
)
def test_what_is_identity_makes_a_difference_that_is_named(wanted, word):
    (line,) = differences(PLAN, wanted)
    assert word in line


@pytest.mark.parametrize(
    "wanted",
    [
        PLAN,
        replace(PLAN, live=Live(1, cap_pico=5), seed=1, config='{"x":1}'),
        replace(PLAN, problems=(*PROBLEMS, Problem("c", "?", "1"))),
        replace(PLAN, problems=PROBLEMS[:1]),
        replace(PLAN, planned=(*PLAN.planned, Planned(replace(CONDITION, budget=128), 2))),
        replace(PLAN, planned=(Planned(CONDITION, 200),)),
        replace(PLAN, endpoints=(Endpoint("here", "http://a/v1/", timeout_s=5, requests_per_minute=1),)),
        with_condition(label="other", model="n"),
        with_condition(price=None),
    ],
)
def test_what_only_adds_or_is_live_makes_none(wanted):
    assert differences(PLAN, wanted) == []


def test_live_changes_are_those_that_changed():
    assert live_changes(Live(8, cap_pico=5), Live(8, cap_pico=None, on_unknown="skip")) == {
        "cap_pico": None,
        "on_unknown": "skip",
    }


def test_a_run_is_simulated_where_any_answer_or_judgement_is():
    assert not PLAN.simulated
    assert replace(PLAN, endpoints=(*PLAN.endpoints, Endpoint("simulator", None))).simulated


def test_what_is_owed_comes_breadth_first_without_what_is_held():
    cells = [Cell(1, PROBLEMS[0], CONDITION, 3), Cell(2, PROBLEMS[1], CONDITION, 1), Cell(3, PROBLEMS[1], CONDITION, 3)]
    held = {1: Held(1), 3: Held(0, frozenset({1}))}
    assert [(draw.cell.id, draw.number) for draw in owed(cells, held)] == [(2, 0), (3, 0), (1, 1), (1, 2), (3, 2)]
