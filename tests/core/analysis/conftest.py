from __future__ import annotations

import numpy as np
import pytest

from core.analysis.grid import Grid
from core.analysis.vote_table import VoteTable
from core.vocabulary import Control


@pytest.fixture
def grid_of_sums():
    """A grid from right answers out of `n` and mean tokens, problems x conditions, without draws."""

    def make(right, tokens, *, n=4, name="m", dollars=np.nan, seconds=1.0, drawn=None, contents=None, **known):
        right = np.array(right, dtype=np.int64)
        shape = right.shape
        tokens = np.broadcast_to(np.array(tokens, dtype=np.float64), shape)
        asked = tuple(100 * 2**i for i in range(shape[1]))
        problems = tuple(f"p{i}" for i in range(shape[0]))
        nothing = np.zeros(shape, dtype=np.int64)
        return Grid(
            run=1,
            name=name,
            label=name,
            model=name,
            control=Control.PROMPT,
            budgets=asked,
            asked=asked,
            problems=problems,
            contents=problems if contents is None else tuple(contents),
            clusters=known.pop("clusters", (None,) * shape[0]),
            drawn=np.full(shape, n) if drawn is None else np.array(drawn),
            right=right,
            missing=nothing,
            truncated=nothing,
            tokens=tokens,
            dollars=np.broadcast_to(np.array(dollars, dtype=np.float64), shape),
            seconds=np.broadcast_to(np.array(seconds, dtype=np.float64), shape),
            **known,
        )

    return make


@pytest.fixture
def table_of_votes():
    """The votes of one condition from their credit, problems x ks."""

    def make(budget, ks, credit, *, label="m", problems=None):
        credit = np.array(credit, dtype=np.float64)
        problems = tuple(problems or (f"p{i}" for i in range(len(credit))))
        each = (None,) * len(problems), (max(ks),) * len(problems)
        return VoteTable(label, budget, tuple(ks), credit, credit, problems, *each, 1.0, None, 1.0)

    return make
