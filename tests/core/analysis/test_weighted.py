from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.passk import pass_at_k
from core.analysis.votes import maj_at_k
from core.analysis.weighted import best_of_k, weighted_vote


def best_by_counting(scores, right, k):
    earned = []
    for subset in combinations(range(len(scores)), k):
        top = [i for i in subset if scores[i] == max(scores[j] for j in subset)]
        earned.append(Fraction(sum(right[i] for i in top), len(top)))
    return float(sum(earned) / len(earned))


def vote_by_counting(ballots, weights, k):
    """In whole numbers, as the weights are."""
    earned = []
    for subset in combinations(range(len(ballots)), k):
        totals = Counter()
        for i in subset:
            if ballots[i][0] is not None and weights[i]:
                totals[ballots[i][0]] += weights[i]
        leaders = [answer for answer, total in totals.items() if total == max(totals.values())]
        right = {answer for answer, good in ballots if good}
        earned.append(Fraction(sum(leader in right for leader in leaders), len(leaders) or 1))
    return float(sum(earned) / len(earned))


def cast(text):
    return [(None if answer == "-" else answer, answer == "7") for answer in text]


samples = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=40)
@given(samples)
def test_the_best_of_k_is_what_choosing_from_every_subset_gives(drawn):
    scores, right = [score for score, _ in drawn], [good for _, good in drawn]

    for k in range(1, len(drawn) + 1):
        assert best_of_k(scores, right, k) == pytest.approx(best_by_counting(scores, right, k), abs=1e-14)


def test_scores_that_know_the_truth_give_coverage_and_scores_that_know_nothing_accuracy():
    right = [True] * 9 + [False] * 31

    for k in (1, 2, 8, 40):
        assert best_of_k([float(good) for good in right], right, k) == pytest.approx(pass_at_k(40, 9, k))
        assert best_of_k([0.5] * 40, right, k) == pytest.approx(9 / 40)


def test_the_best_of_one_is_accuracy_and_the_best_of_all_is_the_best():
    scores, right = [0.1, 0.9, -0.3, 0.4], [True, False, True, True]

    assert best_of_k(scores, right, 1) == pytest.approx(3 / 4)
    assert best_of_k(scores, right, 4) == 0.0


def test_thousands_of_samples_are_exact_too():
    rng = random.Random(2)
    right = [rng.random() < 0.3 for _ in range(3000)]

    assert best_of_k(right, right, 1000) == pytest.approx(pass_at_k(3000, sum(right), 1000))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("7712-"), st.integers(0, 4)), min_size=1, max_size=8))
def test_a_weighted_vote_is_what_voting_on_every_subset_gives(drawn):
    ballots, weights = cast([answer for answer, _ in drawn]), [weight for _, weight in drawn]

    for k in range(1, len(drawn) + 1):
        found = weighted_vote(ballots, [weight / 10 for weight in weights], k)

        assert (found.se, found.exact) == (0.0, True)
        assert found.value == pytest.approx(vote_by_counting(ballots, weights, k), abs=1e-12)


@pytest.mark.parametrize("weight", [0.1, 1.0, 1e300])
def test_equal_weights_are_a_majority_vote(weight):
    ballots = cast("7777711122-3")

    for k in range(1, 13):
        assert weighted_vote(ballots, [weight] * 12, k).value == pytest.approx(maj_at_k(ballots, k), abs=1e-12)


def test_sums_that_differ_by_rounding_alone_tie():
    # Ten times .1 is not 1 to a computer that adds.
    assert weighted_vote(cast("7" * 10 + "1"), [0.1] * 10 + [1.0], 11).value == 0.5


def test_one_heavy_vote_outweighs_many_and_only_ratios_matter():
    ballots = cast("7111")

    assert weighted_vote(ballots, [4, 1, 1, 1], 4) == weighted_vote(ballots, [8, 2, 2, 2], 4) == (1.0, 0.0, True)


def test_an_answer_judged_both_ways_earns_its_share_of_right_verdicts():
    assert weighted_vote([("7", True), ("7", False)], [1, 5], 2).value == 0.5


@pytest.mark.parametrize("k", [8, 32, 55])
def test_too_many_subsets_are_sampled_with_an_error_that_is_true(k):
    ballots = cast("7" * 22 + "1" * 20 + "2" * 12 + "-" * 6 + "3456")

    found = weighted_vote(ballots, [1.0] * 64, k, seed=3)

    assert not found.exact
    assert 0 < found.se < 0.005
    assert abs(found.value - maj_at_k(ballots, k)) < 4 * found.se


def test_the_same_seed_gives_the_same_value_and_another_seed_another():
    ballots, weights = cast("7" * 20 + "1" * 20), [0.1 * i for i in range(40)]

    first, again, other = (weighted_vote(ballots, weights, 7, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first.value != other.value


def test_a_vote_of_all_and_a_vote_of_one_are_exact_however_many_samples():
    ballots, weights = cast("7" * 200 + "1" * 300), [2.0] * 200 + [1.0] * 300

    assert weighted_vote(ballots, weights, 500) == (1.0, 0.0, True)
    assert weighted_vote(ballots, weights, 1) == (pytest.approx(0.4), 0.0, True)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: best_of_k([1.0], [True, False], 1), "need as many scores"),
        (lambda: best_of_k([1.0, float("nan")], [True, False], 1), "not a finite number"),
        (lambda: best_of_k([1.0], [True], 2), "1 <= k <= 1"),
        (lambda: weighted_vote(cast("71"), [1.0], 1), "need as many weights"),
        (lambda: weighted_vote(cast("71"), [1.0, -1.0], 1), "cannot vote"),
        (lambda: weighted_vote(cast("71"), [1.0, float("inf")], 1), "not a finite number"),
        (lambda: weighted_vote([], [], 1), "1 <= k <= 0"),
    ],
)
def test_numbers_that_cannot_be_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
