from __future__ import annotations

from statistics import stdev

import numpy as np
import pytest

from core.analysis.intervals import (
    bounds,
    count_clusters,
    difference_interval,
    interval,
    mean,
    members,
    standard_error,
    standard_error_of_draws,
    t_p_value,
    t_quantile,
    wilson,
)

VALUES = [0.0, 0.25, 1.0, 0.5, 0.75, 1.0]


def test_the_standard_error_is_the_spread_of_problems_over_the_root_of_their_number():
    assert standard_error(VALUES) == pytest.approx(stdev(VALUES) / 6**0.5)


def test_clusters_of_one_problem_change_nothing():
    assert standard_error(VALUES, list("abcdef")) == pytest.approx(standard_error(VALUES))
    assert standard_error(VALUES, [None] * 6) == pytest.approx(standard_error(VALUES))


def test_clusters_of_equal_size_count_as_their_means():
    pairs = [0.0, 0.2, 1.0, 0.8, 0.5, 0.5]

    clustered = standard_error(pairs, list("aabbcc"))

    assert clustered == pytest.approx(stdev([0.1, 0.9, 0.5]) / 3**0.5)


def test_problems_that_agree_within_a_cluster_make_it_less_sure():
    values = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.5]

    assert standard_error(values, ["a"] * 3 + ["b"] * 3 + [None]) > standard_error(values)


@pytest.mark.parametrize(("values", "clusters"), [([], None), ([0.5], None), ([0.1, 0.9], ["a", "a"])])
def test_below_two_clusters_nothing_is_known_of_the_spread(values, clusters):
    assert standard_error(values, clusters) is None
    assert interval(values, 8, clusters) is None


def test_the_error_of_draws_holds_the_problems_fixed():
    # Variances within: 1/2 (unbiased, 1 of 2) and 0 (2 of 2), each divided by its 2 draws.
    assert standard_error_of_draws([1, 2], [2, 2]) == pytest.approx((0.5 / 2) ** 0.5 / 2)


def test_the_error_of_draws_is_unknown_where_a_problem_was_asked_once():
    assert standard_error_of_draws([1, 2], [1, 2]) is None
    assert standard_error_of_draws([], []) is None


def test_wilson_agrees_with_a_worked_example():
    # 81 of 263: 0.2553 to 0.3662, Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    low, high = wilson(81 / 263, 263, 1.959964)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_interval_has_width_at_the_ends_and_stays_within_them(value):
    low, high = interval([value] * 30, 240)

    assert 0.0 <= low < high <= 1.0
    assert value in {low, high}
    assert high - low == pytest.approx(0.1224, abs=1e-4)


def test_equal_problems_do_not_make_certainty():
    for values in ([0.5] * 10, [0.5] * 9 + [0.5001]):
        low, high = interval(values, 20)

        assert high - low > 0.4


def test_the_interval_holds_the_mean_and_widens_with_clusters():
    alone, together = interval(VALUES, 24), interval(VALUES, 24, list("aabbcc"))

    assert alone[0] < mean(VALUES) < alone[1]
    assert together[1] - together[0] > alone[1] - alone[0]


@pytest.mark.parametrize("hardness", [-2.5, 0.0, 2.0])
@pytest.mark.parametrize("draws", [1, 4])
def test_about_95_of_100_intervals_hold_the_truth(hardness, draws):
    rng = np.random.default_rng(20240117)

    def chances(shape):
        return 1 / (1 + np.exp(-(hardness + 1.5 * rng.standard_normal(shape))))

    truth = float(chances(200_000).mean())
    rights = rng.binomial(draws, chances((1000, 30)))

    intervals = [interval((row / draws).tolist(), 30 * draws) for row in rights]
    held = sum(low <= truth <= high for low, high in intervals) / len(intervals)

    assert 0.93 <= held <= 0.985


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.70620474), (2, 4.30265273), (29, 2.04522964), (200, 1.97189622), (201, 1.97183651)]
)
def test_students_t_is_what_tables_say(freedom, expected):
    assert t_quantile(freedom) == pytest.approx(expected, abs=2e-8)


def test_bounds_take_the_missing_as_wrong_and_as_right():
    assert bounds([2, 0], [4, 0], [0, 2]) == (0.25, 0.75)


def test_bounds_meet_where_nothing_is_missing():
    assert bounds([2, 1], [4, 4], [0, 0]) == (0.375, 0.375)


def test_bounds_leave_out_problems_that_are_still_to_come():
    assert bounds([2, 0], [4, 0], [0, 0]) == (0.5, 0.5)
    assert bounds([0], [0], [0]) is None


@pytest.mark.parametrize("freedom", [1, 2, 7, 44, 199, 200, 2000])
def test_p_is_what_lies_beyond_the_quantile_to_either_side(freedom):
    assert t_p_value(t_quantile(freedom), freedom) == pytest.approx(0.05, abs=1e-9)
    assert t_p_value(-t_quantile(freedom), freedom) == t_p_value(t_quantile(freedom), freedom)
    assert t_p_value(0.0, freedom) == 1.0


def test_problems_of_one_cluster_have_one_number_and_the_others_their_own():
    assert members(["b", None, "a", None, "b"]) == (0, 1, 2, 3, 0)
    assert count_clusters(["b", None, "a", None, "b"]) == 4
    assert count_clusters([]) == 0


def test_the_interval_of_a_mean_difference_is_unknown_below_two_clusters():
    assert difference_interval([0.1, 0.3], ("a", "a")) is None
    assert difference_interval([]) is None


def test_the_interval_of_a_mean_difference_is_students_within_what_a_difference_can_be():
    reach = t_quantile(1) * 0.1

    assert difference_interval([0.1, 0.3], most=2) == pytest.approx((0.2 - reach, 0.2 + reach))
    assert difference_interval([0.1, 0.3]) == (-1.0, 1.0)


def test_where_all_clusters_agree_the_interval_is_of_those_that_were_not_seen():
    low, high = difference_interval([0.5] * 20 + [0.25], [None] * 19 + ["a", "a"])
    same = difference_interval([0.5] * 20, most=2)

    assert low < 0.488 < high
    assert same == pytest.approx((0.5 - 2.5 * (1 - 0.05**0.05), 0.5 + 1.5 * (1 - 0.05**0.05)))


def test_an_expectation_of_one_but_for_rounding_is_no_surer_than_one():
    rounded = interval([1.0] * 29 + [1 - 4e-16], 30 * 256)

    assert rounded == pytest.approx(interval([1.0] * 30, 30 * 256))
    assert rounded[0] < 0.9
    assert interval([0.0] * 29 + [4e-16], 30 * 256)[1] > 0.1
