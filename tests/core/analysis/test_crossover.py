from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from math import inf, nan

import numpy as np
import pytest

from core.analysis.crossover import Crossover, crossover, overtaking

FAST = [[0, 2], [2, 4], [1, 3]]
"""From .25 to .75."""

SLOW = [[1, 2], [2, 3], [1, 2]]
"""From .33 to .58."""


def test_it_is_where_the_lines_meet(grid_of_sums):
    found = crossover(grid_of_sums(SLOW, [16, 256], name="slow"), grid_of_sums(FAST, [16, 256], name="fast"))

    # .25 + .5 u = 1/3 + .25 u at u = 1/3 of the way from 2^4 to 2^8.
    assert found.overtaker == "fast"
    assert found.spend == pytest.approx(2 ** (4 + 4 / 3))


def test_who_is_named_first_does_not_matter(grid_of_sums):
    slow, fast = grid_of_sums(SLOW, [16, 256], name="slow"), grid_of_sums(FAST, [16, 256], name="fast")

    one, other = crossover(slow, fast), crossover(fast, slow)

    assert (one.overtaker, one.spend, one.ci95, one.crosses) == (
        other.overtaker,
        other.spend,
        other.ci95,
        other.crosses,
    )


@pytest.mark.parametrize(
    ("lead", "place"),
    [
        ([-1, 1, 1], 0.5),
        ([-1, -1, 3], 1.25),
        ([1, -1, 1], 1.5),
        ([-1, 1, -1], inf),
        ([-1, -1, 0], inf),
        ([1, 2, 3], -inf),
        ([0, 1, 2], -inf),
        ([-1, 0, 1], 1.0),
        ([nan, 0, 1], nan),
    ],
)
def test_to_overtake_is_to_be_ahead_for_good_after_having_been_behind(lead, place):
    assert overtaking(np.array([[0.0, 1.0, 2.0]]), np.array([lead], dtype=float)) == pytest.approx([place], nan_ok=True)


def test_lines_that_do_not_cross_have_no_crossover(grid_of_sums):
    low, high = grid_of_sums([[0, 1], [1, 2]], [10, 20]), grid_of_sums([[1, 2], [2, 3]], [10, 20])

    found = crossover(low, high)

    assert (found.overtaker, found.spend, found.ci95, found.crosses) == (None, None, None, 0)


def test_a_line_against_itself_does_not_cross(grid_of_sums):
    grid = grid_of_sums([[1, 3, 2], [2, 1, 3], [0, 1, 1]], np.random.default_rng(0).uniform(9, 99, (3, 3)))

    found = crossover(grid, grid)

    assert (found.spend, found.crosses) == (None, 0)


def family(grid_of_sums, problems, generator):
    """Two models whose accuracies at 2^4 to 2^10 tokens meet at 2^7, on problems that differ in hardness."""
    levels = np.arange(4, 11)
    hard = generator.uniform(-0.2, 0.2, (problems, 1))
    return [
        grid_of_sums(
            generator.binomial(8, 0.5 + slope * (levels - 7) + hard),
            2.0**levels * np.exp(generator.normal(0, 0.2, (problems, 7)) - 0.02),
            n=8,
            name=name,
        )
        for name, slope in (("slow", 0.03), ("fast", 0.08))
    ]


def test_the_interval_holds_the_truth(grid_of_sums):
    held = []
    for seed in range(60):
        found = crossover(*family(grid_of_sums, 40, np.random.default_rng(seed)), times=300)
        low, high = found.ci95
        held.append((low or 0) <= 2**7 <= (high or inf))

    assert np.mean(held) >= 0.88
    assert found.overtaker == "fast"
    assert found.crosses > 0.97


def test_where_it_may_not_cross_at_all_the_interval_is_open_there(grid_of_sums):
    slow, fast = grid_of_sums([[2, 2], [2, 2], [2, 2]], [16, 256]), grid_of_sums([[1, 1], [1, 4], [1, 2]], [16, 256])

    found = crossover(slow, fast)

    # It overtakes in the resamples in which it has more than half of all answers right at the end.
    overtakes = [sum(three) > 6 for three in product([1, 4, 2], repeat=3)]
    assert found.crosses == pytest.approx(np.mean(overtakes), abs=0.05)
    assert found.ci95[1] is None
    assert json.loads(json.dumps(found.to_json()))["ci95"][1] is None


def test_a_single_cluster_of_problems_has_no_interval(grid_of_sums):
    together = ("a",) * 3
    one, other = (grid_of_sums(right, [16, 256], clusters=together) for right in (SLOW, FAST))

    found = crossover(one, other)

    assert (found.spend > 16, found.ci95) == (True, None)


def test_models_that_cannot_be_compared_have_none(grid_of_sums):
    grid = grid_of_sums([[0, 1], [2, 3]], [10, 20])

    assert crossover(grid, grid_of_sums([[0, 1], [2, 3]], [30, 40])) is None


CLIMB = Crossover("slow", "fast", "dollars", 30, 0.01, 1.0, "slow", 0.25, (None, 0.5), 0.97)


@pytest.mark.parametrize(
    ("found", "told", "words"),
    [
        (CLIMB, True, "slow overtakes fast at $0.25 a problem [$0.01, $0.50]"),
        (
            replace(CLIMB, crosses=0.19),
            False,
            "whether slow overtakes fast cannot be told: the lines cross at $0.25 a problem, in 19% of resamples",
        ),
        (
            replace(CLIMB, ci95=None, crosses=1.0),
            False,
            "whether slow overtakes fast cannot be told: the lines cross at $0.25 a problem, in 100% of resamples",
        ),
        (
            replace(CLIMB, overtaker=None, spend=None, ci95=None, crosses=0.0),
            False,
            "slow and fast do not cross between $0.01 and $1.00 a problem",
        ),
        (
            replace(CLIMB, overtaker=None, spend=None, ci95=None, crosses=0.43),
            False,
            (
                "whether slow and fast cross cannot be told: these lines do not, between $0.01 and $1.00 a problem, "
                "but in 43% of resamples they do"
            ),
        ),
    ],
)
def test_it_says_who_overtakes_only_where_nearly_all_resamples_agree(found, told, words):
    assert (found.told, found.words) == (told, words)


def test_a_resample_of_problems_that_cost_nothing_is_left_out(grid_of_sums):
    free = [[0.0, 0.1], [0.1, 0.2], [0.1, 0.2]]
    one = grid_of_sums([[1, 2], [2, 3], [2, 4]], [10, 20], dollars=free)
    other = grid_of_sums([[0, 3], [1, 4], [1, 4]], [10, 20], dollars=free, name="other")

    with np.errstate(all="raise"):
        found = crossover(one, other)

    assert found.overtaker == "other"
    assert found.crosses > 0.9
