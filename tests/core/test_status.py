"""A run's status, from its sums."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core.status import overrun_of, seconds_left, status_of
from core.store.progress import ConditionRow, Progress, RunRow, Sums
from core.vocabulary import State

EMPTY = Sums(**dict.fromkeys(Sums.__slots__, 0))
RUN = RunRow(
    **dict.fromkeys(RunRow.__slots__, 0)
    | {"name": "r", "state": "running", "reason": "", "simulated": False, "paused": False, "cap_pico": None}
    | {"cap_tokens": None, "started_at": None, "ended_at": None, "worked_s": 10.0, "in_flight": 4, "open_attempts": 6}
)


def row(budget=64, priced=True, **sums):
    return ConditionRow(1, "m", "m", "here", "prompt", budget, 1000, priced, replace(EMPTY, **sums), ())


def progress(*rows, **run):
    return Progress(replace(RUN, **run), rows)


@pytest.mark.parametrize(
    ("stored", "paused", "alive", "shown"),
    [
        ("running", False, True, State.RUNNING),
        ("running", False, False, State.INTERRUPTED),
        ("running", True, False, State.PAUSED),
        ("outage", False, False, State.INTERRUPTED),
        ("pausing", True, False, State.PAUSED),
        ("paused", True, True, State.PAUSED),
        ("paused", True, False, State.PAUSED),
        ("stopping", False, False, State.INTERRUPTED),
        ("planned", False, False, State.PLANNED),
        ("finished", False, False, State.FINISHED),
        ("capped", False, False, State.CAPPED),
        ("stopped", False, False, State.STOPPED),
    ],
)
def test_a_working_state_without_a_sampler_was_interrupted(stored, paused, alive, shown):
    assert status_of(progress(row(), state=stored, paused=paused), sampler_alive=alive).state is shown


def test_money_is_exact_and_in_dollars():
    run = progress(row(), spent_pico=9_170_502_000_000, unknown_pico=1, cap_pico=60 * 10**12)
    plain = status_of(run, sampler_alive=True).to_json()
    assert plain["spent_usd"] == "9.170502000000"
    assert plain["unknown_usd"] == "0.000000000001"
    assert plain["cap_usd"] == "60.000000000000"


def test_what_is_owed_is_what_is_neither_done_nor_failed():
    plain = status_of(progress(row(planned=10, kept=3, failed=2), row(planned=5)), sampler_alive=True).to_json()
    assert (plain["planned"], plain["done"], plain["failed"], plain["owed"]) == (15, 3, 2, 10)


@pytest.mark.parametrize(("alive", "in_flight"), [(True, 4), (False, 6)])
def test_in_flight_is_what_the_sampler_says_or_what_a_dead_one_left_behind(alive, in_flight):
    assert status_of(progress(row()), sampler_alive=alive).in_flight == in_flight


def test_the_time_left_is_that_of_the_draws_left_at_the_concurrency_so_far():
    # 20 s of requests in 10 s of work is two at once; 10 draws of 4 s and 5 of the same mean are left.
    assert seconds_left(progress(row(planned=15, kept=5, seconds=20.0), row(planned=5))) == pytest.approx(30.0)


@pytest.mark.parametrize(
    "rows", [[], [row(planned=5)], [row(planned=5, kept=5, seconds=3.0)], [row(planned=5, kept=2, seconds=0.0)]]
)
def test_a_time_left_that_cannot_be_told_is_none(rows):
    assert seconds_left(progress(*rows)) is None


def test_the_overrun_is_the_geometric_mean_over_budgets_in_tokens():
    rows = [
        row(budget=100, kept=2, log2_tokens=math.log2(200) + math.log2(800)),
        row(budget="high", kept=9, log2_tokens=90.0),
        row(budget=None, kept=9, log2_tokens=90.0),
    ]
    assert overrun_of(progress(*rows)) == pytest.approx(4.0)
    assert overrun_of(progress(rows[1])) is None


def test_an_unpriced_model_is_said():
    assert status_of(progress(row(), row(priced=False)), sampler_alive=True).to_json()["unpriced"] is True
