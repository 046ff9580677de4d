from __future__ import annotations

import json

import numpy as np
import pytest

from core.analysis.difficulty import binned, difficulty_of
from core.analysis.grid import grid_of
from core.analysis.records import CellSamples, ConditionSamples
from core.vocabulary import Control


def cell(problem, marks, tokens=None):
    n = len(marks)
    return CellSamples(
        problem_id=problem,
        cluster=None,
        draws=n,
        missing=0,
        answers=("7",) * n,
        right=tuple(bool(mark) for mark in marks),
        truncated=(False,) * n,
        completion_tokens=tuple(tokens or [100] * n),
        cost_pico=(None,) * n,
        seconds=(1.0,) * n,
    )


def drawn(marks, tokens=None):
    """A grid from marks, conditions x problems x draws."""
    return grid_of(
        [
            ConditionSamples(1, "m", "m", Control.PROMPT, 100 * (c + 1), 100 * (c + 1), tuple(
                cell(f"p{p}", row, tokens and tokens[c][p]) for p, row in enumerate(rows)
            ))
            for c, rows in enumerate(marks)
        ]
    )  # fmt: skip


def accuracies(found):
    return np.array([[point.accuracy for point in one.points] for one in found.bins])


def test_where_all_problems_are_alike_no_bin_is_harder():
    # Bins made from the draws that they report would run from .9 to .1.
    marks = np.random.default_rng(0).random((2, 400, 4)) < 0.5

    found = difficulty_of(drawn(marks))

    assert found.method == "cross-fitting"
    assert accuracies(found) == pytest.approx(np.full((5, 2), 0.5), abs=0.12)


def test_from_sums_a_condition_is_binned_by_the_others_and_no_bin_is_harder_either(grid_of_sums):
    right = np.random.default_rng(0).binomial(4, 0.5, (400, 3))

    found = difficulty_of(grid_of_sums(right, [10, 20, 30]))

    assert found.method == "leave one condition out"
    assert accuracies(found) == pytest.approx(np.full((5, 3), 0.5), abs=0.12)


def test_problems_that_differ_are_told_apart():
    truth = np.repeat([0.95, 0.75, 0.5, 0.25, 0.05], 40)
    marks = np.random.default_rng(1).random((2, 200, 32)) < truth[None, :, None]

    found = difficulty_of(drawn(marks))

    assert accuracies(found) == pytest.approx(np.tile([[0.95], [0.75], [0.5], [0.25], [0.05]], 2), abs=0.04)


def test_a_bin_of_one_half_reports_the_other_half():
    # By even draws (first and third) a is harder than b; by odd draws b is harder than a.
    found = difficulty_of(drawn([[[0, 1, 0, 1], [1, 0, 1, 1]]]), bins=2)

    easy, hard = (one.points[0] for one in found.bins)
    # b's odd draws and a's even ones; a's odd draws and b's even ones.
    assert (easy.accuracy, hard.accuracy) == ((0.5 + 0) / 2, (1 + 1) / 2)
    assert (easy.problems, easy.samples) == (2, 4)


def test_each_problem_is_reported_once_a_half_and_its_halves_count_as_one():
    marks = np.random.default_rng(2).random((3, 23, 5)) < np.linspace(0, 1, 23)[None, :, None]

    found = difficulty_of(drawn(marks))

    for condition in range(3):
        points = [one.points[condition] for one in found.bins]
        assert sum(point.samples for point in points) == 23 * 5
        # Evens have 3 draws and odds 2; every problem's two halves are there, each for itself.
        halves = (marks[condition][:, ::2].mean(axis=1) + marks[condition][:, 1::2].mean(axis=1)) / 2
        weights = [len(np.flatnonzero(np.arange(23) * 5 // 23 == i)) for i in range(5)]
        assert np.average([point.accuracy for point in points], weights=weights) == pytest.approx(halves.mean())
        assert all(point.ci95[0] <= point.accuracy <= point.ci95[1] for point in points)


def test_leaving_one_out_is_what_it_says(grid_of_sums):
    right = np.random.default_rng(3).integers(0, 5, (11, 3))
    grid = grid_of_sums(right, np.random.default_rng(4).uniform(1, 9, (11, 3)))

    found = difficulty_of(grid, bins=3)

    for left in range(3):
        rest = [c for c in range(3) if c != left]
        keys = sorted(range(11), key=lambda p: (-right[p, rest].sum(), grid.tokens[p, rest].mean()))
        parts = [[p for rank, p in enumerate(keys) if rank * 3 // 11 == part] for part in range(3)]
        assert [one.points[left].accuracy for one in found.bins] == [right[part, left].mean() / 4 for part in parts]
        assert [one.points[left].problems for one in found.bins] == [len(part) for part in parts]


def test_of_equally_right_problems_the_one_that_took_more_tokens_is_harder():
    assert list(binned(np.array([0, 0.1 + 0.2, 0.3, 0]), np.array([5.0, 1, 2, 3]), 4)) == [1, 2, 3, 0]


def test_too_few_problems_or_nothing_to_bin_by_is_refused(grid_of_sums):
    assert difficulty_of(grid_of_sums([[1, 2]] * 4, [10, 20])) is None
    assert difficulty_of(grid_of_sums([[1]] * 9, [10])) is None
    assert difficulty_of(drawn([[[1], [0]]]), bins=2) is None


def test_a_problem_without_a_sample_somewhere_is_left_out_and_counted(grid_of_sums):
    samples = np.full((6, 2), 4)
    samples[2, 1] = 0

    found = difficulty_of(grid_of_sums(np.minimum(samples, 2), [10, 20], drawn=samples))

    assert (found.problems, found.left_out) == (5, 1)
    assert json.loads(json.dumps(found.to_json()))["bins"][4]["conditions"][1]["accuracy"] == 0.5


def test_a_bin_of_which_nobody_said_the_tokens_says_none():
    marks = [[[1, 0]] * 5, [[1, 1]] * 5]
    found = difficulty_of(drawn(marks, tokens=[[[0, 0]] * 5, [[9, 9]] * 5]))

    tokens = {point.tokens for one in found.bins for point in one.points}
    assert tokens == {None, 9.0}
    json.dumps(found.to_json(), allow_nan=False)
