"""What is said of the built-in stand-in model, whose votes are known to settle: 30 problems at 2^4 to 2^11 tokens."""

from __future__ import annotations

from math import log2
from random import Random

import pytest

from core.analysis.grid import grid_of
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.verdicts import Evidence, Finding, verdicts_of
from core.analysis.vote_table import vote_table
from core.simulator.budget import Asked
from core.simulator.knowledge import Known, wrong_answers
from core.simulator.model import generate
from core.vocabulary import Control

PROBLEMS = 30
BUDGETS = [2**power for power in range(4, 12)]


def test_of_128_draws_the_plateau_of_the_votes_is_found():
    thinking, votes = verdicts_of([evidence(draws=4, deep=128)])

    assert thinking.finding is Finding.GROWING
    assert votes.finding is Finding.NO_MORE_GAINS
    assert log2(votes.beyond_tokens) == pytest.approx(17, abs=1.5)


def test_of_four_draws_nobody_can_tell():
    thinking, votes = verdicts_of([evidence(draws=4, deep=4)])

    assert thinking.finding is not Finding.NO_MORE_GAINS
    assert votes.finding is Finding.TOO_EARLY
    assert votes.words == "not enough to tell: votes of 4 need 8 draws of each problem, and there are 4"


def evidence(draws, deep) -> Evidence:
    generator = Random(0)
    conditions = [
        ConditionSamples(
            1,
            "o1-mini",
            "o1-mini",
            Control.PROMPT,
            budget,
            budget,
            tuple(
                a_cell(rank, budget, deep if budget == BUDGETS[-1] else draws, generator) for rank in range(PROBLEMS)
            ),
        )
        for budget in BUDGETS
    ]
    return Evidence(grid_of(conditions), [vote_table(conditions[-1])])


def a_cell(rank, budget, draws, generator) -> CellSamples:
    answer = str(100 + rank)
    known = Known(answer, answer, answer, (rank + 0.5) / PROBLEMS, wrong_answers(answer, rank))
    made = [generate(known, Asked(words=budget), generator, 50) for _ in range(draws)]
    return CellSamples(
        problem_id=answer,
        cluster=None,
        draws=draws,
        missing=0,
        answers=tuple(one.answer for one in made),
        right=tuple(one.answer == answer for one in made),
        truncated=tuple(one.cut for one in made),
        completion_tokens=tuple(one.tokens for one in made),
        cost_pico=(None,) * draws,
        seconds=(0.0,) * draws,
    )
