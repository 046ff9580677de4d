from core.store.grid import answers, grid
from core.store.opening import reading


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
