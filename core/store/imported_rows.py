"""An imported run as rows: all of it written at once, in one transaction of the caller's, never added to later.

Each function is one step and gives back the rows that the next one names. What a source does not say is written as the
schema's third migration has it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import zstandard

from core.prices import price_to_json
from core.store.draws import KEEP_TEXT, whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from core.vocabulary import Condition, Problem, Usage

INSERT_RUN = """
    INSERT INTO runs (name, created_at, started_at, ended_at, state, reason, simulated, seed, config, versions,
                      worked_s, max_concurrency, max_attempts, give_up_after_s, on_unknown, grader_id)
    VALUES (:name, :created_at, :started_at, :ended_at, 'finished', :reason, :simulated, :seed, :config, :versions,
            :worked_s, 1, 1, 0, 'skip', :grader_id)
"""

INSERT_PROBLEM = """
    INSERT INTO problems (run_id, position, key, question, answer, cluster, difficulty)
    VALUES (:run_id, :position, :id, :question, :answer, :cluster, :difficulty)
"""

INSERT_CONDITION = """
    INSERT INTO conditions (run_id, position, label, model, endpoint, control, budget, token_cap, prompt, system, body,
                            price)
    VALUES (:run_id, :position, :label, :model, :endpoint, :control, :budget, :token_cap, :prompt, :system, :body,
            :price)
"""

INSERT_CELL = """
    INSERT INTO cells (run_id, problem_id, condition_id, planned, planned_first)
    VALUES (:run_id, :problem_id, :condition_id, :planned, :planned_first)
"""

INSERT_SAMPLE = """
    INSERT INTO samples (cell_id, draw, step, kept_at, finish_reason, prompt_tokens, cached_tokens, completion_tokens,
                         reasoning_tokens, bucket, log2_tokens, billed_pico, estimated, seconds, model, fingerprint,
                         text_sha)
    VALUES (:cell_id, :draw, :step, :kept_at, :finish_reason, :prompt_tokens, :cached_tokens, :completion_tokens,
            :reasoning_tokens, :bucket, :log2_tokens, :billed_pico, :estimated, :seconds, :model, :fingerprint,
            :text_sha)
"""

TAKEN_NAMES = "SELECT name FROM runs WHERE name = :stem OR name LIKE :pattern ESCAPE '\\'"

_pack = zstandard.ZstdCompressor(level=3).compress


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """An imported run's own row."""

    name: str
    created_at: str
    started_at: str | None
    ended_at: str | None
    reason: str
    """Where it comes from, for a person who looks at its state."""
    simulated: bool
    seed: int
    config: str
    versions: str
    worked_s: float
    grader_id: int


@dataclass(frozen=True, slots=True)
class ImportedSample:
    """A sample of an imported run, in one of its cells."""

    cell_id: int
    draw: int
    step: int
    kept_at: str
    text: str
    """What the model wrote, or the answer that stands for it."""
    text_sha: bytes
    reasoning: str | None
    usage: Usage | None
    """None where the source does not say."""
    estimated: bool
    billed_pico: int | None
    seconds: float
    """0 where the source does not say."""
    finish_reason: str | None
    model: str | None
    fingerprint: str | None


def free_name(connection: sqlite3.Connection, stem: str) -> str:
    """`stem`, or the first of `stem-2`, `stem-3` ... that no run has."""
    escaped = stem.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    taken = {name for (name,) in connection.execute(TAKEN_NAMES, {"stem": stem, "pattern": f"{escaped}-%"})}
    number = 2
    while stem in taken and f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}" if stem in taken else stem


def add_run(connection: sqlite3.Connection, run: ImportedRun) -> int:
    """The row of a run that is finished from its beginning."""
    return _row(connection.execute(INSERT_RUN, asdict(run)))


def add_problems(connection: sqlite3.Connection, run_id: int, problems: Sequence[Problem]) -> list[int]:
    """The rows of problems, in their order."""
    return [
        _row(connection.execute(INSERT_PROBLEM, {"run_id": run_id, "position": position, **asdict(problem)}))
        for position, problem in enumerate(problems)
    ]


def add_conditions(connection: sqlite3.Connection, run_id: int, conditions: Sequence[Condition]) -> list[int]:
    """The rows of conditions, in their order."""
    rows = []
    for position, condition in enumerate(conditions):
        price = None if condition.price is None else price_to_json(condition.price)
        values = asdict(condition) | {"run_id": run_id, "position": position, "price": price}
        rows.append(_row(connection.execute(INSERT_CONDITION, values)))
    return rows


def add_cell(connection: sqlite3.Connection, run_id: int, place: tuple[int, int], planned: int, first: int) -> int:
    """The row of a cell; `place` has the rows of its problem and its condition."""
    problem_id, condition_id = place
    values = {"problem_id": problem_id, "condition_id": condition_id, "planned": planned, "planned_first": first}
    return _row(connection.execute(INSERT_CELL, {"run_id": run_id, **values}))


def add_sample(connection: sqlite3.Connection, sample: ImportedSample) -> int:
    """The row of a sample, with its text; the sums of its cell follow by the schema's triggers."""
    usage = sample.usage
    completion = 0 if usage is None else usage.completion_tokens
    log2_tokens = math.log2(max(1, completion))
    row = _row(
        connection.execute(
            INSERT_SAMPLE,
            {
                "cell_id": sample.cell_id,
                "draw": sample.draw,
                "step": sample.step,
                "kept_at": sample.kept_at,
                "finish_reason": None if sample.finish_reason is None else whole(sample.finish_reason),
                "prompt_tokens": 0 if usage is None else usage.prompt_tokens,
                "cached_tokens": 0 if usage is None else usage.cached_tokens,
                "completion_tokens": completion,
                "reasoning_tokens": None if usage is None else usage.reasoning_tokens,
                "bucket": round(16 * log2_tokens),
                "log2_tokens": log2_tokens,
                "billed_pico": sample.billed_pico,
                "estimated": sample.estimated or usage is None,
                "seconds": sample.seconds,
                "model": sample.model,
                "fingerprint": sample.fingerprint,
                "text_sha": sample.text_sha,
            },
        )
    )
    text, reasoning = _bytes(sample.text), None if sample.reasoning is None else _pack(_bytes(sample.reasoning))
    connection.execute(KEEP_TEXT, {"sample_id": row, "text": _pack(text), "reasoning": reasoning})
    return row


def sha_of(text: str) -> bytes:
    """The hash of a text, as samples have it."""
    return hashlib.sha256(_bytes(text)).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _row(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
