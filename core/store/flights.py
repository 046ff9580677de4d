"""The requests of a run that have not ended, and those in doubt, with what each may cost.

The store knows what is reserved, not what has left: a request whose row is here may still wait for a slot, so that
there can be more of them than the sampler's own `in_flight` counts, and the age of one is that of its reservation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

    from core.vocabulary import Budget

# An unpriced request reserves nothing, which is not the same as a free one. A judge's price is not in the store: where
# it reserves nothing, none is known.
_REQUEST = """
           attempts.id, attempts.purpose, problems.id, problems.key, conditions.label, conditions.budget,
           attempts.draw, attempts.number, attempts.reserved_at,
           CASE WHEN attempts.reserved_pico > 0 OR (attempts.purpose = 'ask' AND conditions.price IS NOT NULL)
                THEN attempts.reserved_pico END
"""

_ITS_CELL = """
      JOIN cells ON cells.id = attempts.cell_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN problems ON problems.id = cells.problem_id
"""

# CROSS JOIN: the attempts first, by their index, which has them oldest first.
FLIGHTS = f"""
    SELECT {_REQUEST}, json_extract(endpoints.settings, '$.timeout_s')
      FROM attempts CROSS JOIN runs ON runs.id = attempts.run_id
      {_ITS_CELL}
      LEFT JOIN endpoints ON endpoints.run_id = attempts.run_id AND endpoints.name =
           CASE attempts.purpose WHEN 'judge' THEN json_extract(runs.config, '$.grading.judge.endpoint')
                                 ELSE conditions.endpoint END
     WHERE attempts.run_id = :run_id AND attempts.outcome = 'in flight'
  ORDER BY attempts.id LIMIT :limit
"""

IN_DOUBT = f"""
    SELECT {_REQUEST}, attempts.ended_at, attempts.message
      FROM attempts
      {_ITS_CELL}
     WHERE attempts.run_id = :run_id AND attempts.outcome = 'unknown'
  ORDER BY attempts.id LIMIT :limit
"""


class Flight(NamedTuple):
    """A request that has not ended: out, or waiting for a slot."""

    id: int
    """The attempt's row."""
    purpose: str
    """`ask` or `judge`."""
    problem_id: int
    problem: str
    label: str
    budget: Budget
    draw: int
    number: int
    """First, second ... attempt for the same step."""
    reserved_at: str
    reserved_pico: int | None
    """The most that it can cost; None is unpriced."""
    timeout_s: float | None
    """From sending to the last byte, as its endpoint is set now; None where its endpoint is not known."""


class Doubt(NamedTuple):
    """A request that may have been billed without a reply."""

    id: int
    """The attempt's row: what `settle` takes."""
    purpose: str
    """`ask` or `judge`."""
    problem_id: int
    problem: str
    label: str
    budget: Budget
    draw: int
    number: int
    """First, second ... attempt for the same step."""
    reserved_at: str
    at_most_pico: int | None
    """What it may have cost, and counts as; None is unpriced."""
    lost_at: str
    message: str
    """What happened, as the network or the server put it."""


def flights(connection: sqlite3.Connection, run_id: int, limit: int = -1) -> list[Flight]:
    """A run's requests that have not ended, oldest first.

    Without a sampler these are what it left behind; the next one finds them in doubt.

    Args:
        connection: The store.
        run_id: The run's row.
        limit: At most so many; -1 for all.
    """
    return [Flight._make(row) for row in connection.execute(FLIGHTS, {"run_id": run_id, "limit": limit})]


def in_doubt(connection: sqlite3.Connection, run_id: int, limit: int = -1) -> list[Doubt]:
    """A run's requests that may have been billed without a reply, oldest first; at most `limit`, -1 for all."""
    return [Doubt._make(row) for row in connection.execute(IN_DOUBT, {"run_id": run_id, "limit": limit})]
