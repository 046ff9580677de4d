from __future__ import annotations

from dataclasses import replace

import pytest

from core.analysis.curve import condition_curve
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.scored import scored_of
from core.vocabulary import Control


def cell(problem: str, answers: str, scores: list[float | None] | None, scorer: str = "rm") -> CellSamples:
    """Samples that answered these letters, `a` being right."""
    n = len(answers)
    return CellSamples(
        problem, None, n, 0, tuple(answers), tuple(one == "a" for one in answers), (False,) * n, (100,) * n, (1,) * n,
        (1.0,) * n, scores=() if scores is None else ((scorer, tuple(scores)),),
    )  # fmt: skip


def condition(*cells: CellSamples) -> ConditionSamples:
    return ConditionSamples(1, "m", "m", Control.PROMPT, 100, 100, cells)


def test_a_scorer_that_knows_always_finds_a_right_sample_where_there_is_one():
    one = condition(cell("p", "abbb", [9, 1, 2, 3]), cell("q", "bbba", [1, 2, 3, 9]))

    (scored,) = scored_of(one)

    assert [at.k for at in scored.at] == [1, 2, 4]
    assert [at.best for at in scored.at] == pytest.approx([1 / 4, 1 / 2, 1])
    assert scored.at[-1].weighted == 1.0


def test_equal_scores_are_a_plain_vote():
    one = condition(cell("p", "aabc", [1, 1, 1, 1]), cell("q", "abbb", [2, 2, 2, 2]))

    (scored,) = scored_of(one)

    assert [at.weighted for at in scored.at] == pytest.approx([at.value for at in condition_curve(one).maj_at])
    assert scored.at[0].best == pytest.approx(condition_curve(one).accuracy)


def test_a_condition_is_told_of_only_where_every_sample_has_a_score():
    whole = condition(cell("p", "ab", [1, 2]))
    partly = replace(whole, cells=(*whole.cells, cell("q", "ab", [1, None])))
    without = replace(whole, cells=(*whole.cells, cell("q", "ab", None)))

    assert [len(scored_of(one)) for one in (whole, partly, without)] == [1, 0, 0]


def test_scores_below_zero_choose_but_do_not_vote():
    (scored,) = scored_of(condition(cell("p", "ab", [1, -2])))

    assert (scored.at[1].best, scored.at[1].weighted) == (1.0, None)
