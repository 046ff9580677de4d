from __future__ import annotations

import numpy as np
import pytest

from core.analysis.fits import fits_of
from core.analysis.knee import knee_of

OCTAVES = np.arange(8.0, 16.0)


@pytest.fixture
def noisy(grid_of_sums):
    """A maker of grids of problems around a curve."""

    def make(curve, *, draws, problems=30):
        generator = np.random.default_rng(7)
        chances = np.clip(curve + generator.uniform(-0.1, 0.1, (problems, 1)), 0, 1)
        return grid_of_sums(generator.binomial(draws, chances), n=draws)

    return make


def test_a_knee_is_found_with_an_interval_around_it(noisy):
    grid = noisy(0.1 + 0.15 * np.minimum(OCTAVES - 8, 3.4), draws=64)

    knee = knee_of(grid)

    assert knee.tokens == pytest.approx(2**11.4, rel=0.2)
    assert knee.tokens == 2 ** fits_of(grid).hinge.place
    assert knee.ci95[0] < 2**11.4 < knee.ci95[1]
    assert knee.open_share == 0.0


def test_a_curve_that_grows_to_its_end_has_no_knee_within(noisy):
    knee = knee_of(noisy(0.05 + 0.1 * (OCTAVES - 8), draws=64))

    assert knee.ci95[1] == pytest.approx(2**15, rel=0.01)
    assert knee.open_share > 0.1


def test_the_interval_says_how_little_one_draw_knows(noisy):
    curve = 0.1 + 0.15 * np.minimum(OCTAVES - 8, 3.4)

    few, many = knee_of(noisy(curve, draws=1)), knee_of(noisy(curve, draws=64))

    assert few.ci95[1] / few.ci95[0] > 2 * many.ci95[1] / many.ci95[0]


def test_it_is_the_same_for_the_same_seed(noisy):
    grid = noisy(0.1 + 0.15 * np.minimum(OCTAVES - 8, 3.4), draws=4)

    assert knee_of(grid, seed=1) == knee_of(grid, seed=1)
    assert knee_of(grid, seed=1) != knee_of(grid, seed=2)


def test_a_fall_and_three_conditions_have_no_knee(noisy):
    assert knee_of(noisy(0.9 - 0.1 * (OCTAVES - 8), draws=64)) is None
    assert knee_of(noisy(0.1 + 0.1 * (OCTAVES - 8), draws=64).columns([0, 1, 2])) is None


def test_a_knee_says_what_it_is_in_json(noisy):
    said = knee_of(noisy(0.1 + 0.15 * np.minimum(OCTAVES - 8, 3.4), draws=64)).to_json()

    assert set(said) == {"tokens", "ci95", "open_share"}
