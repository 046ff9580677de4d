"""One draw by its keys, whatever became of it."""

from __future__ import annotations

import pytest

from core.errors import ThinktopError
from core.store.one_draw import one_draw
from core.store.opening import reading


def drawn(book, draw, *, problem="p1", budget=100):
    (problem_id, condition_id) = book.read(
        "SELECT problem_id, condition_id FROM cells WHERE id = ?", book.cells[problem, "m", budget]
    )[0]
    with reading(book.place) as db:
        return one_draw(db, book.id, problem_id, condition_id, draw)


def test_a_kept_draw_has_its_sample_its_prompt_and_its_requests(book):
    made = book(budgets=(100, 400))
    made.doubt("p1", 400, 2)
    made.keep("p1", 400, 2, "17")
    found = drawn(made, 2, budget=400)
    assert found.sample is not None
    assert (found.sample.answer, found.sample.verdict, found.failure) == ("17", "wrong", None)
    assert (found.problem.id, found.condition.budget, found.planned) == ("p1", 400, 4)
    assert [one.outcome for one in found.attempts] == ["unknown", "kept"]


def test_a_failed_draw_says_why_and_an_owed_one_has_nothing(book):
    made = book()
    made.fail("p1", 100, 0, "400: refused")
    assert (drawn(made, 0).sample, drawn(made, 0).failure) == (None, "400: refused")
    assert (drawn(made, 1).sample, drawn(made, 1).failure, drawn(made, 1).attempts) == (None, None, ())


def test_a_draw_of_a_deleted_run_is_an_error_for_people(book):
    made = book()
    with reading(made.place) as db, pytest.raises(ThinktopError, match="no longer in the store"):
        one_draw(db, made.id + 1, 1, 1, 0)
