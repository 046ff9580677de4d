import pytest

from core.reading import read_conditions, read_run
from core.store.opening import reading


def read(book):
    with reading(book.place) as db:
        return read_run(db, book.id)


def test_accuracy_is_the_mean_over_problems_of_the_mean_over_their_samples(book):
    run = book()
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, right=True)
    run.keep("p1", 100, 2, "7")
    run.keep("p1", 100, 3, "7")
    run.keep("p2", 100, 0, "2", right=True)

    first, second = read(run).conditions

    assert first.curve.accuracy == pytest.approx((2 / 4 + 1 / 1) / 2)
    assert (first.curve.problems, first.curve.draws, first.curve.samples) == (2, 8, 5)
    assert second.curve.accuracy is None


def test_a_truncated_answer_is_wrong_and_an_unreadable_one_too(book):
    run = book()
    run.keep("p1", 100, 0, right=True, finish="length")
    run.keep("p1", 100, 1, None)

    one = read(run).conditions[0].curve

    assert (one.accuracy, one.answered, one.truncated, one.samples) == (0.0, 0, 1, 2)


def test_a_sample_that_is_not_graded_yet_is_left_out_and_counted(book):
    run = book()
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, graded=False)

    one = read(run).conditions[0]

    assert (one.curve.accuracy, one.curve.samples, one.ungraded) == (1.0, 1, 1)


def test_added_draws_vote_but_do_not_change_headline_accuracy(book):
    run = book(draws_planned=2)
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, "7")
    run.extend(4)
    run.keep("p1", 100, 2, right=True)
    run.keep("p1", 100, 3, right=True)

    one, other = read(run).conditions

    assert one.extended
    assert (one.curve.accuracy, one.headline_draws) == (0.5, 2)
    assert one.curve.pass_at[0].value == 0.75
    assert [at.k for at in one.curve.maj_at] == [1, 2, 4]
    assert one.to_json()["extended"] is True
    assert other.to_json()["headline_draws"] == 0


def test_a_failed_draw_that_was_added_later_does_not_widen_the_bounds_of_the_first_plan(book):
    run = book(draws_planned=2)
    run.keep("p1", 100, 0, right=True)
    run.fail("p1", 100, 1)
    run.extend(4)
    run.fail("p1", 100, 2)

    one = read(run).conditions[0]

    assert one.curve.missing == 2
    assert one.curve.bounds == (0.5, 1.0)


def test_samples_stay_with_their_own_cell_where_cells_between_are_empty(book):
    run = book(labels=("a", "b"), budgets=(100, "low", None))
    run.keep("p2", 100, 3, "2", right=True, label="b")
    run.keep("p1", "low", 0, "9", label="b")
    run.keep("p2", None, 1, "2", right=True, label="b")

    with reading(run.place) as db:
        held = {
            (one.samples.label, one.samples.budget, cell.problem_id): cell.answers
            for one in read_conditions(db, run.id)
            for cell in one.samples.cells
            if cell.samples
        }

    assert held == {("b", 100, "p2"): ("2",), ("b", "low", "p1"): ("9",), ("b", None, "p2"): ("2",)}


def test_an_unpriced_sample_leaves_the_mean_cost_unknown(book):
    run = book(price=None)
    run.keep("p1", 100, 0, right=True, pico=None)

    assert read(run).conditions[0].curve.mean_cost_usd is None
