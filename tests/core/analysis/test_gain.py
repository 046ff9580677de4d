from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from statistics import stdev

import numpy as np
import pytest

from core.analysis.gain import gain_along, gain_per_doubling, straight_through_points
from core.analysis.grid import Grid, grid_of
from core.analysis.intervals import t_quantile
from core.analysis.records import CellSamples, ConditionSamples
from core.vocabulary import Control

DATA = Path(__file__).parents[4] / "shared" / "data"


def test_the_slope_is_that_of_the_means_and_the_mean_of_the_problems_slopes():
    octaves = np.array([8.0, 9.0, 11.0, 13.5])
    shares = np.random.default_rng(1).random((12, 4))

    gain = gain_along(octaves, shares, (None,) * 12)

    own = [float(np.polyfit(octaves, row, 1)[0]) for row in shares]
    assert gain.per_doubling == pytest.approx(np.polyfit(octaves, shares.mean(axis=0), 1)[0])
    assert gain.per_doubling == pytest.approx(np.mean(own))
    assert gain.se == pytest.approx(stdev(own) / 12**0.5)
    assert gain.ci95[1] - gain.per_doubling == pytest.approx(t_quantile(11) * gain.se)
    assert gain.doublings == 5.5


def test_problems_that_were_not_asked_everything_are_left_out(grid_of_sums):
    whole = grid_of_sums([[1, 2, 4], [0, 2, 3], [0, 0, 4]])
    ragged = grid_of_sums([[1, 2, 4], [0, 2, 3], [0, 0, 4], [4, 4, 0]], drawn=[[4, 4, 4]] * 3 + [[4, 4, 0]])

    assert gain_per_doubling(ragged).to_json() == gain_per_doubling(whole).to_json()


def test_clusters_make_it_less_sure(grid_of_sums):
    rows = [[0, 0, 4]] * 3 + [[2, 2, 2]] * 3

    alone = gain_per_doubling(grid_of_sums(rows))
    together = gain_per_doubling(grid_of_sums(rows, clusters=("a",) * 3 + ("b",) * 3))

    assert together.per_doubling == alone.per_doubling
    assert together.se > alone.se


def test_one_condition_has_no_slope(grid_of_sums):
    assert gain_per_doubling(grid_of_sums([[1], [2]])) is None
    assert gain_per_doubling(grid_of_sums([[1, 2]])) is None
    with pytest.raises(ValueError, match="two different"):
        gain_along(np.array([8.0, 8.0]), np.zeros((3, 2)), (None,) * 3)


def test_problems_that_all_stand_still_do_not_make_certainty(grid_of_sums):
    # The steepest slope over points at 8, 9 and 10, with accuracy from 0 to 1, is 1/2.
    low, high = gain_per_doubling(grid_of_sums([[4, 4, 4]] * 30)).ci95

    assert (low, high) == pytest.approx((-0.5 * (1 - 0.05 ** (1 / 30)), 0.5 * (1 - 0.05 ** (1 / 30))))


def test_a_line_through_points_on_a_line_explains_all():
    line = straight_through_points([2, 8, 32], [0.1, 0.3, 0.5])

    assert (line.intercept, line.slope, line.r2) == pytest.approx((0.0, 0.1, 1.0))
    assert straight_through_points([2, 8], [0.5, 0.5]).to_json() == {"intercept": 0.5, "slope": 0.0, "r2": None}


@pytest.mark.parametrize("tokens", [[8, 8], [0, 8], [8]])
def test_a_line_needs_two_different_numbers_of_tokens(tokens):
    with pytest.raises(ValueError, match="two different"):
        straight_through_points(tokens, [0.1] * len(tokens))


@pytest.mark.skipif(not DATA.is_dir(), reason="needs data that is not in the repository")
@pytest.mark.parametrize(
    ("file", "intercept", "slope", "r2"),
    [
        ("results_log_just_ask_nicely.json", -0.339, 0.0663, 0.82),
        ("results_log_majority_vote.json", -0.284, 0.0606, 0.897),
    ],
)
def test_the_published_lines_are_found(file, intercept, slope, r2):
    rows = json.loads((DATA / "o1_mini_published" / file).read_text())

    line = straight_through_points([row["avg_tokens_used"] for row in rows], [row["accuracy"] for row in rows])

    assert round(line.intercept, 3) == intercept
    assert round(line.slope, 4) == slope
    assert round(line.r2, len(str(r2)) - 2) == r2


@pytest.mark.skipif(not DATA.is_dir(), reason="needs data that is not in the repository")
def test_the_gain_of_a_published_sweep_is_found():
    gain = gain_per_doubling(gpt_5_2())

    assert round(gain.per_doubling, 4) == 0.0838
    assert gain.problems == 45


def gpt_5_2() -> Grid:
    """The four effort levels of the published sweep."""
    cells = defaultdict(list)
    for line in (DATA / "epoch_otis_aime" / "gpt-5.2_samples.jsonl").open():
        row = json.loads(line)
        cells[row["reasoning_effort"], row["id"]].append(row)
    conditions = []
    for level in ("low", "medium", "high", "xhigh"):
        of_level = {problem: rows for (effort, problem), rows in cells.items() if effort == level}
        conditions.append(
            ConditionSamples(
                1, "gpt-5.2", "gpt-5.2", Control.EFFORT, level, None, tuple(map(a_cell, of_level, of_level.values()))
            )
        )
    return grid_of(conditions)


def a_cell(problem, rows) -> CellSamples:
    return CellSamples(
        problem_id=problem,
        cluster=None,
        draws=len(rows),
        missing=0,
        answers=tuple(row.get("answer") for row in rows),
        right=tuple(row["graded"] == "C" for row in rows),
        truncated=(False,) * len(rows),
        completion_tokens=tuple(row["output_tokens"] for row in rows),
        cost_pico=(None,) * len(rows),
        seconds=(0.0,) * len(rows),
    )
