import pytest

from core.store.events import events_since, latest_events
from core.store.notes import add_event


@pytest.fixture
def run(db, make):
    """The row of a run with events from 1 to 6, another run's among them."""
    first, second = make.run(db, make.plan()), make.run(db, make.plan(name="sweep-2"))
    for run_id, kind, text in (
        (first, "start", "started"),
        (first, "wait", "waiting 12 s: 429"),
        (second, "wait", "waiting 99 s: 429"),
        (first, "warning", "50% of the draws were cut"),
        (first, "wait", "waiting for a_slot"),
        (first, "end", r"C:\runs is full"),
    ):
        add_event(db, run_id, kind, text, make.now)
    return first


def ids(events):
    return [one.id for one in events]


def test_the_latest_come_newest_first_and_no_more_than_asked_for(db, run, make):
    found = latest_events(db, run, 2)

    assert ids(found) == [6, 5]
    assert (found[1].at, found[1].kind, found[1].text) == (make.now, "wait", "waiting for a_slot")


def test_the_next_page_is_what_came_before(db, run):
    assert ids(latest_events(db, run, 2, before=5)) == [4, 2]
    assert latest_events(db, run, 2, before=1) == []


def test_what_came_since_comes_oldest_first(db, run):
    assert ids(events_since(db, run, 2)) == [4, 5, 6]
    assert ids(events_since(db, run, 0, limit=2)) == [1, 2]
    assert events_since(db, run, 6) == []


def test_events_of_one_kind_are_found_alone(db, run):
    assert ids(latest_events(db, run, 9, kind="wait")) == [5, 2]
    assert ids(events_since(db, run, 2, kind="wait")) == [5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WAITING", [5, 2]),
        ("50%", [4]),
        ("%", [4]),
        ("a_s", [5]),
        ("_", [5]),
        ("\\", [6]),
        ("", [6, 5, 4, 2, 1]),
        ("'", []),
    ],
)
def test_a_text_is_looked_for_as_it_stands(db, run, text, found):
    assert ids(latest_events(db, run, 9, containing=text)) == found
    assert ids(events_since(db, run, 0, containing=text)) == found[::-1]


def test_kind_and_text_narrow_together(db, run):
    assert ids(latest_events(db, run, 9, kind="wait", containing="slot")) == [5]
