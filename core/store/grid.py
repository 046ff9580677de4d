"""Cells one by one with their sums, and a run's answers counted: what tables of problems and strips are drawn from.

The sums cost what the plan costs, not what the samples do; only `answers` reads a grade of each sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

GRID = """
    SELECT cells.condition_id, cells.problem_id, problems.cluster, cells.planned, cells.planned_first, cells.kept,
           cells.failed, cells.graded, cells.answered, cells.right, cells.completion_tokens, cells.log2_tokens
      FROM cells
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id
  ORDER BY conditions.position, problems.position
"""

# A truncated answer casts no vote, whatever was read out of it.
ANSWERS = """
    SELECT cells.problem_id, grades.answer, max(grades.verdict = 'right') AS right, count(*) AS votes
      FROM cells
      JOIN runs ON runs.id = cells.run_id
      JOIN samples ON samples.cell_id = cells.id
      JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = runs.grader_id
     WHERE cells.run_id = :run_id AND grades.answer IS NOT NULL AND samples.finish_reason IS NOT 'length'
  GROUP BY cells.problem_id, grades.answer
  ORDER BY cells.problem_id, votes DESC, grades.answer
"""


@dataclass(frozen=True, slots=True)
class GridCell:
    """What has come of one problem under one condition."""

    condition_id: int
    problem_id: int
    cluster: str | None
    planned: int
    planned_first: int
    """Draws planned before any result was seen."""
    kept: int
    failed: int
    graded: int
    answered: int
    right: int
    completion_tokens: int
    log2_tokens: float
    """Sum over samples of log2(completion tokens)."""

    @property
    def share(self) -> float | None:
        """Share of the graded samples that are right; None before the first."""
        return self.right / self.graded if self.graded else None


@dataclass(frozen=True, slots=True)
class Counted:
    """One answer to a problem, over all conditions, and how many samples gave it."""

    problem_id: int
    answer: str
    right: bool
    votes: int


def grid(connection: sqlite3.Connection, run_id: int) -> list[GridCell]:
    """A run's cells, conditions outermost, both in the order of the plan."""
    return [GridCell(*row) for row in connection.execute(GRID, {"run_id": run_id})]


def answers(connection: sqlite3.Connection, run_id: int) -> dict[int, list[Counted]]:
    """By problem row: the answers that count, the most frequent first."""
    found: dict[int, list[Counted]] = {}
    for problem_id, answer, right, votes in connection.execute(ANSWERS, {"run_id": run_id}):
        found.setdefault(problem_id, []).append(Counted(problem_id, answer, bool(right), votes))
    return found
