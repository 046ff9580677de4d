"""What only imported runs have, as rows: where they come from, published points without samples, scores of samples.

Each function takes a connection and does one thing inside the caller's transaction. Knows no foreign format.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.vocabulary import Budget

MARK_IMPORTED = "UPDATE runs SET imported = :origin WHERE id = :run_id"

ORIGIN = "SELECT imported FROM runs WHERE id = :run_id"

IMPORTED_NAME = "SELECT name FROM runs WHERE id = :run_id AND imported IS NOT NULL"

ADD_AGGREGATE = """
    INSERT INTO aggregates (run_id, position, label, model, control, budget, votes, problems, accuracy, mean_tokens)
    VALUES (:run_id, (SELECT count(*) FROM aggregates WHERE run_id = :run_id),
            :label, :model, :control, :budget, :votes, :problems, :accuracy, :mean_tokens)
"""

AGGREGATES = """
    SELECT label, model, control, budget, votes, problems, accuracy, mean_tokens
      FROM aggregates WHERE run_id = :run_id ORDER BY position
"""

ADD_SCORE = "INSERT INTO scores (sample_id, name, value) VALUES (:sample_id, :name, :value)"

SCORES = """
    SELECT scores.sample_id, scores.name, scores.value
      FROM cells JOIN samples ON samples.cell_id = cells.id JOIN scores ON scores.sample_id = samples.id
     WHERE cells.run_id = :run_id AND EXISTS (SELECT 1 FROM scores) ORDER BY scores.sample_id, scores.name
"""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a run was made of."""

    name: str
    """Its own name, without the folder that it lay in."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported run comes from."""

    format: str
    """What the files were recognised as, such as `inspect`, `samples`, `aggregates`, `bundle`."""
    files: tuple[SourceFile, ...]
    imported_at: str
    says: dict[str, str] = field(default_factory=dict)
    """What the source says of itself: its task, its date, its own id, its headline number."""
    mapping: dict[str, str] = field(default_factory=dict)
    """Our fields by the names that they have in the source, where that had to be found out or told."""


@dataclass(frozen=True, slots=True)
class AggregateRow:
    """A published result without its samples."""

    label: str
    model: str
    control: str
    budget: Budget
    """What each draw was asked for."""
    votes: int
    """Draws per problem whose most frequent answer counts; 1 is no vote."""
    problems: int | None
    """None where the source does not say and it does not follow from its numbers."""
    accuracy: float
    mean_tokens: float | None
    """Completion tokens per problem, of all its votes together."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What a scorer thought of one sample."""

    sample_id: int
    name: str
    value: float


def mark_imported(connection: sqlite3.Connection, run_id: int, origin: Origin) -> None:
    """Say where a run comes from; from then on no request can be recorded for it."""
    text = json.dumps(asdict(origin), sort_keys=True, ensure_ascii=True)
    connection.execute(MARK_IMPORTED, {"run_id": run_id, "origin": text})


def origin_of(connection: sqlite3.Connection, run_id: int) -> Origin | None:
    """Where a run comes from; None for one that was asked from here."""
    row = connection.execute(ORIGIN, {"run_id": run_id}).fetchone()
    if row is None or row[0] is None:
        return None
    values = json.loads(row[0])
    files = tuple(SourceFile(**one) for one in values.pop("files"))
    return Origin(files=files, **values)


def refuse_imported(connection: sqlite3.Connection, run_id: int, what: str) -> None:
    """Nothing, where a run was asked from here.

    Args:
        connection: The store.
        run_id: The run's row.
        what: What cannot be done with an imported one, such as `resumed`.

    Raises:
        UsageError: the run is somebody else's results.
    """
    row = connection.execute(IMPORTED_NAME, {"run_id": run_id}).fetchone()
    if row is not None:
        raise UsageError(
            f"{row[0]} ({run_id}) is an imported run: its results were measured elsewhere, so it cannot be {what}; "
            "start a run of your own with `thinktop run`"
        )


def add_aggregates(connection: sqlite3.Connection, run_id: int, rows: Iterable[AggregateRow]) -> None:
    """Put published results after those that a run has."""
    for row in rows:
        connection.execute(ADD_AGGREGATE, {"run_id": run_id, **asdict(row)})


def aggregates_of(connection: sqlite3.Connection, run_id: int) -> list[AggregateRow]:
    """A run's published results without samples, in the order of their source; empty for nearly all runs."""
    return [AggregateRow(*row) for row in connection.execute(AGGREGATES, {"run_id": run_id})]


def add_scores(connection: sqlite3.Connection, rows: Iterable[ScoreRow]) -> None:
    """Record what scorers thought of samples."""
    connection.executemany(ADD_SCORE, [asdict(row) for row in rows])


def scores_of(connection: sqlite3.Connection, run_id: int) -> dict[str, dict[int, float]]:
    """Scorer -> sample row -> score, of a run's samples; empty for nearly all runs."""
    found: dict[str, dict[int, float]] = {}
    for sample_id, name, value in connection.execute(SCORES, {"run_id": run_id}):
        found.setdefault(name, {})[sample_id] = value
    return found
