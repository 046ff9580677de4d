from __future__ import annotations

import json

import numpy as np
import pytest

from core.analysis.best_split import best_splits, choice, deal
from core.analysis.intervals import interval, standard_error
from core.analysis.options import Option, options_of


def test_clusters_are_dealt_whole_and_evenly():
    clusters = [None, "a", "a", None, "b", "b", "b", None]

    fold = deal(clusters, 3, seed=4)

    assert fold[1] == fold[2]
    assert len(set(fold[4:7])) == 1
    sizes = np.bincount([fold[0], fold[1], fold[3], fold[4], fold[7]])
    assert sorted(sizes) == [1, 2, 2]
    assert list(deal(clusters, 3, seed=4)) == list(fold)
    assert set(deal(clusters, 10, seed=4)) == set(range(5))


def test_the_choice_is_the_most_accurate_within_the_spend_and_of_equals_the_cheaper():
    accuracy, cost = np.array([0.2, 0.6, 0.6, 0.9]), np.array([1.0, 3.0, 2.0, 8.0])

    assert [choice(accuracy, cost, spend) for spend in (0.5, 1, 2.5, 3, 8)] == [0, 0, 2, 2, 3]


def test_each_problem_is_scored_by_the_choice_of_all_others(grid_of_sums):
    generator = np.random.default_rng(2)
    right, tokens = generator.integers(0, 5, (9, 4)), generator.uniform(1, 2, (9, 4)) * [1, 2, 3, 4]
    options = options_of(grid_of_sums(right, tokens))

    (split,) = best_splits(options, [5.0], folds=9, seed=1).splits

    scored = []
    for row in range(9):
        rest = np.delete(np.arange(9), row)
        within = [i for i in range(4) if tokens[rest, i].mean() <= 5.0]
        scored.append(right[row, max(within, key=lambda i: right[rest, i].mean())] / 4)
    assert split.accuracy == pytest.approx(np.mean(scored))
    assert split.se == pytest.approx(standard_error(scored))
    assert split.ci95 == pytest.approx(interval(scored, 9 * 4))
    assert sum(count for _, count in split.picks) == split.folds == 9
    assert split.chosen_in == dict(split.picks)[split.option]


def test_where_all_options_are_equal_the_rule_is_worth_no_more_than_any_of_them(grid_of_sums):
    # The best of 12 by luck looks 10 points better than it is on the problems that chose it.
    generator = np.random.default_rng(8)
    held_out, flattered = [], []
    for seed in range(60):
        options = options_of(grid_of_sums(generator.binomial(2, 0.5, (20, 12)), np.arange(1, 13), n=2))
        held_out.append(best_splits(options, [12], seed=seed).splits[0].accuracy)
        flattered.append(options.accuracy.max())

    assert np.mean(held_out) == pytest.approx(0.5, abs=0.03)
    assert np.mean(flattered) > 0.58


def test_a_spend_that_some_fold_cannot_meet_is_left_out(grid_of_sums):
    options = options_of(grid_of_sums([[1, 2], [3, 4], [0, 1]], [[10, 20], [10, 20], [40, 80]]))

    rule = best_splits(options, [19, 20, 25, 1000])

    assert [split.spend for split in rule.splits] == [25, 1000]
    assert rule.splits[-1].option == Option(200, 1)


def test_unasked_the_spends_double_until_everything_can_be_had(grid_of_sums):
    rule = best_splits(options_of(grid_of_sums([[1, 2, 3], [3, 4, 4]], [10, 20, 45])))

    assert [split.spend for split in rule.splits] == pytest.approx([14.14, 28.28, 56.57], abs=0.01)
    assert json.loads(json.dumps(rule.to_json()))["splits"][2]["option"] == {"budget": 400, "votes": 1}


def test_one_option_or_one_cluster_is_no_choice(grid_of_sums):
    assert best_splits(options_of(grid_of_sums([[1], [2]], [10]))) is None
    assert best_splits(options_of(grid_of_sums([[1, 2], [2, 3]], [10, 20], clusters=("a", "a")))) is None


def test_where_every_fold_can_have_something_for_nothing_no_spend_is_made_up(grid_of_sums):
    grid = grid_of_sums([[1, 2], [3, 4]], [10, 20], dollars=[[0.0, 0.1], [0.1, 0.0]])

    assert best_splits(options_of(grid)).splits == ()
