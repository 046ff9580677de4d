from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.lines import by_problem, common_range, line_of, read_off
from core.analysis.options import options_of
from core.analysis.resampling import problem_weights

HALF = [[0.5, 0.5], [0.5, 0.5]]


def test_a_line_thinks_longer_and_then_votes(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1, 2, 3], [3, 4, 4]], [10, 20, 40])
    options = options_of(grid, [table_of_votes(budget, (2, 4), HALF) for budget in (100, 400)])

    assert [(one.budget, one.votes) for one in line_of(options).each] == [
        (100, 1),
        (200, 1),
        (400, 1),
        (400, 2),
        (400, 4),
    ]


def test_votes_in_parallel_take_no_longer_so_only_the_most_of_them_are_on_the_line(grid_of_sums, table_of_votes):
    grid = grid_of_sums([[1, 2], [3, 4]], [10, 20], seconds=[[1, 2], [1, 2]])
    options = options_of(grid, [table_of_votes(200, (2, 4), HALF)], "seconds_parallel")

    assert [(one.budget, one.votes) for one in line_of(options).each] == [(100, 1), (200, 4)]


def test_there_is_no_line_through_one_spend(grid_of_sums):
    assert line_of(options_of(grid_of_sums([[1], [3]], [10]))) is None
    assert line_of(options_of(grid_of_sums([[1, 2], [3, 4]], [10, 10]))) is None


def test_there_is_no_line_on_problems_that_cost_nothing(grid_of_sums):
    options = options_of(grid_of_sums([[1, 2], [3, 4]], [10, 20], dollars=[[0.0, 0.1], [0.1, 0.2]]))

    assert line_of(options) is not None
    assert line_of(options.rows([0])) is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=2, max_size=6, unique_by=lambda point: point[0])
)
def test_a_reading_is_that_of_linear_interpolation_and_none_beyond_the_ends(points):
    x, y = (np.array(one, dtype=float) for one in zip(*points, strict=True))
    at = np.linspace(-2, 42, 89)

    found = read_off(x[None], y[None], at[None])[0]

    order = np.argsort(x)
    wanted = np.interp(at, x[order], y[order], left=np.nan, right=np.nan)
    assert found == pytest.approx(wanted, nan_ok=True)


def test_what_the_problems_add_makes_the_reading_and_its_spread_that_of_the_bootstrap(grid_of_sums):
    generator = np.random.default_rng(3)
    skill = generator.normal(size=(60, 1))
    right = generator.binomial(8, 1 / (1 + np.exp(-skill - np.array([-1, 0, 1.5]))))
    tokens = np.array([100, 300, 800]) * np.exp(generator.normal(0, 0.5, (60, 3)) - 0.5 * skill)
    line = line_of(options_of(grid_of_sums(right, tokens, n=8)))
    at = np.log2([230.0, 600.0])

    values = by_problem(line, at)
    accuracy, cost = line.resampled(problem_weights(line.clusters, 4000, 1))
    resampled = read_off(np.log2(cost), accuracy, np.broadcast_to(at, (4000, 2)))

    assert values.mean(axis=0) == pytest.approx(read_off(np.log2(line.cost[None]), line.accuracy[None], at[None])[0])
    assert values.std(axis=0, ddof=1) / np.sqrt(60) == pytest.approx(np.nanstd(resampled, axis=0), rel=0.1)


def test_the_common_range_is_where_both_lines_are(grid_of_sums):
    one, other, apart = (
        line_of(options_of(grid_of_sums([[1, 2], [3, 4]], tokens))) for tokens in ([8, 64], [16, 128], [256, 512])
    )

    assert common_range(one, other) == (4, 6)
    assert common_range(one, apart) is None
