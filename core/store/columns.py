"""Samples by the column, a condition at a time: what curves, fits and votes are made from, read as fast as rows come.

A hundred thousand samples take a quarter of a second here; `core.store.samples` has the same with everything beside it,
for files and people.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from core.store.withheld import content_hash

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.vocabulary import Budget

CONDITIONS = """
    SELECT id, label, model, control, budget, token_cap FROM conditions WHERE run_id = :run_id ORDER BY position
"""

CELLS = """
    SELECT cells.id, problems.key, problems.cluster, planned, planned_first, failed
      FROM cells JOIN problems ON problems.id = cells.problem_id
     WHERE cells.condition_id = :condition_id ORDER BY problems.position
"""

CELL_IDS = "SELECT id FROM cells WHERE condition_id = :condition_id"

# A cell at a time: with its cell beside each sample, and grouped by it, they take a twelfth longer.
SAMPLES = """
    SELECT id, finish_reason IS 'length', completion_tokens, billed_pico, seconds
      FROM samples WHERE cell_id = :cell_id ORDER BY draw
"""

DRAWS = "SELECT draw FROM samples WHERE cell_id = :cell_id ORDER BY draw"

# At once, where the next one looks at every sample of the run.
STORE_EXTENT = """
    SELECT (SELECT min(id) FROM samples), (SELECT max(id) FROM samples),
           (SELECT ifnull(sum(kept), 0) FROM cells WHERE run_id = :run_id)
"""

GRADED = "SELECT sum(graded) FROM cells WHERE run_id = :run_id"

EXTENT = """
    SELECT min(samples.id), max(samples.id)
      FROM cells CROSS JOIN samples ON samples.cell_id = cells.id WHERE cells.run_id = :run_id
"""

# From one end to the other: looking up the grade of one sample after the other takes three times as long.
GRADES = """
    SELECT sample_id - :low, answer, verdict = 'right'
      FROM grades WHERE sample_id BETWEEN :low AND :high AND grader_id = (SELECT grader_id FROM runs WHERE id = :run_id)
"""

# The same where each sample between the two has one: a place need not be said then.
EVERY_GRADE = """
    SELECT answer, verdict = 'right' FROM grades
     WHERE sample_id BETWEEN :low AND :high AND grader_id = (SELECT grader_id FROM runs WHERE id = :run_id)
  ORDER BY sample_id
"""

FAILED = """
    SELECT cell_id, draw FROM failures JOIN cells ON cells.id = cell_id WHERE condition_id = :condition_id
"""

CONTENTS = "SELECT id, key, question, answer FROM problems WHERE run_id = :run_id"

# A source may leave the questions out that another run of the store has: the same id and the same answer.
ASKED_ELSEWHERE = """
    SELECT bare.key, min(told.question)
      FROM problems AS bare
      JOIN problems AS told ON told.key = bare.key AND told.answer = bare.answer AND told.question <> ''
     WHERE bare.run_id = :run_id AND bare.question = ''
  GROUP BY bare.key HAVING min(told.question) = max(told.question)
"""


class ConditionRow(NamedTuple):
    """A condition of a run."""

    id: int
    label: str
    model: str
    control: str
    budget: Budget
    token_cap: int


class CellRow(NamedTuple):
    """A cell with its place in the plan."""

    id: int
    problem: str
    cluster: str | None
    planned: int
    planned_first: int
    failed: int


class Columns(NamedTuple):
    """The samples of a cell in the order of their draws, a tuple for each fact."""

    id: tuple[int, ...]
    """Rows."""
    cut: tuple[int, ...]
    completion_tokens: tuple[int, ...]
    billed_pico: tuple[int | None, ...]
    seconds: tuple[float, ...]
    answer: tuple[str | None, ...]
    right: tuple[bool | None, ...]
    """None where the current grader has not seen it."""


NOTHING = Columns((), (), (), (), (), (), ())

_SECOND = itemgetter(1)
_UNSEEN = 2
_SAID = (False, True, None)


class Grades(NamedTuple):
    """What the run's current grader says of its samples, by place: the sample's row less `low`."""

    low: int
    answers: list[str | None]
    """Equal answers are one object: a million samples have a few thousand."""
    right: bytearray
    """1 and 0; 2 where there is no grade."""


def condition_rows(connection: sqlite3.Connection, run_id: int) -> list[ConditionRow]:
    """A run's conditions, in the order of the plan."""
    return list(map(ConditionRow._make, connection.execute(CONDITIONS, {"run_id": run_id})))


def cell_rows(connection: sqlite3.Connection, condition_id: int) -> list[CellRow]:
    """A condition's cells, in the order of the problems."""
    return list(map(CellRow._make, connection.execute(CELLS, {"condition_id": condition_id})))


def grades(connection: sqlite3.Connection, run_id: int) -> Grades:
    """The grades of all samples of a run."""
    low, high = _extent(connection, run_id)
    key = {"run_id": run_id, "low": low, "high": high}
    known: dict[str | None, str | None] = {}
    (graded,) = connection.execute(GRADED, key).fetchone()
    if graded and graded == high - low + 1:
        rows = connection.execute(EVERY_GRADE, key).fetchall()
        return Grades(low, [known.setdefault(answer, answer) for answer, _ in rows], bytearray(map(_SECOND, rows)))
    answers: list[str | None] = [None] * (high - low + 1)
    right = bytearray([_UNSEEN]) * (high - low + 1)
    for place, answer, is_right in connection.execute(GRADES, key):
        answers[place] = known.setdefault(answer, answer)
        right[place] = is_right
    return Grades(low, answers, right)


def _extent(connection: sqlite3.Connection, run_id: int) -> tuple[int, int]:
    """The first and the last sample (rows) of a run, or of the store where most are the run's; (0, -1) without one."""
    low, high, kept = connection.execute(STORE_EXTENT, {"run_id": run_id}).fetchone()
    if not kept:
        return 0, -1
    if high - low >= 2 * kept:
        low, high = connection.execute(EXTENT, {"run_id": run_id}).fetchone()
    return int(low), int(high)


def columns(connection: sqlite3.Connection, condition_id: int, graded: Grades) -> dict[int, Columns]:
    """By cell: its samples, with the grades of its run. A cell without any is left out."""
    found = {}
    for (cell_id,) in connection.execute(CELL_IDS, {"condition_id": condition_id}).fetchall():
        rows = connection.execute(SAMPLES, {"cell_id": cell_id}).fetchall()
        if rows:
            ids, *facts = zip(*rows, strict=True)
            places = [sample_id - graded.low for sample_id in ids]
            answer = tuple(map(graded.answers.__getitem__, places))
            right = tuple([_SAID[graded.right[place]] for place in places])
            found[cell_id] = Columns._make([ids, *facts, answer, right])
    return found


def draws_before(connection: sqlite3.Connection, cell_id: int, planned: int) -> int:
    """How many of a cell's samples are of its first so many draws."""
    return sum(draw < planned for (draw,) in connection.execute(DRAWS, {"cell_id": cell_id}))


def failed_draws(connection: sqlite3.Connection, condition_id: int) -> Iterator[tuple[int, int]]:
    """(cell, draw) of each draw that failed for good."""
    yield from connection.execute(FAILED, {"condition_id": condition_id})


def contents(connection: sqlite3.Connection, run_id: int) -> dict[str, str]:
    """By problem: a hash of what it says, the same in every run that asks it.

    A problem without its question is taken for the one of the same id and answer that another run asks; where there is
    none, or more than one, its id and answer have to do.
    """
    rows = connection.execute(CONTENTS, {"run_id": run_id}).fetchall()
    bare = any(not question for _, _, question, _ in rows)
    elsewhere = dict(connection.execute(ASKED_ELSEWHERE, {"run_id": run_id}).fetchall()) if bare else {}
    return {
        key: content_hash(question or elsewhere.get(key, "")) or f"{key}\0{answer}" for _, key, question, answer in rows
    }


def problem_ids(connection: sqlite3.Connection, run_id: int) -> dict[int, str]:
    """By problem (row): its own id."""
    return {row: key for row, key, _, _ in connection.execute(CONTENTS, {"run_id": run_id})}
