from __future__ import annotations

import json
from math import sqrt

import numpy as np
import pytest

from core.analysis.intervals import t_quantile
from core.analysis.vote_gains import vote_gain
from core.analysis.vote_table import VoteTable


def table(credit, *, drawn=8, clusters=None, ks=(1, 2, 4)):
    rows = np.array(credit, dtype=float).reshape(-1, len(ks))
    names = tuple(f"p{i}" for i in range(len(rows)))
    return VoteTable("a", 512, ks, rows, rows, names, clusters or (None,) * len(rows), (drawn,) * len(rows), 1, 1, 1)


def test_a_gain_is_the_mean_difference_within_problems_with_its_own_error():
    votes = table([[0.9, 0.9, 1.0], [0.2, 0.2, 0.1], [0.5, 0.5, 0.8]])

    gain = vote_gain(votes, 1, 4)

    se = sqrt(((0.1 - 0.1) ** 2 + (-0.1 - 0.1) ** 2 + (0.3 - 0.1) ** 2) / 2 / 3)
    assert (gain.gain, gain.se) == pytest.approx((0.1, se))
    assert gain.ci95 == pytest.approx((0.1 - t_quantile(2) * se, 0.1 + t_quantile(2) * se))


def test_problems_of_one_cluster_count_as_one():
    credit = [[0.9, 0.9, 1.0], [0.8, 0.8, 0.9], [0.5, 0.5, 0.4]]

    alone, together = (vote_gain(table(credit, clusters=c), 1, 4) for c in (None, ("x", "x", None)))

    assert together.se > alone.se


@pytest.mark.parametrize(("drawn", "enough"), [(7, False), (8, True)])
def test_no_gain_can_only_be_said_with_two_draws_a_vote(drawn, enough):
    assert vote_gain(table([[0, 0, 0], [1, 1, 1]], drawn=drawn), 1, 4).enough is enough


def test_an_interval_has_a_width_even_where_no_problem_gains():
    low, high = vote_gain(table([[1, 1, 1]] * 20), 1, 4).ci95

    assert (low, high) == pytest.approx((-(1 - 0.05 ** (1 / 20)), 1 - 0.05 ** (1 / 20)))


def test_where_all_gain_the_same_a_share_that_was_not_seen_may_yet_lose_as_much():
    share = 1 - 0.05 ** (1 / 20)

    low, high = vote_gain(table([[0, 0, 0.5]] * 20), 1, 4).ci95

    assert (low, high) == pytest.approx(((1 - share) * 0.5 - share, (1 - share) * 0.5 + share))


def test_an_interval_stays_within_what_a_gain_can_be():
    low, high = vote_gain(table([[0, 0, 1], [0, 0, 0.9]]), 1, 4).ci95

    assert (low > 0.5) is False
    assert high == 1.0


def test_one_problem_has_no_error_and_none_has_no_gain():
    one, none = vote_gain(table([[0, 0, 1]]), 1, 4), vote_gain(table([]), 1, 4)

    assert (one.gain, one.se, one.ci95) == (1.0, None, None)
    assert (none.gain, none.se, none.ci95, none.enough) == (None, None, None, False)
    assert json.dumps(none.to_json())


def test_votes_that_the_table_lacks_are_refused():
    with pytest.raises(ValueError, match="no votes of 3, only of 1, 2, 4"):
        vote_gain(table([[0, 0, 1]]), 1, 3)
