from __future__ import annotations

import numpy as np
import pytest

from core.analysis.grid import grid_of
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.resampling import middle, problem_weights, resampled_draws, weighted_means
from core.vocabulary import Control


def test_a_resample_holds_as_many_clusters_as_there_are_and_clusters_whole():
    weights = problem_weights(["a", None, "a", "b", None], times=200)

    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3, 4]].sum(axis=1) == 4).all()
    assert weights.mean(axis=0) == pytest.approx([1] * 5, abs=0.2)


def test_the_same_seed_draws_the_same():
    assert (problem_weights([None] * 9, seed=4) == problem_weights([None] * 9, seed=4)).all()
    assert (problem_weights([None] * 9, seed=4) != problem_weights([None] * 9, seed=5)).any()
    assert problem_weights([], times=3).shape == (3, 0)


def test_means_are_of_what_is_known_and_conditions_see_the_same_problems():
    values = np.array([[0.0, 1.0], [1.0, np.nan], [0.5, 0.0]])

    means = weighted_means(values, np.array([[2, 1, 0], [0, 3, 0]]))

    assert means[0].tolist() == pytest.approx([1 / 3, 1.0])
    assert means[1, 0] == 1.0
    assert np.isnan(means[1, 1])


def test_draws_anew_of_sums_and_of_samples_have_the_same_mean_and_spread():
    grid = a_grid([[1, 0, 0, 1], [1, 1, 1, 1], [0, 0, 0, 1], [1, 0]])
    weights = problem_weights(grid.clusters, times=4000)

    (by_samples, tokens), (by_sums, _) = (resampled_draws(one, weights) for one in (grid, grid.rows(range(4))))

    # Of a problem: its own spread; of its draws: p (1 - p) / n once more for each time that it was taken.
    shares = grid.shares[:, 0]
    own = (shares * (1 - shares) / grid.drawn[:, 0]).mean() / 4
    for accuracy in (by_samples, by_sums):
        assert accuracy.mean() == pytest.approx(shares.mean(), abs=0.01)
        assert accuracy.var() == pytest.approx(shares.var() / 4 + own, rel=0.1)
    assert tokens.mean() == pytest.approx(grid.mean_tokens[0], rel=0.02)


def test_tokens_are_drawn_with_the_answers_that_they_gave():
    # Right answers take 300 tokens, wrong ones 100.
    grid = a_grid([[1, 0, 0, 1], [1, 1, 0, 1]])

    accuracy, tokens = resampled_draws(grid, problem_weights(grid.clusters, times=50))

    assert tokens == pytest.approx(100 + 200 * accuracy)


def test_a_condition_without_a_sample_has_no_accuracy_in_any_resample():
    accuracy, _ = resampled_draws(a_grid([[], []]), np.ones((5, 2), dtype=np.int64))

    assert np.isnan(accuracy).all()


def test_the_middle_is_what_lies_between_the_outer_percentiles():
    assert middle(np.array([np.nan, *np.arange(101.0)])) == pytest.approx((2.5, 97.5))
    assert middle(np.array([np.nan])) is None


def a_grid(marks):
    """One condition from the marks of each problem's draws."""
    cells = tuple(
        CellSamples(
            problem_id=f"p{i}",
            cluster=None,
            draws=len(row),
            missing=0,
            answers=("7",) * len(row),
            right=tuple(map(bool, row)),
            truncated=(False,) * len(row),
            completion_tokens=tuple(300 if mark else 100 for mark in row),
            cost_pico=(None,) * len(row),
            seconds=(1.0,) * len(row),
        )
        for i, row in enumerate(marks)
    )
    return grid_of([ConditionSamples(1, "m", "m", Control.PROMPT, 100, 100, cells)])
