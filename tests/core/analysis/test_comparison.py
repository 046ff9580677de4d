from __future__ import annotations

import json

import numpy as np
import pytest

from core.analysis.comparison import compare, pair_of
from core.analysis.intervals import standard_error, t_quantile


def test_both_are_read_at_equal_spends_straight_in_log2(grid_of_sums):
    one = grid_of_sums([[0, 2], [2, 4]], [16, 64], name="one")
    other = grid_of_sums([[1, 3], [1, 3]], [16, 64], name="other")

    found = compare(one, other, spends=[32])

    (at,) = found.at
    assert (at.spend, at.first, at.second, at.difference) == pytest.approx((32, 0.5, 0.5, 0))
    assert (found.first, found.second, found.basis) == ("one", "other", "tokens")


def test_only_the_common_range_is_compared(grid_of_sums):
    one = grid_of_sums([[0, 1, 2], [2, 3, 4]], [10, 20, 40])
    other = grid_of_sums([[1, 2, 3], [1, 2, 3]], [20, 40, 80])

    unasked, asked = compare(one, other), compare(one, other, spends=[0, 10, 20, 30, 40, 80])

    assert (unasked.low, unasked.high) == pytest.approx((20, 40))
    assert [at.spend for at in unasked.at] == pytest.approx([20 * 2 ** (i / 4) for i in range(5)])
    assert [round(at.spend) for at in asked.at] == [20, 30, 40]


def test_the_most_that_both_reach_is_said_in_a_sentence(grid_of_sums):
    one = grid_of_sums([[0, 1], [2, 3], [1, 0]], [16, 64], name="one")
    other = grid_of_sums([[1, 3], [1, 3], [2, 2]], [16, 64], name="other")

    said = compare(one, other).words

    assert said.startswith("other less one: +33.3 points [")
    assert said.endswith("] at 2^6 tokens a problem, on 3 common problems")


def test_the_difference_is_paired_problem_by_problem(grid_of_sums):
    # At the very points, and every problem spending the same, it is the plain paired difference.
    first, second = np.array([[0, 1], [2, 4], [4, 4], [1, 3]]), np.array([[1, 2], [2, 4], [4, 4], [2, 3]])

    at = compare(grid_of_sums(first, [10, 20]), grid_of_sums(second, [10, 20])).at[-1]

    differences = list((second - first)[:, 1] / 4)
    assert at.difference == pytest.approx(1 / 16)
    assert at.se == pytest.approx(standard_error(differences))
    reach = t_quantile(3) * standard_error(differences)
    assert at.ci95 == pytest.approx((1 / 16 - reach, 1 / 16 + reach))


def test_intervals_hold_the_true_difference_as_often_as_they_say(grid_of_sums):
    # Hard problems take more tokens, so spends are uncertain too. The truth is that of a hundred thousand problems.
    levels = np.log2([100, 400, 1600])

    def models(problems, generator):
        skill = generator.normal(size=(problems, 1))
        grids = []
        for ability, slope in ((-0.5, 0.5), (0.1, 0.3)):
            chance = 1 / (1 + np.exp(-1.5 * skill - ability - slope * (levels - 8.6)))
            tokens = 2**levels * np.exp(generator.normal(0, 0.5, (problems, 3)) - 0.4 * skill)
            grids.append(grid_of_sums(generator.binomial(2, chance), tokens, n=2))
        return grids

    truth = compare(*models(100_000, np.random.default_rng(0)), spends=[350.0, 900.0])
    held = []
    for seed in range(300):
        found = compare(*models(30, np.random.default_rng(seed + 1)), spends=[350.0, 900.0])
        held += [at.ci95[0] <= true.difference <= at.ci95[1] for at, true in zip(found.at, truth.at, strict=True)]

    assert 0.92 <= np.mean(held) <= 0.98


def test_where_nothing_differs_the_interval_still_has_a_width(grid_of_sums):
    grid = grid_of_sums([[4, 4]] * 10, [10, 20])

    at = compare(grid, grid).at[0]

    # Up to .26 of all problems may be otherwise if ten are alike: .74^10 = .05.
    assert (at.difference, at.se) == (0, 0)
    assert at.ci95 == pytest.approx((-0.2589, 0.2589), abs=1e-4)


def test_problems_are_paired_by_what_they_say_and_the_others_counted(grid_of_sums):
    one = grid_of_sums([[0, 0], [2, 3], [4, 4]], [10, 20], contents="abc")
    other = grid_of_sums([[4, 4], [1, 1], [2, 2]], [10, 20], contents="cdb")

    found = compare(one, other)

    assert (found.problems, found.unpaired_first, found.unpaired_second) == (2, 1, 1)
    assert (found.at[-1].first, found.at[-1].second) == pytest.approx((7 / 8, 6 / 8))


def test_dollars_are_held_equal_where_both_are_priced_else_tokens(grid_of_sums):
    priced = grid_of_sums([[0, 1], [2, 3]], [10, 20], dollars=[0.1, 0.2])
    unpriced = grid_of_sums([[0, 1], [2, 3]], [10, 20])

    assert compare(priced, priced).basis == "dollars"
    assert compare(priced, unpriced).basis == "tokens"
    assert compare(priced, unpriced, basis="dollars") is None


def test_votes_go_on_where_the_longest_thinking_ends(grid_of_sums, table_of_votes):
    one = grid_of_sums([[0, 2], [2, 2]], [10, 20])
    other = grid_of_sums([[0, 4], [2, 4]], [10, 160])
    votes = [table_of_votes(200, (4, 8), [[0.6, 0.8], [0.6, 1.0]])]

    found = compare(one, other, tables=(votes, ()), spends=[80, 160])

    assert found.high == pytest.approx(160)
    assert [at.first for at in found.at] == pytest.approx([0.6, 0.9])


def test_flop_are_held_equal_where_both_have_parameters(grid_of_sums):
    small = grid_of_sums([[0, 1], [2, 3]], [100, 400], params=1e9)
    large = grid_of_sums([[1, 2], [3, 4]], [10, 40], params=1e10)

    found = compare(small, large, basis="flops")

    assert (found.low, found.high) == pytest.approx((2e11, 8e11))
    assert json.loads(json.dumps(found.to_json()))["at"][0]["difference"] == pytest.approx(0.25)


def test_one_condition_no_common_problem_or_no_common_range_is_no_pair(grid_of_sums):
    grid = grid_of_sums([[0, 1], [2, 3]], [10, 20])

    assert pair_of(grid, grid_of_sums([[1], [2]], [10])) is None
    assert pair_of(grid, grid_of_sums([[0, 1], [2, 3]], [10, 20], contents="xy")) is None
    assert compare(grid, grid_of_sums([[0, 1], [2, 3]], [30, 40])) is None
