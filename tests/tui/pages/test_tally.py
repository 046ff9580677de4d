"""What each condition came to, from sums: the same numbers as those that count every sample."""

from __future__ import annotations

import pytest

from core.reading import read_run
from core.store.opening import reading
from core.store.progress import progress
from tui.pages.tally import tallies


def tallied(run):
    with reading(run.place) as db:
        return tallies(db, progress(db, run.id))


def test_accuracy_is_the_mean_over_problems_and_not_over_draws(book):
    run = book()
    for draw in range(4):
        run.keep("p1", 100, draw, right=True)
    run.keep("p2", 100, 0, "3", right=False)

    first, second = tallied(run)

    assert first.accuracy == 0.5
    assert (second.accuracy, second.ci95, second.overrun, second.mean_tokens) == (None, None, None, None)


def test_a_draw_that_is_not_graded_yet_does_not_count(book):
    run = book()
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, graded=False)

    assert tallied(run)[0].accuracy == 1.0


def test_overrun_is_that_of_its_samples_to_within_the_stores_buckets(book):
    run = book()
    for draw, tokens in enumerate((100, 200, 300, 400)):
        run.keep("p1", 100, draw, tokens=tokens)

    assert tallied(run)[0].overrun == pytest.approx((1.75, 2.5, 3.25), rel=0.045)
    assert tallied(run)[0].mean_tokens == 250


def test_an_effort_has_no_overrun(book):
    run = book(budgets=("low", "high"))
    run.keep("p1", "low", 0)

    assert tallied(run)[0].overrun is None


def test_draws_that_were_added_after_results_were_seen_are_marked(book):
    run = book()
    run.keep("p1", 100, 0)
    assert [one.extended for one in tallied(run)] == [False, False]

    run.extend(6)

    assert [one.extended for one in tallied(run)] == [True, True]


def test_a_simulated_run_comes_to_what_reading_every_sample_comes_to(real):
    with reading(real) as db:
        shown = tallies(db, progress(db, 1))
        read = read_run(db, 1)

    for one, condition in zip(shown, read.conditions, strict=True):
        assert one.accuracy == pytest.approx(condition.curve.accuracy)
        assert one.ci95 == pytest.approx(condition.curve.ci95)
