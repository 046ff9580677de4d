"""Stores of any size in seconds: the rows that a sampler would have written, by the schema's own triggers."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import count, islice
from typing import TYPE_CHECKING

from bench.workload import BUDGETS, CELLS, planned
from core.plan import Planned
from core.store.opening import writing
from core.store.runs import add_to_run, create_run, load_run

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

# Two in seven are wrong, in 29 ways.
GRADE = """
    INSERT INTO grades (sample_id, grader_id, answer, verdict)
    SELECT id, (SELECT grader_id FROM runs), iif(id % 7 > 1, '73', 100 + id / 7 % 29),
           iif(id % 7 > 1, 'right', 'wrong')
      FROM samples
"""

NOW = "2026-01-01T00:00:00.000Z"
WIDE_PROBLEMS, WIDE_BUDGETS = 1000, 12
FEW = 4
"""Draws in each cell where there are many runs."""
GRADER = "bench"


def filled(folder: Path, samples: int, *, wide: bool = False) -> tuple[Place, int]:
    """A store with one run of about so many samples (whole draws of every cell), all graded.

    Args:
        folder: Where it is made, in a folder of its own.
        samples: How many.
        wide: Of 1,000 problems x 12 budgets instead of 30 x 8.
    """
    inside = folder / f"{samples}{'-wide' if wide else ''}"
    inside.mkdir()
    draws = samples // (WIDE_PROBLEMS * WIDE_BUDGETS if wide else CELLS)
    place, run_id = planned(inside, "http://127.0.0.1:9/v1", draws=draws)
    if wide:
        _widen(place, run_id, draws)
    _fill(place, draws)
    return place, run_id


def many(folder: Path, runs: int) -> Place:
    """A store of so many runs of 240 cells, a few samples in each cell."""
    inside = folder / f"{runs}-runs"
    inside.mkdir()
    place, run_id = planned(inside, "http://127.0.0.1:9/v1", draws=FEW)
    with writing(place) as connection:
        plan = load_run(connection, run_id).plan
        for number in range(1, runs):
            again = replace(plan, name=f"{plan.name}-{number}")
            create_run(connection, again, grader=GRADER, versions="{}", now=NOW)
        connection.execute("UPDATE runs SET grader_id = (SELECT id FROM graders WHERE identity = ?)", (GRADER,))
    _fill(place, FEW)
    return place


def _fill(place: Place, draws: int) -> None:
    """Record and grade all draws that are planned."""
    with closing(sqlite3.connect(place.path, isolation_level=None)) as connection:
        connection.create_function("log2_of", 1, math.log2, deterministic=True)
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (RESERVE, END, KEEP, KEEP_TEXT, GRADE):
            connection.execute(statement, {"draws": draws, "now": NOW})
        connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")


def _widen(place: Place, run_id: int, draws: int) -> None:
    """Add copies of a planned run's problems, and larger budgets."""
    with writing(place) as connection:
        plan = load_run(connection, run_id).plan
        copies = (replace(one, id=f"{one.id} ({copy})") for copy in count(2) for one in plan.problems)
        budgets = [max(BUDGETS) << more for more in range(1, WIDE_BUDGETS - len(BUDGETS) + 1)]
        largest = plan.planned[-1].condition
        more = replace(
            plan,
            problems=(*plan.problems, *islice(copies, WIDE_PROBLEMS - len(plan.problems))),
            planned=(*plan.planned, *(Planned(replace(largest, budget=budget), draws) for budget in budgets)),
        )
        add_to_run(connection, run_id, more)
