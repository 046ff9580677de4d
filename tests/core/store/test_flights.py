import json

from core.store.draws import Reservation, reserve
from core.store.flights import flights, in_doubt
from core.store.notes import set_endpoint
from core.store.opening import reading

LATER = "2026-11-22T10:00:07.000Z"


def out(run, problem, budget, draw, *, purpose="ask", number=1, pico=3_000_000, at=LATER):
    """A request that has not ended; its row."""
    with run.writing() as db:
        cell = run.cells[problem, "m", budget]
        return reserve(db, Reservation(run.id, cell, draw, 0, purpose, number, pico, 1100), at)


def test_requests_that_have_not_ended_come_oldest_first_with_what_each_may_cost(book):
    run, other = book(), book(name="other")
    run.keep("p1", 100, 0)
    run.doubt("p1", 100, 1)
    first, second = out(run, "p2", 400, 0), out(run, "p1", 100, 1, number=2, pico=5)
    out(other, "p1", 100, 0)

    with reading(run.place) as db:
        found = flights(db, run.id)

    assert [(one.id, one.purpose, one.problem, one.label, one.budget, one.draw, one.number) for one in found] == [
        (first, "ask", "p2", "m", 400, 0, 1),
        (second, "ask", "p1", "m", 100, 1, 2),
    ]
    assert [(one.problem_id, one.reserved_at, one.reserved_pico) for one in found] == [
        (2, LATER, 3_000_000),
        (1, LATER, 5),
    ]


def test_no_more_than_asked_for_are_read_and_those_are_the_oldest(book):
    run = book()
    rows = [out(run, "p1", 100, draw) for draw in range(4)]

    with reading(run.place) as db:
        assert [one.id for one in flights(db, run.id, 2)] == rows[:2]


def test_an_unpriced_request_costs_nobody_knows_what_and_a_free_one_nothing(book):
    unpriced, priced = book(price=None), book(name="priced")
    for run in (unpriced, priced):
        out(run, "p1", 100, 0, pico=0)
        run.doubt("p1", 100, 1)

    with reading(unpriced.place) as db:
        assert [one.reserved_pico for one in flights(db, unpriced.id)] == [None]
        assert [one.at_most_pico for one in in_doubt(db, unpriced.id)] == [None]
        assert [one.reserved_pico for one in flights(db, priced.id)] == [0]
        assert [one.at_most_pico for one in in_doubt(db, priced.id)] == [10**12]


def test_the_deadline_is_that_of_the_endpoint_that_was_asked(book):
    run = book()
    with run.writing() as db:
        config = json.loads(run.plan.config) | {"grading": {"judge": {"endpoint": "courthouse"}}}
        db.execute("UPDATE runs SET config = ?", (json.dumps(config),))
        db.execute("INSERT INTO endpoints VALUES (?, 'courthouse', ?)", (run.id, json.dumps({"timeout_s": 30.5})))
        set_endpoint(db, run.id, "simulator", {"timeout_s": 77.0})
    out(run, "p1", 100, 0)
    out(run, "p1", 100, 0, purpose="judge", pico=0)

    with reading(run.place) as db:
        found = flights(db, run.id)

    assert [(one.purpose, one.timeout_s, one.reserved_pico) for one in found] == [
        ("ask", 77.0, 3_000_000),
        ("judge", 30.5, None),
    ]


def test_a_judge_whose_endpoint_is_not_known_has_no_deadline(book):
    run = book()
    out(run, "p1", 100, 0, purpose="judge")

    with reading(run.place) as db:
        assert [one.timeout_s for one in flights(db, run.id)] == [None]


def test_doubts_tell_where_when_and_what_happened_until_they_are_settled(book):
    run = book()
    row = run.doubt("p2", 400, 3, "no whole reply within 60 s")
    settled = run.doubt("p1", 100, 0)
    out(run, "p1", 100, 1)
    with run.writing() as db:
        db.execute("UPDATE attempts SET outcome = 'settled' WHERE id = ?", (settled,))

    with reading(run.place) as db:
        (one,) = in_doubt(db, run.id)

    assert (one.id, one.problem_id, one.problem, one.label, one.budget, one.draw) == (row, 2, "p2", "m", 400, 3)
    assert (one.lost_at, one.message) == ("2026-11-22T10:00:00.000Z", "no whole reply within 60 s")
    assert one.at_most_pico == 10**12
