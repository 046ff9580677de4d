from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.analysis.grid import grid_of, grid_of_totals
from core.analysis.records import CellSamples, CellTotals, ConditionSamples, ConditionTotals
from core.vocabulary import Control

ARRAYS = ("drawn", "right", "missing", "truncated", "tokens", "dollars", "seconds")


def cell(problem, marks, *, tokens=100, cost=5 * 10**11, cut=(), missing=0, content="", cluster=None):
    n = len(marks)
    return CellSamples(
        problem_id=problem,
        cluster=cluster,
        draws=n + missing,
        missing=missing,
        answers=("7",) * n,
        right=tuple(map(bool, marks)),
        truncated=tuple(i in cut for i in range(n)),
        completion_tokens=(tokens,) * n,
        cost_pico=(cost,) * n,
        seconds=(1.5,) * n,
        content=content,
    )


def condition(budget, *cells):
    asked = budget if isinstance(budget, int) else None
    return ConditionSamples(1, "m", "model", Control.PROMPT, budget, asked, cells)


def totals(samples):
    """What a store's sums say of the same samples."""
    cells = tuple(
        CellTotals(
            cluster=one.cluster,
            draws=one.draws,
            missing=one.missing,
            samples=one.samples,
            right=sum(right for _, right in one.ballots),
            answered=one.samples,
            truncated=sum(one.truncated),
            summed=one.samples,
            completion_tokens=sum(one.completion_tokens),
            log2_tokens=0.0,
            cost_pico=None if None in one.cost_pico else sum(one.cost_pico),
            seconds=sum(one.seconds),
            tallied=None,
        )
        for one in samples.cells
    )
    return ConditionTotals(1, "m", "model", Control.PROMPT, samples.budget, samples.budget_tokens, None, cells)


def both(*conditions):
    """The grid of samples, and that of their sums."""
    ids = [[one.problem_id for one in condition.cells] for condition in conditions]
    contents = {one.problem_id: one.content for condition in conditions for one in condition.cells}
    return grid_of(conditions), grid_of_totals([totals(one) for one in conditions], ids, contents)


def test_sums_make_the_same_grid_as_samples_but_for_the_draws():
    exact, sums = both(
        condition(100, cell("a", [1, 0], cut=(0,)), cell("b", [], missing=2), cell("c", [1], cost=None)),
        condition(200, cell("b", [1, 1, 0], tokens=0), cell("d", [0], cluster="x", missing=1, content="what")),
    )

    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(exact, name), getattr(sums, name), err_msg=name)
    assert exact.problems == sums.problems == ("a", "b", "c", "d")
    assert exact.contents == sums.contents == ("a", "b", "c", "what")
    assert exact.clusters == sums.clusters == (None, None, None, "x")


def test_a_problem_that_a_condition_lacks_has_nothing_there():
    grid, _ = both(condition(100, cell("a", [1]), cell("b", [0])), condition(200, cell("b", [1])))

    assert grid.drawn.tolist() == [[1, 0], [1, 1]]
    assert np.isnan(grid.shares[0, 1])
    assert grid.accuracy.tolist() == [0.5, 1.0]
    assert grid.held.tolist() == [1]
    assert grid.samples is None


def test_what_was_cut_off_is_wrong_and_what_failed_is_no_sample():
    for grid in both(condition(100, cell("a", [1, 1, 1], cut=(1,), missing=4))):
        assert (grid.drawn, grid.right, grid.missing, grid.truncated) == (3, 2, 4, 1)


def test_one_unpriced_problem_leaves_the_cost_of_a_condition_unknown():
    for grid in both(condition(100, cell("a", [1]), cell("b", [1], cost=None)), condition(200, cell("a", [1]))):
        assert np.isnan(grid.mean_dollars).tolist() == [True, False]
        assert grid.mean_dollars[1] == 0.5


def test_tokens_that_nobody_said_are_left_out_of_a_mean_and_placed_at_it():
    for grid in both(condition(100, cell("a", [1], tokens=0), cell("b", [1], tokens=80), cell("c", [1], tokens=40))):
        assert np.isnan(grid.tokens[0, 0])
        assert grid.mean_tokens.tolist() == [60]
        assert grid.placed_tokens[:, 0].tolist() == [60, 80, 40]


def test_conditions_stand_by_what_was_asked_and_where_that_is_no_number_by_what_was_used():
    used = {"high": 300, "low": 100, "medium": 200}
    efforts, _ = both(*(condition(effort, cell("a", [1], tokens=tokens)) for effort, tokens in used.items()))
    asked, _ = both(*(condition(budget, cell("a", [1], tokens=1000 - budget)) for budget in (400, 100)))

    assert efforts.budgets == ("low", "medium", "high")
    assert [one.budget for one in efforts.samples] == ["low", "medium", "high"]
    assert asked.budgets == (100, 400)


def test_the_same_text_twice_is_two_problems():
    grid, _ = both(condition(100, *(cell(name, [1], content=text) for name, text in zip("abc", "xyx", strict=True))))

    assert grid.keys == (("x", 0), ("y", 0), ("x", 1))


def test_samples_that_are_not_graded_yet_count_for_tokens_and_for_nothing_else():
    one = totals(condition(100, cell("a", [1, 1, 0, 0], cut=(2, 3))))
    half = replace(one, cells=(one.cells[0]._replace(samples=1, right=1),))

    grid = grid_of_totals([half], [["a"]], {})

    assert (grid.drawn, grid.right, grid.tokens) == (1, 1, 100)
    assert grid.truncated == 1


def test_some_problems_and_some_conditions_make_a_smaller_grid():
    grid, _ = both(condition(100, cell("a", [1]), cell("b", [0])), condition(200, cell("a", [1]), cell("b", [1])))

    assert grid.columns([1]).accuracy.tolist() == [1.0]
    assert grid.rows([1]).shares.tolist() == [[0.0, 1.0]]
    assert (grid.rows([1]).problems, grid.rows([1]).samples) == (("b",), None)


def test_a_grid_of_no_condition_is_refused():
    with pytest.raises(ValueError, match="needs a condition"):
        grid_of([])
