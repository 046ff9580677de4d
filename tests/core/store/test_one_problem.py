import pytest

from core.errors import ThinktopError
from core.store.one_problem import one_problem
from core.store.opening import reading


def test_a_problem_has_its_question_and_its_cells_in_the_order_of_the_plan(book):
    run = book(budgets=(400, 100))
    run.keep("p1", 100, 0, right=True, tokens=100)
    run.keep("p1", 100, 1, "7", tokens=400)
    run.keep("p1", 100, 2, None, tokens=200)
    run.keep("p2", 400, 0, "2", right=True)
    run.fail("p1", 400, 0)

    with reading(run.place) as db:
        found = one_problem(db, run.id, 1)

    assert (found.position, found.key, found.question, found.truth) == (0, "p1", "What is 6 x 7?", "42")
    larger, smaller = found.cells
    assert (larger.condition_id, larger.label, larger.budget, larger.priced) == (1, "m", 400, True)
    assert (larger.sums.planned, larger.sums.failed, larger.sums.owed) == (4, 1, 3)
    assert (larger.share, larger.mean_tokens, larger.overrun, larger.answers) == (None, None, None, ())
    assert [(one.answer, one.votes, one.right) for one in smaller.answers] == [("42", 1, True), ("7", 1, False)]
    assert (smaller.share, smaller.unanswered) == (pytest.approx(1 / 3), 1)
    assert smaller.mean_tokens == pytest.approx(700 / 3)
    assert smaller.overrun == pytest.approx(2)  # (1 x 4 x 2) ** (1/3)
    assert smaller.sums.billed_pico == 15_000_000


@pytest.mark.parametrize("budget", ["low", None])
def test_without_a_budget_in_tokens_there_is_no_overrun(book, budget):
    run = book(budgets=(budget,))
    run.keep("p1", budget, 0)

    with reading(run.place) as db:
        (cell,) = one_problem(db, run.id, 1).cells

    assert (cell.budget, cell.overrun, cell.mean_tokens) == (budget, None, 100)


def test_a_cut_answer_is_among_the_unanswered(book):
    run = book(budgets=(100,))
    run.keep("p1", 100, 0, right=True, finish="length")
    run.keep("p1", 100, 1, graded=False)

    with reading(run.place) as db:
        (cell,) = one_problem(db, run.id, 1).cells

    assert (cell.unanswered, cell.share, cell.answers) == (1, 0.0, ())


def test_a_problem_of_another_run_is_not_taken_for_one_of_this(book):
    run, other = book(), book(name="other")

    with reading(run.place) as db:
        assert one_problem(db, other.id, 3).key == "p1"
        with pytest.raises(ThinktopError, match="no longer in the store"):
            one_problem(db, run.id, 3)
