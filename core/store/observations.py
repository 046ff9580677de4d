"""What earlier draws took, by model, control and budget: the guide for an estimate. Read from sums, not samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.estimate import Key, Observed
from core.vocabulary import Control

if TYPE_CHECKING:
    import sqlite3

TAKEN = """
    SELECT model, control, budget, sum(kept) AS draws,
           CAST(sum(completion_tokens) AS REAL) / sum(kept) AS tokens, sum(seconds) / sum(kept) AS seconds
      FROM conditions
      JOIN cells ON cells.condition_id = conditions.id
      JOIN runs ON runs.id = conditions.run_id
     WHERE runs.simulated = :simulated AND runs.imported IS NULL
  GROUP BY model, control, budget
    HAVING sum(kept) > 0
"""


def observations(connection: sqlite3.Connection, *, simulated: bool) -> dict[Key, Observed]:
    """Mean tokens and seconds of all samples in the store, of real runs or of simulated ones: never of both.

    Imported runs are no guide: others' servers took their time, and some do not say how many tokens they took.
    """
    rows = connection.execute(TAKEN, {"simulated": simulated})
    return {
        (model, Control(control), budget): Observed(draws, tokens, seconds)
        for model, control, budget, draws, tokens, seconds in rows
    }
