from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.frontier import efficient, frontier
from core.analysis.grid import grid_of
from core.analysis.options import Option, options_of
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.resampling import problem_weights
from core.analysis.vote_table import vote_table
from core.vocabulary import Control

SHARED = Path(__file__).parents[4] / "shared" / "data" / "epoch_otis_aime" / "gpt-5.2_samples.jsonl"


def cell(samples):
    n = len(samples)
    return CellSamples(
        problem_id=samples[0]["id"],
        cluster=None,
        draws=n,
        missing=0,
        answers=tuple(one.get("answer") for one in samples),
        right=tuple(one["graded"] == "C" for one in samples),
        truncated=(False,) * n,
        completion_tokens=tuple(one["output_tokens"] for one in samples),
        cost_pico=(None,) * n,
        seconds=(1.0,) * n,
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=8))
def test_an_option_is_on_the_frontier_unless_one_that_costs_no_more_is_as_accurate(points):
    accuracy, cost = (np.array(one, dtype=float) for one in zip(*points, strict=True))

    found = set(np.flatnonzero(efficient(accuracy[None], cost[None])[0]))

    beaten = {
        i
        for i, (a, c) in enumerate(points)
        if any(b >= a and d <= c and ((b, -d) != (a, -c) or j < i) for j, (b, d) in enumerate(points) if j != i)
    }
    assert found == set(range(len(points))) - beaten


def test_the_frontier_names_each_step_and_what_it_brings_per_dollar(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[0, 2, 2], [2, 2, 3], [4, 4, 4]], 1, dollars=[1.0, 2.0, 8.0])
    votes = table_of_votes(200, (2, 3), [[0.5, 0.9], [0.5, 0.6], [1.0, 1.0]])

    found = frontier(options_of(grid, [votes]))

    assert [place.option for place in found.places] == [Option(100, 1), Option(200, 1), Option(200, 3)]
    first, second = found.places[0].onward, found.places[1].onward
    assert (first.kind, second.kind, found.places[2].onward) == ("think longer", "more votes", None)
    assert (first.gain, first.extra, first.rate) == pytest.approx((1 / 6, 1, 1 / 6))
    assert (second.gain, second.extra, second.rate) == pytest.approx((1 / 6, 4, 1 / 24))


def test_from_each_place_both_ways_on_are_priced_and_two_votes_are_passed_over(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[0, 2], [2, 2], [4, 4]], 1, dollars=[1.0, 2.0])
    votes = table_of_votes(100, (2, 4), [[0.0, 0.0], [0.5, 0.6], [1.0, 1.0]])

    place = frontier(options_of(grid, [votes])).places[0]

    assert (place.longer.end, place.wider.end) == (Option(200, 1), Option(100, 4))
    assert (place.longer.kind, place.wider.kind) == ("think longer", "more votes")
    assert place.wider.rate == pytest.approx(0.1 / 3 / 3)
    # Only a resample without the first problem, 8 of 27, gains nothing by thinking longer.
    assert place.longer_pays_more == pytest.approx(19 / 27, abs=0.04)


def test_longer_is_by_what_a_sample_costs_not_by_what_was_asked(grid_of_sums, table_of_votes):
    # Asked for 200 tokens, this model spends less than asked for 100.
    grid = grid_of_sums([[2, 1], [3, 2]], 1, dollars=[3.0, 1.0])
    votes = table_of_votes(200, (3,), [[0.1], [0.2]])

    place = frontier(options_of(grid, [votes])).places[0]

    assert place.option == Option(200, 1)
    assert (place.onward.kind, place.onward.end) == ("think longer", Option(100, 1))


def test_a_step_to_shorter_thinking_with_more_votes_is_called_so(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1, 2], [2, 2]], 1, dollars=[1.0, 2.0])
    votes = table_of_votes(100, (4,), [[0.9], [0.9]])

    places = frontier(options_of(grid, [votes])).places

    assert [place.onward.kind for place in places[:-1]] == ["think longer", "more votes, shorter"]


def test_the_interval_of_a_rate_comes_from_the_same_resamples_of_both_ends(grid_of_sums):
    generator = np.random.default_rng(5)
    right = np.column_stack([generator.binomial(4, 0.4, 12), generator.binomial(4, 0.7, 12)])
    dollars = generator.uniform(1, 2, (12, 2)) * [1, 4]
    options = options_of(grid_of_sums(right, 1, dollars=dollars))

    step = frontier(options, times=200, seed=9).places[0].onward

    rates = []
    for weights in problem_weights(options.clusters, 200, 9):
        rows = np.repeat(np.arange(12), weights)
        rates.append(np.diff(right[rows].mean(axis=0) / 4)[0] / np.diff(dollars[rows].mean(axis=0))[0])
    assert step.ci95 == pytest.approx(tuple(np.percentile(rates, [2.5, 97.5])))
    assert frontier(options, times=200, seed=9).places[0].onward == step


def test_where_no_resample_differs_there_is_no_interval(grid_of_sums):
    found = frontier(options_of(grid_of_sums([[2, 3], [2, 3]], [10, 20])))

    assert found.places[0].onward.ci95 is None
    assert json.loads(json.dumps(found.to_json()))["places"][0]["next"]["rate"] == pytest.approx(0.25 / 10)


def test_one_option_leads_nowhere(grid_of_sums):
    assert frontier(options_of(grid_of_sums([[2], [3]], [10]))) is None


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not here")
def test_gpt_5_2_had_better_think_harder_from_low_to_high_than_vote():
    cells = {}
    for line in SHARED.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        cells.setdefault(one["reasoning_effort"], {}).setdefault(one["id"], []).append(one)
    conditions = [
        ConditionSamples(1, "gpt-5.2", "gpt-5.2", Control.EFFORT, effort, None, tuple(map(cell, problems.values())))
        for effort, problems in cells.items()
    ]

    found = frontier(options_of(grid_of(conditions), [vote_table(condition) for condition in conditions]))

    longer = found.places[:3]
    assert [place.option for place in longer] == [Option(effort, 1) for effort in ("low", "medium", "high")]
    assert [round(place.cost, 1) for place in longer] == [4537.9, 7995.4, 11016.8]
    assert [place.onward.kind for place in longer] == ["think longer", "think longer", "more votes"]
    assert [round(place.onward.gain, 4) for place in longer[:2]] == [0.15, 0.0222]
    assert [place.longer_pays_more > 0.95 for place in longer[:2]] == [True, True]
    assert all(place.option.budget != "xhigh" for place in found.places)
