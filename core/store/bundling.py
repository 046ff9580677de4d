"""All that is stored of a run, row by row, for a bundle: nothing is judged, added up or left out here.

Rows name their problem and their condition by position, never by a row of this store, so that the same run reads the
same from every store. Cell by cell, in the order of the plan: a million samples need no more memory than ten.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from core.store.progress import dicts
from core.store.texts import as_it_came, unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.vocabulary import Json

RUN = """
    SELECT name, created_at, started_at, ended_at, state, reason, simulated, seed, versions, worked_s, cap_pico,
           cap_tokens, max_concurrency, max_attempts, give_up_after_s, on_unknown, imported, graders.identity AS grader
      FROM runs LEFT JOIN graders ON graders.id = runs.grader_id WHERE runs.id = :run_id
"""

CONFIG = "SELECT config FROM runs WHERE id = :run_id"

ENDPOINTS = "SELECT settings FROM endpoints WHERE run_id = :run_id ORDER BY name"

WARNINGS = "SELECT at, text FROM events WHERE run_id = :run_id AND kind = 'warning' ORDER BY id"

PROBLEMS = """
    SELECT position, key, question, answer, cluster, difficulty
      FROM problems WHERE run_id = :run_id ORDER BY position
"""

CONDITIONS = """
    SELECT position, label, model, endpoint, control, budget, token_cap, prompt, system, body, price
      FROM conditions WHERE run_id = :run_id ORDER BY position
"""

CELLS = """
    SELECT cells.id, problems.position, conditions.position, planned, planned_first
      FROM cells JOIN problems ON problems.id = problem_id JOIN conditions ON conditions.id = condition_id
     WHERE cells.run_id = :run_id ORDER BY conditions.position, problems.position
"""

SAMPLES = """
    SELECT id, draw, step, kept_at, finish_reason, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens,
           billed_pico, estimated, seconds, model, fingerprint, text_sha
      FROM samples WHERE cell_id = :cell_id ORDER BY draw, step
"""

TEXT = "SELECT text, reasoning FROM texts WHERE sample_id = :sample_id"

ATTEMPTS = """
    SELECT draw, step, purpose, number, reserved_at, ended_at, outcome, reserved_pico, reserved_tokens, billed_pico,
           billed_tokens, status, message, request_id
      FROM attempts WHERE cell_id = :cell_id ORDER BY draw, step, purpose, number, reserved_at, id
"""

FAILURES = "SELECT draw, step, failed_at, reason FROM failures WHERE cell_id = :cell_id ORDER BY draw, step"

GRADES = """
    SELECT draw, step, graders.identity AS grader, answer, verdict, note
      FROM samples JOIN grades ON grades.sample_id = samples.id JOIN graders ON graders.id = grades.grader_id
     WHERE cell_id = :cell_id ORDER BY draw, step, graders.identity
"""

SCORES = """
    SELECT draw, step, name, value FROM samples JOIN scores ON scores.sample_id = samples.id
     WHERE cell_id = :cell_id ORDER BY draw, step, name
"""

AGGREGATES = """
    SELECT position, label, model, control, budget, votes, problems, accuracy, mean_tokens
      FROM aggregates WHERE run_id = :run_id ORDER BY position
"""


class CellPlace(NamedTuple):
    """A cell by its row, and by where its problem and its condition stand in the plan."""

    id: int
    problem: int
    condition: int
    planned: int
    planned_first: int


def run_facts(connection: sqlite3.Connection, run_id: int) -> dict[str, Any]:
    """A run's own facts, its endpoints, and what it has warned of."""
    key = {"run_id": run_id}
    (run,) = dicts(connection.execute(RUN, key))
    return run | {
        "simulated": bool(run["simulated"]),
        "versions": json.loads(run["versions"]),
        "imported": None if run["imported"] is None else json.loads(run["imported"]),
        "endpoints": [json.loads(settings) for (settings,) in connection.execute(ENDPOINTS, key)],
        "warnings": dicts(connection.execute(WARNINGS, key)),
    }


def stored_config(connection: sqlite3.Connection, run_id: int) -> Any:
    """The resolved config."""
    return json.loads(connection.execute(CONFIG, {"run_id": run_id}).fetchone()[0])


def problem_facts(connection: sqlite3.Connection, run_id: int) -> Iterator[dict[str, Any]]:
    """The problems, in order."""
    yield from _rows(connection, PROBLEMS, {"run_id": run_id})


def condition_facts(connection: sqlite3.Connection, run_id: int) -> Iterator[dict[str, Any]]:
    """The conditions, in order, with their prompts, request fields and prices."""
    for row in _rows(connection, CONDITIONS, {"run_id": run_id}):
        price = None if row["price"] is None else json.loads(row["price"])
        yield row | {"body": json.loads(row["body"]), "price": price}


def cell_places(connection: sqlite3.Connection, run_id: int) -> list[CellPlace]:
    """The cells, conditions outermost."""
    return [CellPlace(*row) for row in connection.execute(CELLS, {"run_id": run_id})]


def sample_facts(connection: sqlite3.Connection, cell_id: int, *, texts: bool) -> Iterator[dict[str, Any]]:
    """A cell's samples, with their texts if asked for."""
    for row in _rows(connection, SAMPLES, {"cell_id": cell_id}):
        sample_id = row.pop("id")
        sha: bytes = row["text_sha"]
        said: dict[str, Json] = {"estimated": bool(row["estimated"]), "text_sha": sha.hex()}
        if texts:
            text, reasoning = connection.execute(TEXT, {"sample_id": sample_id}).fetchone()
            said |= {"text": as_it_came(text, sha), "reasoning": None if reasoning is None else unpack(reasoning)}
        yield row | said


def attempt_facts(connection: sqlite3.Connection, cell_id: int) -> Iterator[dict[str, Any]]:
    """A cell's requests, those of a judge among them."""
    yield from _rows(connection, ATTEMPTS, {"cell_id": cell_id})


def failure_facts(connection: sqlite3.Connection, cell_id: int) -> Iterator[dict[str, Any]]:
    """A cell's draws that failed for good."""
    yield from _rows(connection, FAILURES, {"cell_id": cell_id})


def grade_facts(connection: sqlite3.Connection, cell_id: int) -> Iterator[dict[str, Any]]:
    """What each grader made of a cell's samples."""
    yield from _rows(connection, GRADES, {"cell_id": cell_id})


def score_facts(connection: sqlite3.Connection, cell_id: int) -> Iterator[dict[str, Any]]:
    """What scorers thought of a cell's samples."""
    yield from _rows(connection, SCORES, {"cell_id": cell_id})


def aggregate_facts(connection: sqlite3.Connection, run_id: int) -> Iterator[dict[str, Any]]:
    """An imported run's published results without samples, in order."""
    yield from _rows(connection, AGGREGATES, {"run_id": run_id})


def _rows(connection: sqlite3.Connection, query: str, key: dict[str, int]) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(query, key)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
