"""A run's problems in one pass over its cells: their sums, their overrun, and a strip of shares over the conditions.

Made for a screen that reads a thousand problems under a dozen conditions each second, so records are named tuples and
the numbers of a problem's cells come as arrays. Knows neither questions nor answers: `core.store.one_problem` and
`core.store.grid` do.
"""

from __future__ import annotations

import json
import math
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

# By the cells' own column, which is in the order of an index. Whose numbers stand where in the arrays is told by the
# first one: this SQLite has no ORDER BY in aggregates.
STRIPS = """
    SELECT problem_id, sum(planned), sum(kept), sum(failed), sum(graded), sum(right), sum(truncated),
           sum(completion_tokens), sum(billed_pico),
           total(log2_tokens) FILTER (WHERE condition_id IN
               (SELECT id FROM conditions WHERE run_id = :run_id AND typeof(budget) = 'integer' AND budget > 0)),
           '[' || json_group_array(condition_id) || ',' || json_group_array(kept) || ',' ||
           json_group_array(right) || ',' || json_group_array(graded) || ']'
      FROM cells WHERE run_id = :run_id GROUP BY problem_id
"""

PROBLEMS = "SELECT id, position, key, answer, cluster FROM problems WHERE run_id = :run_id ORDER BY position"

BUDGETS = "SELECT id, budget FROM conditions WHERE run_id = :run_id ORDER BY position"


class Strip(NamedTuple):
    """A problem with what its samples come to."""

    id: int
    """Its row."""
    position: int
    """Its place in the plan, from 0."""
    key: str
    truth: str
    cluster: str | None
    planned: int
    kept: int
    failed: int
    graded: int
    right: int
    truncated: int
    completion_tokens: int
    billed_pico: int
    """0 too where it is unpriced: that is the conditions' to say."""
    log2_over: float
    """Sum of log2(completion tokens / tokens asked for) over its samples under budgets in tokens."""
    budgeted: int
    """Those samples."""
    shares: tuple[tuple[int, int], ...]
    """(right, graded) under each condition, in the order of the plan; (0, 0) too where none is planned."""

    @property
    def owed(self) -> int:
        """Draws still to be asked."""
        return self.planned - self.kept - self.failed

    @property
    def solved(self) -> float | None:
        """Share of its graded samples that are right; None before the first."""
        return self.right / self.graded if self.graded else None

    @property
    def overrun(self) -> float | None:
        """Geometric mean of tokens used per token asked for; None without samples under budgets in tokens."""
        return float(2 ** (self.log2_over / self.budgeted)) if self.budgeted else None


def strips(connection: sqlite3.Connection, run_id: int) -> list[Strip]:
    """A run's problems in the order of the plan."""
    key = {"run_id": run_id}
    budgets = connection.execute(BUDGETS, key).fetchall()
    order = [condition_id for condition_id, _ in budgets]
    in_tokens = [int(isinstance(budget, int) and budget > 0) for _, budget in budgets]
    logs = [math.log2(budget) if known else 0.0 for (_, budget), known in zip(budgets, in_tokens, strict=True)]
    summed = {row[0]: row[1:] for row in connection.execute(STRIPS, key)}
    found = []
    for problem in connection.execute(PROBLEMS, key):
        *sums, log2_tokens, arrays = summed[problem[0]]
        ids, *values = json.loads(arrays)
        kept, right, graded = values if ids == order else _in_order(order, ids, values)
        log2_over = log2_tokens - sum(map(mul, kept, logs))
        budgeted = sum(map(mul, kept, in_tokens)) if log2_tokens else 0
        shares = tuple(zip(right, graded, strict=True))
        found.append(Strip._make((*problem, *sums, log2_over, budgeted, shares)))
    return found


def _in_order(order: list[int], ids: list[int], values: list[list[int]]) -> list[list[int]]:
    """Arrays whose places are told by `ids`, with their places as in `order`; 0 where a condition has no cell."""
    found = []
    for array in values:
        held = dict(zip(ids, array, strict=True))
        found.append([held.get(one, 0) for one in order])
    return found
