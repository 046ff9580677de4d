from __future__ import annotations

import random
import time
from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.few_votes import Contest, leads_by_counting
from core.analysis.votes import leads_by_roots, maj_at, maj_at_k, maj_of, maj_of_cells, tally, tally_of_columns


def by_counting(ballots, k):
    """Every subset of k ballots voted on, one by one."""
    earned = []
    for subset in combinations(ballots, k):
        votes = Counter(answer for answer, _ in subset if answer is not None)
        leaders = [answer for answer, count in votes.items() if count == max(votes.values())]
        right = {answer for answer, is_right in subset if is_right}
        earned.append(Fraction(sum(leader in right for leader in leaders), len(leaders) or 1))
    return sum(earned, Fraction()) / len(earned)


def by_polynomials(ballots, k):
    """Every number of votes and of ties, in whole numbers: slow, without a bound to trust, for cells of dozens."""
    votes = Counter(answer for answer, _ in ballots if answer is not None)
    silent = len(ballots) - votes.total()
    earned = Fraction()
    for answer in {answer for answer, right in ballots if right}:
        for t in range(1, min(votes[answer], k) + 1):
            # ways[ties][i]: how the others have i votes, none more than t, so many of them t.
            ways = {0: [comb(silent, i) for i in range(k - t + 1)]}
            for count in (count for other, count in votes.items() if other != answer):
                after = {}
                for ties, row in ways.items():
                    for has in range(min(count, t) + 1):
                        into = after.setdefault(ties + (has == t), [0] * len(row))
                        for i in range(len(row) - has):
                            into[i + has] += row[i] * comb(count, has)
                ways = after
            earned += comb(votes[answer], t) * sum(Fraction(row[k - t], 1 + ties) for ties, row in ways.items())
    return earned / comb(len(ballots), k)


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


@pytest.mark.parametrize("seed", range(30))
def test_cells_of_dozens_are_what_whole_numbers_give(seed):
    rng = random.Random(seed)
    drawn, kinds = rng.randint(12, 48), rng.choice([2, 5, 30])
    names = rng.choices([None, "r", "rr", *map(str, range(kinds))], [2, 3, 1, *([4 / kinds] * kinds)], k=drawn)
    ballots = [(name, name is not None and name.startswith("r")) for name in names]
    ks = (2, 3, drawn // 3, drawn // 2, drawn - 2, drawn - 1, drawn)

    assert maj_at(ballots, ks) == pytest.approx([float(by_polynomials(ballots, k)) for k in ks], abs=1e-12)


@pytest.mark.parametrize("k", [3, 6, 32, 100])
def test_answers_seen_once_tie_as_often_as_counting_says(k):
    # One right among singletons: its share of the lead is 1/k whenever it was drawn, so 1/n in all.
    ballots = cast(r=1, **{f"w{i}": 1 for i in range(199)})

    assert maj_at_k(ballots, k) == pytest.approx(1 / 200, abs=1e-13)


@pytest.mark.parametrize(("right", "drawn"), [(1, 4), (3, 7), (77, 256), (1, 25_000)])
def test_a_vote_of_one_and_one_of_all_are_read_off_the_counts(right, drawn):
    ballots = cast(r=right, a=drawn - right)

    assert maj_at(ballots, (1, 2, drawn)) == (right / drawn, right / drawn, 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_equally_good_answers_share_the_credit_however_large_the_cell(seed):
    # Every answer is right in its turn, and somebody always leads: the expectations add up to one.
    rng = random.Random(seed)
    names = rng.choices("abcdefgh", [9, 9, 8, 6, 3, 1, 0.1, 0.01], k=5_000)

    total = [sum(column) for column in zip(*(
        maj_at([(name, name == turn) for name in names], (4, 64, 512)) for turn in sorted(set(names))
    ), strict=True)]  # fmt: skip

    assert total == pytest.approx([1, 1, 1], abs=1e-12)


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


@pytest.mark.parametrize("times", [1, 100])
def test_an_answer_held_right_every_other_time_earns_half_of_what_it_would(times):
    half, whole = (maj_of([(6 * times, right), (4 * times, 0)], 10 * times, (4, 5)) for right in (3 * times, 6 * times))

    assert half == pytest.approx([one / 2 for one in whole])


@pytest.mark.parametrize("drawn", [66, 256, 512, 513, 1200])
def test_hundreds_of_samples_stay_exact_and_finite(drawn):
    # Two answers only: maj@k is a tail of the hypergeometric distribution, summed here in whole numbers.
    right, k = drawn * 2 // 5, 65
    wins = sum(comb(right, t) * comb(drawn - right, k - t) for t in range(k // 2 + 1, k + 1))

    value = maj_at_k(cast(r=right, a=drawn - right), k)

    assert value == pytest.approx(float(Fraction(wins, comb(drawn, k))), abs=1e-12)


def test_a_cell_of_25_000_is_exact():
    right, k = 9_900, 511
    wins = sum(comb(right, t) * comb(25_000 - right, k - t) for t in range(k // 2 + 1, k + 1))

    value = maj_at_k(cast(r=right, a=25_000 - right), k)

    assert value == pytest.approx(float(Fraction(wins, comb(25_000, k))), abs=1e-12)


def test_the_better_answer_wins_ever_more_surely():
    values = maj_at(cast(r=120, a=80, b=30, c=26), (1, 4, 16, 64, 256))

    assert list(values) == sorted(values)
    assert values[-1] == 1.0


@given(
    tallied=st.lists(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=8),
    silent=st.integers(0, 20),
    order=st.randoms(use_true_random=False),
)
def test_counts_alone_say_what_the_ballots_say(tallied, silent, order):
    # Some answers are held right by every verdict, some by none, some by a judge that contradicts itself.
    ballots = [(str(i), j < right) for i, (votes, right) in enumerate(tallied) for j in range(votes)]
    ballots += [(None, False)] * silent
    order.shuffle(ballots)
    ks = sorted({k for k in (1, 2, 3, 5, 8, 13, 34, len(ballots)) if 1 <= k <= len(ballots)})

    assert maj_of(tallied, len(ballots), ks) == pytest.approx(maj_at(ballots, ks), abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_counting_and_integrating_agree(seed):
    rng = random.Random(seed)
    sizes = sorted(rng.choices([1, 1, 1, 2, 3, 5, 12, 40], k=rng.randint(1, 12)))
    rivals = tuple((sizes.count(size), size) for size in sorted(set(sizes)))
    count = rng.choice([1, 2, 7, 30, 90])
    drawn = count + sum(sizes) + rng.choice([0, 1, 9])
    ks = tuple(sorted({k for k in (3, 4, 8, 16, 64, drawn - 1) if 2 < k < drawn}))

    contest = Contest(count, rivals, drawn)

    counted, integrated = leads_by_counting([contest], ks)[0], leads_by_roots(*contest, ks)

    assert counted == pytest.approx(integrated, abs=1e-12)


def test_an_even_field_of_many_pairs_is_counted_right_too():
    assert maj_at(cast(r=2, **{f"w{i}": 2 for i in range(59)}), (32,)) == pytest.approx((1 / 60,), abs=1e-12)


@pytest.mark.parametrize("k", [0, -1, 4])
def test_a_k_that_cannot_be_drawn_is_refused(k):
    with pytest.raises(ValueError, match="samples of this cell"):
        maj_at_k(cast(r=2, a=1), k)


def random_cell(rng, drawn):
    """A right answer, a favourite wrong one, a tail of twelve, and some that cannot be read."""
    right, favourite = rng.betavariate(1, 1), rng.random()
    tail = [rng.random() ** 3 for _ in range(12)]
    shares = [right, (1 - right) * favourite, *((1 - right) * (1 - favourite) * one / sum(tail) for one in tail)]
    names = rng.choices(["r", "w", *(f"w{i}" for i in range(12)), None], [*shares, rng.choice([0, 0.1])], k=drawn)
    return [(name, name == "r") for name in names]


@pytest.mark.parametrize("seed", range(3))
def test_cells_worked_out_together_are_each_what_whole_numbers_give(seed):
    rng = random.Random(seed)
    cells = [random_cell(rng, rng.randint(24, 40)) for _ in range(8)]
    ks = (1, 2, 3, 5, 8, 16, 23)

    together = maj_of_cells([(tally(ballots), len(ballots)) for ballots in cells], ks)

    for ballots, found in zip(cells, together, strict=True):
        assert found == pytest.approx([float(by_polynomials(ballots, k)) for k in ks], abs=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_a_cell_of_256_is_what_integrating_gives(seed):
    rng = random.Random(seed)
    ballots = random_cell(rng, 256)
    votes = Counter(name for name, _ in ballots if name is not None)
    rivals = Counter(count for name, count in votes.items() if name != "r")
    contest = Contest(votes["r"], tuple((many, size) for size, many in sorted(rivals.items())), 256)
    ks = (3, 4, 8, 16, 32, 64, 128, 200, 255)

    counted = leads_by_counting([contest], ks)[0]

    assert counted == pytest.approx(leads_by_roots(*contest, ks), abs=1e-12)


def test_cells_of_different_sizes_and_methods_are_voted_on_together():
    cells = [cast(r=3, a=2), cast(none=5), cast(r=200, a=180, none=20), cast(r=5), cast(a=5), cast(r=5, a=2, b=2)]
    ks = (5, 1, 3)

    together = maj_of_cells([(tally(ballots), len(ballots)) for ballots in cells], ks)

    assert together == [pytest.approx(maj_at(ballots, ks), abs=1e-15) for ballots in cells]
    assert together[0] == pytest.approx([float(by_counting(cells[0], k)) for k in ks], abs=1e-15)


def test_large_cells_of_different_sizes_are_voted_on_together():
    cells = [cast(r=300, a=290, b=10), cast(r=310, a=390)]

    with np.errstate(divide="raise", invalid="raise"):
        (all_of_one, some), (of_more, other) = maj_of_cells([(tally(one), len(one)) for one in cells], (600, 64))

    assert (all_of_one, some) == (1.0, maj_at_k(cells[0], 64))
    assert (of_more, other) == pytest.approx(maj_at(cells[1], (600, 64)), abs=1e-15)


@pytest.mark.parametrize("rivals", [(), ((1, 1),), ((2, 1),), ((1, 4),), ((3, 1), (1, 2))])
def test_one_vote_leads_always_and_all_votes_lead_or_not(rivals):
    contest = Contest(3, rivals, 9)
    most = max((size for _, size in rivals), default=0)

    ((one, two, everyone),) = leads_by_counting([contest], (1, 2, 9)).tolist()

    others = sum(many * size for many, size in rivals)
    assert one == pytest.approx(3 / 9)
    assert two == pytest.approx((3 * 2 / 2 + 3 * (9 - 3 - others) + 3 * others / 2) / 36)
    assert everyone == pytest.approx(float(most < 3))


def test_columns_are_tallied_as_their_ballots_are():
    answers, right, cut = ("7", "7", None, "1", "7", "1"), (True, False, True, False, True, False), (0, 0, 0, 0, 1, 0)

    tallied = tally_of_columns(answers, right, [bool(one) for one in cut])

    assert tallied == tally([("7", True), ("7", False), (None, False), ("1", False), (None, False), ("1", False)])
    assert tallied == ((2, 1), (2, 0))


def test_no_cells_have_no_votes():
    assert maj_of_cells([], (1, 2)) == []
    assert maj_of_cells([((), 4)], ()) == [()]


def test_whoever_asks_again_is_told_the_same():
    cell = (tally(cast(r=9, a=7, b=4, c=3, none=2)), 25)

    first, again, other = (maj_of(*cell, ks) for ks in ((4, 9), (4, 9), (9, 4)))

    assert first == again == other[::-1]


def test_votes_of_a_large_sweep_take_a_fraction_of_a_tenth_of_a_second():
    rng = random.Random(7)
    conditions = [[(tally(random_cell(rng, 256)), 256) for _ in range(30)] for _ in range(8)]
    ks = (1, 2, 4, 8, 16, 32, 64, 128, 256)
    maj_of(((9, 9), (8, 0), (7, 0)), 24, (4, 8))

    began = time.process_time()
    for cells in conditions:
        maj_of_cells(cells, ks)

    assert time.process_time() - began < 0.15
