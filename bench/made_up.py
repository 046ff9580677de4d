"""Samples as a sweep brings them, drawn from a known truth: what `bench.science` gives the analysis to work on.

A problem has one right answer, a wrong one that models like, and a dozen that come now and then. Some samples cannot be
read, some are cut off. Nothing is read from a store.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import numpy as np

from bench.truths import Sweep, hardnesses
from bench.workload import BUDGETS
from core.analysis.records import CellSamples, ConditionSamples
from core.vocabulary import Control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.truths import Truth

RIGHT, FAVOURITE = "73", "37"
RARE = tuple(str(100 + number) for number in range(12))
_FAVOURED = 0.4
"""Share of the wrong answers that are the favourite."""
_UNREAD, _CUT = 0.02, 0.01
_SPREAD = 0.45
"""Standard deviation of log tokens between the draws of a cell."""
_PICO_A_TOKEN = 12_000_000
_TOKENS_A_SECOND = 80.0


def conditions(truth: Truth, problems: int, draws: int, seed: int = 0) -> tuple[ConditionSamples, ...]:
    """A condition for each budget of the workload, each with so many draws of the same problems.

    Args:
        truth: the chance of the right answer; the least budget stands where its rise begins, each next an octave on.
        problems: how many, their hardness evenly at random.
        draws: of each cell.
        seed: of all that is random.
    """
    generator = np.random.default_rng(seed)
    hardness = hardnesses(Sweep(problems, draws), generator)
    octaves = np.arange(8.0, 8.0 + len(BUDGETS), dtype=np.float64)
    chances = np.clip(truth(hardness[:, None], octaves), 0, 1)
    return tuple(
        ConditionSamples(
            run=1,
            label="made-up",
            model="made-up",
            control=Control.PROMPT,
            budget=budget,
            budget_tokens=budget,
            cells=tuple(
                _cell(problem, budget, float(chance), draws, generator) for problem, chance in enumerate(column)
            ),
        )
        for budget, column in zip(BUDGETS, chances.T, strict=True)
    )


def _cell(problem: int, budget: int, chance: float, draws: int, generator: np.random.Generator) -> CellSamples:
    answers = tuple(_answers(chance, draws, generator))
    tokens = tuple(
        max(1, round(2 ** (log2(budget) + _SPREAD * noise))) for noise in generator.standard_normal(draws).tolist()
    )
    return CellSamples(
        problem_id=f"problem-{problem}",
        cluster=None,
        draws=draws,
        missing=0,
        answers=answers,
        right=tuple(answer == RIGHT for answer in answers),
        truncated=tuple((generator.random(draws) < _CUT).tolist()),
        completion_tokens=tokens,
        cost_pico=tuple(used * _PICO_A_TOKEN for used in tokens),
        seconds=tuple(used / _TOKENS_A_SECOND for used in tokens),
    )


def _answers(chance: float, draws: int, generator: np.random.Generator) -> Iterator[str | None]:
    """So many answers, of which this share is right."""
    kinds, rare = generator.random((draws, 3)), generator.integers(len(RARE), size=draws)
    for (read, right, favoured), other in zip(kinds.tolist(), rare.tolist(), strict=True):
        if read < _UNREAD:
            yield None
        elif right < chance:
            yield RIGHT
        else:
            yield FAVOURITE if favoured < _FAVOURED else RARE[other]
