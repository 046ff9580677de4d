from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest

from core.analysis.passk import pass_at_k
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.reliability import all_right_at_k, confidence_of, reliability_of, vote_limit_of
from core.analysis.vote_table import vote_table
from core.analysis.votes import maj_of, tally
from core.vocabulary import Control


def cell(problem, answers):
    n = len(answers)
    read = tuple(None if answer == "-" else answer for answer in answers)
    right = tuple(answer == "7" for answer in answers)
    return CellSamples(problem, None, n, 0, read, right, (False,) * n, (9,) * n, (None,) * n, (1.0,) * n)


def condition(*answers):
    cells = tuple(cell(str(i), each) for i, each in enumerate(answers))
    return ConditionSamples(1, "a", "a", Control.PROMPT, 64, 64, cells)


def counted(*answers):
    return [(tally([(a if a != "-" else None, a == "7") for a in each]), len(each)) for each in answers]


@pytest.mark.parametrize("drawn", range(1, 7))
def test_all_right_is_what_counting_subsets_gives(drawn):
    for right in range(drawn + 1):
        for k in range(1, drawn + 1):
            subsets = [all(i < right for i in subset) for subset in combinations(range(drawn), k)]

            assert all_right_at_k(drawn, right, k) == pytest.approx(sum(subsets) / len(subsets))


def test_all_right_is_what_is_left_when_one_wrong_is_not_found():
    for k in (1, 3, 40):
        assert all_right_at_k(64, 50, k) == pytest.approx(1 - pass_at_k(64, 14, k))


@pytest.mark.parametrize(("drawn", "right", "k"), [(4, 2, 0), (4, 2, 5), (4, 5, 2), (4, -1, 2)])
def test_what_cannot_be_drawn_is_refused(drawn, right, k):
    with pytest.raises(ValueError, match=r"needs 1 <= k|cannot be right"):
        all_right_at_k(drawn, right, k)


def test_the_limit_of_a_vote_is_its_most_frequent_answer_and_ties_are_shared():
    limit = vote_limit_of(counted("7721", "7711", "1123", "--7-", "----"))

    assert limit.each == (1.0, 0.5, 0.0, 1.0, 0.0)
    assert limit.mean == pytest.approx(0.5)
    assert limit.ci95[0] < 0.5 < limit.ci95[1]


def test_ever_more_votes_of_the_same_frequencies_tend_to_the_limit():
    tallied = ((4, 4), (3, 0), (2, 0))
    many = [(votes * 2_000, right * 2_000) for votes, right in tallied]

    assert vote_limit_of([(tallied, 10)]).each == pytest.approx(maj_of(many, 20_000, (2_000,)), abs=1e-6)


def test_confidence_puts_problems_into_bins_by_the_share_of_their_leader():
    found = confidence_of(counted("7777", "7712", "1112", "1277", "1-2-", "----"), bins=2)

    low, high = found.bins
    assert (low.low, low.high, high.low, high.high) == (0, 0.5, 0.5, 1)
    # Two of four is half, and belongs to the lower bin; the tie of two wrong answers with a quarter each too.
    assert (low.problems, low.share, low.accuracy) == pytest.approx((3, (0.5 + 0.5 + 0.25) / 3, 2 / 3))
    assert (high.problems, high.share, high.accuracy) == pytest.approx((2, (1 + 0.75) / 2, 1 / 2))
    assert found.silent == 1
    # Right leaders have 1, .5, .5; wrong ones .75, .25.
    assert found.told_apart == pytest.approx((2 + 1 + 1) / 6)


def test_a_leader_that_ties_is_half_right_and_half_wrong():
    found = confidence_of(counted("7711", "1111"), bins=1)

    assert found.bins[0].accuracy == pytest.approx(1 / 4)
    # Half a right leader with .5, against half a wrong one with .5 and a whole one with 1.
    assert found.told_apart == pytest.approx(0.5 * 0.5 / 2 / (0.5 * 1.5))


def test_an_empty_bin_says_nothing():
    found = confidence_of(counted("7777"))

    assert [one.problems for one in found.bins] == [0, 0, 0, 0, 1]
    assert (found.bins[0].share, found.bins[0].accuracy, found.bins[0].ci95) == (None, None, None)
    assert found.told_apart is None


def test_bins_there_must_be():
    with pytest.raises(ValueError, match="0 bins"):
        confidence_of([], bins=0)


def test_a_condition_has_all_three():
    table = vote_table(condition("7777", "7712", "1112"))

    found = reliability_of(table)

    assert [(at.k, at.value) for at in found.all_right] == [
        (1, pytest.approx(6 / 12)),
        (2, pytest.approx((1 + 1 / 6) / 3)),
        (4, pytest.approx(1 / 3)),
    ]
    assert found.all_right[0].value == pytest.approx(table.credit[:, 0].mean())
    assert found.vote_limit.each == (1, 1, 0)
    assert json.loads(json.dumps(found.to_json()))["vote_limit"]["limit"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("ks", [None, (1, 2)])
def test_without_a_sample_nothing_is_said(ks):
    found = reliability_of(vote_table(condition(""), ks))

    assert (found.all_right, found.vote_limit.mean, found.confidence.silent) == ((), None, 0)
    assert json.dumps(found.to_json())


def test_a_table_without_counts_is_refused():
    with pytest.raises(ValueError, match="not tallied"):
        reliability_of(replace(vote_table(condition("77")), tallied=()))
