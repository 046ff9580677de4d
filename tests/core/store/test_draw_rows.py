import pytest

from core.store.draw_rows import PAGE, PAGE_OF_A_FATE, draw_rows
from core.store.draws import Ended, Reservation, end, reserve
from core.store.opening import reading
from core.store.samples import sample
from core.vocabulary import Fate, Outcome

AT = "2026-11-22T10:00:00.000Z"


@pytest.fixture
def run(book):
    """Draws of each fate of a problem under two budgets, the larger first in the plan; and another problem's."""
    made = book(budgets=(400, 100))
    made.keep("p1", 100, 3, graded=False)
    made.keep("p1", 100, 0, right=True)
    made.fail("p1", 100, 1, "400: refused")
    made.keep("p1", 100, 2, None, note="no number in it")
    made.keep("p1", 400, 1, "7", finish="length")
    made.keep("p1", 400, 0, "7", tokens=800)
    made.keep("p1", 400, 2, right=True, finish="length")
    made.keep("p2", 400, 0, "2", right=True)
    return made


def found(run, **which):
    with reading(run.place) as db:
        return draw_rows(db, run.id, 1, **({"limit": 99} | which))


def places(rows):
    return [(one.budget, one.draw) for one in rows]


def test_samples_and_failures_come_in_one_order_each_with_its_fate(run):
    assert [(one.budget, one.draw, one.fate) for one in found(run)] == [
        (400, 0, Fate.WRONG),
        (400, 1, Fate.CUT),
        (400, 2, Fate.CUT),
        (100, 0, Fate.RIGHT),
        (100, 1, Fate.FAILED),
        (100, 2, Fate.NO_ANSWER),
        (100, 3, Fate.UNGRADED),
    ]


@pytest.mark.parametrize("fate", [None, *Fate])
@pytest.mark.parametrize("condition_id", [None, 1, 2])
def test_a_filter_finds_what_the_whole_list_has_of_it_on_pages_of_any_size(run, fate, condition_id):
    expected = [one for one in found(run) if fate in (None, one.fate) and condition_id in (None, one.condition_id)]

    assert found(run, fate=fate, condition_id=condition_id) == expected
    pages = [found(run, fate=fate, condition_id=condition_id, limit=2, offset=at) for at in range(0, 8, 2)]
    assert [one for page in pages for one in page] == expected


def test_a_sample_shows_what_it_took_and_a_failure_why(run):
    wrong, *_, failed, silent, _ = found(run)

    assert (wrong.condition_id, wrong.label, wrong.answer, wrong.note) == (1, "m", "7", "")
    assert (wrong.completion_tokens, wrong.estimated, wrong.seconds, wrong.billed_pico) == (800, False, 2.0, 5_000_000)
    assert (wrong.finish_reason, wrong.at, wrong.attempts) == ("stop", AT, 1)
    assert (failed.sample_id, failed.answer, failed.note) == (None, None, "400: refused")
    assert (failed.completion_tokens, failed.estimated, failed.finish_reason, failed.at) == (None, None, None, AT)
    assert (failed.attempts, failed.condition_id) == (1, 2)
    assert silent.note == "no number in it"


def test_requests_that_were_sent_are_counted_and_those_of_a_judge_are_not(run):
    cell = run.cells["p2", "m", 100]
    for draw in (0, 1):
        run.doubt("p2", 100, draw)
    with run.writing() as db:
        for outcome in (Outcome.WITHDRAWN, Outcome.BUSY):
            end(db, reserve(db, Reservation(run.id, cell, 1, 0, "ask", 2, 0, 9), AT), Ended(outcome), AT)
        reserve(db, Reservation(run.id, cell, 1, 0, "judge", 1, 0, 9), AT)
    for draw in (0, 1):
        run.keep("p2", 100, draw, "2")

    with reading(run.place) as db:
        rows = draw_rows(db, run.id, 2, limit=9, condition_id=2)

    assert [(one.draw, one.attempts) for one in rows] == [(0, 2), (1, 3)]


def test_a_problem_of_another_run_has_no_draws_here(run, book):
    other = book(name="other")

    with reading(run.place) as db:
        assert draw_rows(db, other.id, 1, limit=9) == []


def test_a_draw_of_the_table_leads_to_its_sample(run):
    with reading(run.place) as db:
        row = draw_rows(db, run.id, 1, limit=1)[0]
        one = sample(db, row.sample_id)

    assert (one.problem, one.budget, one.draw, one.answer, one.completion_tokens) == ("p1", 400, 0, "7", 800)


@pytest.mark.parametrize("query", [PAGE, PAGE_OF_A_FATE])
def test_a_page_is_found_without_sorting_all_draws(db, query):
    key = {"run_id": 1, "problem_id": 1, "condition_id": None, "limit": 9, "offset": 0, "fate": "wrong"}
    steps = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {query}", key)]

    assert [step for step in steps if "ORDER BY" in step] == ["USE TEMP B-TREE FOR ORDER BY"]
    assert steps[-1] == "USE TEMP B-TREE FOR ORDER BY", "of the page alone"
    assert not [step for step in steps if step.startswith("SCAN") and step != "SCAN page"]
