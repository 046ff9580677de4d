"""A small study whose numbers can be told beforehand."""

from __future__ import annotations

import pytest

from core.analysis.curve import Aggregate, condition_curve, curve_of_aggregates
from core.analysis.grid import grid_of
from core.analysis.records import CellSamples, ConditionSamples
from core.analysis.study import LabelStudy, Reference, StudiedRun, Study
from core.analysis.vote_table import vote_table
from core.vocabulary import Control

BUDGETS = (64, 128, 256, 512, 1024)
PROBLEMS = 10
DRAWS = 4
REFERENCES = (Reference("expert", 0.9, None, None), Reference("paper", 0.6, 3000.0, 0.01))


@pytest.fixture
def label_study():
    """A maker of labels: problem p is right in more of its draws the larger the budget, the later problems later."""

    def make(name="m", *, run=1, shift=0, tokens=4, price=2, flops=None, params=None):
        conditions = []
        for step, budget in enumerate(BUDGETS):
            cells = []
            for p in range(PROBLEMS):
                right = min(max(2 * (step + shift) - p + 3, 0), DRAWS)
                used = tuple(budget * tokens + 10 * p + draw for draw in range(DRAWS))
                cells.append(
                    CellSamples(
                        problem_id=f"p{p}",
                        cluster=None,
                        draws=DRAWS,
                        missing=0,
                        answers=tuple("7" if draw < right else f"{draw}" for draw in range(DRAWS)),
                        right=tuple(draw < right for draw in range(DRAWS)),
                        truncated=(False,) * DRAWS,
                        completion_tokens=used,
                        cost_pico=tuple(None if price is None else price * 1_000_000 * one for one in used),
                        seconds=tuple(one / 100 for one in used),
                    )
                )
            conditions.append(ConditionSamples(run, name, name, Control.PROMPT, budget, budget, tuple(cells)))
        grid = grid_of(conditions, name=name, train_flops=flops, params=params)
        curves = tuple(condition_curve(one) for one in conditions)
        return LabelStudy(run, name, name, True, curves, grid, lambda: tuple(map(vote_table, conditions)))

    return make


@pytest.fixture
def published():
    """A label known by published points only."""
    curves = tuple(
        curve_of_aggregates(
            2,
            "o1",
            "o1",
            Control.PROMPT,
            budget,
            [
                Aggregate(1, 30, 0.2 + 0.1 * step, 500.0 * 2**step),
                *([Aggregate(2, 30, 0.5, 3900.0), Aggregate(4, 30, 0.6, 7700.0)] if step == 2 else []),
            ],
        )
        for step, budget in enumerate((64, 128, 256))
    )
    return LabelStudy(2, "o1", "o1", False, curves, None, tuple)


@pytest.fixture
def study_of():
    """A maker of studies from labels."""

    def make(*labels):
        runs = {one.run: StudiedRun(one.run, f"run {one.run}", one.simulated, False) for one in labels}
        return Study(tuple(runs.values()), labels, REFERENCES)

    return make
