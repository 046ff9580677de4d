from __future__ import annotations

import pytest

from core.analysis.overrun import overrun_of


def test_it_is_tokens_used_per_token_asked():
    over = overrun_of([50, 100, 200, 400], 100)

    assert (over.median, over.q1, over.q3) == (1.5, 0.875, 2.5)
    assert over.geomean == pytest.approx(2**0.5)


def test_exactly_on_budget_is_not_over():
    assert overrun_of([100, 100, 101], 100).share_over == pytest.approx(1 / 3)


def test_within_a_fifth_of_the_budget_counts_both_ends():
    over = overrun_of([79, 80, 100, 120, 121], 100)

    assert over.share_within == pytest.approx(3 / 5)
    assert over.to_json()["share_within"] == over.share_within


@pytest.mark.parametrize("budget", [5, 35, 1005, 2**20 * 5])
def test_the_ends_are_met_exactly_whatever_the_budget(budget):
    at_the_ends, past_them = [budget * 4 // 5, budget * 6 // 5], [budget * 4 // 5 - 1, budget * 6 // 5 + 1]

    assert overrun_of(at_the_ends, budget).share_within == 1.0
    assert overrun_of(past_them, budget).share_within == 0.0


def test_one_sample_is_its_own_quartiles():
    over = overrun_of([230], 100)

    assert (over.q1, over.median, over.q3) == (2.3, 2.3, 2.3)


def test_a_sample_whose_tokens_nobody_said_does_not_count():
    assert overrun_of([0, 50, 200], 100) == overrun_of([50, 200], 100)


@pytest.mark.parametrize(("tokens", "budget"), [([], 100), ([5], None)])
def test_there_is_none_without_samples_or_without_a_budget_in_tokens(tokens, budget):
    assert overrun_of(tokens, budget) is None
