"""Cells one by one with their sums, and a run's answers counted: what tables and leading votes are drawn from.

Sums and tallies only: what is read here costs what the plan and its different answers cost, not what the samples do.
A truncated answer casts no vote, and an answer is right if any sample that gave it was: both as the schema has it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

GRID = """
    SELECT cells.condition_id, cells.problem_id, problems.cluster, cells.planned, cells.planned_first, cells.kept,
           cells.failed, cells.graded, cells.answered, cells.right, cells.completion_tokens, cells.log2_tokens
      FROM cells
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id
  ORDER BY conditions.position, problems.position
"""

_COUNTED = """
    SELECT cells.problem_id, answer, max(answers.right > 0), sum(votes) AS most
      FROM cells CROSS JOIN answers ON answers.cell_id = cells.id
"""

_OVER_ALL_CONDITIONS = "GROUP BY cells.problem_id, answer ORDER BY cells.problem_id, most DESC, answer"

ANSWERS = f"{_COUNTED} WHERE cells.run_id = :run_id {_OVER_ALL_CONDITIONS}"

ANSWERS_OF = f"""{_COUNTED}
     WHERE cells.run_id = :run_id AND cells.problem_id IN (SELECT value FROM json_each(:problem_ids))
  {_OVER_ALL_CONDITIONS}
"""

ANSWERS_BY_CONDITION = """
    SELECT cells.condition_id, cells.problem_id, answer, answers.right > 0, votes
      FROM cells CROSS JOIN answers ON answers.cell_id = cells.id
     WHERE cells.run_id = :run_id AND cells.problem_id = :problem_id
  ORDER BY cells.condition_id, votes DESC, answer
"""


EXTENDED = "SELECT DISTINCT condition_id FROM cells WHERE run_id = :run_id AND planned > planned_first"


class GridCell(NamedTuple):
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


class Counted(NamedTuple):
    """One answer to a problem and how many samples gave it: over all conditions, or under one."""

    problem_id: int
    answer: str
    right: bool
    """A judge may hold an answer right once and wrong once: then it is right."""
    votes: int


def grid(connection: sqlite3.Connection, run_id: int) -> list[GridCell]:
    """A run's cells, conditions outermost, both in the order of the plan."""
    return [GridCell._make(row) for row in connection.execute(GRID, {"run_id": run_id})]


def answers(connection: sqlite3.Connection, run_id: int) -> dict[int, list[Counted]]:
    """By problem row: the answers that count, the most frequent first."""
    return _by_problem(connection.execute(ANSWERS, {"run_id": run_id}))


def answers_of(connection: sqlite3.Connection, run_id: int, problem_ids: Iterable[int]) -> dict[int, list[Counted]]:
    """The same for some problems (rows) of a run only: those that a screen has room for."""
    key = {"run_id": run_id, "problem_ids": json.dumps(list(problem_ids))}
    return _by_problem(connection.execute(ANSWERS_OF, key))


def answers_by_condition(connection: sqlite3.Connection, run_id: int, problem_id: int) -> dict[int, list[Counted]]:
    """By condition row: the answers to one problem (row) of a run, the most frequent first."""
    found: dict[int, list[Counted]] = {}
    key = {"run_id": run_id, "problem_id": problem_id}
    for condition_id, problem, answer, right, votes in connection.execute(ANSWERS_BY_CONDITION, key):
        found.setdefault(condition_id, []).append(Counted(problem, answer, bool(right), votes))
    return found


def extended_conditions(connection: sqlite3.Connection, run_id: int) -> set[int]:
    """The conditions (rows) of a run that draws were added to after results had been seen."""
    return {condition_id for (condition_id,) in connection.execute(EXTENDED, {"run_id": run_id})}


def _by_problem(rows: Iterable[tuple[int, str, int, int]]) -> dict[int, list[Counted]]:
    found: dict[int, list[Counted]] = {}
    for problem_id, answer, right, votes in rows:
        found.setdefault(problem_id, []).append(Counted(problem_id, answer, bool(right), votes))
    return found
