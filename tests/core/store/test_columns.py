from __future__ import annotations

from dataclasses import replace

from core.store.columns import cell_rows, columns, condition_rows, contents, failed_draws, grades
from core.store.opening import reading
from core.store.withheld import content_hash


def read(book, condition=0):
    with reading(book.place) as db:
        row = condition_rows(db, book.id)[condition]
        return cell_rows(db, row.id), columns(db, row.id, grades(db, book.id))


def test_each_cell_has_its_samples_in_the_order_of_their_draws(book):
    run = book()
    run.keep("p2", 100, 0, "7")
    run.keep("p1", 100, 1, "9")
    run.keep("p1", 100, 0, right=True)

    cells, held = read(run)

    first, second = (held[cell.id] for cell in cells)
    assert (first.right, second.right) == ((True, False), (False,))
    assert second.answer == ("7",)


def test_a_sample_without_a_grade_is_neither_right_nor_wrong(book):
    run = book()
    run.keep("p1", 100, 0, graded=False)
    run.keep("p1", 100, 1, right=True)

    cells, held = read(run)

    assert held[cells[0].id].right == (None, True)


def test_grades_are_those_of_this_run_though_another_was_asked_meanwhile(book):
    one, other = book(name="one"), book(name="other")
    one.keep("p1", 100, 0, right=True)
    other.keep("p1", 100, 0, "8")
    one.keep("p1", 100, 1, "9")

    cells, held = read(one)

    assert held[cells[0].id].answer == ("42", "9")


def test_a_small_run_among_many_samples_of_another_has_its_own_grades(book):
    other, one = book(name="other"), book(name="one")
    for draw in range(6):
        other.keep("p1", 100, draw, "8")
    one.keep("p1", 100, 0, right=True)
    other.keep("p2", 100, 0, "8")
    one.keep("p2", 100, 0, "9")

    cells, held = read(one)

    assert [held[cell.id].answer for cell in cells[:2]] == [("42",), ("9",)]
    assert [held[cell.id].right for cell in cells[:2]] == [(True,), (False,)]


def test_a_run_without_samples_has_no_columns(book):
    assert read(book(), 1)[1] == {}


def test_a_draw_that_failed_for_good_is_named(book):
    run = book()
    run.fail("p1", 100, 1)

    with reading(run.place) as db:
        failed = list(failed_draws(db, condition_rows(db, run.id)[0].id))

    assert failed == [(run.cells["p1", "m", 100], 1)]


def test_what_a_problem_says_is_its_question_however_it_is_spaced(book):
    run = book()
    with reading(run.place) as db:
        said = contents(db, run.id)

    assert [content_hash(f" {problem.question}\n") for problem in run.plan.problems] == list(said.values())
    assert len(set(said.values())) == len(said)


def test_a_problem_without_its_question_is_the_one_of_the_same_id_and_answer_that_another_run_asks(book):
    told = book(name="told")
    bare = tuple(replace(problem, question="") for problem in told.plan.problems)
    untold = book(name="untold", problems=(*bare, replace(bare[0], id="other")))

    with reading(told.place) as db:
        said, guessed = contents(db, told.id), contents(db, untold.id)

    assert {key: guessed[key] for key in said} == said
    assert guessed["other"] == f"other\0{bare[0].answer}"


def test_two_questions_of_one_id_and_answer_are_no_guess(book):
    told = book(name="told")
    first = told.plan.problems[0]
    book(name="otherwise", problems=(replace(first, question="something else?"),))
    bare = book(name="bare", problems=(replace(first, question=""),))

    with reading(told.place) as db:
        assert contents(db, bare.id) == {first.id: f"{first.id}\0{first.answer}"}
