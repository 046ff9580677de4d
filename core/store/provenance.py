"""Where a run and its samples come from: versions, the grader that is current, the server's ids of requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

VERSIONS = "SELECT versions FROM runs WHERE id = :run_id"

GRADER = "SELECT identity FROM runs JOIN graders ON graders.id = runs.grader_id WHERE runs.id = :run_id"

REQUEST_ID = """
    SELECT attempts.request_id FROM samples JOIN attempts ON attempts.id = samples.attempt_id
     WHERE samples.id = :sample_id
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


def outcomes(connection: sqlite3.Connection, run_id: int) -> dict[str, int]:
    """Requests by what became of them, the most frequent first."""
    return dict(connection.execute(ATTEMPTS_BY_OUTCOME, {"run_id": run_id}).fetchall())
