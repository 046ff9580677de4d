"""All runs of a store for a screen that lists them, in one pass over their cells.

A run's progress is what `core.store.progress` reads, but for the token histograms, which no list shows. Accuracy is
the mean over problems, as everywhere; it counts every draw, those too that were added later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.store.progress import CONDITION, SUMS, ConditionRow, Progress, condition_row, dicts, run_rows

if TYPE_CHECKING:
    import sqlite3

# NOT INDEXED and CROSS JOIN: conditions by their rows, each with its cells by theirs, so that no cell is sorted.
CONDITIONS = f"""
    SELECT conditions.run_id, avg(CAST(right AS REAL) / graded) AS accuracy, {CONDITION}, {SUMS}
      FROM conditions NOT INDEXED CROSS JOIN cells ON cells.condition_id = conditions.id
  GROUP BY conditions.id ORDER BY conditions.run_id, conditions.position
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list."""

    progress: Progress
    """Its conditions have no octaves here."""
    accuracies: tuple[float | None, ...]
    """Of each condition, in the order of the plan: mean over problems of the share that is right; None before any."""

    @property
    def models(self) -> tuple[str, ...]:
        """Its models, each once, in the order of the plan."""
        return tuple(dict.fromkeys(row.model for row in self.progress.conditions))

    @property
    def best(self) -> tuple[ConditionRow, float] | None:
        """The condition of the highest accuracy, with it; the first of several, None before anything is graded."""
        known = [
            (row, accuracy)
            for row, accuracy in zip(self.progress.conditions, self.accuracies, strict=True)
            if accuracy is not None
        ]
        return max(known, key=lambda one: one[1], default=None)


def listing(connection: sqlite3.Connection) -> list[Listed]:
    """All runs, oldest first."""
    conditions: dict[int, list[tuple[ConditionRow, float | None]]] = {}
    for row in dicts(connection.execute(CONDITIONS)):
        run_id, accuracy = row.pop("run_id"), row.pop("accuracy")
        conditions.setdefault(run_id, []).append((condition_row(row, ()), accuracy))
    found = []
    for run in run_rows(connection):
        rows = conditions.get(run.id, [])
        found.append(Listed(Progress(run, tuple(row for row, _ in rows)), tuple(accuracy for _, accuracy in rows)))
    return found
