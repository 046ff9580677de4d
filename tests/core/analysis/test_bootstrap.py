from __future__ import annotations

import json

import numpy as np
import pytest

from core.analysis.bootstrap import bootstrapped
from core.analysis.intervals import standard_error


def test_many_problems_give_about_the_interval_of_their_standard_error(grid_of_sums):
    right = np.random.default_rng(1).integers(0, 5, size=(400, 2)).tolist()
    grid = grid_of_sums(right, [10, 20])

    found = bootstrapped(grid, times=2000)

    for column, (low, high) in enumerate(found.problems):
        own = grid.shares[:, column]
        assert (low, high) == pytest.approx((own.mean() - 1.96 * standard_error(own.tolist()),
                                             own.mean() + 1.96 * standard_error(own.tolist())), abs=0.004)  # fmt: skip


def test_other_draws_make_it_wider_also_where_all_problems_agree(grid_of_sums):
    found = bootstrapped(grid_of_sums([[2]] * 50, [10]))

    ((low, high),) = found.full
    assert found.problems == (None,)
    # 200 draws of chance a half.
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.0354, 0.5 + 1.96 * 0.0354), abs=0.01)


def test_the_same_seed_gives_the_same_and_one_cluster_gives_none(grid_of_sums):
    right = [[1, 2], [3, 4], [0, 1]]
    grid = grid_of_sums(right, [10, 20])

    assert bootstrapped(grid, seed=3) == bootstrapped(grid, seed=3) != bootstrapped(grid, seed=4)
    assert bootstrapped(grid_of_sums(right, [10, 20], clusters=("a", "a", "a"))) is None
    said = json.loads(json.dumps(bootstrapped(grid).to_json(), allow_nan=False))
    assert [len(said[f"accuracy_ci95_of_{kind}"]) for kind in ("problems", "problems_and_draws")] == [2, 2]
