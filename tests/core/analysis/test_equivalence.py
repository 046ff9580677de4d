from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.equivalence import equivalence, holm, independent_problems, usual_change
from core.analysis.intervals import t_p_value


def test_it_is_the_larger_of_two_one_sided_tests():
    # By scipy 1.17: stats.t.sf((0.1 - 0.02) / se, 5) and stats.t.sf((0.1 + 0.02) / se, 5).
    differences = [0.08, -0.04, 0.05, -0.01, 0.03, 0.01]

    test = equivalence(differences, 0.1, change=0.1)

    assert test.difference == pytest.approx(0.02)
    assert test.se == pytest.approx(np.std(differences, ddof=1) / 6**0.5)
    assert test.p == pytest.approx(0.003005545575, abs=1e-12)


def test_where_few_problems_gain_much_t_is_corrected_for_it():
    # Hall's cubic by hand: skewness g over root n is u; t + u t^2 / 3 + u / 6 + u^2 t^3 / 27.
    differences = [0.0, 0.01] * 10 + [0.3]
    mean, spread = np.mean(differences), np.std(differences)
    t = (mean - 0.1) / (spread / 20**0.5)
    u = np.mean((np.array(differences) - mean) ** 3) / spread**3 / 21**0.5
    corrected = t + u * t**2 / 3 + u / 6 + u**2 * t**3 / 27

    test = equivalence(differences, 0.1, change=0.1)

    assert -t > -corrected > 0
    assert test.p == pytest.approx(t_p_value(corrected, 20) / 2)
    assert equivalence([-one for one in differences], 0.1, change=0.1).p == pytest.approx(test.p)


def test_the_correction_never_makes_it_surer():
    differences = [0.05, 0.04] * 10 + [-0.2]

    test = equivalence(differences, 0.1, change=0.1)

    assert test.difference > 0
    assert test.p == pytest.approx(t_p_value((0.1 - test.difference) / test.se, 20) / 2)


def test_the_skewness_is_that_of_clusters():
    alone = [0.0, 0.02, 0.01, 0.3]
    pairs = [value for value in alone for _ in range(2)]

    together = equivalence(pairs, 0.3, list("aabbccdd"), change=0.1)

    assert together.p == pytest.approx(equivalence(alone, 0.3, change=0.1).p)


def test_up_and_down_are_the_same_to_it():
    up = equivalence([0.01, 0.03, 0.02, -0.01, 0.0], 0.05, change=0.1)
    down = equivalence([-0.01, -0.03, -0.02, 0.01, 0.0], 0.05, change=0.1)

    assert up.p == pytest.approx(down.p)


def test_a_difference_of_the_margin_or_more_is_never_equivalent():
    assert equivalence([0.05, 0.06, 0.05, 0.04] * 20, 0.05).p == pytest.approx(0.5)
    assert equivalence([0.10, 0.11, 0.10, 0.09] * 20, 0.05).p > 0.99
    assert equivalence([0.10] * 20, 0.05).p == 1.0


@pytest.mark.parametrize(("problems", "sure"), [(30, False), (148, False), (149, True)])
def test_problems_that_did_not_move_are_worth_no_more_than_their_number(problems, sure):
    test = equivalence([0.0] * problems, 0.02)

    assert test.p == pytest.approx(0.98**problems)
    assert (test.p <= 0.05) == sure


def test_clusters_that_did_not_move_are_counted_not_problems():
    assert equivalence([0.0] * 30, 0.02, ["a", "b", "c"] * 10).p == pytest.approx(0.98**3)


def test_problems_whose_clusters_are_not_alike_are_worth_their_own_number():
    test = equivalence([0.0] * 30, 0.02, ["a", "b", "c"] * 10, change=0.1, independent=30)

    assert test.p == pytest.approx(0.8**30)


def test_small_changes_do_not_hide_as_easily_as_large_ones():
    still = [0.0] * 30

    assert equivalence(still, 0.02, change=0.1).p == pytest.approx(0.8**30)
    assert equivalence(still, 0.02, change=0.01).p == equivalence(still, 0.02, change=0.1).p
    assert 0 < equivalence(still, 0.2, change=0.1).p < 1e-9
    assert equivalence(still, 0.02, change=7.0).p == equivalence(still, 0.02).p


def test_nothing_is_said_of_one_cluster_and_of_no_margin():
    assert equivalence([0.1, 0.2], 0.02, ["a", "a"]) is None
    with pytest.raises(ValueError, match="above 0"):
        equivalence([0.1, 0.2], 0.0)


def test_the_usual_change_counts_large_changes_for_more():
    assert usual_change(np.array([[0.0, 1.0, 1.0], [0.5, 0.5, 0.5]])) == pytest.approx(1.0)
    assert usual_change(np.array([[0.0, 0.4, 0.5]])) == pytest.approx(0.17 / 0.5)
    assert usual_change(np.array([[0.5, 0.5]])) is None


def test_problems_are_worth_their_number_unless_their_clusters_are_alike():
    mixed = np.array([[0.0, 0.1], [1.0, 0.9]] * 6)
    alike = np.repeat([[0.0, 0.1], [1.0, 0.9], [0.5, 0.5]], 4, axis=0)
    groups = [str(i // 4) for i in range(12)]

    assert independent_problems(mixed, groups) == 12
    assert independent_problems(alike, groups) == 3
    assert independent_problems(np.ones((12, 2)), groups) == 3


def test_holm_agrees_with_his_example_by_hand():
    assert holm([[0.01], [0.04], [0.03], [0.005]]) == [
        [pytest.approx(0.03)],
        [pytest.approx(0.06)],
        [pytest.approx(0.06)],
        [pytest.approx(0.02)],
    ]
    assert holm([]) == []
    assert holm([[], [0.04]]) == [[], [0.04]]


def test_in_a_sequence_a_test_is_made_at_the_level_of_the_one_before():
    assert holm([[0.001, 0.02, 0.001]]) == [[0.001, 0.02, 0.02]]
    assert holm([[0.001, 0.02], [0.9]]) == [[0.002, 0.04], [0.9]]


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=50)
def test_adjusted_values_are_no_smaller_and_rise_within_a_sequence(sequences):
    for tests, adjusted in zip(sequences, holm(sequences), strict=True):
        assert all(after >= before for before, after in zip(tests, adjusted, strict=True))
        assert adjusted == sorted(adjusted)


def test_any_wrong_success_is_as_rare_as_the_level():
    # Every combination of true nulls in two questions of two tests, p values on a fine even grid: a uniform one.
    level, steps = 0.2, 10
    grid = [(i + 1) / steps for i in range(steps)]
    for nulls in product((True, False), repeat=4):
        spots = [grid if null else [1e-9] for null in nulls]
        wrong = total = 0
        for p in product(*spots):
            adjusted = [value for each in holm([p[:2], p[2:]]) for value in each]
            wrong += any(null and value <= level + 1e-12 for null, value in zip(nulls, adjusted, strict=True))
            total += 1
        assert wrong / total <= level + 1e-9
