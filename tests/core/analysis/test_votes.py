from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from core.analysis.votes import maj_at, maj_at_k


def by_counting(ballots, k):
    """Every subset of k ballots voted on, one by one."""
    earned = []
    for subset in combinations(ballots, k):
        votes = Counter(answer for answer, _ in subset if answer is not None)
        leaders = [answer for answer, count in votes.items() if count == max(votes.values())]
        right = {answer for answer, is_right in subset if is_right}
        earned.append(Fraction(sum(leader in right for leader in leaders), len(leaders) or 1))
    return sum(earned, Fraction()) / len(earned)


def cast(**counts):
    """`cast(r=3, w=2, none=1)`: 3 right ballots, 2 for w, 1 unread. Names that start with r are right."""
    return [
        (None if name == "none" else name, name.startswith("r")) for name, count in counts.items() for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(120))
def test_every_k_is_what_counting_all_subsets_gives(seed):
    rng = random.Random(seed)
    names = [None, *("rabc"[: rng.randint(1, 4)]), "rr"]
    ballots = [(name, name is not None and name.startswith("r")) for name in rng.choices(names, k=rng.randint(1, 10))]
    ks = range(1, len(ballots) + 1)

    expected = [float(by_counting(ballots, k)) for k in ks]

    assert maj_at(ballots, ks) == pytest.approx(expected, abs=1e-13)


def test_many_rivals_of_the_same_size_share_ties_exactly():
    ballots = cast(r=2, a=2, b=2, c=2, d=2, e=1, f=1, none=1)

    for k in range(1, 8):
        assert maj_at_k(ballots, k) == pytest.approx(float(by_counting(ballots, k)), abs=1e-13)


def test_a_tie_gives_one_over_its_leaders():
    assert maj_at_k(cast(r=2, a=2, b=2), 6) == pytest.approx(1 / 3)


def test_an_unread_answer_casts_no_vote():
    assert maj_at_k(cast(r=1, none=4), 5) == pytest.approx(1.0)


def test_nothing_is_earned_where_all_abstain():
    assert maj_at(cast(none=4), (1, 2, 4)) == (0.0, 0.0, 0.0)


def test_two_votes_are_worth_one_where_nobody_abstains():
    ballots = cast(r=5, a=3, b=2, c=1)

    one, two = maj_at(ballots, (1, 2))

    assert one == pytest.approx(5 / 11)
    assert two == pytest.approx(one, abs=1e-13)


def test_two_spellings_of_the_right_answer_split_their_votes():
    assert maj_at_k(cast(r1=2, r2=2, a=3), 7) == 0.0


def test_the_order_of_ks_and_of_ballots_does_not_matter():
    ballots = cast(r=4, a=3, none=1)

    assert maj_at(ballots, (8, 1, 4)) == pytest.approx(maj_at(ballots[::-1], (1, 4, 8))[2:] + maj_at(ballots, (1, 4)))


def test_an_answer_judged_both_ways_earns_its_share_of_right_verdicts():
    assert maj_at_k([("7", True), ("7", False), ("7", True)], 3) == pytest.approx(2 / 3)


@pytest.mark.parametrize("drawn", [256, 1000, 1200])
def test_hundreds_of_samples_stay_exact_and_finite(drawn):
    # Two answers only: maj@k is a tail of the hypergeometric distribution, summed here in whole numbers.
    right, k = drawn * 2 // 5, 65
    wins = sum(comb(right, t) * comb(drawn - right, k - t) for t in range(k // 2 + 1, k + 1))

    value = maj_at_k(cast(r=right, a=drawn - right), k)

    assert value == pytest.approx(float(Fraction(wins, comb(drawn, k))), rel=1e-10)


def test_the_better_answer_wins_ever_more_surely():
    values = maj_at(cast(r=120, a=80, b=30, c=26), (1, 4, 16, 64, 256))

    assert list(values) == sorted(values)
    assert values[-1] == 1.0


@pytest.mark.parametrize("k", [0, -1, 4])
def test_a_k_that_cannot_be_drawn_is_refused(k):
    with pytest.raises(ValueError, match="samples of this cell"):
        maj_at_k(cast(r=2, a=1), k)
