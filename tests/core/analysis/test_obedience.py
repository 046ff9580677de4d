from __future__ import annotations

import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis.strategies import lists, sampled_from

from core.analysis.obedience import LEAST_PAIRS, Finding, _dropped_from_the_top, obeys, rise_p_value, upper_limit


def tokens(problems: int, ratio: float, *, noise: float, seed: int = 0):
    """First draws at the lowest and the highest budget, on problems whose lengths differ widely."""
    chance = random.Random(seed)
    low, high = {}, {}
    for number in range(problems):
        size = chance.gauss(7, 1)
        low[f"p{number}"] = [round(math.exp(size + chance.gauss(0, noise)))]
        high[f"p{number}"] = [round(ratio * math.exp(size + chance.gauss(0, noise)))]
    return low, high


def share(finding: Finding, problems: int, ratio: float, noise: float = 0.25, runs: int = 200) -> float:
    found = [obeys(*tokens(problems, ratio, noise=noise, seed=seed)).finding for seed in range(runs)]
    return found.count(finding) / runs


def test_a_control_that_doubles_the_tokens_is_obeyed() -> None:
    assert share(Finding.OBEYED, 12, 2.0) > 0.97


def test_noise_is_rarely_taken_for_obedience() -> None:
    assert share(Finding.OBEYED, 12, 1.0) <= 0.03


def test_an_ignored_control_is_found_out_on_twenty_problems() -> None:
    assert share(Finding.IGNORED, 20, 1.0) > 0.75


def test_weak_obedience_over_twelve_problems_is_hardly_ever_called_ignored() -> None:
    assert share(Finding.IGNORED, 12, 1.3) < 0.08


def test_a_ratio_of_one_and_a_half_is_called_ignored_at_most_once_in_a_hundred() -> None:
    assert share(Finding.IGNORED, 30, 1.5) <= 0.01


def test_weak_obedience_on_many_problems_is_obedience() -> None:
    assert share(Finding.OBEYED, 40, 1.3) > 0.95


def test_noise_too_wide_to_see_anything_leaves_it_undecided() -> None:
    assert share(Finding.IGNORED, 8, 1.0, noise=1.0) < 0.05


def test_fewer_than_seven_problems_are_not_enough_however_clear_they_look() -> None:
    found = obeys({str(i): [100] for i in range(6)}, {str(i): [9000] for i in range(6)})

    assert (found.finding, found.pairs, found.p, found.upper) == (Finding.UNDECIDED, 6, None, None)
    assert found.words("`reasoning_effort`").startswith("not enough yet")
    assert "6 of 7 problems" in found.words("`reasoning_effort`")


def test_seven_problems_that_all_agree_are_enough() -> None:
    found = obeys({str(i): [100 + i] for i in range(7)}, {str(i): [300 + i] for i in range(7)})

    assert found.finding is Finding.OBEYED
    assert found.p == pytest.approx(2**-7)


def test_no_problem_in_common_says_nothing() -> None:
    found = obeys({"a": [5], "b": []}, {"c": [7], "b": [9]})

    assert (found.pairs, found.ratio) == (0, None)


def test_identical_tokens_at_both_budgets_are_ignored() -> None:
    same = {str(i): [400 + i] for i in range(8)}

    found = obeys(same, same)

    assert (found.finding, found.ratio, found.p) == (Finding.IGNORED, 1.0, 1.0)


def test_fewer_tokens_at_the_higher_budget_are_not_obedience() -> None:
    low, high = tokens(20, 3.0, noise=0.1)

    assert obeys(high, low).finding is Finding.IGNORED


def test_the_ratio_is_the_geometric_mean_over_problems_and_their_draws() -> None:
    found = obeys({"a": [100], "b": [50, 200]}, {"a": [400], "b": [100]})

    assert found.ratio == pytest.approx(2.0)


def test_a_single_runaway_draw_does_not_make_a_control_obeyed() -> None:
    low, high = tokens(12, 1.0, noise=0.1, seed=3)
    high["p0"] = [10**7]

    assert obeys(low, high).finding is not Finding.OBEYED


def test_problems_cut_off_at_both_budgets_are_left_out() -> None:
    cut = {str(i): [4096] for i in range(20)}

    assert obeys(cut, cut, cap=4096).pairs == 0


def test_answers_cut_off_at_the_higher_budget_never_prove_that_it_is_ignored() -> None:
    low = {str(i): [4000 + i] for i in range(20)}
    high = {str(i): [4096 if i % 2 else 4000 - i] for i in range(20)}

    found = obeys(low, high, cap=4096)

    assert found.finding is Finding.UNDECIDED
    assert found.upper == math.inf
    assert "cut off" in found.words("`thinking`")


def test_an_ignored_field_is_named() -> None:
    found = obeys(*tokens(30, 1.0, noise=0.1))

    assert found.words("`reasoning_effort`").startswith("this endpoint seems to ignore `reasoning_effort`: x")


@pytest.mark.parametrize("size", [7, 12, 31, 50])
def test_the_p_value_is_the_signed_rank_test_s(size: int) -> None:
    from scipy import stats  # noqa: PLC0415 - takes its time

    chance = random.Random(size)
    differences = [chance.gauss(0.2, 1) for _ in range(size)]

    expected = stats.wilcoxon(differences, alternative="greater", method="exact").pvalue

    assert rise_p_value(differences) == pytest.approx(expected, rel=1e-9)


def test_beyond_fifty_pairs_the_normal_value_is_close_to_the_exact_one() -> None:
    from scipy import stats  # noqa: PLC0415 - takes its time

    chance = random.Random(5)
    differences = [chance.gauss(0.15, 1) for _ in range(80)]

    expected = stats.wilcoxon(differences, alternative="greater", method="exact").pvalue

    assert rise_p_value(differences) == pytest.approx(expected, rel=0.05)


def test_ties_and_zeros_are_counted_over_all_signs() -> None:
    # Sizes 0, 1, 1, 2 have ranks 1, 2.5, 2.5, 4; the sum of the positive ones is 6.5; of the 8 ways to give signs to
    # the three that count, 2.5 + 4 twice and 9 once are as large.
    assert rise_p_value([0.0, 1.0, -1.0, 2.0]) == pytest.approx(3 / 8)


@pytest.mark.parametrize("size", [LEAST_PAIRS, 20, 80])
def test_the_upper_limit_covers_the_centre_ninety_nine_times_in_a_hundred(size: int) -> None:
    chance = random.Random(size)

    covered = sum(upper_limit([chance.gauss(0, 1) for _ in range(size)]) > 0 for _ in range(400))

    assert covered >= 390


@settings(deadline=None)
@given(differences=lists(sampled_from([-1.5, -0.25, 0.0, 0.25, 1.0, 3.0, math.inf]), min_size=7, max_size=40))
def test_the_upper_limit_is_the_average_that_listing_all_of_them_finds(differences: list[float]) -> None:
    assume(min(differences) < math.inf)
    pairs = [(one + other) / 2 for place, one in enumerate(differences) for other in differences[place:]]
    beyond = sum(average > upper_limit(differences) for average in pairs)
    reached = sum(average >= upper_limit(differences) for average in pairs)

    assert upper_limit(differences) in pairs
    assert beyond <= _dropped_from_the_top(len(differences)) < reached
