from __future__ import annotations

import json
from math import comb, exp, lgamma, log

import numpy as np
import pytest

from core.analysis.coverage import BetaBinomial, beta_binomial, coverage_of, power_law
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.vote_table import vote_table
from core.vocabulary import Control

KS = (1, 2, 4, 8, 16, 32)


def condition(*rights, drawn=8):
    cells = []
    for i, right in enumerate(rights):
        good = tuple(j < right for j in range(drawn))
        answers = tuple("7" if one else "1" for one in good)
        each = ((False,) * drawn, (9,) * drawn, (None,) * drawn, (1.0,) * drawn)
        cells.append(CellSamples(f"p{i}", None, drawn, 0, answers, good, *each))
    return ConditionSamples(1, "a", "a", Control.EFFORT, "high", None, tuple(cells))


def likelihood(alpha, beta, drawn, right):
    """Of each problem by the Gamma function."""

    def log_beta(a, b):
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    return sum(
        log(comb(n, c)) + log_beta(c + alpha, n - c + beta) - log_beta(alpha, beta)
        for n, c in zip(drawn, right, strict=True)
    )


def test_a_power_law_is_found_again():
    law = power_law(KS, [exp(-1.4 * k**-0.35) for k in KS])

    assert (law.a, law.b, law.points) == pytest.approx((-1.4, -0.35, 6))
    assert law.residual == pytest.approx(0, abs=1e-12)
    assert law.at(100) == pytest.approx(exp(-1.4 * 100**-0.35))


def test_the_residual_is_what_points_lie_off_the_line():
    law = power_law((1, 2, 4), [exp(-exp(level)) for level in (0.3, -0.2, 0.3)])

    assert law.b == pytest.approx(0, abs=1e-12)
    assert law.residual == pytest.approx((2 * (1 / 6) ** 2 + (1 / 3) ** 2) ** 0.5 / 3**0.5)


@pytest.mark.parametrize(("coverage", "points"), [((0, 0.5, 0.8, 1), 2), ((0.5, 0.6, 1, 1), 2)])
def test_points_at_0_and_at_1_have_no_logarithm_and_are_left_out(coverage, points):
    assert power_law((1, 2, 4, 8), coverage).points == points


@pytest.mark.parametrize("coverage", [(0, 0, 0), (1, 1, 1), (0.5, 1, 1)])
def test_fewer_than_two_points_make_no_law(coverage):
    assert power_law((1, 2, 4), coverage) is None


@pytest.mark.parametrize(("alpha", "beta"), [(0.4, 1.2), (2.0, 3.0), (0.3, 0.3)])
def test_a_spread_of_chances_is_found_again(alpha, beta):
    generator = np.random.default_rng(5)
    right = generator.binomial(64, generator.beta(alpha, beta, 3000)).tolist()

    fit = beta_binomial([64] * 3000, right)

    assert (fit.alpha, fit.beta) == pytest.approx((alpha, beta), rel=0.1)
    assert fit.log_likelihood == pytest.approx(likelihood(fit.alpha, fit.beta, [64] * 3000, right))
    truth = 1 - float(np.mean((1 - generator.beta(alpha, beta, 200_000)) ** 200))
    assert fit.at(200) == pytest.approx(truth, abs=0.02)
    assert not fit.at_edge


@pytest.mark.parametrize("seed", range(4))
def test_nothing_nearby_is_likelier(seed):
    generator = np.random.default_rng(seed)
    drawn = generator.integers(1, 20, 30).tolist()
    right = [int(generator.binomial(n, generator.beta(0.7, 0.9))) for n in drawn]

    fit = beta_binomial(drawn, right)

    for up, down in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.01, 1.01), (0.99, 0.99)):
        assert likelihood(fit.alpha * up, fit.beta * down, drawn, right) < fit.log_likelihood + 1e-9


def test_coverage_of_a_spread_is_what_integrating_it_gives():
    chances = (np.arange(200_000) + 0.5) / 200_000
    density = chances ** (1.5 - 1) * (1 - chances) ** (2.5 - 1)

    spread = BetaBinomial(1.5, 2.5, 0)

    for k in (1, 2, 7, 100):
        missed = float((density * (1 - chances) ** k).sum() / density.sum())
        assert spread.at(k) == pytest.approx(1 - missed, abs=1e-6)
    assert spread.at(1) == pytest.approx(spread.mean)


@pytest.mark.parametrize(
    ("right", "later"),
    [([8, 0, 8, 0], 0.5), ([4, 4, 4, 4], 1 - 0.5**20)],
    ids=["always or never solved", "all alike"],
)
def test_a_spread_that_runs_to_its_edge_says_so(right, later):
    fit = beta_binomial([8] * 4, right)

    assert fit.at_edge
    assert fit.at(20) == pytest.approx(later, abs=0.01)


@pytest.mark.parametrize(("drawn", "right"), [([8, 8], [8, 8]), ([8, 8], [0, 0]), ([1, 1], [1, 0]), ([], [])])
def test_where_nothing_tells_of_a_spread_there_is_none(drawn, right):
    assert beta_binomial(drawn, right) is None


def test_a_condition_has_points_and_both_curves():
    coverage = coverage_of(vote_table(condition(0, 1, 4, 8)))

    assert [(at.k, at.value) for at in coverage.points] == [
        (1, pytest.approx(13 / 32)),
        (2, pytest.approx((0 + 1 / 4 + 1 - 6 / 28 + 1) / 4)),
        (4, pytest.approx((0 + 1 / 2 + 1 - 1 / 70 + 1) / 4)),
        (8, 0.75),
    ]
    assert coverage.points[0].ci95[0] < 13 / 32 < coverage.points[0].ci95[1]
    assert coverage.power_law.b < 0
    assert coverage.beta_binomial == beta_binomial([8] * 4, [0, 1, 4, 8])
    assert json.loads(json.dumps(coverage.to_json()))["power_law"]["points"] == 4


@pytest.mark.parametrize("rights", [(8, 8), (0, 0)])
def test_what_is_all_right_or_all_wrong_has_points_and_no_curve(rights):
    coverage = coverage_of(vote_table(condition(*rights)))

    assert [at.value for at in coverage.points] == [rights[0] / 8] * 4
    assert (coverage.power_law, coverage.beta_binomial) == (None, None)
    assert json.dumps(coverage.to_json())


@pytest.mark.parametrize("ks", [None, (1, 2)])
def test_without_a_sample_there_is_no_point(ks):
    coverage = coverage_of(vote_table(condition(0, drawn=0), ks))

    assert (coverage.problems, coverage.points, coverage.power_law, coverage.beta_binomial) == (0, (), None, None)
