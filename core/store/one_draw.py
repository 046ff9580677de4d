"""One draw with all that is known of it but its texts: its place in the plan, its request, its sample or its failure.

Reads single rows by their keys, so a draw costs the same in a store of any size; texts come from `core.store.samples`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from core.errors import ThinktopError
from core.prices import price_from_json
from core.store.progress import dicts
from core.store.provenance import attempts_of_draw
from core.store.samples import sample as sample_row
from core.vocabulary import Condition, Control, Problem

if TYPE_CHECKING:
    import sqlite3

    from core.store.samples import AttemptRow, SampleRow

PLACE = """
    SELECT cells.id AS cell_id, cells.planned, problems.key, question, answer, cluster
      FROM cells JOIN problems ON problems.id = cells.problem_id
     WHERE cells.run_id = :run_id AND cells.problem_id = :problem_id AND cells.condition_id = :condition_id
"""

CONDITION = f"SELECT {', '.join(field.name for field in fields(Condition))} FROM conditions WHERE id = :condition_id"

ADDRESS = """
    SELECT json_extract(settings, '$.base_url') FROM endpoints WHERE run_id = :run_id AND name = :name
"""

SAMPLE = "SELECT id FROM samples WHERE cell_id = :cell_id AND draw = :draw ORDER BY step LIMIT 1"

FAILURE = "SELECT reason FROM failures WHERE cell_id = :cell_id AND draw = :draw ORDER BY step LIMIT 1"


@dataclass(frozen=True, slots=True)
class OneDraw:
    """A draw of a run."""

    problem: Problem
    condition: Condition
    address: str | None
    """The endpoint's URL; None is the built-in simulator."""
    draw: int
    planned: int
    """Draws of its cell."""
    sample: SampleRow | None
    """None while it is owed, or where it failed for good."""
    failure: str | None
    """Why it failed for good."""
    attempts: tuple[AttemptRow, ...]
    """The requests that were made for it, its judge's among them, oldest first."""


def one_draw(connection: sqlite3.Connection, run_id: int, problem_id: int, condition_id: int, draw: int) -> OneDraw:
    """A draw by the rows of its problem and its condition, and its number.

    Raises:
        ThinktopError: its run has been deleted, or has no such cell.
    """
    key = {"run_id": run_id, "problem_id": problem_id, "condition_id": condition_id, "draw": draw}
    places = dicts(connection.execute(PLACE, key))
    if not places:
        raise ThinktopError(f"draw {draw} is no longer in the store")
    place = places[0]
    key |= {"cell_id": place["cell_id"]}
    row = dicts(connection.execute(CONDITION, key))[0]
    price = None if row["price"] is None else price_from_json(row["price"])
    condition = Condition(**(row | {"control": Control(row["control"]), "price": price}))
    address = connection.execute(ADDRESS, {"run_id": run_id, "name": condition.endpoint}).fetchone()
    kept = connection.execute(SAMPLE, key).fetchone()
    failed = connection.execute(FAILURE, key).fetchone()
    return OneDraw(
        problem=Problem(place["key"], place["question"], place["answer"], place["cluster"]),
        condition=condition,
        address=None if address is None else address[0],
        draw=draw,
        planned=place["planned"],
        sample=None if kept is None else sample_row(connection, kept[0]),
        failure=None if failed is None else failed[0],
        attempts=tuple(attempts_of_draw(connection, run_id, place["key"], condition.label, condition.budget, draw)),
    )
