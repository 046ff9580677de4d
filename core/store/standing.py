"""The sums of a run's cells and the tally of their answers, condition by condition: what a standing curve is made of.

Never a sample is read here. Rows are plain tuples in the order of the cells' own rows: what they are made into does not
depend on an order, and sorting twelve thousand of them would take as long as all else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.errors import ThinktopError

if TYPE_CHECKING:
    import sqlite3

    from core.vocabulary import Budget

CONDITIONS = """
    SELECT id, label, model, control, budget, price IS NOT NULL
      FROM conditions WHERE run_id = :run_id ORDER BY position
"""

CLUSTERS = "SELECT id, cluster FROM problems WHERE run_id = :run_id"

CELLS = """
    SELECT id, problem_id, planned, planned_first, kept, failed, graded, answered, right, truncated,
           completion_tokens, log2_tokens, billed_pico, seconds
      FROM cells WHERE condition_id = :condition_id
"""

OCTAVES = "SELECT bucket, samples FROM token_octaves WHERE condition_id = :condition_id ORDER BY bucket"

VOTES = """
    SELECT cell_id, votes, answers.right
      FROM cells CROSS JOIN answers ON answers.cell_id = cells.id WHERE condition_id = :condition_id
"""


# A run of a thousand problems under a dozen conditions takes 20 ms: not for every second.
COUNTED = """
    SELECT grader_id, ifnull(sum(planned), 0), ifnull(sum(kept), 0), ifnull(sum(failed), 0), ifnull(sum(graded), 0),
           ifnull(sum(cells.right), 0)
      FROM runs LEFT JOIN cells ON cells.run_id = runs.id WHERE runs.id = :run_id GROUP BY runs.id
"""


class CountedSamples(NamedTuple):
    """A run's samples, counted."""

    grader_id: int | None
    planned: int
    kept: int
    failed: int
    graded: int
    right: int


class SummedCell(NamedTuple):
    """A cell with its sums."""

    id: int
    problem_id: int
    planned: int
    planned_first: int
    kept: int
    failed: int
    graded: int
    answered: int
    right: int
    truncated: int
    completion_tokens: int
    log2_tokens: float
    billed_pico: int
    seconds: float


class SummedCondition(NamedTuple):
    """A condition with its cells and its tokens by sixteenths of an octave."""

    id: int
    label: str
    model: str
    control: str
    budget: Budget
    priced: bool
    cells: list[SummedCell]
    octaves: tuple[tuple[int, int], ...]


def summed_conditions(connection: sqlite3.Connection, run_id: int) -> list[SummedCondition]:
    """A run's conditions in the order of the plan."""
    found = []
    for condition_id, label, model, control, budget, priced in connection.execute(CONDITIONS, {"run_id": run_id}):
        key = {"condition_id": condition_id}
        cells = list(map(SummedCell._make, connection.execute(CELLS, key)))
        octaves = tuple(connection.execute(OCTAVES, key))
        known = bool(priced) or any(cell.billed_pico for cell in cells)
        found.append(SummedCondition(condition_id, label, model, control, budget, known, cells, octaves))
    return found


def clusters(connection: sqlite3.Connection, run_id: int) -> dict[int, str | None]:
    """The cluster of each problem (row) of a run."""
    return dict(connection.execute(CLUSTERS, {"run_id": run_id}).fetchall())


def tallied_votes(connection: sqlite3.Connection, condition_id: int) -> dict[int, list[tuple[int, int]]]:
    """By cell: votes for each of its answers, and how many of them are right."""
    found: dict[int, list[tuple[int, int]]] = {}
    for cell_id, votes, right in connection.execute(VOTES, {"condition_id": condition_id}):
        found.setdefault(cell_id, []).append((votes, right))
    return found


def counted_samples(connection: sqlite3.Connection, run_id: int) -> CountedSamples:
    """How far a run is: two readings that find the same here find the same curve.

    Raises:
        ThinktopError: the run has been deleted.
    """
    row = connection.execute(COUNTED, {"run_id": run_id}).fetchone()
    if row is None:
        raise ThinktopError(f"run {run_id} is no longer in the store")
    return CountedSamples._make(row)
