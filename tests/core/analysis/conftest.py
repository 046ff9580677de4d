from __future__ import annotations

import numpy as np
import pytest

from core.analysis.grid import Grid
from core.analysis.vote_table import VoteTable
from core.vocabulary import Control


@pytest.fixture
def grid_of_sums():
    """A grid from right answers out of `n` and mean tokens, problems x conditions, without draws.

    Where no tokens are given they double from 256, condition by condition.
    """

    def make(
        right,
        tokens=None,
        *,
        n=4,
        drawn=None,
        missing=0,
        truncated=0,
        name="m",
        contents=None,
        clusters=None,
        dollars=np.nan,
        seconds=1.0,
        **known,
    ):
        right = np.array(right, dtype=np.int64)
        shape = right.shape
        drawn = np.full(shape, n) if drawn is None else np.array(drawn)
        if tokens is None:
            tokens = np.where(drawn > 0, 2.0 ** (8 + np.arange(shape[1])), np.nan)
        tokens = np.broadcast_to(np.array(tokens, dtype=np.float64), shape)
        asked = tuple(100 * 2**i for i in range(shape[1]))
        problems = tuple(f"p{i}" for i in range(shape[0]))
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
            clusters=clusters or (None,) * shape[0],
            drawn=drawn,
            right=right,
            missing=np.broadcast_to(np.array(missing), shape),
            truncated=np.broadcast_to(np.array(truncated), shape),
            tokens=tokens,
            dollars=np.broadcast_to(np.array(dollars, dtype=np.float64), shape),
            seconds=np.broadcast_to(np.array(seconds, dtype=np.float64), shape),
            **known,
        )

    return make


@pytest.fixture
def table_of_votes():
    """The votes of one condition from their credit, problems x ks; of as many samples as vote at most, unless said."""

    def make(budget, ks, credit, *, label="m", problems=None, drawn=None, tokens=1.0):
        credit = np.array(credit, dtype=np.float64)
        problems = tuple(problems or (f"p{i}" for i in range(len(credit))))
        each = (None,) * len(problems), (max(ks) if drawn is None else drawn,) * len(problems)
        return VoteTable(label, budget, tuple(ks), credit, np.zeros_like(credit), problems, *each, tokens, None, 1.0)

    return make
