from __future__ import annotations

import numpy as np
import pytest

from core.analysis.full_table import full_table

NAN = float("nan")


@pytest.fixture
def a_grid(grid_of_sums):
    """A maker of grids from samples, of which half are right, and mean tokens."""

    def make(drawn, tokens):
        return grid_of_sums(np.array(drawn) // 2, tokens, drawn=drawn)

    return make


def test_only_problems_asked_everywhere_count_and_a_condition_without_samples_does_not(a_grid):
    grid = a_grid([[2, 2, 0], [2, 2, 0], [2, 0, 0], [2, 2, 0]], [[10, 20, NAN]] * 4)

    table = full_table(grid)

    assert table.rows.tolist() == [0, 1, 3]
    assert table.columns.tolist() == [0, 1]
    assert table.shares.shape == (3, 2)
    assert table.octaves == pytest.approx(np.log2([10, 20]))


def test_conditions_stand_by_the_tokens_that_were_used(a_grid):
    grid = a_grid([[2, 2, 2]] * 2, [[40, 10, 20]] * 2)

    assert full_table(grid).columns.tolist() == [1, 2, 0]
    assert full_table(grid).octaves == pytest.approx(np.log2([10, 20, 40]))


def test_a_cell_of_unknown_tokens_is_at_the_mean_of_its_condition(a_grid):
    grid = a_grid([[2, 2, 2]] * 3, [[10, NAN, NAN], [10, 20, NAN], [10, 40, NAN]])

    table = full_table(grid)

    assert table.columns.tolist() == [0, 1]
    assert table.tokens[:, 1].tolist() == [30, 20, 40]


@pytest.mark.parametrize(
    ("drawn", "tokens"),
    [
        ([[2, 2]], [[10, 20]]),
        ([[2], [2]], [[10], [20]]),
        ([[2, 2], [2, 2]], [[10, 10], [10, 10]]),
        ([[2, 2], [2, 2]], [[0, 10], [0, 10]]),
        ([[0, 0], [0, 0]], [[NAN, NAN], [NAN, NAN]]),
    ],
)
def test_without_two_problems_at_two_places_there_is_no_table(a_grid, drawn, tokens):
    assert full_table(a_grid(drawn, tokens)) is None
