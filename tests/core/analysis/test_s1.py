from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from core.analysis.grid import grid_of
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.resampling import problem_weights, weighted_means
from core.analysis.s1 import s1_of
from core.vocabulary import Control

SHARED = Path(__file__).parents[4] / "shared" / "data" / "o1_mini_published" / "results_log_just_ask_nicely.json"


def cell(problem, samples, cluster=None):
    """A cell of (tokens, right) pairs."""
    n = len(samples)
    return CellSamples(
        problem_id=problem,
        cluster=cluster,
        draws=n,
        missing=0,
        answers=tuple("7" if right else "1" for _, right in samples),
        right=tuple(bool(right) for _, right in samples),
        truncated=(False,) * n,
        completion_tokens=tuple(int(tokens) for tokens, _ in samples),
        cost_pico=(None,) * n,
        seconds=(1.0,) * n,
    )


def grid(conditions, clusters=None):
    """From budgets, each with the samples of its problems."""
    return grid_of(
        [
            ConditionSamples(
                1,
                "m",
                "m",
                Control.PROMPT,
                budget,
                budget if isinstance(budget, int) else None,
                tuple(cell(f"p{i}", each, clusters and clusters[i]) for i, each in enumerate(problems)),
            )
            for budget, problems in conditions.items()
        ]
    )


SWEEP = {
    100: [[(90, 0), (150, 1)], [(60, 0), (100, 0)]],
    200: [[(150, 1), (350, 0)], [(210, 1), (290, 0)]],
    400: [[(390, 1), (410, 1)], [(500, 1), (700, 0)]],
}


def test_control_is_the_share_of_samples_that_keep_to_what_was_asked():
    found = s1_of(grid(SWEEP))

    assert found.control == pytest.approx((3 / 4 + 1 / 4 + 1 / 4) / 3)
    assert found.control_within == pytest.approx((2 / 4 + 1 / 4 + 2 / 4) / 3)


def test_to_the_letter_of_the_paper_control_counts_conditions():
    found = s1_of(grid(SWEEP))

    assert found.control_of_means == pytest.approx(1 / 3)


def test_scaling_is_the_mean_slope_over_all_pairs_in_points_per_1000_tokens():
    found = s1_of(grid(SWEEP))

    points = [(100, 25.0), (250, 50.0), (500, 75.0)]
    slopes = [(y - x) / (later - earlier) * 1000 for (earlier, x), (later, y) in combinations(points, 2)]
    assert found.scaling_points_per_1000_tokens == pytest.approx(sum(slopes) / 3)


def test_performance_is_the_best_accuracy_and_where_it_was():
    found = s1_of(grid(SWEEP))

    assert (found.performance, found.performance_budget) == (0.75, 400)


def test_of_equals_the_least_thinking_performs_best():
    assert s1_of(grid({400: [[(400, 1)]], 100: [[(100, 1)]]})).performance_budget == 100


def test_conditions_that_used_the_same_tokens_have_no_slope():
    three = {100: [[(300, 0)]], 200: [[(300, 1)]], 400: [[(800, 1)]]}

    assert s1_of(grid(three)).scaling_points_per_1000_tokens == pytest.approx((200 + 0) / 2)
    assert s1_of(grid({key: three[key] for key in (100, 200)})).scaling_points_per_1000_tokens is None


def test_effort_levels_scale_and_perform_but_have_nothing_to_keep_to():
    found = s1_of(grid({"low": [[(100, 0)], [(100, 1)]], "high": [[(1100, 1)], [(1100, 1)]]}))

    assert found.control is found.control_within is found.control_of_means is None
    assert found.scaling_points_per_1000_tokens == pytest.approx(50.0)
    assert found.performance_budget == "high"


def test_from_sums_only_the_samples_are_unknown():
    whole = grid(SWEEP)

    found, exact = s1_of(whole.rows(range(2))), s1_of(whole)

    assert found.control is found.control_within is None
    assert found.control_of_means == exact.control_of_means
    assert found.scaling_ci95_points_per_1000_tokens == exact.scaling_ci95_points_per_1000_tokens


def test_a_problem_that_a_condition_lacks_and_a_condition_without_samples_move_no_slope():
    early = {budget: [*problems, [(9000, 1)] if budget == 100 else []] for budget, problems in SWEEP.items()}
    early[800] = [[], [], []]

    found, exact = s1_of(grid(early)), s1_of(grid(SWEEP))

    assert found.scaling_points_per_1000_tokens == pytest.approx(exact.scaling_points_per_1000_tokens)
    assert (found.performance, found.performance_budget) == (0.75, 400)


@pytest.mark.parametrize("conditions", [{100: [[], []]}, {100: [[(100, 1)], []], 200: [[], [(200, 1)]]}])
def test_without_a_problem_that_all_conditions_share_nothing_is_said(conditions):
    found = s1_of(grid(conditions))

    assert found.scaling_points_per_1000_tokens is found.scaling_ci95_points_per_1000_tokens is None
    assert found.performance is found.performance_budget is None


def test_one_cluster_makes_no_interval():
    assert s1_of(grid(SWEEP, ["a", "a"])).scaling_ci95_points_per_1000_tokens is None
    assert s1_of(grid(SWEEP, ["a", "b"])).scaling_ci95_points_per_1000_tokens is not None


def test_the_interval_is_as_wide_as_resampling_clusters_makes_it():
    clusters = [f"c{i // 2}" for i in range(120)]
    whole = grid(simulated(np.random.default_rng(3), 120), clusters)

    low, high = s1_of(whole).scaling_ci95_points_per_1000_tokens

    weights = problem_weights(clusters, 2000, 1)
    accuracy, tokens = weighted_means(whole.shares, weights), weighted_means(whole.tokens, weights)
    slopes = [(accuracy[:, j] - accuracy[:, i]) / (tokens[:, j] - tokens[:, i]) for i, j in combinations(range(3), 2)]
    assert high - low == pytest.approx(2 * 2.001 * np.std(np.mean(slopes, axis=0)) * 1e5, rel=0.1)


def test_the_interval_holds_the_truth_about_95_times_in_100():
    rng, times = np.random.default_rng(9), 200
    points = list(zip(TOKENS, (0.2, 0.4, 0.6), strict=True))
    slopes = [(y - x) / (later - earlier) * 1e5 for (earlier, x), (later, y) in combinations(points, 2)]
    held = 0
    for _ in range(times):
        low, high = s1_of(grid(simulated(rng))).scaling_ci95_points_per_1000_tokens
        held += low <= sum(slopes) / 3 <= high
    assert 0.92 <= held / times <= 0.98


def test_its_json_carries_the_unit_in_the_name():
    found = json.loads(json.dumps(s1_of(grid(SWEEP)).to_json()))

    assert found["scaling_points_per_1000_tokens"] == pytest.approx(130.555555556)
    assert len(found["scaling_ci95_points_per_1000_tokens"]) == 2
    assert set(found) == {
        *("control", "control_within_20_percent", "control_of_means", "performance", "performance_budget"),
        *("scaling_points_per_1000_tokens", "scaling_ci95_points_per_1000_tokens"),
    }


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not here")
def test_o1_mini_never_keeps_to_what_it_is_asked_for():
    points = json.loads(SHARED.read_text(encoding="utf-8"))
    right = [round(30 * one["accuracy"]) for one in points]
    sweep = {
        one["token_limit"]: [[(round(one["avg_tokens_used"]), problem < good)] for problem in range(30)]
        for one, good in zip(points, right, strict=True)
    }

    found = s1_of(grid(sweep))

    expected = [
        100 * (y["accuracy"] - x["accuracy"]) / (y["avg_tokens_used"] - x["avg_tokens_used"]) * 1000
        for x, y in combinations(points, 2)
    ]
    assert found.control == found.control_within == found.control_of_means == 0.0
    assert found.scaling_points_per_1000_tokens == pytest.approx(sum(expected) / 28, rel=0.02)
    assert (found.performance, found.performance_budget) == (0.6, 1024)


TOKENS = (400, 900, 2000)


def simulated(rng, problems=40, draws=2):
    """Right 20, 40 and 60 % of the time at 400, 900 and 2000 tokens, some problems more often and longer."""
    hard = rng.random(problems) - 0.5
    length = np.exp(0.4 * rng.standard_normal(problems) - 0.08)
    return {
        budget: [
            [
                (tokens * length[p] * (0.8 + 0.4 * rng.random()), rng.random() < share + 0.3 * hard[p])
                for _ in range(draws)
            ]
            for p in range(problems)
        ]
        for budget, tokens, share in zip((100, 200, 400), TOKENS, (0.2, 0.4, 0.6), strict=True)
    }
