import math
from dataclasses import replace

import pytest

from core.plan import Planned
from core.store.opening import reading
from core.store.progress import problems
from core.store.runs import add_to_run
from core.store.strips import strips
from core.vocabulary import Problem


def test_a_problem_has_its_sums_and_its_shares_in_the_order_of_the_plan(book):
    run = book(budgets=(400, 100))
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, "7")
    run.keep("p1", 400, 0, right=True, finish="length")
    run.keep("p1", 400, 1, graded=False)
    run.fail("p1", 400, 2)

    with reading(run.place) as db:
        first, second = strips(db, run.id)

    assert (first.id, first.position, first.key, first.truth, first.cluster) == (1, 0, "p1", "42", None)
    assert (first.planned, first.kept, first.failed, first.owed) == (8, 4, 1, 3)
    assert (first.graded, first.right, first.truncated) == (3, 1, 1)
    assert (first.completion_tokens, first.billed_pico) == (400, 20_000_000)
    assert first.shares == ((0, 1), (1, 2))
    assert first.solved == pytest.approx(1 / 3)
    assert second.shares == ((0, 0), (0, 0))
    assert (second.solved, second.overrun) == (None, None)


def test_overrun_is_the_geometric_mean_over_the_samples_under_budgets_in_tokens(book):
    run = book(budgets=(100, "low", 400, None, 0))
    run.keep("p1", 0, 0, tokens=50)
    run.keep("p1", 100, 0, tokens=800)
    run.keep("p1", 100, 1, tokens=200)
    run.keep("p1", 400, 0, tokens=100)
    run.keep("p1", "low", 0, tokens=9000)
    run.keep("p1", None, 0, tokens=7)
    run.keep("p2", "low", 0, tokens=9000)

    with reading(run.place) as db:
        first, second = strips(db, run.id)

    assert first.overrun == pytest.approx(math.prod([800 / 100, 200 / 100, 100 / 400]) ** (1 / 3))
    assert first.budgeted == 3
    assert second.overrun is None


def test_where_a_problem_was_added_without_a_condition_the_shares_keep_their_places(book):
    run = book(budgets=(100, 200, 400))
    last = run.plan.planned[2].condition
    more = replace(run.plan, problems=(Problem("p3", "?", "3"),), planned=(Planned(last, 2),))
    with run.writing() as db:
        add_to_run(db, run.id, more)
    run._load()
    run.keep("p3", 400, 0, "3", right=True, tokens=800)

    with reading(run.place) as db:
        added = strips(db, run.id)[2]

    assert (added.key, added.position, added.planned) == ("p3", 2, 2)
    assert added.shares == ((0, 0), (0, 0), (1, 1))
    assert added.overrun == pytest.approx(2)


def test_the_problems_of_a_real_run_have_the_sums_that_the_list_of_problems_has(real):
    with reading(real) as db:
        listed, found = problems(db, 1), strips(db, 1)

    names = ("planned", "kept", "failed", "graded", "right", "truncated", "completion_tokens", "billed_pico")
    assert [(one.id, one.key, *(getattr(one, name) for name in names)) for one in found] == [
        (row.id, row.key, *(getattr(row.sums, name) for name in names)) for row in listed
    ]
    assert sum(right for one in found for right, _ in one.shares) == sum(one.right for one in found) > 0


def test_a_run_has_the_strips_of_its_own_problems_only(book):
    run, other = book(), book(name="other")
    other.keep("p1", 100, 0, right=True)

    with reading(run.place) as db:
        assert [one.kept for one in strips(db, run.id)] == [0, 0]
        assert [one.kept for one in strips(db, other.id)] == [1, 0]
