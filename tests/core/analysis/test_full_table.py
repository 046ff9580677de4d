from __future__ import annotations

import numpy as np
import pytest

from core.analysis.full_table import full_table
from core.analysis.grid import Grid
from core.vocabulary import Control

NAN = float("nan")


def test_only_problems_asked_everywhere_count_and_a_condition_without_samples_does_not():
    grid = a_grid([[2, 2, 0], [2, 2, 0], [2, 0, 0], [2, 2, 0]], [[10, 20, NAN]] * 4)

    table = full_table(grid)

    assert table.rows.tolist() == [0, 1, 3]
    assert table.columns.tolist() == [0, 1]
    assert table.shares.shape == (3, 2)
    assert table.octaves == pytest.approx(np.log2([10, 20]))


def test_conditions_stand_by_the_tokens_that_were_used():
    grid = a_grid([[2, 2, 2]] * 2, [[40, 10, 20]] * 2)

    assert full_table(grid).columns.tolist() == [1, 2, 0]
    assert full_table(grid).octaves == pytest.approx(np.log2([10, 20, 40]))


def test_a_cell_of_unknown_tokens_is_at_the_mean_of_its_condition():
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
def test_without_two_problems_at_two_places_there_is_no_table(drawn, tokens):
    assert full_table(a_grid(drawn, tokens)) is None


def a_grid(drawn, tokens) -> Grid:
    drawn = np.array(drawn)
    problems, conditions = drawn.shape
    names = tuple(map(str, range(problems)))
    return Grid(
        run=1,
        name="one",
        label="one",
        model="one",
        control=Control.PROMPT,
        budgets=tuple(range(conditions)),
        asked=tuple(range(conditions)),
        problems=names,
        contents=names,
        clusters=(None,) * problems,
        drawn=drawn,
        right=drawn // 2,
        missing=np.zeros_like(drawn),
        truncated=np.zeros_like(drawn),
        tokens=np.array(tokens, dtype=float),
        dollars=np.full(drawn.shape, NAN),
        seconds=np.zeros(drawn.shape),
    )
