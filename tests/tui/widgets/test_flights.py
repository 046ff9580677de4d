"""What is out and what is in doubt: how long, how long still, and what it may cost."""

from __future__ import annotations

import pytest

from core.store.flights import Doubt, Flight
from core.vocabulary import PICO
from tui.pages.amounts import DASH
from tui.widgets import flights
from tui.widgets.flights import doubt_columns, flight_columns

FLIGHT = Flight(
    id=7, purpose="ask", problem_id=1, problem="2024-I-1", label="o1-mini", budget=2048, draw=3, number=1,
    reserved_at="2026-11-22T10:00:00.000Z", reserved_pico=39 * PICO // 100, timeout_s=100.0,
)  # fmt: skip
DOUBT = Doubt(
    id=7, purpose="ask", problem_id=1, problem="2024-I-1", label="o1-mini", budget=2048, draw=3, number=1,
    reserved_at="2026-11-22T10:00:00.000Z", at_most_pico=39 * PICO // 100, lost_at="2026-11-22T10:02:09.000Z",
    message="reset",
)  # fmt: skip


@pytest.fixture
def age(monkeypatch):
    """A setter of how long ago everything was."""
    return lambda seconds: monkeypatch.setattr(flights, "seconds_since", lambda _: seconds)


def shown(one, columns):
    return {column.title: column.cell(one).plain for column in columns}


def test_a_request_says_since_when_it_is_out_and_when_it_is_given_up(age):
    age(61)

    assert shown(FLIGHT, flight_columns(labels=True)) == {
        "model": "o1-mini", "problem": "2024-I-1", "budget": "2¹¹", "draw": "3", "for": "ask", "age": "1m01s",
        "given up in": "39s", "attempt": "1", "at most $": "0.39",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "left", "ink"), [(0, "1m40s", "label"), (81, "19s", "warn"), (500, "0.0s", "warn")]
)
def test_time_that_runs_out_is_marked_and_never_below_nothing(age, seconds, left, ink):
    age(seconds)
    (column,) = (one for one in flight_columns(labels=False) if one.title == "given up in")

    assert (column.cell(FLIGHT).plain, str(column.cell(FLIGHT).style)) == (left, ink)


def test_what_is_not_known_is_not_claimed(age):
    age(1)
    one = shown(FLIGHT._replace(timeout_s=None, reserved_pico=None), flight_columns(labels=False))

    assert (one["given up in"], one["at most $"]) == (DASH, "unpriced")


def test_a_second_attempt_is_marked():
    (column,) = (one for one in flight_columns(labels=False) if one.title == "attempt")

    assert [str(column.cell(FLIGHT._replace(number=number)).style) for number in (1, 2)] == ["plain", "warn"]


def test_a_doubt_says_what_happened_and_what_it_may_cost(monkeypatch):
    monkeypatch.setattr(flights, "clock", lambda stamped: stamped[11:19])

    assert shown(DOUBT._replace(message="cut \x1b[2J\n"), doubt_columns(labels=False)) == {
        "attempt": "7", "problem": "2024-I-1", "budget": "2¹¹", "draw": "3", "lost": "10:02:09", "at most $": "0.39",
        "what happened": "cut ␛[2J⏎",
    }  # fmt: skip
    assert shown(DOUBT._replace(at_most_pico=None), doubt_columns(labels=True))["at most $"] == "unpriced"
