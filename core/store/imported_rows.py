"""An imported run as rows: all of it written at once, in one transaction of the caller's, never added to later.

Each function is one step and gives back the rows that the next one names. What a source does not say is written as the
schema's third migration has it. Samples are packed before the transaction begins: it keeps everybody else waiting.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.prices import price_to_json
from core.store.draws import GRADE, KEEP_TEXT, grade_values, whole
from core.store.texts import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from core.vocabulary import Condition, Grade, Problem, Usage

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
    INSERT INTO samples (id, cell_id, draw, step, kept_at, finish_reason, prompt_tokens, cached_tokens,
                         completion_tokens, reasoning_tokens, bucket, log2_tokens, billed_pico, estimated, seconds,
                         model, fingerprint, text_sha)
    VALUES (:id, :cell_id, :draw, :step, :kept_at, :finish_reason, :prompt_tokens, :cached_tokens, :completion_tokens,
            :reasoning_tokens, :bucket, :log2_tokens, :billed_pico, :estimated, :seconds, :model, :fingerprint,
            :text_sha)
"""

NEXT_SAMPLE = "SELECT ifnull(max(id), 0) + 1 FROM samples"

TAKEN_NAMES = "SELECT name FROM runs WHERE name = :stem OR name LIKE :pattern ESCAPE '\\'"


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
    """A sample of an imported run."""

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


@dataclass(frozen=True, slots=True)
class PackedSample:
    """A sample as its row has it, but for the rows that it names."""

    values: dict[str, object]
    text: bytes
    reasoning: bytes | None


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


def packed(sample: ImportedSample) -> PackedSample:
    """A sample made ready to be written."""
    usage = sample.usage
    completion = 0 if usage is None else usage.completion_tokens
    log2_tokens = math.log2(max(1, completion))
    return PackedSample(
        {
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
        pack(sample.text),
        None if sample.reasoning is None else pack(sample.reasoning),
    )


def add_samples(connection: sqlite3.Connection, placed: Sequence[tuple[int, PackedSample]]) -> range:
    """The rows of samples, each given with its cell's row; the sums of cells follow by the schema's triggers."""
    first = int(connection.execute(NEXT_SAMPLE).fetchone()[0])
    rows = range(first, first + len(placed))
    connection.executemany(
        INSERT_SAMPLE,
        (one.values | {"id": row, "cell_id": cell} for row, (cell, one) in zip(rows, placed, strict=True)),
    )
    connection.executemany(
        KEEP_TEXT,
        (
            {"sample_id": row, "text": one.text, "reasoning": one.reasoning}
            for row, (_, one) in zip(rows, placed, strict=True)
        ),
    )
    return rows


def add_grades(connection: sqlite3.Connection, graded: Iterable[tuple[int, int, Grade]]) -> None:
    """Record what graders made of samples: (sample's row, grader's row, grade)."""
    connection.executemany(GRADE, (grade_values(*one) for one in graded))


def _row(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
