from __future__ import annotations

import numpy as np
import pytest

from core.analysis.options import Option, in_words, on_common_problems, options_of


def test_every_condition_is_an_option_and_so_is_each_of_its_votes(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1, 2], [3, 4]], [[10, 20], [30, 40]])
    table = table_of_votes(200, (1, 2, 4), [[0.5, 0.5, 0.6], [1.0, 1.0, 0.9]])

    options = options_of(grid, [table])

    assert options.each == (Option(100, 1), Option(200, 1), Option(200, 2), Option(200, 4))
    assert options.conditions == (0, 1, 1, 1)
    assert options.accuracy == pytest.approx([0.5, 0.75, 0.75, 0.75])
    assert options.cost == pytest.approx([20, 30, 60, 120])


def test_a_table_in_another_order_is_read_by_problem_and_one_of_another_label_is_not(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1], [3]], [100])
    turned = table_of_votes(100, (4,), [[0.9], [0.2]], problems=("p1", "p0"))
    other = table_of_votes(100, (4,), [[0.0], [0.0]], label="other")

    options = options_of(grid, [turned, other])

    assert options.credit[:, 1] == pytest.approx([0.2, 0.9])


def test_a_problem_without_a_sample_or_a_vote_is_left_out_of_every_option(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1, 2], [3, 0], [4, 4]], [10, 20], drawn=[[4, 4], [4, 0], [4, 4]])
    table = table_of_votes(100, (2,), [[0.5]])

    assert options_of(grid).left_out == 1
    assert options_of(grid).accuracy == pytest.approx([5 / 8, 6 / 8])
    assert options_of(grid, [table]).left_out == 2


def test_dollars_are_taken_where_every_sample_is_priced_else_tokens(grid_of_sums):
    priced = grid_of_sums([[1, 2], [3, 4]], [10, 20], dollars=[[0.1, 0.2], [0.3, 0.4]])
    partly = grid_of_sums([[1, 2], [3, 4]], [10, 20], dollars=[[0.1, 0.2], [0.3, np.nan]])
    free = grid_of_sums([[1, 2], [3, 4]], [10, 20], dollars=0.0)

    assert options_of(priced).basis == "dollars"
    assert options_of(priced).cost == pytest.approx([0.2, 0.3])
    assert [options_of(grid).basis for grid in (partly, free)] == ["tokens", "tokens"]
    assert options_of(partly, basis="dollars") is None


def test_votes_take_k_times_as_long_one_after_another_and_no_longer_in_parallel(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1], [3]], [10], seconds=7.0, params=1e9)
    table = table_of_votes(100, (4,), [[0.2], [0.9]])

    costs = {basis: list(options_of(grid, [table], basis).cost)
             for basis in ("seconds_sequential", "seconds_parallel", "flops")}  # fmt: skip

    assert costs == {"seconds_sequential": [7, 28], "seconds_parallel": [7, 7], "flops": [2e10, 8e10]}


def test_flop_need_the_parameters_and_an_option_needs_a_sample(grid_of_sums):
    assert options_of(grid_of_sums([[1]], [10]), basis="flops") is None
    assert options_of(grid_of_sums([[0]], [np.nan], drawn=[[0]])) is None


def test_problems_are_matched_by_what_they_say_however_they_are_named_or_ordered(grid_of_sums):
    first = options_of(grid_of_sums([[1], [2], [3]], [10], contents="abc"))
    second = options_of(grid_of_sums([[4], [0], [1]], [10], contents="cdb", clusters=("x", None, None)))

    (one, other), unpaired = on_common_problems([first, second])

    assert list(one.credit[:, 0] * 4) == [2, 3]
    assert list(other.credit[:, 0] * 4) == [1, 4]
    assert one.clusters == other.clusters == (None, "x")
    assert unpaired == (1, 1)


def test_a_problem_that_is_asked_twice_is_matched_twice_in_its_order(grid_of_sums):
    first = options_of(grid_of_sums([[1], [2], [3]], [10], contents="aab"))
    second = options_of(grid_of_sums([[4], [3]], [10], contents="aa"))

    (one, other), unpaired = on_common_problems([first, second])

    assert list(one.credit[:, 0] * 4) == [1, 2]
    assert list(other.credit[:, 0] * 4) == [4, 3]
    assert unpaired == (1, 0)


@pytest.mark.parametrize(
    ("value", "basis", "said"),
    [
        (0.0046, "dollars", "$0.0046"),
        (1234.5, "dollars", "$1,234.50"),
        (-0.2, "dollars", "-$0.20"),
        (0.0, "dollars", "$0.00"),
        (11058, "tokens", "2^13.4 tokens"),
        (0.0000123, "dollars", "$0.0000123"),
        (512, "tokens", "2^9 tokens"),
        (134, "seconds_parallel", "134 s"),
        (12345, "seconds_sequential", "12,300 s"),
        (2.5e14, "flops", "2.5e+14 FLOP"),
    ],
)
def test_a_spend_is_said_in_its_unit(value, basis, said):
    assert in_words(value, basis) == said
