from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.analysis.equivalence import equivalence
from core.analysis.plateau import (
    Points,
    comparisons,
    gain_at_the_end,
    need,
    points_of_thinking,
    points_of_votes,
)

LEVEL = 0.025


@pytest.fixture
def votes(table_of_votes):
    """A maker of votes of three problems."""

    def make(ks, drawn):
        credit = np.random.default_rng(2).random((3, len(ks)))
        return table_of_votes(0, ks, credit, drawn=drawn, tokens=1024.0)

    return make


@pytest.fixture
def flat_comparison(grid_of_sums):
    """A maker of two budgets at which every problem has the chance 1/2: their points and how they compare."""

    def make(problems, draws, seed=0):
        right = np.random.default_rng(seed).binomial(draws, 0.5, (problems, 2))
        points = points_of_thinking(grid_of_sums(right, n=draws))
        return points, comparisons(points, 0.02)[0]

    return make


@pytest.fixture
def found(flat_comparison):
    """How often, out of a hundred times, a plateau of so many problems and draws is found."""

    def share(problems, draws):
        seeds = range(100)
        return sum(flat_comparison(problems, draws, seed)[1].test.p <= LEVEL for seed in seeds) / len(seeds)

    return share


def test_the_last_point_is_compared_with_earlier_ones_from_half_its_tokens_on():
    points = points_of([8, 9, 10, 10.5, 11], np.zeros((200, 5)))

    assert [made.start for made in comparisons(points, 0.02)] == [2, 1, 0]


def test_budgets_that_nearly_double_are_half_of_each_other():
    assert [made.start for made in comparisons(points_of([8, 8.8], np.zeros((200, 2))), 0.02)] == [0]
    assert comparisons(points_of([8, 8.7], np.zeros((200, 2))), 0.02) == ()


def test_a_comparison_is_the_equivalence_test_of_the_differences_within_problems():
    shares = np.random.default_rng(1).random((40, 3))
    points = points_of([8, 9, 10], shares)

    made = comparisons(points, 0.1)

    expected = [
        equivalence((shares[:, 2] - shares[:, start]).tolist(), 0.1, change=points.change, independent=40)
        for start in (1, 0)
    ]
    assert [one.test for one in made] == expected
    assert [one.p for one in made] == [one.p for one in expected]


@pytest.mark.parametrize(("lost", "starts"), [([0, 0, 0.021], []), ([0.021, 0, 0], [1]), ([0, 0.02, 0.02], [1, 0])])
def test_where_too_much_is_lost_nothing_is_compared(lost, starts):
    points = replace(points_of([8, 9, 10], np.zeros((200, 3))), lost=np.array(lost))

    assert [made.start for made in comparisons(points, 0.02)] == starts


@pytest.mark.parametrize("step", [2, -2])
def test_missing_draws_count_as_whatever_would_speak_against_a_plateau(grid_of_sums, step):
    right = np.random.default_rng(4).integers(70, 90, (60, 2)) + np.array([0, step])
    points = points_of_thinking(grid_of_sums(right, missing=[[0, 1]] * 60, drawn=[[100, 99]] * 60))

    (made,) = comparisons(points, 0.04)

    if_wrong, if_right = (right[:, 1] - right[:, 0]) / 100, (right[:, 1] + 1 - right[:, 0]) / 100
    tests = [equivalence(ends.tolist(), 0.04, change=points.change) for ends in (if_wrong, if_right)]
    assert made.test.difference == pytest.approx(np.mean(right[:, 1] / 99 - right[:, 0] / 100))
    assert made.p == pytest.approx(max(test.p for test in tests))
    assert made.p > made.test.p


def test_what_is_lost_is_counted_over_all_draws_of_a_budget(grid_of_sums):
    grid = grid_of_sums(
        [[3, 3]] * 4, missing=[[0, 1]] * 4, truncated=[[0, 1], [0, 0], [0, 0], [0, 0]], drawn=[[4, 3]] * 4
    )

    assert points_of_thinking(grid).lost.tolist() == [0.0, 5 / 16]


def test_the_end_of_a_curve_is_the_upper_half_of_its_doublings():
    shares = np.array([[0.0, 0.4, 0.8, 0.7, 0.6], [0.2, 0.6, 1.0, 0.9, 0.7]])

    end = gain_at_the_end(points_of([8, 9, 10, 11, 12], shares))

    assert end.per_doubling == pytest.approx(np.polyfit([10, 11, 12], [0.9, 0.8, 0.65], 1)[0])
    assert gain_at_the_end(points_of([8, 13], shares[:, :2])).per_doubling == pytest.approx(0.4 / 5)
    assert gain_at_the_end(points_of([8, 9, 13], shares[:, :3])).per_doubling == pytest.approx(0.4 / 4)


def test_the_end_is_never_a_slope_between_points_that_coincide():
    shares = np.array([[0.0, 0.4, 0.8], [0.2, 0.6, 1.0]])

    for octaves in ([8, 13, 13], [8, 13, 13.01]):
        assert gain_at_the_end(points_of(octaves, shares)).doublings == pytest.approx(5, abs=0.02)
    assert gain_at_the_end(points_of([8, 8.2, 8.4], shares)).doublings == pytest.approx(0.4)


def test_votes_go_up_to_half_the_draws(votes):
    table = replace(votes(ks=(1, 2, 4, 8, 16), drawn=17), lost=0.01)

    points = points_of_votes(table)

    assert points.octaves == pytest.approx([10, 11, 12, 13])
    assert points.lost.tolist() == [0.01] * 4
    assert points.shares.tolist() == table.credit[:, :4].tolist()


@pytest.mark.parametrize("drawn", [0, 1, 4, 7])
def test_votes_of_two_are_no_votes_yet(votes, drawn):
    assert points_of_votes(votes(ks=(1, 2, 4), drawn=drawn)) is None


def test_the_first_step_of_votes_says_nothing_of_the_later_ones(votes):
    table = replace(votes(ks=(1, 2, 4, 8), drawn=16), credit=np.array([[0.5, 0.5, 0.7, 0.75], [0.5, 0.5, 0.9, 0.95]]))

    assert points_of_votes(table).change == pytest.approx(0.05)


def test_the_needed_problems_and_draws_find_a_plateau_four_times_in_five(flat_comparison, found):
    # Every problem has the chance 1/2 at both budgets: all of the variance is between draws.
    points, comparison = flat_comparison(problems=400, draws=16)

    needed = need(points, comparison, LEVEL)

    assert needed.draws_help
    assert found(problems=400 + needed.more_problems, draws=16) == pytest.approx(0.8, abs=0.1)
    assert found(problems=400, draws=round(16 * needed.draws_factor)) == pytest.approx(0.8, abs=0.1)


def test_problems_that_differ_in_what_they_gain_are_what_is_short():
    shares = np.array([[0.4, 0.5], [0.5, 0.4]] * 15)
    points = replace(points_of([8, 9], shares), variance=np.full((30, 2), 1e-4))

    needed = need(points, comparisons(points, 0.02)[0], LEVEL)

    assert needed.draws_help is False
    assert needed.draws_factor is None
    assert needed.more_problems == pytest.approx(30 * (points_se(shares) / 0.02 * (1.96 + 1.2816)) ** 2 - 30, abs=1)


def test_from_one_draw_each_nobody_knows_whether_draws_would_help(grid_of_sums):
    points = points_of_thinking(grid_of_sums([[0, 1], [1, 0], [1, 1]] * 10, n=1))

    needed = need(points, comparisons(points, 0.02)[0], LEVEL)

    assert points.variance is None
    assert (needed.draws_help, needed.draws_factor) == (None, None)
    assert needed.more_problems > 1000


def test_problems_that_never_moved_have_to_be_many():
    points = points_of([8, 9], np.ones((30, 2)))

    assert need(points, comparisons(points, 0.02)[0], LEVEL).more_problems == 183 - 30


def points_se(shares) -> float:
    return float((shares[:, 1] - shares[:, 0]).std(ddof=1) / len(shares) ** 0.5)


def points_of(octaves, shares) -> Points:
    shares = np.asarray(shares, dtype=float)
    return Points(
        octaves=np.array(octaves, dtype=float),
        shares=shares,
        clusters=(None,) * len(shares),
        lost=np.zeros(len(octaves)),
        ends=None,
        variance=None,
        change=None,
    )
