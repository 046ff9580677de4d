from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.contours import common_slope, levels_between, reached_at, rising


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=6))
def test_the_rising_sequence_is_the_nearest_of_all_that_never_fall(values):
    found = rising(np.array([values], dtype=float))[0]

    # The nearest one is flat between some cuts, at the mean of what lies there: try all cuts.
    best = np.inf
    for count in range(len(values)):
        for cuts in combinations(range(1, len(values)), count):
            parts = np.split(np.array(values, dtype=float), cuts)
            means = [part.mean() for part in parts]
            if means == sorted(means):
                best = min(best, sum(((part - part.mean()) ** 2).sum() for part in parts))
    assert np.all(np.diff(found) >= -1e-12)
    assert ((found - values) ** 2).sum() == pytest.approx(best, abs=1e-9)


def test_a_level_is_reached_where_the_line_first_gets_there():
    spend, accuracy = np.array([[3.0, 1.0, 2.0]]), np.array([[0.8, 0.2, 0.4]])

    found = reached_at(spend, accuracy, np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9]))

    assert found[0] == pytest.approx([np.nan, 1, 1.5, 2, 2.5, 3, np.nan], nan_ok=True)


def test_a_flat_stretch_is_reached_at_its_start():
    found = reached_at(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[0.2, 0.5, 0.5, 0.9]]), np.array([0.5]))

    assert found[0] == pytest.approx([2])


def test_a_dip_is_noise():
    found = reached_at(np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 0.6, 0.4]]), np.array([0.25, 0.5]))

    assert found[0] == pytest.approx([1.5, 2])


def test_the_common_slope_is_that_of_least_squares_with_an_effect_for_each_level():
    generator = np.random.default_rng(0)
    train = np.array([20.0, 21.0, 23.0])
    reached = generator.normal(size=(2, 3, 4))
    reached[0, 1, 2] = reached[1, :2, 0] = np.nan

    found = common_slope(train, reached)

    for row in range(2):
        models, levels = np.nonzero(np.isfinite(reached[row]))
        design = np.column_stack([train[models], *(levels == level for level in range(4))])
        wanted = np.linalg.lstsq(design, reached[row][models, levels], rcond=None)[0][0]
        assert found[row] == pytest.approx(wanted)


def test_levels_that_one_model_reaches_or_models_of_equal_training_tell_no_slope():
    alone = np.array([[[1.0, np.nan], [np.nan, 2.0]]])

    assert np.isnan(common_slope(np.array([20.0, 21.0]), alone)).all()
    assert np.isnan(common_slope(np.array([20.0, 20.0]), np.array([[[1.0], [2.0]]]))).all()


def test_levels_are_round_and_within():
    assert levels_between(0.2, 0.61, 0.1) == [0.2, 0.3, 0.4, 0.5, 0.6]
    assert levels_between(0.29, 0.58, 0.02) == [round(0.3 + 0.02 * i, 2) for i in range(15)]
    assert levels_between(0.7, 0.5, 0.1) == []


def test_models_of_nearly_equal_training_tell_no_slope():
    reached = np.array([[[14.0], [13.7]]])

    assert np.isnan(common_slope(np.log10([1e21, 1.01e21]), reached)).all()
    assert common_slope(np.log10([1e21, 1.2e21]), reached)[0] == pytest.approx(-0.3 / np.log10(1.2))
