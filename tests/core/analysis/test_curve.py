from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.analysis.curve import Aggregate, condition_curve, curve_of_aggregates, pass_sizes, vote_sizes
from core.analysis.grid import grid_of
from core.analysis.intervals import interval
from core.analysis.records import CellSamples, ConditionSamples
from core.vocabulary import Control


def cell(problem, answers, truth="7", *, cluster=None, missing=0, cut=(), tokens=None, cost=2_000_000, draws=None):
    n = len(answers)
    return CellSamples(
        problem_id=problem,
        cluster=cluster,
        draws=draws or n + missing,
        missing=missing,
        answers=tuple(answers),
        right=tuple(answer == truth for answer in answers),
        truncated=tuple(i in cut for i in range(n)),
        completion_tokens=tuple(tokens or [300] * n),
        cost_pico=(cost,) * n,
        seconds=(1.5,) * n,
    )


def condition(*cells, budget=100, run=3):
    tokens = budget if isinstance(budget, int) else None
    return ConditionSamples(run, "o1-mini", "o1-mini", Control.PROMPT, budget, tokens, cells)


def test_accuracy_is_the_mean_over_problems_of_the_mean_over_their_samples():
    numbers = condition_curve(condition(cell("a", ["7"]), cell("b", ["7", "1", "2", "3"])))

    assert numbers.accuracy == pytest.approx((1 + 1 / 4) / 2)
    assert (numbers.problems, numbers.draws, numbers.samples) == (2, 5, 5)


def test_an_unread_or_a_truncated_answer_is_wrong_and_casts_no_vote():
    numbers = condition_curve(condition(cell("a", ["7", "7", None, "1"], cut=(0,)), cell("b", ["7"] * 4)))

    assert numbers.accuracy == pytest.approx((1 / 4 + 1) / 2)
    assert (numbers.answered, numbers.truncated) == (6, 1)
    assert numbers.maj_at[-1].value == pytest.approx((1 / 2 + 1) / 2)


def test_an_unread_answer_is_wrong_whatever_its_flag_says():
    unread = CellSamples("a", None, 1, 0, (None,), (True,), (False,), (1,), (1,), (1.0,))

    assert condition_curve(condition(unread)).accuracy == 0.0


def test_what_failed_for_good_is_missing_and_moves_the_bounds_only():
    numbers = condition_curve(condition(cell("a", ["7", "7"], missing=2), cell("b", ["7", "1"])))

    assert numbers.accuracy == pytest.approx(0.75)
    assert (numbers.missing, numbers.bounds) == (2, (0.5, 0.75))


def test_tokens_cost_and_time_are_means_over_problems_too():
    numbers = condition_curve(
        condition(cell("a", ["7"], tokens=[100], cost=1), cell("b", ["1"] * 3, tokens=[200, 400, 600], cost=2))
    )

    assert numbers.mean_completion_tokens == pytest.approx(250)
    assert numbers.mean_seconds == pytest.approx(1.5)
    assert numbers.mean_cost_usd == "0.000000000002"  # 1.5 picodollars, halves to even


@pytest.mark.parametrize(
    ("pico", "dollars"),
    [(133_243_000_000, "0.133243"), (133_243_200_000, "0.1332432"), (12 * 10**12, "12.000000"), (0, "0.000000")],
)
def test_cost_is_an_exact_decimal_string(pico, dollars):
    assert condition_curve(condition(cell("a", ["7"], cost=pico))).mean_cost_usd == dollars


def test_one_unpriced_sample_makes_the_cost_unknown_never_less():
    half_priced = replace(cell("b", ["7", "7"]), cost_pico=(2_000_000, None))

    assert condition_curve(condition(cell("a", ["7"]), half_priced)).mean_cost_usd is None


def test_k_goes_by_powers_of_two_to_the_fewest_samples_of_any_problem():
    numbers = condition_curve(condition(cell("a", ["7"] * 6), cell("b", ["1"] * 9)))

    assert [at.k for at in numbers.pass_at] == [at.k for at in numbers.maj_at] == [1, 2, 4, 6]
    assert [vote_sizes(n) for n in (0, 1, 8)] == [(), (1,), (1, 2, 4, 8)]


def test_votes_end_at_512_but_for_the_vote_of_all_and_pass_goes_on():
    powers = tuple(1 << i for i in range(10))

    assert vote_sizes(512) == powers
    assert vote_sizes(25_000) == (*powers, 25_000)
    assert pass_sizes(2_500) == (*powers, 1_024, 2_048, 2_500)


def test_a_vote_of_one_is_the_accuracy_to_the_last_bit():
    answers = [["7"] * right + ["1"] * (n - right) for right, n in ((1, 4), (3, 7), (5, 11), (2, 9))]
    numbers = condition_curve(condition(*(cell(str(i), each) for i, each in enumerate(answers))))

    assert numbers.maj_at[0].value == numbers.accuracy
    assert numbers.maj_at[1].value == numbers.accuracy


def test_pass_and_vote_at_one_are_the_accuracy():
    numbers = condition_curve(condition(cell("a", ["7", "1", "7"]), cell("b", ["2", "1", "7"])))

    assert numbers.pass_at[0].value == pytest.approx(numbers.accuracy)
    assert numbers.maj_at[0].value == pytest.approx(numbers.accuracy)
    assert numbers.maj_at[0].ci95 == pytest.approx(numbers.ci95)


def test_a_problem_still_to_come_changes_no_mean():
    some = [cell("a", ["7", "1"]), cell("b", ["7", "7"])]

    early, late = condition_curve(condition(*some, cell("c", [], draws=2))), condition_curve(condition(*some))

    assert (early.accuracy, early.ci95, early.maj_at) == (late.accuracy, late.ci95, late.maj_at)
    assert (early.problems, early.draws) == (2, 6)


def test_a_condition_without_samples_says_nothing():
    numbers = condition_curve(condition(cell("a", [], draws=4)))

    assert numbers.accuracy is numbers.se is numbers.se_draws is numbers.ci95 is numbers.bounds is None
    assert numbers.mean_completion_tokens is numbers.mean_cost_usd is numbers.overrun is None
    assert (numbers.pass_at, numbers.maj_at, numbers.draws) == ((), (), 4)


def test_clusters_reach_the_standard_error():
    def both(*clusters):
        answers = [["7", "7"], ["7", "7"], ["1", "1"], ["1", "7"]]
        return condition_curve(
            condition(
                *(cell(str(i), each, cluster=c) for i, (each, c) in enumerate(zip(answers, clusters, strict=True)))
            )
        )

    assert both("x", "x", "y", "y").se > both(None, None, None, None).se


def test_effort_levels_have_no_overrun():
    assert condition_curve(condition(cell("a", ["7"]), budget="low")).overrun is None
    assert condition_curve(condition(cell("a", ["7"]), budget=100)).overrun.median == 3.0


def test_the_json_has_every_field_that_scripts_rely_on():
    both = condition(cell("a", ["7", "1"]), cell("b", ["7", "7"])), condition(cell("a", []))

    first, second = (json.loads(json.dumps(condition_curve(one).to_json())) for one in both)

    assert set(first) >= {
        *("run", "label", "model", "control", "budget", "problems", "draws", "answered", "truncated", "missing"),
        *("accuracy", "se", "se_draws", "ci95", "bounds", "mean_completion_tokens", "mean_cost_usd"),
        *("overrun", "pass_at", "maj_at"),
    }
    assert first["control"] == "prompt"
    assert set(first["overrun"]) == {"median", "q1", "q3", "geomean", "share_over", "share_within"}
    assert first["pass_at"] == {"1": 0.75, "2": 1.0}
    assert second["accuracy"] is None
    assert second["maj_at"] == {}


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="columns of a differ"):
        CellSamples("a", None, 1, 0, ("7",), (True, False), (False,), (1,), (1,), (1.0,))


def test_the_geometric_mean_of_tokens_is_a_mean_over_problems_too():
    one = condition(cell("a", ["7", "1"], tokens=[100, 400]), cell("b", ["7", "1"], tokens=[1600, 1600]))

    assert condition_curve(one).geomean_completion_tokens == pytest.approx((200 * 1600) ** 0.5)


def test_tokens_that_no_source_has_said_are_not_taken_for_none():
    one = condition_curve(condition(cell("a", ["7", "1"], tokens=[0, 0])))

    assert (one.mean_completion_tokens, one.geomean_completion_tokens, one.used_per_asked) == (None, None, None)


def test_a_published_result_without_samples_keeps_its_votes_with_their_own_tokens():
    points = [Aggregate(8, 30, 0.7, 88448.4), Aggregate(1, 30, 16 / 30, 11103.6)]

    curve = curve_of_aggregates(1, "o1-mini", "o1-mini", Control.PROMPT, 2048, points)

    assert (curve.accuracy, curve.se, curve.samples) == (16 / 30, None, 0)
    assert curve.used_per_asked == pytest.approx(5.42, abs=0.005)
    assert [(at.k, at.value, at.tokens) for at in curve.maj_at] == [(1, 16 / 30, 11103.6), (8, 0.7, 88448.4)]
    assert curve.ci95 == pytest.approx(interval([1.0] * 16 + [0.0] * 14, 30))


def test_a_problem_whose_tokens_nobody_said_is_left_out_of_their_mean():
    samples = condition(cell("a", ["7", "1"], tokens=[0, 0]), cell("b", ["7", "1"], tokens=[100, 400]))

    one = condition_curve(samples)

    assert one.mean_completion_tokens == grid_of([samples]).mean_tokens[0] == 250
    assert one.geomean_completion_tokens == pytest.approx(200)
