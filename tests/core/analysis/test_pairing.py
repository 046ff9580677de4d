from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import fsum, sqrt
from pathlib import Path
from statistics import stdev

import numpy as np
import pytest

from core.analysis.grid import grid_of
from core.analysis.intervals import standard_error
from core.analysis.pairing import between_labels, neighbouring_differences, paired_difference
from core.analysis.records import CellSamples, ConditionSamples
from core.vocabulary import Control

SHARED = Path(__file__).parents[4] / "shared" / "data" / "epoch_otis_aime" / "gpt-5.2_samples.jsonl"


def cell(problem, marks, *, content="", cluster=None, tokens=100):
    n = len(marks)
    return CellSamples(
        problem_id=problem,
        cluster=cluster,
        draws=n,
        missing=0,
        answers=tuple("7" if mark else "1" for mark in marks),
        right=tuple(map(bool, marks)),
        truncated=(False,) * n,
        completion_tokens=(tokens,) * n,
        cost_pico=(None,) * n,
        seconds=(1.0,) * n,
        content=content,
    )


def condition(budget, cells, run=1):
    return ConditionSamples(run, "m", "m", Control.PROMPT, budget, budget, tuple(cells))


def grid(*columns, clusters=None, run=1):
    """Conditions at 100, 200, ... tokens; of each, the marks of its problems' samples."""
    clusters = clusters or [None] * len(columns[0])
    return grid_of(
        [
            condition(
                100 * (i + 1),
                [cell(f"p{row}", marks, cluster=clusters[row]) for row, marks in enumerate(column)],
                run,
            )
            for i, column in enumerate(columns)
        ]
    )


def difference_of(first, second, clusters=None):
    return neighbouring_differences(grid(first, second, clusters=clusters))[0]


def test_it_is_the_mean_of_the_differences_within_problems():
    found = difference_of([[1, 0], [0, 0], [1, 1], [1, 0]], [[1, 1], [1, 0], [1, 1], [0, 0]])

    within = [0.5, 0.5, 0.0, -0.5]
    assert found.difference == pytest.approx(0.125)
    assert found.se == pytest.approx(stdev(within) / 2)
    assert found.ci95 == pytest.approx((0.125 - 3.1824463 * found.se, 0.125 + 3.1824463 * found.se))
    assert (found.problems, found.unpaired_first, found.unpaired_second) == (4, 0, 0)


def test_p_is_that_of_the_paired_t_test():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(5)
    for problems in (2, 3, 9, 250):
        marks = rng.integers(2, size=(2, problems, 4))
        found = difference_of(*marks.tolist())

        expected = stats.ttest_rel(marks[1].mean(axis=1), marks[0].mean(axis=1)).pvalue
        assert found.p == pytest.approx(expected, abs=1e-10)


def test_problems_of_one_cluster_count_as_one():
    first, second = [[0]] * 6, [[1], [1], [0], [0], [0], [1]]

    found = difference_of(first, second, ["a", "a", "b", "b", None, None])

    assert found.se == pytest.approx(standard_error([1, 1, 0, 0, 0, 1], ["a", "a", "b", "b", None, None]))
    assert found.se > difference_of(first, second).se


def test_pairing_is_worth_what_problems_have_in_common():
    hard_and_easy = [[0] * 4, [1, 0, 0, 0], [1, 1, 1, 0], [1] * 4]
    harder = [[0] * 4, [0] * 4, [1, 1, 0, 0], [1, 1, 1, 0]]

    found = difference_of(hard_and_easy, harder)

    one, other = standard_error([0, 0.25, 0.75, 1]), standard_error([0, 0, 0.5, 0.75])
    assert found.se_unpaired == pytest.approx(sqrt(one**2 + other**2))
    assert found.se < found.se_unpaired / 2


@pytest.mark.parametrize("seed", range(5))
def test_the_other_way_round_only_the_sign_changes(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(2, size=(2, 7, 1 + seed)).tolist()
    clusters = ["a", "a", None, None, "b", "b", "b"]

    there, back = difference_of(first, second, clusters), difference_of(second, first, clusters)

    assert back.difference == pytest.approx(-there.difference)
    assert back.ci95 == pytest.approx((-there.ci95[1], -there.ci95[0]))
    assert (back.se, back.p, back.se_unpaired) == pytest.approx((there.se, there.p, there.se_unpaired))


def test_problems_are_matched_across_runs_by_what_they_say_and_the_others_counted():
    one = grid_of([condition(100, [cell("p1", [1], content="x"), cell("p2", [0], content="y"), cell("p3", [1])])])
    other = grid_of([condition(800, [cell("q9", [1], content="y"), cell("q1", [0], content="x")], run=2)])

    found = paired_difference(one, 0, other, 0)

    assert (found.problems, found.unpaired_first, found.unpaired_second) == (2, 1, 0)
    assert found.difference == 0.0
    assert found.se == pytest.approx(stdev([-1, 1]) / sqrt(2))


def test_the_same_problem_asked_twice_is_paired_in_order_and_a_third_stays_alone():
    one = grid_of([condition(100, [cell("a", [0], content="x"), cell("b", [1], content="x")])])
    other = grid_of([condition(100, [cell(name, [1], content="x") for name in "cde"], run=2)])

    found = paired_difference(one, 0, other, 0)

    assert (found.problems, found.unpaired_first, found.unpaired_second) == (2, 0, 1)
    assert found.difference == 0.5


def test_within_one_run_a_twin_without_a_sample_does_not_shift_the_pairs():
    low = condition(100, [cell("a", [], content="x"), cell("b", [1], content="x"), cell("c", [0])])
    high = condition(200, [cell("a", [0], content="x"), cell("b", [1], content="x"), cell("c", [0])])

    [found] = neighbouring_differences(grid_of([low, high]))

    assert (found.problems, found.unpaired_first, found.unpaired_second) == (2, 0, 1)
    assert found.difference == 0.0


def test_a_cluster_is_known_where_either_run_says_it():
    plain = [cell(f"p{i}", [0]) for i in range(4)]
    grouped = [cell(f"p{i}", [i < 2], cluster="ab"[i // 2]) for i in range(4)]
    one, other = grid_of([condition(100, plain)]), grid_of([condition(100, grouped, run=2)])

    assert paired_difference(one, 0, other, 0).se == pytest.approx(paired_difference(other, 0, one, 0).se)
    assert paired_difference(one, 0, other, 0).se == pytest.approx(standard_error([1, 1, 0, 0], ["a", "a", "b", "b"]))


def test_where_nothing_differs_the_interval_is_that_of_a_rule_of_three():
    marks = [[1, 0], [1, 1], [0, 0]] * 10

    found = difference_of(marks, marks)

    assert (found.difference, found.se, found.p) == (0.0, 0.0, 1.0)
    assert found.ci95 == pytest.approx((-0.0950, 0.0950), abs=1e-4)
    # The chance to see 30 problems that agree, at the end of the interval, is 1 in 20.
    assert (1 - found.ci95[1]) ** 30 == pytest.approx(0.05)


def test_where_all_differ_alike_the_interval_has_width_too_and_stays_within_its_ends():
    same, whole = difference_of([[1, 0]] * 5, [[1, 1]] * 5), difference_of([[0]] * 5, [[1]] * 5)

    assert same.ci95[0] < same.difference == 0.5 < same.ci95[1]
    assert whole.ci95[0] < whole.ci95[1] == whole.difference == 1.0
    assert same.p == whole.p == 2 ** (1 - 5)


def test_no_difference_is_beyond_all_or_nothing():
    assert difference_of([[0], [0], [0]], [[1], [1], [0]]).ci95[1] == 1.0
    assert difference_of([[1], [1], [0]], [[0], [0], [0]]).ci95[0] == -1.0


def test_rounding_is_not_taken_for_spread():
    # 0.2 - 0.1 and 0.6 - 0.5 are not the same float.
    first, second = ([[1] * k + [0] * (10 - k) for k in ks] for ks in ((1, 5, 5), (2, 6, 6)))

    found = difference_of(first, second)

    assert found.ci95[1] - found.ci95[0] > 0.5


def test_what_cannot_be_said_is_none():
    lone = difference_of([[1]], [[0]])
    nothing = difference_of([[1], []], [[], [1]])

    assert (lone.problems, lone.difference) == (1, -1.0)
    assert lone.se is lone.ci95 is lone.p is lone.se_unpaired is None
    assert (nothing.problems, nothing.unpaired_first, nothing.unpaired_second) == (0, 1, 1)
    assert nothing.difference is nothing.se is nothing.ci95 is None
    assert json.loads(json.dumps(nothing.to_json()))["difference"] is None


def test_there_is_one_difference_fewer_than_conditions():
    columns = [[[0], [0], [1]], [[0], [1], [1]], [[1], [1], [1]]]

    found = neighbouring_differences(grid(*columns))

    assert [one.difference for one in found] == pytest.approx([1 / 3, 1 / 3])
    assert neighbouring_differences(grid(columns[0])) == ()


@pytest.mark.parametrize(("low", "gain", "draws"), [(0.4, 0.1, 1), (0.4, 0.1, 8), (0.85, 0.07, 4), (0.6, 0.0, 4)])
def test_the_interval_holds_the_truth_about_95_times_in_100(low, gain, draws):
    rng, times, problems = np.random.default_rng(11), 400, 30
    held = 0
    for _ in range(times):
        # Problems differ in hardness, and in what thinking does for them; their means are what is to be found.
        easy = rng.beta(2 * low, 2 * (1 - low), size=problems)
        moved = easy + gain * 2 * rng.random(problems) * (1 - easy) / (1 - low)
        marks = [(rng.random((problems, draws)) < p[:, None]).tolist() for p in (easy, moved)]
        a, b = difference_of(*marks).ci95
        held += a <= gain <= b
    assert 0.92 <= held / times <= 0.985


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not here")
def test_gpt_5_2_gains_from_low_to_medium_to_high_and_no_further():
    found = neighbouring_differences(shared())

    assert [(round(one.difference, 4), round(one.se, 4)) for one in found] == [
        (0.15, 0.0418),
        (0.0222, 0.0127),
        (0.0, 0.004),
    ]
    assert all(one.problems == 45 and one.ci95[0] < one.difference < one.ci95[1] for one in found)
    assert [one.p < 0.05 for one in found] == [True, False, False]


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not here")
def test_on_real_data_it_is_what_a_loop_over_problems_finds():
    whole = shared()

    for i, j in pairwise(range(len(whole.budgets))):
        found = paired_difference(whole.rows(range(40)), i, whole.rows(range(5, 45)), j)

        each = [float(whole.shares[p, j] - whole.shares[p, i]) for p in range(5, 40)]
        assert (found.problems, found.unpaired_first, found.unpaired_second) == (35, 5, 5)
        assert found.difference == pytest.approx(fsum(each) / 35, abs=1e-15)
        assert found.se == pytest.approx(stdev(each) / sqrt(35))


def mean_of(drawn):
    return round(sum(one["output_tokens"] for one in drawn) / len(drawn))


def shared():
    samples = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    marks = {}
    for one in samples:
        by_problem = marks.setdefault(one["reasoning_effort"], {})
        by_problem.setdefault(one["id"], []).append(one)
    return grid_of(
        [
            ConditionSamples(
                1,
                "gpt-5.2",
                "gpt-5.2",
                Control.EFFORT,
                effort,
                None,
                tuple(
                    cell(name, [one["graded"] == "C" for one in drawn], tokens=mean_of(drawn))
                    for name, drawn in problems.items()
                ),
            )
            for effort, problems in marks.items()
        ]
    )


def test_two_labels_are_paired_where_both_were_asked_for_the_same():
    one = grid([[0, 1], [1, 1]], [[1, 1], [1, 1]])
    other = replace(one, name="other", budgets=(one.budgets[1], 999))

    (found,) = between_labels(one, other)

    assert (found.first_budget, found.second_budget) == (one.budgets[1], one.budgets[1])
    assert found.found == paired_difference(one, 1, other, 0)
    assert found.to_json()["difference"] == -0.25


def test_two_labels_of_one_condition_each_are_paired_whatever_they_were_asked_for():
    one = grid([[0, 1], [1, 1]])
    other = replace(one, name="other", budgets=("high",))

    assert [(pair.first_budget, pair.second_budget) for pair in between_labels(one, other)] == [(100, "high")]
    assert between_labels(grid([[0]], [[1]]), replace(grid([[0]], [[1]]), budgets=(1, 2))) == ()
