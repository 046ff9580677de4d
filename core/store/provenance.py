"""Where a run and its samples come from: versions, the grader that is current, the requests that were made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.store.samples import AttemptRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.vocabulary import Budget

VERSIONS = "SELECT versions FROM runs WHERE id = :run_id"

GRADER = "SELECT identity FROM runs JOIN graders ON graders.id = runs.grader_id WHERE runs.id = :run_id"

REQUEST_ID = """
    SELECT attempts.request_id FROM samples JOIN attempts ON attempts.id = samples.attempt_id
     WHERE samples.id = :sample_id
"""

_ATTEMPT = """
    SELECT attempts.id, problems.key, conditions.label, conditions.budget, attempts.draw, attempts.step,
           attempts.purpose, attempts.number, attempts.reserved_at, attempts.ended_at, attempts.outcome,
           attempts.reserved_pico, attempts.billed_pico, attempts.status, attempts.message, attempts.request_id
      FROM attempts
      JOIN cells ON cells.id = attempts.cell_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
"""

DOUBTS = f"{_ATTEMPT} WHERE attempts.run_id = :run_id AND attempts.outcome = 'unknown' ORDER BY attempts.id"

ATTEMPTS_OF_A_DRAW = f"""{_ATTEMPT}
     WHERE cells.run_id = :run_id AND problems.key = :problem AND conditions.label = :label
       AND conditions.budget IS :budget AND attempts.draw = :draw
  ORDER BY attempts.id
"""

ATTEMPTS_BY_OUTCOME = """
    SELECT outcome, count(*) FROM attempts WHERE run_id = :run_id GROUP BY outcome ORDER BY count(*) DESC, outcome
"""


def versions_of(connection: sqlite3.Connection, run_id: int) -> dict[str, str]:
    """What a run was made with: name -> version."""
    (text,) = connection.execute(VERSIONS, {"run_id": run_id}).fetchone()
    return {str(name): str(version) for name, version in json.loads(text).items()}


def grader_of(connection: sqlite3.Connection, run_id: int) -> str | None:
    """The identity of the grader whose grades a run's sums count; None where it has none."""
    row = connection.execute(GRADER, {"run_id": run_id}).fetchone()
    return None if row is None else str(row[0])


def request_id_of(connection: sqlite3.Connection, sample_id: int) -> str | None:
    """The server's own id of the request that brought a sample; None where it gave none, or for an imported one."""
    row = connection.execute(REQUEST_ID, {"sample_id": sample_id}).fetchone()
    return None if row is None else row[0]


def doubts(connection: sqlite3.Connection, run_id: int) -> Iterator[AttemptRow]:
    """A run's requests that may have been billed without a reply, oldest first."""
    for row in connection.execute(DOUBTS, {"run_id": run_id}):
        yield AttemptRow(*row)


def attempts_of_draw(
    connection: sqlite3.Connection, run_id: int, problem: str, label: str, budget: Budget, draw: int
) -> list[AttemptRow]:
    """The requests that were made for one draw, its judge's among them, oldest first."""
    key = {"run_id": run_id, "problem": problem, "label": label, "budget": budget, "draw": draw}
    return [AttemptRow(*row) for row in connection.execute(ATTEMPTS_OF_A_DRAW, key)]


def outcomes(connection: sqlite3.Connection, run_id: int) -> dict[str, int]:
    """Requests by what became of them, the most frequent first."""
    return dict(connection.execute(ATTEMPTS_BY_OUTCOME, {"run_id": run_id}).fetchall())
