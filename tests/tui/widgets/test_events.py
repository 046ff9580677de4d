"""Events on one line and as rows, in this machine's own time."""

from __future__ import annotations

import time

import pytest

from core.store.events import Event
from tui.widgets.events import Ticker, event_columns


@pytest.fixture(autouse=True)
def two_hours_east(monkeypatch):
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def event(number, kind="retry", text="429 from openai, waiting 2 s"):
    return Event(number, f"2026-11-22T10:02:{number:02d}.000Z", kind, text)


def ticked(*events, width=118):
    ticker = Ticker()
    ticker._events = events
    (line,) = ticker.lines(width, 1)
    return line


def test_times_are_those_of_this_machine():
    assert ticked(event(14)).plain.startswith("12:02:14 429 from openai")


def test_as_many_events_as_there_is_room_for_the_newest_first():
    events = [event(number) for number in (9, 8, 7, 6)]

    assert ticked(*events).plain.count("waiting") == 3
    assert ticked(*events, width=78).plain.count("waiting") == 2
    assert ticked(*events).plain.startswith("12:02:09")


def test_an_event_that_is_too_long_is_cut_and_stands_alone():
    line = ticked(event(9, text="w" * 300), event(8))

    assert line.cell_len == 118
    assert line.plain.endswith("…")


def test_without_events_the_line_is_empty():
    assert ticked().plain == ""


@pytest.mark.parametrize(
    ("kind", "ink"), [("outage", "bad"), ("retry", "warn"), ("end", "good"), ("wish", "asked"), ("no such", "plain")]
)
def test_a_kind_has_its_ink(kind, ink):
    assert ink in {str(span.style) for span in ticked(event(1, kind)).spans}
    assert str(event_columns()[1].cell(event(1, kind)).style) == ink


def test_hostile_texts_are_made_visible():
    hostile = "\x1b[2J\u202e[/x]\n"

    assert ticked(event(1, hostile, hostile)).plain == "12:02:01 ␛[2J<U+202E>[/x]⏎"
    assert [column.cell(event(1, hostile, hostile)).plain for column in event_columns()[1:]] == [
        "␛[2J<U+202E>[/x]⏎"
    ] * 2
