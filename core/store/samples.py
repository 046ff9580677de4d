"""Samples read one by one: for curves, exports, regrading, and a person who wants to read an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.store.texts import as_it_came, unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.vocabulary import Budget

# What a source does not say is 0 in the store; see the third migration.
_SAMPLE = """
    SELECT conditions.label, conditions.model, conditions.control, conditions.budget, conditions.position,
           problems.key AS problem, problems.answer AS truth, problems.cluster, cells.planned_first,
           samples.id, samples.draw, samples.finish_reason,
           CASE WHEN samples.estimated AND samples.completion_tokens = 0 THEN NULL ELSE samples.prompt_tokens END
               AS prompt_tokens,
           CASE WHEN samples.estimated AND samples.completion_tokens = 0 THEN NULL ELSE samples.cached_tokens END
               AS cached_tokens,
           CASE WHEN samples.estimated AND samples.completion_tokens = 0 THEN NULL ELSE samples.completion_tokens END
               AS completion_tokens,
           samples.reasoning_tokens, samples.billed_pico, samples.estimated,
           CASE WHEN runs.imported IS NULL THEN samples.seconds ELSE nullif(samples.seconds, 0) END AS seconds,
           samples.kept_at, samples.model AS reported_model, samples.fingerprint,
           grades.answer, grades.verdict, grades.note
      FROM cells
      JOIN runs ON runs.id = cells.run_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
      JOIN samples ON samples.cell_id = cells.id
      LEFT JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = runs.grader_id
"""

SAMPLES = f"""{_SAMPLE}
     WHERE cells.run_id = :run_id AND (:problem IS NULL OR problems.key = :problem)
  ORDER BY conditions.position, problems.position, samples.draw
"""

SAMPLE = f"{_SAMPLE} WHERE samples.id = :sample_id"

CELLS = """
    SELECT conditions.label, conditions.model, conditions.control, conditions.budget,
           problems.key AS problem, problems.cluster, cells.planned, cells.planned_first, cells.kept, cells.failed
      FROM cells
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id
  ORDER BY conditions.position, problems.position
"""

TEXT = (
    "SELECT text, reasoning, text_sha FROM texts JOIN samples ON samples.id = sample_id WHERE samples.id = :sample_id"
)

FAILURES = """
    SELECT problems.key AS problem, conditions.label, conditions.budget, draw, failed_at, reason
      FROM failures
      JOIN cells ON cells.id = cell_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id ORDER BY failed_at
"""

COPIES = """
    SELECT count(*) FROM (
        SELECT 1 FROM samples JOIN cells ON cells.id = cell_id
         WHERE run_id = :run_id GROUP BY cell_id, text_sha HAVING count(*) > 1)
"""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample with its place in the plan and the current grader's grade."""

    label: str
    model: str
    control: str
    budget: Budget
    position: int
    problem: str
    truth: str
    cluster: str | None
    planned_first: int
    id: int
    draw: int
    finish_reason: str | None
    prompt_tokens: int | None
    """None where it is imported from a source that does not say, like the next two, and seconds."""
    cached_tokens: int | None
    completion_tokens: int | None
    reasoning_tokens: int | None
    billed_pico: int | None
    estimated: int
    seconds: float | None
    kept_at: str
    reported_model: str | None
    fingerprint: str | None
    answer: str | None
    verdict: str | None
    """None where it is not graded yet."""
    note: str | None


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell's place in the plan and what has come of it."""

    label: str
    model: str
    control: str
    budget: Budget
    problem: str
    cluster: str | None
    planned: int
    planned_first: int
    kept: int
    failed: int


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One request and how it ended."""

    id: int
    problem: str
    label: str
    budget: Budget
    draw: int
    step: int
    purpose: str
    number: int
    reserved_at: str
    ended_at: str | None
    outcome: str
    reserved_pico: int
    billed_pico: int
    status: int | None
    message: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class FailureRow:
    """A draw that failed for good."""

    problem: str
    label: str
    budget: Budget
    draw: int
    failed_at: str
    reason: str


def samples(connection: sqlite3.Connection, run_id: int, problem: str | None = None) -> Iterator[SampleRow]:
    """A run's samples without their texts, conditions outermost, then problems, then draws; of one problem if given."""
    for row in connection.execute(SAMPLES, {"run_id": run_id, "problem": problem}):
        yield SampleRow(*row)


def sample(connection: sqlite3.Connection, sample_id: int) -> SampleRow:
    """One sample by its row, found in the same transaction, without its text."""
    return SampleRow(*connection.execute(SAMPLE, {"sample_id": sample_id}).fetchone())


def cells(connection: sqlite3.Connection, run_id: int) -> Iterator[CellRow]:
    """A run's cells, conditions outermost."""
    for row in connection.execute(CELLS, {"run_id": run_id}):
        yield CellRow(*row)


def text(connection: sqlite3.Connection, sample_id: int) -> tuple[str | None, str | None]:
    """(text, shown reasoning) of a sample, as it came: hostile until made visible; None where its source has none."""
    packed, reasoning, sha = connection.execute(TEXT, {"sample_id": sample_id}).fetchone()
    return as_it_came(packed, sha), None if reasoning is None else unpack(reasoning)


def failures(connection: sqlite3.Connection, run_id: int) -> Iterator[FailureRow]:
    """A run's draws that failed for good."""
    for row in connection.execute(FAILURES, {"run_id": run_id}):
        yield FailureRow(*row)


def copies(connection: sqlite3.Connection, run_id: int) -> int:
    """How many texts stand more than once among the draws of one cell: identical draws are no independent draws."""
    return int(connection.execute(COPIES, {"run_id": run_id}).fetchone()[0])
