import sqlite3
from dataclasses import asdict

import pytest

from core.figures.accuracy import accuracy_figure
from core.reading import read_run
from core.standing_curve import standing_curves, standing_run
from core.store.opening import reading

# As exact as a curve from samples, but for rounding.
THE_SAME = ("run", "label", "model", "control", "budget", "budget_tokens", "problems", "draws", "samples", "answered",
            "truncated", "missing", "accuracy", "se", "se_draws", "ci95", "bounds", "mean_completion_tokens",
            "geomean_completion_tokens", "used_per_asked", "mean_cost_usd", "mean_seconds")  # fmt: skip


def both(place, run_id):
    """The conditions as read from every sample, and as they stand from sums."""
    with reading(place) as db:
        return list(zip(read_run(db, run_id).conditions, standing_run(db, run_id).conditions, strict=True))


def assert_the_same(exact, standing):
    for name in THE_SAME:
        expected = getattr(exact, name)
        if isinstance(expected, float | tuple):
            expected = pytest.approx(expected, abs=1e-9)
        assert getattr(standing, name) == expected, name
    for at, also in zip(exact.pass_at, standing.pass_at, strict=True):
        assert asdict(also) == {**asdict(at), "value": pytest.approx(at.value)}


def test_the_sums_of_a_real_run_say_what_its_samples_say(real):
    conditions = both(real, 1)

    assert len(conditions) == 3
    for exact, standing in conditions:
        assert_the_same(exact.curve, standing.curve)
        assert (standing.extended, standing.headline_draws, standing.ungraded) == (False, exact.headline_draws, 0)


def test_quartiles_of_the_overrun_are_within_two_percent_and_its_geometric_mean_exact(real):
    for exact, standing in both(real, 1):
        for name in ("median", "q1", "q3"):
            assert getattr(standing.curve.overrun, name) == pytest.approx(getattr(exact.curve.overrun, name), rel=0.022)
        assert standing.curve.overrun.geomean == pytest.approx(exact.curve.overrun.geomean)
        assert standing.curve.overrun.share_over == pytest.approx(exact.curve.overrun.share_over, abs=0.1)
        assert standing.curve.overrun.share_within == pytest.approx(exact.curve.overrun.share_within, abs=0.1)


def test_the_shares_over_and_within_are_off_by_half_of_the_samples_in_the_sixteenths_of_an_octave_at_their_ends(book):
    run = book(budgets=(1000,), draws_planned=8)
    # Sixteenths of an octave at 0.8, 1 and 1.2 times the budget: 773 to 807, 960 to 1002, 1192 to 1244 tokens.
    for draw, tokens in enumerate([700, 790, 810, 990, 995, 1001, 1300, 1400]):
        run.keep("p1", 1000, draw, "42", right=True, tokens=tokens)

    [(exact, standing)] = both(run.place, run.id)

    assert (exact.curve.overrun.share_over, standing.curve.overrun.share_over) == (3 / 8, 3.5 / 8)
    assert (exact.curve.overrun.share_within, standing.curve.overrun.share_within) == (4 / 8, 4.5 / 8)


def test_the_largest_budget_of_each_label_votes(book):
    run = book(labels=("a", "b"))
    for label in ("a", "b"):
        for budget in (100, 400):
            for draw, (answer, right) in enumerate([("42", True), ("42", True), ("7", False), (None, False)]):
                run.keep("p1", budget, draw, answer, right=right, label=label)
                run.keep("p2", budget, draw, "2", right=True, label=label, finish="length" if draw < 2 else "stop")

    conditions = both(run.place, run.id)

    assert [bool(standing.curve.maj_at) for _, standing in conditions] == [False, True, False, True]
    for exact, standing in conditions:
        assert_the_same(exact.curve, standing.curve)
        if standing.curve.maj_at:
            assert [asdict(at) for at in standing.curve.maj_at] == [
                {
                    "k": at.k,
                    "value": pytest.approx(at.value, abs=1e-9),
                    "ci95": pytest.approx(at.ci95, abs=1e-9),
                    "tokens": None,
                }
                for at in exact.curve.maj_at
            ]


def test_the_figure_is_the_one_that_samples_make(real):
    with reading(real) as db:
        exact = accuracy_figure([one.curve for one in read_run(db, 1).conditions], "cost")
        standing = accuracy_figure(standing_curves(db, 1), "cost")

    assert [one.name for one in standing.series] == ["asked", "votes"]
    for drawn, expected in zip(standing.series, exact.series, strict=True):
        for point, other in zip(drawn.points, expected.points, strict=True):
            assert (point.x, point.y, point.low) == pytest.approx((other.x, other.y, other.low))


def test_among_effort_levels_those_vote_that_any_axis_puts_last(book):
    run = book(budgets=("low", "high", None))
    for budget, tokens, pico in (("low", 900, 1), ("high", 100, 9), (None, 50, 2)):
        run.keep("p1", budget, 0, right=True, tokens=tokens, pico=pico)

    assert [bool(standing.curve.maj_at) for _, standing in both(run.place, run.id)] == [True, True, False]


def test_draws_that_were_added_later_count_and_are_marked(book):
    run = book(draws_planned=1)
    run.keep("p1", 100, 0, right=True)
    run.extend(2)
    run.keep("p1", 100, 1, "7")

    exact, standing = both(run.place, run.id)[0]

    assert (exact.curve.accuracy, standing.curve.accuracy) == (1.0, 0.5)
    assert (standing.extended, standing.headline_draws) == (True, 2)


def test_samples_that_are_not_graded_yet_are_counted_and_do_not_lower_accuracy(book):
    run = book()
    run.keep("p1", 100, 0, right=True, tokens=100)
    run.keep("p1", 100, 1, graded=False, tokens=300)
    run.keep("p2", 100, 0, graded=False, tokens=300)

    _, standing = both(run.place, run.id)[0]

    assert (standing.curve.accuracy, standing.curve.samples, standing.curve.problems, standing.ungraded) == (1, 1, 1, 2)
    assert standing.curve.mean_completion_tokens == 250


def test_failed_draws_widen_the_bounds_and_no_price_is_no_cost(book):
    run = book(price=None)
    run.keep("p1", 100, 0, right=True, pico=None)
    run.fail("p2", 100, 0)

    exact, standing = both(run.place, run.id)[0]

    assert standing.curve.bounds == exact.curve.bounds == (0.5, 1.0)
    assert standing.curve.mean_cost_usd is None


def test_a_run_without_samples_has_no_numbers(book):
    run = book()

    with reading(run.place) as db:
        curves = standing_curves(db, run.id)

    assert {(one.accuracy, one.overrun, one.maj_at) for one in curves} == {(None, None, ())}


def test_never_a_sample_is_read(real):
    def no_samples(action, table, *_):
        refused = action == sqlite3.SQLITE_READ and table in ("samples", "grades", "texts", "attempts")
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

    with reading(real) as db:
        db.set_authorizer(no_samples)

        assert standing_curves(db, 1)


def test_of_effort_levels_the_one_of_the_most_draws_has_votes_too(book):
    run = book(budgets=("low", "high"), draws_planned=4, price=None)
    for draw in range(4):
        run.keep("p1", "low", draw, right=True, tokens=100, pico=None)
    run.keep("p1", "high", 0, right=True, tokens=900, pico=None)

    low, high = (standing.curve for _, standing in both(run.place, run.id))

    assert [at.k for at in low.maj_at] == [1, 2, 4]
    assert [at.k for at in high.maj_at] == [1]
