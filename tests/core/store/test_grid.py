from core.store.draws import grade
from core.store.grid import answers, answers_by_condition, answers_of, grid
from core.store.opening import reading
from core.vocabulary import Grade, Verdict


def test_cells_come_in_the_order_of_the_plan_with_their_sums(book):
    run = book()
    run.keep("p2", 400, 0, "2", right=True, tokens=256)
    run.keep("p2", 400, 1, None)
    run.fail("p1", 100, 0)

    with reading(run.place) as db:
        cells = grid(db, run.id)

    assert [(one.planned, one.kept, one.failed, one.graded, one.answered, one.right) for one in cells] == [
        (4, 0, 1, 0, 0, 0),
        (4, 0, 0, 0, 0, 0),
        (4, 0, 0, 0, 0, 0),
        (4, 2, 0, 2, 1, 1),
    ]
    assert [one.share for one in cells] == [None, None, None, 0.5]


def test_answers_are_counted_over_all_budgets_and_a_truncated_one_casts_no_vote(book):
    run = book()
    run.keep("p1", 100, 0, "42", right=True)
    run.keep("p1", 400, 0, "42", right=True)
    run.keep("p1", 400, 1, "7")
    for draw in (1, 2, 3):
        run.keep("p1", 100, draw, "9", finish="length")
    run.keep("p1", 400, 2, None)

    with reading(run.place) as db:
        (counted,) = answers(db, run.id).values()

    assert [(one.answer, one.right, one.votes) for one in counted] == [("42", True, 2), ("7", False, 1)]


def test_answers_of_another_grader_do_not_vote(book):
    run = book()
    sample = run.keep("p1", 100, 0, "42", right=True)
    with run.writing() as db:
        db.execute("INSERT INTO graders (identity) VALUES ('other')")
        db.execute("INSERT INTO grades (sample_id, grader_id, answer, verdict) VALUES (?, "
                   "(SELECT id FROM graders WHERE identity = 'other'), '9', 'wrong')", (sample,))  # fmt: skip

    with reading(run.place) as db:
        (counted,) = answers(db, run.id).values()

    assert [one.answer for one in counted] == ["42"]


def test_the_answers_of_some_problems_are_those_of_no_others(book):
    run, other = book(), book(name="other")
    for one in (run, other):
        one.keep("p1", 100, 0, "42", right=True)
        one.keep("p2", 100, 0, "2", right=True)
        one.keep("p2", 400, 0, "3")

    with reading(run.place) as db:
        whole = answers(db, run.id)
        (first, second) = whole

        assert answers_of(db, run.id, [second]) == {second: whole[second]}
        assert answers_of(db, run.id, [first, second]) == whole
        assert answers_of(db, run.id, []) == answers_of(db, other.id, [first]) == {}


def test_the_answers_to_a_problem_are_counted_under_each_condition_the_most_frequent_first(book):
    run = book()
    for draw, answer in enumerate(["9", "42", "42"]):
        run.keep("p1", 100, draw, answer, right=answer == "42")
    run.keep("p1", 400, 0, "9")
    run.keep("p2", 400, 0, "2")

    with reading(run.place) as db:
        found = answers_by_condition(db, run.id, 1)

    assert {
        condition: [(one.answer, one.votes, one.right) for one in counted] for condition, counted in found.items()
    } == {1: [("42", 2, True), ("9", 1, False)], 2: [("9", 1, False)]}


def test_an_answer_that_a_judge_held_right_once_is_right(book):
    run = book()
    for draw, verdict in enumerate([Verdict.WRONG, Verdict.RIGHT, Verdict.WRONG]):
        sample = run.keep("p1", 100, draw, graded=False)
        with run.writing() as db:
            grade(db, sample, run.grader_id, Grade("forty-two", verdict))

    with reading(run.place) as db:
        (over_all,), (here,) = answers(db, run.id)[1], answers_by_condition(db, run.id, 1)[1]

    assert over_all == here
    assert (here.right, here.votes) == (True, 3)
