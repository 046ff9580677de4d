"""The problems that a whole curve shares: what slopes, shapes and verdicts are worked out from.

A difference between two budgets means something only on the same problems. So a problem counts here where it has a
sample under every condition that has any, and conditions stand by the tokens that were used, not asked for: a model
may well think less when it is asked to think more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.analysis.grid import Grid, Reals, Whole

LEAST_POINTS = 2
"""Fewest conditions that make a curve, and fewest problems whose spread says anything."""


@dataclass(frozen=True, slots=True, eq=False)
class FullTable:
    """Shares right and tokens of the same problems (rows) under each condition (columns); nothing is missing."""

    shares: Reals
    tokens: Reals
    """Mean completion tokens of each cell."""
    clusters: tuple[str | None, ...]
    rows: Whole
    """Rows of the grid."""
    columns: Whole
    """Columns of the grid, from the least tokens used to the most."""

    @property
    def octaves(self) -> Reals:
        """Log2 of each condition's mean tokens, rising."""
        return np.asarray(np.log2(self.tokens.mean(axis=0)), dtype=np.float64)


def full_table(grid: Grid) -> FullTable | None:
    """The full part of a grid; None below two problems, two conditions, or two different numbers of tokens.

    A condition of which no tokens are known has no place on the axis and is left out. A cell whose tokens nobody said
    is taken at the mean of its condition.
    """
    rows = grid.held
    known = ~np.isnan(grid.tokens[rows])
    placed = np.flatnonzero((grid.drawn.sum(axis=0) > 0) & known.any(axis=0))
    if min(len(placed), len(rows)) < LEAST_POINTS:
        return None
    tokens = grid.rows(rows).placed_tokens[:, placed]
    used = tokens.mean(axis=0)
    if not (used > 0).all() or np.ptp(used) == 0:
        return None
    order = np.argsort(used, kind="stable")
    columns = placed[order]
    clusters = tuple(grid.clusters[int(row)] for row in rows)
    return FullTable(grid.shares[np.ix_(rows, columns)], tokens[:, order], clusters, rows, columns)
