"""What screens show of a run, read from sums: never a sample is counted here, so a million cost what a thousand do.

All functions take a connection; a caller reads a whole picture inside one transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ThinktopError

if TYPE_CHECKING:
    import sqlite3

    from core.vocabulary import Budget

_RUN = """
    SELECT runs.id, name, state, reason, simulated, imported IS NOT NULL AS imported, created_at,
           runs.started_at, ended_at, worked_s, paused, cap_pico, cap_tokens, runs.max_concurrency,
           attempts, retries, totals.in_flight AS open_attempts, unknown_attempts,
           spent_pico, reserved_pico, unknown_pico, spent_tokens, reserved_tokens, unknown_tokens,
           pid, host, samplers.started_at AS sampler_started_at, beat_at, samplers.in_flight, slots,
           requests_per_s, tokens_per_s, busy_replies, waiting, waiting_since
      FROM runs JOIN totals ON totals.run_id = runs.id LEFT JOIN samplers ON samplers.run_id = runs.id
"""

RUN = f"{_RUN} WHERE runs.id = :run_id"

RUNS = f"{_RUN} ORDER BY runs.id"

SUMS = """
           sum(planned) AS planned, sum(kept) AS kept, sum(failed) AS failed, sum(graded) AS graded,
           sum(answered) AS answered, sum(right) AS right, sum(truncated) AS truncated, sum(estimated) AS estimated,
           sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
           sum(reasoning_tokens) AS reasoning_tokens, sum(log2_tokens) AS log2_tokens,
           sum(billed_pico) AS billed_pico, sum(seconds) AS seconds
"""

CONDITION = """
           conditions.id, label, model, endpoint, control, budget, token_cap,
           price IS NOT NULL OR sum(billed_pico) > 0 AS priced
"""

# NOT INDEXED and CROSS JOIN: conditions by their rows, each with its cells by theirs, so that nothing is sorted.
BY_CONDITION = f"""
    SELECT {CONDITION}, {SUMS}
      FROM conditions NOT INDEXED CROSS JOIN cells ON cells.condition_id = conditions.id
     WHERE conditions.run_id = :run_id GROUP BY conditions.id ORDER BY conditions.position
"""

# By the cells' own column, which is in the order of an index: sorted are the problems, not their cells.
BY_PROBLEM = f"""
    SELECT problems.id, key, question, answer, cluster, {SUMS}
      FROM cells JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id GROUP BY cells.problem_id ORDER BY problems.position
"""

OCTAVES = """
    SELECT condition_id, bucket, samples
      FROM token_octaves JOIN conditions ON conditions.id = condition_id
     WHERE run_id = :run_id ORDER BY condition_id, bucket
"""

LATEST_WARNINGS = "SELECT text FROM events WHERE run_id = :run_id AND kind = 'warning' ORDER BY id"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run's own row, its totals, and its sampler's last sign of life."""

    id: int
    name: str
    state: str
    reason: str
    simulated: bool
    imported: bool
    """Somebody else's results: never asked from here, and never to be."""
    created_at: str
    started_at: str | None
    ended_at: str | None
    worked_s: float
    paused: bool
    cap_pico: int | None
    cap_tokens: int | None
    max_concurrency: int
    attempts: int
    retries: int
    open_attempts: int
    """Reserved and not ended, in flight or waiting for a slot."""
    unknown_attempts: int
    spent_pico: int
    reserved_pico: int
    unknown_pico: int
    spent_tokens: int
    reserved_tokens: int
    unknown_tokens: int
    pid: int | None
    host: str | None
    sampler_started_at: str | None
    beat_at: str | None
    in_flight: int | None
    slots: int | None
    requests_per_s: float | None
    tokens_per_s: float | None
    busy_replies: int | None
    waiting: str | None
    waiting_since: str | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What has come of a set of cells."""

    planned: int
    kept: int
    failed: int
    graded: int
    answered: int
    right: int
    truncated: int
    estimated: int
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int | None
    """None where no server has reported any."""
    log2_tokens: float
    """Sum over samples of log2(completion tokens)."""
    billed_pico: int
    seconds: float

    @property
    def owed(self) -> int:
        """Draws still to be asked."""
        return self.planned - self.kept - self.failed


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition with its sums, and its tokens by sixteenths of an octave."""

    id: int
    label: str
    model: str
    endpoint: str
    control: str
    budget: Budget
    token_cap: int
    priced: bool
    sums: Sums
    octaves: tuple[tuple[int, int], ...]
    """(bucket, samples), rising; bucket = round(16 log2(completion tokens))."""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem with its sums."""

    id: int
    key: str
    question: str
    answer: str
    cluster: str | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at one instant."""

    run: RunRow
    conditions: tuple[ConditionRow, ...]

    @property
    def sums(self) -> Sums:
        """The sums of all its cells."""
        return add_up(tuple(row.sums for row in self.conditions))


def add_up(parts: tuple[Sums, ...]) -> Sums:
    """The sums of several sets of cells together."""
    sums = {name: sum(getattr(part, name) or 0 for part in parts) for name in Sums.__slots__}
    if all(part.reasoning_tokens is None for part in parts):
        sums["reasoning_tokens"] = None
    return Sums(**sums)


def run_row(connection: sqlite3.Connection, run_id: int) -> RunRow:
    """A run's row, totals and sampler.

    Raises:
        ThinktopError: the run has been deleted.
    """
    rows = dicts(connection.execute(RUN, {"run_id": run_id}))
    if not rows:
        raise ThinktopError(f"run {run_id} is no longer in the store")
    return _run(rows[0])


def run_rows(connection: sqlite3.Connection) -> list[RunRow]:
    """All runs with their totals and samplers, oldest first."""
    return [_run(row) for row in dicts(connection.execute(RUNS))]


def progress(connection: sqlite3.Connection, run_id: int) -> Progress:
    """A run at one instant, with its conditions."""
    octaves: dict[int, list[tuple[int, int]]] = {}
    for condition_id, bucket, samples in connection.execute(OCTAVES, {"run_id": run_id}):
        octaves.setdefault(condition_id, []).append((bucket, samples))
    conditions = tuple(
        condition_row(row, tuple(octaves.get(row["id"], ())))
        for row in dicts(connection.execute(BY_CONDITION, {"run_id": run_id}))
    )
    return Progress(run_row(connection, run_id), conditions)


def problems(connection: sqlite3.Connection, run_id: int) -> list[ProblemRow]:
    """A run's problems in order, with their sums."""
    return [ProblemRow(sums=_sums(row), **row) for row in dicts(connection.execute(BY_PROBLEM, {"run_id": run_id}))]


def run_ids(connection: sqlite3.Connection) -> list[int]:
    """All runs, oldest first."""
    return [number for (number,) in connection.execute("SELECT id FROM runs ORDER BY id")]


def warnings(connection: sqlite3.Connection, run_id: int) -> list[str]:
    """What a run has warned of, oldest first, each once."""
    return list(dict.fromkeys(text for (text,) in connection.execute(LATEST_WARNINGS, {"run_id": run_id})))


def config_of(connection: sqlite3.Connection, run_id: int) -> dict[str, Any]:
    """A run's resolved config."""
    (text,) = connection.execute("SELECT config FROM runs WHERE id = :run_id", {"run_id": run_id}).fetchone()
    config: dict[str, Any] = json.loads(text)
    return config


def condition_row(row: dict[str, Any], octaves: tuple[tuple[int, int], ...]) -> ConditionRow:
    """A condition from a row of CONDITION and SUMS, by name."""
    sums = _sums(row)
    return ConditionRow(**(row | {"priced": bool(row["priced"])}), sums=sums, octaves=octaves)


def dicts(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _run(row: dict[str, Any]) -> RunRow:
    marks = {name: bool(row[name]) for name in ("simulated", "imported", "paused")}
    return RunRow(**(row | marks))


def _sums(row: dict[str, Any]) -> Sums:
    """Take the sums out of a row."""
    return Sums(**{name: row.pop(name) for name in Sums.__slots__})
