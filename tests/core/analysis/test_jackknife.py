from __future__ import annotations

import numpy as np
import pytest

from core.analysis.intervals import standard_error, t_quantile
from core.analysis.jackknife import jackknife_interval, means_without_each

VALUES = np.array([[0.0, 1.0], [0.25, 7.0], [1.0, 2.0], [0.5, 5.0], [0.75, 0.5], [1.0, 9.0]])
ALONE = [None] * 6


def test_each_problem_is_left_out_in_turn():
    found = means_without_each(VALUES, ALONE)

    assert found == pytest.approx(np.array([np.delete(VALUES, p, axis=0).mean(axis=0) for p in range(6)]))


def test_problems_of_one_cluster_are_left_out_together():
    found = means_without_each(VALUES, ["a", None, "b", "a", None, "b"])

    expected = [np.delete(VALUES, out, axis=0).mean(axis=0) for out in ([0, 3], [1], [2, 5], [4])]
    assert found == pytest.approx(np.array(expected))


@pytest.mark.parametrize("clusters", [ALONE, ["a", "a", "b", "b", "c", "c"]])
def test_of_a_mean_it_is_the_standard_error_with_students_t(clusters):
    count = len(means_without_each(VALUES, clusters))
    reach = t_quantile(count - 1) * standard_error(VALUES[:, 1].tolist(), clusters)

    low, high = jackknife_interval(4.0, means_without_each(VALUES, clusters)[:, 1])

    assert (low, high) == pytest.approx((4 - reach, 4 + reach))


def test_one_cluster_or_no_problem_says_nothing():
    assert jackknife_interval(1.0, means_without_each(VALUES, ["a"] * 6)[:, 0]) is None
    assert means_without_each(VALUES, ["a"] * 6).shape == (0, 2)
    assert jackknife_interval(1.0, means_without_each(VALUES[:0], [])[:, 0]) is None


@pytest.mark.parametrize(
    ("value", "without"),
    [(1.0, [1.0, 1.0, 1.0]), (0.1, [0.1, 0.1 + 1e-16, 0.1]), (1e9, [1e9, 1e9 + 1e-3]), (1.0, [1.0, np.nan, 2.0])],
)
def test_neither_agreement_nor_what_is_unknown_is_taken_for_certainty(value, without):
    assert jackknife_interval(value, np.array(without)) is None
