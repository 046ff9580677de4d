from __future__ import annotations

import time

import numpy as np
import pytest

from core.analysis.fits import Shape, band, fits_of, outer_percentiles

OCTAVES = np.arange(8.0, 16.0)


@pytest.fixture
def exact(grid_of_sums):
    """A maker of grids of problems around a curve that cancel out, with a million draws."""

    def make(curve):
        spread = np.array([-0.05, 0.05, -0.02, 0.02])[:, None]
        return grid_of_sums(np.round((curve + spread) * 10**6), n=10**6)

    return make


@pytest.fixture
def noisy(grid_of_sums):
    """A maker of grids of problems around a curve, with eight draws."""

    def make(curve, *, problems, clusters=None):
        generator = np.random.default_rng(5)
        chances = np.clip(curve + generator.uniform(-0.3, 0.3, (problems, 1)), 0, 1)
        return grid_of_sums(generator.binomial(8, chances), n=8, name="one", clusters=clusters)

    return make


def test_a_straight_line_is_least_squares_on_the_means(noisy):
    grid = noisy(0.1 * (OCTAVES - 6), problems=12)

    straight = fits_of(grid).straight

    slope, intercept = np.polyfit(OCTAVES, grid.accuracy, 1)
    assert straight.params == {"intercept": pytest.approx(intercept), "slope": pytest.approx(slope)}
    assert straight.r2 == pytest.approx(np.corrcoef(OCTAVES, grid.accuracy)[0, 1] ** 2)
    assert straight.predict(np.array([8.5])) == pytest.approx(intercept + 8.5 * slope)


def test_a_hinge_is_found_where_there_is_one(exact):
    grid = exact(0.1 + 0.12 * (np.minimum(OCTAVES, 11.3) - 8))

    fits = fits_of(grid)

    assert fits.hinge.params == pytest.approx({"intercept": 0.1 - 8 * 0.12, "slope": 0.12, "knee": 11.3}, abs=2e-3)
    assert fits.hinge.r2 == pytest.approx(1.0, abs=1e-5)
    assert fits.hinge.predict(np.array([20.0])) == pytest.approx(0.1 + 0.12 * 3.3, abs=1e-3)


def test_a_sigmoid_is_found_where_there_is_one(exact):
    grid = exact(0.2 + 0.6 / (1 + np.exp(-(OCTAVES - 11.4) / 0.7)))

    fits = fits_of(grid)

    assert fits.sigmoid.params == pytest.approx({"low": 0.2, "high": 0.8, "middle": 11.4, "width": 0.7}, abs=0.01)
    assert fits.chosen is fits.sigmoid


def test_hinge_and_sigmoid_agree_with_a_search_that_tries_everything(noisy):
    grid = noisy(0.2 + 0.6 / (1 + np.exp(-(OCTAVES - 11) / 0.8)), problems=20)
    fits = fits_of(grid)

    best = min((left_by(grid.accuracy, np.minimum(OCTAVES, knee)), knee) for knee in np.arange(9, 15.0001, 0.001))

    assert left(fits.hinge, grid) == pytest.approx(best[0], rel=1e-4)
    assert fits.hinge.place == pytest.approx(best[1], abs=0.02)
    for middle in np.arange(8, 15, 0.25):
        for width in np.geomspace(0.15, 3.5, 12):
            basis = 1 / (1 + np.exp(-(OCTAVES - middle) / width))
            slope, level = np.polyfit(basis, grid.accuracy, 1)
            if slope > 0 and level >= 0 and level + slope <= 1:
                assert left(fits.sigmoid, grid) <= left_by(grid.accuracy, basis) + 1e-6


def test_the_sigmoid_stays_within_what_accuracy_can_be(noisy):
    fits = fits_of(noisy(0.12 * (OCTAVES - 7.5), problems=30))

    assert fits.sigmoid.params["low"] + 1e-9 >= 0
    assert fits.sigmoid.params["high"] <= 1 + 1e-9


def test_a_knee_is_not_looked_for_before_the_second_point(exact):
    fits = fits_of(exact(np.where(OCTAVES > 8, 0.6, 0.2)))

    assert fits.hinge.place == 9.0
    assert fits.hinge.rise == pytest.approx(0.4)


def test_a_fall_is_neither_a_hinge_nor_a_sigmoid(exact):
    fits = fits_of(exact(0.9 - 0.1 * (OCTAVES - 8)))

    assert fits.chosen is fits.straight
    assert (fits.hinge.rise, fits.sigmoid.rise) == (0.0, 0.0)


def test_the_error_is_of_problems_that_the_shape_has_not_seen(noisy):
    grid = noisy(0.1 * (OCTAVES - 6), problems=6)

    error = fits_of(grid).straight.error

    expected = []
    for left_out in range(6):
        others = np.delete(grid.shares, left_out, axis=0).mean(axis=0)
        off = grid.shares[left_out] - np.polyval(np.polyfit(OCTAVES, others, 1), OCTAVES)
        expected.append(np.var(off))
    assert error == pytest.approx(np.mean(expected))


def test_problems_of_one_cluster_are_left_out_together(noisy):
    grid = noisy(0.1 * (OCTAVES - 6), problems=6, clusters=("a", "a", "b", "b", None, None))

    error = fits_of(grid).straight.error

    expected = []
    for out in ([0, 1], [2, 3], [4], [5]):
        line = np.polyfit(OCTAVES, np.delete(grid.shares, out, axis=0).mean(axis=0), 1)
        expected += [np.var(grid.shares[row] - np.polyval(line, OCTAVES)) for row in out]
    assert error == pytest.approx(np.mean(expected))


def test_of_shapes_that_do_equally_well_the_simplest_is_chosen(noisy):
    fits = fits_of(noisy(0.1 + 0.1 * np.minimum(OCTAVES - 8, 5.5), problems=12))

    assert fits.hinge.error < fits.straight.error
    assert fits.chosen.shape is Shape.STRAIGHT


@pytest.mark.parametrize(("conditions", "shapes"), [(2, 1), (3, 1), (4, 2), (5, 3)])
def test_a_shape_needs_more_conditions_than_it_has_parameters(noisy, conditions, shapes):
    fits = fits_of(noisy(np.linspace(0.2, 0.6, 8), problems=9).columns(range(conditions)))

    assert sum(fit is not None for fit in (fits.straight, fits.hinge, fits.sigmoid)) == shapes


def test_there_is_no_fit_to_one_condition_or_one_problem(noisy):
    grid = noisy(np.linspace(0.2, 0.6, 8), problems=9)

    assert fits_of(grid.columns([3])) is None
    assert fits_of(grid.rows([3])) is None


@pytest.mark.parametrize("shape", Shape)
def test_a_band_holds_the_fit_is_seeded_and_quick(noisy, shape):
    grid = noisy(0.2 + 0.6 / (1 + np.exp(-(OCTAVES - 11) / 0.8)), problems=30)
    fit = {one.shape: one for one in (fits_of(grid).straight, fits_of(grid).hinge, fits_of(grid).sigmoid)}[shape]
    at = np.linspace(8, 15, 9)

    began = time.process_time()
    low, high = band(fit, grid, at, times=1000, seed=3)
    took = time.process_time() - began

    assert (low < fit.predict(at)).all()
    assert (fit.predict(at) < high).all()
    assert np.array_equal(low, band(fit, grid, at, times=1000, seed=3)[0])
    assert took < 0.3


def test_the_percentiles_of_few_problems_lie_further_out():
    # Phi(-t sqrt(n / (n - 1))) for n = 10: t = 2.262157, times 1.054093, is 2.384523 normal deviations.
    assert outer_percentiles(10) == pytest.approx((0.8551, 99.1449), abs=1e-3)
    assert outer_percentiles(10**6) == pytest.approx((2.5, 97.5), abs=1e-3)


def test_fits_say_what_they_are_in_json(noisy):
    said = fits_of(noisy(np.linspace(0.2, 0.6, 8), problems=9).columns(range(4))).to_json()

    assert (said["run"], said["label"], said["chosen"], said["sigmoid"]) == (1, "one", "straight", None)
    assert set(said["hinge"]["params"]) == {"intercept", "slope", "knee"}


def left(fit, grid) -> float:
    return float(((grid.accuracy - fit.predict(OCTAVES)) ** 2).sum())


def left_by(means, basis) -> float:
    line = np.polyfit(basis, means, 1)
    return float(((means - np.polyval(line, basis)) ** 2).sum())


def test_a_hinge_that_bends_at_the_last_condition_only_is_not_chosen(exact, monkeypatch):
    grid = exact(0.1 + 0.06 * (OCTAVES - 8))
    preferred = {Shape.STRAIGHT: 1.0, Shape.HINGE: 0.0, Shape.SIGMOID: 2.0}
    monkeypatch.setattr(
        "core.analysis.fits._errors_left_out", lambda shape, table: np.full(len(table.rows), preferred[shape])
    )

    fits = fits_of(grid)

    assert fits.hinge.place == pytest.approx(OCTAVES[-1], abs=1e-3)
    assert fits.chosen.shape is Shape.STRAIGHT
