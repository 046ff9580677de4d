"""Stores of any size in seconds: the rows that a sampler would have written, by the schema's own triggers."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bench.workload import CELLS, planned

if TYPE_CHECKING:
    from pathlib import Path

    from core.store.place import Place

# Breadth-first, as a run asks: the samples of a cell lie far apart in the file.
RESERVE = """
    WITH RECURSIVE numbers (draw) AS (SELECT 0 UNION ALL SELECT draw + 1 FROM numbers WHERE draw + 1 < :draws)
    INSERT INTO attempts (run_id, cell_id, draw, step, purpose, number, reserved_at, reserved_pico, reserved_tokens)
    SELECT run_id, id, draw, 0, 'ask', 1, :now, 400000000000, 33000 FROM numbers, cells ORDER BY draw, id
"""

END = """
    UPDATE attempts
       SET outcome = 'kept', ended_at = :now, billed_pico = 9000000000, billed_tokens = 880, status = 200,
           request_id = 'req_' || id
"""

KEEP = """
    WITH kept AS (SELECT id, cell_id, draw, 40 + abs(random() % 4000) AS tokens FROM attempts ORDER BY id)
    INSERT INTO samples (cell_id, draw, step, attempt_id, kept_at, finish_reason, prompt_tokens, completion_tokens,
                         reasoning_tokens, bucket, log2_tokens, billed_pico, estimated, seconds, model, fingerprint,
                         text_sha)
    SELECT cell_id, draw, 0, id, :now, 'stop', 180, tokens, tokens / 2, round(16 * log2_of(tokens)), log2_of(tokens),
           9000000000, 0, 4.2, 'bench-model', 'fp_1', randomblob(32)
      FROM kept
"""

KEEP_TEXT = "INSERT INTO texts (sample_id, text) SELECT id, x'00' FROM samples"

GRADE = """
    INSERT INTO grades (sample_id, grader_id, answer, verdict)
    SELECT id, (SELECT grader_id FROM runs), '73', iif(id % 3, 'right', 'wrong') FROM samples
"""

NOW = "2026-01-01T00:00:00.000Z"


def filled(folder: Path, samples: int) -> tuple[Place, int]:
    """A store with one run of about so many samples (whole draws of every cell), all graded."""
    inside = folder / str(samples)
    inside.mkdir()
    draws = samples // CELLS
    place, run_id = planned(inside, "http://127.0.0.1:9/v1", draws=draws)
    with closing(sqlite3.connect(place.path, isolation_level=None)) as connection:
        connection.create_function("log2_of", 1, math.log2, deterministic=True)
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (RESERVE, END, KEEP, KEEP_TEXT, GRADE):
            connection.execute(statement, {"draws": draws, "now": NOW})
        connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")
    return place, run_id
