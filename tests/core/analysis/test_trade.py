from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from core.analysis.trade import trade_of, trades_of

ASKED = 2.0 ** np.arange(4, 13)
SLOPE = -1.2
"""Of log10 test on log10 train FLOP, as Jones 2021 found."""


def family(grid_of_sums, generator, problems=60, slope=SLOPE, params=(1e8, 1e9, 1e10), n=8):
    """Models whose accuracy depends on log10 test - slope x log10 train alone, on problems of differing hardness."""
    hard = generator.normal(size=(problems, 1))
    grids = []
    for i, size in enumerate(params):
        flops = 1e20 * 10**i
        tokens = ASKED * 10 ** (8.0 - np.log10(size)) * 10 ** (-0.3 * i)
        worth = np.log10(2 * size * tokens) - slope * np.log10(flops)
        chance = 1 / (1 + np.exp(-1.5 * (worth - 34.5) - hard))
        used = tokens * np.exp(generator.normal(0, 0.3, (problems, 9)) - 0.045)
        grids.append(
            grid_of_sums(
                generator.binomial(n, chance), used, n=n, name=f"m{i}", train_flops=flops, params=size,
                dollars=used * size * 1e-18,
            )
        )  # fmt: skip
    return grids


def test_a_known_slope_is_recovered(grid_of_sums):
    found = trade_of(family(grid_of_sums, np.random.default_rng(0), problems=2000, n=32), times=50)

    assert found.slope == pytest.approx(SLOPE, abs=0.03)
    assert found.tenfold == pytest.approx(10**1.2, rel=0.08)


def test_the_interval_holds_the_slope_as_often_as_it_says(grid_of_sums):
    held = []
    for seed in range(60):
        found = trade_of(family(grid_of_sums, np.random.default_rng(seed)), times=200)
        held.append(found.ci95[0] <= SLOPE <= found.ci95[1])

    assert np.mean(held) >= 0.87


def test_lines_of_equal_accuracy_run_through_where_each_model_reaches_it(grid_of_sums):
    # Twice the tokens, or ten times the training, bring a quarter more right.
    small = grid_of_sums([[0, 1, 2], [0, 1, 2]], [10, 20, 40], name="small", train_flops=1e20)
    large = grid_of_sums([[1, 2, 3], [1, 2, 3]], [10, 20, 40], name="large", train_flops=1e21)

    found = trade_of([large, small], "tokens", levels=[0.25, 0.375, 0.5, 0.75])

    assert found.names == ("small", "large")
    assert [contour.level for contour in found.contours] == [0.25, 0.375, 0.5]
    middle = found.contours[1]
    assert middle.log10_train == (20, 21)
    assert 10 ** np.array(middle.log10_test) == pytest.approx([20 * 2**0.5, 10 * 2**0.5])
    assert found.slope == pytest.approx(-np.log10(2))
    assert middle.intercept + found.slope * 20 == pytest.approx(middle.log10_test[0])


def test_the_slope_is_said_in_words(grid_of_sums):
    small = grid_of_sums([[0, 1, 2], [0, 1, 2]], [10, 20, 40], name="small", train_flops=1e20)
    large = grid_of_sums([[1, 2, 3], [1, 2, 3]], [10, 20, 40], name="large", train_flops=1e21)
    found = trade_of([small, large], "tokens", times=10)

    saying = replace(found, slope=-1.2, ci95=(-1.5, -0.5))
    costing = replace(found, slope=0.3, ci95=(0.1, 1.0))

    assert saying.words == "10x of training buys what 16x [3.2x, 32x] of thinking buys, in tokens"
    assert costing.words == "10x of training saves no thinking: it takes 2x [1.3x, 10x] tokens"


def test_compute_is_counted_in_flop_where_parameters_are_known_else_in_tokens_and_in_dollars_too(grid_of_sums):
    grids = family(grid_of_sums, np.random.default_rng(1), problems=20)
    unknown = [replace(grids[0], params=None), *grids[1:]]
    unpriced = [replace(grids[0], dollars=np.full((20, 9), np.nan)), *grids[1:]]

    assert [trade.basis for trade in trades_of(grids, times=10)] == ["flops", "dollars"]
    assert [trade.basis for trade in trades_of(unknown, times=10)] == ["tokens", "dollars"]
    assert [trade.names for trade in trades_of(unpriced, times=10)] == [("m0", "m1", "m2"), ("m1", "m2")]


def test_both_axes_can_start_at_zero(grid_of_sums):
    found = trade_of(family(grid_of_sums, np.random.default_rng(1), problems=20), times=10)

    said = json.loads(json.dumps(found.to_json()))

    assert np.min(said["from_zero"], axis=0) == pytest.approx([0, 0])
    assert np.max(said["from_zero"], axis=0)[0] == pytest.approx(2)
    assert len(said["from_zero"]) == len(said["points"]) == 27


def test_levels_are_those_that_two_models_reach_finer_where_they_hardly_meet(grid_of_sums):
    one = grid_of_sums([[0, 50, 80]], [10, 20, 40], n=100, train_flops=1e20)
    far, near = (grid_of_sums([[least, 90, 100]], [10, 20, 40], n=100, train_flops=1e21) for least in (20, 77))

    levels = [[contour.level for contour in trade_of([one, other], "tokens").contours] for other in (far, near)]

    assert levels == [[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.77, 0.78, 0.79, 0.8]]


def test_only_problems_that_all_models_have_are_used(grid_of_sums):
    small = grid_of_sums([[0, 1, 2], [0, 1, 2], [4, 4, 4]], [10, 20, 40], train_flops=1e20, contents="abx")
    large = grid_of_sums([[1, 2, 3], [1, 2, 3], [4, 4, 4]], [10, 20, 40], train_flops=1e21, contents="aby")

    found = trade_of([small, large], "tokens")

    assert (found.problems, found.unpaired) == (2, (1, 1))
    assert found.slope == pytest.approx(-np.log10(2))
    alone = [replace(grid, contents=tuple(contents)) for grid, contents in ((small, "abx"), (large, "acy"))]
    assert trade_of(alone, "tokens").ci95 is None


def test_without_two_trainings_a_common_problem_or_a_common_level_there_is_no_trade(grid_of_sums):
    right = [[0, 1, 2], [0, 1, 2]]
    small = grid_of_sums(right, [10, 20, 40], train_flops=1e20)

    assert trade_of([], "tokens") is None
    assert trade_of([small, grid_of_sums(right, [10, 20, 40])], "tokens") is None
    assert trade_of([small, small], "tokens") is None
    assert trade_of([small, replace(small, train_flops=1e21, contents=("x", "y"))], "tokens") is None
    assert trade_of([small, grid_of_sums([[3, 4, 4]] * 2, [1, 2, 3], train_flops=1e21)], "tokens") is None
    assert trade_of([small, replace(small, train_flops=1e21)], "flops") is None
    assert trades_of([small]) == ()
