"""A run's events a page at a time: the latest ones, or what has happened since; of one kind, or with some words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

_MATCHING = r"""
    SELECT id, at, kind, text FROM events
     WHERE run_id = :run_id AND id > :after AND id < :before
       AND (:kind IS NULL OR kind = :kind)
       AND (:pattern IS NULL OR text LIKE :pattern ESCAPE '\')
"""

NEWEST_FIRST = f"{_MATCHING} ORDER BY id DESC LIMIT :limit"

OLDEST_FIRST = f"{_MATCHING} ORDER BY id LIMIT :limit"

_END = 2**63 - 1
"""After any row."""


class Event(NamedTuple):
    """Something that happened in a run."""

    id: int
    """Its row: later ones have higher ones."""
    at: str
    kind: str
    text: str


def latest_events(
    connection: sqlite3.Connection,
    run_id: int,
    limit: int,
    *,
    before: int = _END,
    kind: str | None = None,
    containing: str | None = None,
) -> list[Event]:
    """The latest events of a run, newest first.

    Args:
        connection: The store.
        run_id: The run's row.
        limit: At most so many.
        before: Only those before this one (row): the page after another.
        kind: Only those of this kind.
        containing: Only those with this in their text; A to Z match a to z.
    """
    return _read(connection, NEWEST_FIRST, run_id, limit, 0, before, kind, containing)


def events_since(
    connection: sqlite3.Connection,
    run_id: int,
    after: int,
    *,
    limit: int = -1,
    kind: str | None = None,
    containing: str | None = None,
) -> list[Event]:
    """The events of a run after one of them (row; 0 for all), oldest first; matched as `latest_events` does."""
    return _read(connection, OLDEST_FIRST, run_id, limit, after, _END, kind, containing)


def _read(
    connection: sqlite3.Connection,
    query: str,
    run_id: int,
    limit: int,
    after: int,
    before: int,
    kind: str | None,
    containing: str | None,
) -> list[Event]:
    key = {
        "run_id": run_id,
        "limit": limit,
        "after": after,
        "before": before,
        "kind": kind,
        "pattern": None if containing is None else _anywhere(containing),
    }
    return [Event._make(row) for row in connection.execute(query, key)]


def _anywhere(text: str) -> str:
    r"""The LIKE pattern of all that contains a text: `50%` is `%50\%%`."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"
