from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from core.analysis.passk import pass_at_k


def test_it_is_the_share_of_subsets_with_a_right_sample():
    for drawn in range(1, 9):
        for correct in range(drawn + 1):
            for k in range(1, drawn + 1):
                exact = 1 - Fraction(comb(drawn - correct, k), comb(drawn, k))
                assert pass_at_k(drawn, correct, k) == pytest.approx(float(exact), abs=1e-14)


def test_one_try_is_the_accuracy():
    assert pass_at_k(240, 127, 1) == pytest.approx(127 / 240)


def test_it_is_certain_when_too_few_are_wrong_to_fill_the_subset():
    assert pass_at_k(10, 3, 8) == 1.0


def test_a_hundred_thousand_samples_neither_overflow_nor_drown_in_rounding():
    drawn, correct, k = 100_000, 3, 40_000
    exact = 1 - Fraction((drawn - k) * (drawn - k - 1) * (drawn - k - 2), drawn * (drawn - 1) * (drawn - 2))

    assert pass_at_k(drawn, correct, k) == pytest.approx(float(exact), rel=1e-12)
    assert pass_at_k(drawn, 50_000, 40_000) == 1.0


@pytest.mark.parametrize(("drawn", "correct", "k"), [(4, 2, 5), (4, 2, 0), (4, 5, 2), (4, -1, 2)])
def test_what_is_undefined_is_refused(drawn, correct, k):
    with pytest.raises(ValueError, match="sample"):
        pass_at_k(drawn, correct, k)


def test_one_sample_is_right_as_often_as_samples_are():
    assert [pass_at_k(49, right, 1) for right in range(50)] == [right / 49 for right in range(50)]
