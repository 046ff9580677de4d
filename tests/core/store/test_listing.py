from dataclasses import replace

import pytest

from core.store.listing import listing
from core.store.notes import start
from core.store.opening import reading
from core.store.progress import progress
from core.vocabulary import State
from core.watching import judged_alive


def test_a_listed_run_is_what_its_own_progress_says_but_for_the_histograms(book, real):
    run = book(name="other", labels=("a", "b"))  # beside the real one, in its store
    run.keep("p1", 100, 0, right=True, label="b")

    with reading(real) as db:
        found = listing(db)
        alone = [progress(db, one.progress.run.id) for one in found]

    assert [one.progress.run.name for one in found] == ["real", "other"]
    assert [one.progress for one in found] == [
        replace(one, conditions=tuple(replace(row, octaves=()) for row in one.conditions)) for one in alone
    ]
    assert found[0].progress.sums.kept == 72


def test_accuracy_is_the_mean_over_problems_of_what_is_graded(book):
    run = book(budgets=(100, 400, 800))
    for draw in range(4):
        run.keep("p1", 100, draw, right=draw > 0)
    run.keep("p2", 100, 0, "3")
    run.keep("p1", 400, 0, right=True)
    run.keep("p2", 400, 0, graded=False)

    with reading(run.place) as db:
        (one,) = listing(db)

    assert one.accuracies == (pytest.approx((3 / 4 + 0 / 1) / 2), 1.0, None)
    assert one.best is not None
    assert (one.best[0].budget, one.best[1]) == (400, 1.0)


def test_of_conditions_that_are_equally_good_the_first_is_the_best(book):
    run = book(budgets=(800, 100))
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 800, 0, right=True)

    with reading(run.place) as db:
        (one,) = listing(db)

    assert one.best is not None
    assert one.best[0].budget == 800


def test_a_run_without_grades_has_no_best_condition_and_names_its_models_once(book):
    run = book(labels=("a", "b"))

    with reading(run.place) as db:
        (one,) = listing(db)

    assert one.best is None
    assert one.models == ("model",)


def test_a_store_without_runs_has_an_empty_list(db):
    assert listing(db) == []


def test_a_listed_run_whose_sampler_is_gone_is_seen_as_interrupted(book):
    run = book()
    with run.writing() as db:
        start(db, run.id, 2**22 + 1, "elsewhere", "2026-11-22T10:00:00.000Z")

    with reading(run.place) as db:
        (one,) = listing(db)

    assert judged_alive(one.progress, run.place).state is State.INTERRUPTED
