"""What a sampler tells the world and what the world tells it: states, signs of life, events, wishes.

Each function takes a connection and does one thing inside the caller's transaction.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from core.plan import Live
from core.store.runs import load_endpoints

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.vocabulary import Endpoint, State

ADD_EVENT = "INSERT INTO events (run_id, at, kind, text) VALUES (:run_id, :now, :kind, :text)"

EVENTS = "SELECT at, kind, text FROM events WHERE run_id = :run_id ORDER BY id"

SET_STATE = """
    UPDATE runs
       SET state = :state, reason = :reason,
           ended_at = CASE WHEN :state IN ('stopped', 'capped', 'finished') THEN :now END
     WHERE id = :run_id AND (state <> :state OR reason <> :reason)
"""

REOPEN = """
    UPDATE runs SET state = 'stopped', reason = 'more is asked of it; go on with: thinktop resume'
     WHERE id = :run_id AND state = 'finished'
"""

START = """
    UPDATE runs SET started_at = ifnull(started_at, :now), ended_at = NULL, state = 'running', reason = '', stop = NULL
     WHERE id = :run_id
"""

SIGN_ON = """
    INSERT INTO samplers (run_id, pid, host, started_at, beat_at) VALUES (:run_id, :pid, :host, :now, :now)
    ON CONFLICT (run_id) DO UPDATE SET pid = :pid, host = :host, started_at = :now, beat_at = :now, in_flight = 0,
        slots = 0, requests_per_s = 0, tokens_per_s = 0, waiting = '', waiting_since = NULL
"""

BEAT = """
    UPDATE samplers SET beat_at = :now, in_flight = :in_flight, slots = :slots, requests_per_s = :requests_per_s,
           tokens_per_s = :tokens_per_s, busy_replies = busy_replies + :more_busy_replies,
           waiting = :waiting, waiting_since = :waiting_since
     WHERE run_id = :run_id
"""

WORKED = "UPDATE runs SET worked_s = worked_s + :seconds WHERE id = :run_id"

ADD_WISH = """
    INSERT INTO wishes (run_id, wished_at, kind, detail) VALUES (:run_id, :now, :kind, :detail)
"""

WISHES_TO_TAKE = "SELECT id, kind, detail FROM wishes WHERE run_id = :run_id AND taken_at IS NULL ORDER BY id"

TAKE_WISHES = "UPDATE wishes SET taken_at = :now WHERE run_id = :run_id AND taken_at IS NULL AND id <= :until"

WISHED = f"SELECT paused, stop, {', '.join(field.name for field in fields(Live))} FROM runs WHERE id = :run_id"


@dataclass(frozen=True, slots=True)
class Beat:
    """A sampler's sign of life, and what it is doing."""

    in_flight: int
    slots: int
    requests_per_s: float
    tokens_per_s: float
    more_busy_replies: int
    """429s since the last beat."""
    waiting: str
    waiting_since: str | None


@dataclass(frozen=True, slots=True)
class Wished:
    """What people want of a run now: its live columns, and the wishes that no sampler has taken yet."""

    paused: bool
    stop: str | None
    live: Live
    endpoints: tuple[Endpoint, ...]
    wishes: tuple[tuple[int, str, str], ...]
    """(row, kind, detail), oldest first."""


def add_event(connection: sqlite3.Connection, run_id: int, kind: str, text: str, now: str) -> None:
    """Put an event on a run's record."""
    connection.execute(ADD_EVENT, {"run_id": run_id, "now": now, "kind": kind, "text": text})


def set_state(connection: sqlite3.Connection, run_id: int, state: State, reason: str, now: str) -> None:
    """Say where a run stands and why."""
    connection.execute(SET_STATE, {"run_id": run_id, "state": state.value, "reason": reason, "now": now})


def owes(connection: sqlite3.Connection, run_id: int) -> bool:
    """Whether draws of a run are still to be asked."""
    query = "SELECT ifnull(sum(planned - kept - failed), 0) > 0 FROM cells WHERE run_id = :run_id"
    return bool(connection.execute(query, {"run_id": run_id}).fetchone()[0])


def reopen(connection: sqlite3.Connection, run_id: int) -> None:
    """A finished run of which more is asked is not finished any more: it waits to be gone on with."""
    if owes(connection, run_id):
        connection.execute(REOPEN, {"run_id": run_id})


def start(connection: sqlite3.Connection, run_id: int, pid: int, host: str, now: str) -> None:
    """A sampler has the run: it is running, and an earlier wish to stop is over."""
    connection.execute(START, {"run_id": run_id, "now": now})
    connection.execute(SIGN_ON, {"run_id": run_id, "pid": pid, "host": host, "now": now})


def beat(connection: sqlite3.Connection, run_id: int, beaten: Beat, worked_s: float, now: str) -> None:
    """A sign of life, with the seconds worked since the last one."""
    connection.execute(BEAT, {**asdict(beaten), "run_id": run_id, "now": now})
    if worked_s > 0:
        connection.execute(WORKED, {"run_id": run_id, "seconds": worked_s})


def wished(connection: sqlite3.Connection, run_id: int) -> Wished:
    """What people want of a run now."""
    key = {"run_id": run_id}
    paused, stop, *live = connection.execute(WISHED, key).fetchone()
    return Wished(
        paused=bool(paused),
        stop=stop,
        live=Live(*live),
        endpoints=load_endpoints(connection, run_id),
        wishes=tuple(connection.execute(WISHES_TO_TAKE, key).fetchall()),
    )


def add_wish(connection: sqlite3.Connection, run_id: int, kind: str, detail: str, now: str) -> None:
    """Put a wish on record, for the sampler to take."""
    connection.execute(ADD_WISH, {"run_id": run_id, "now": now, "kind": kind, "detail": detail})


def take_wishes(connection: sqlite3.Connection, run_id: int, until: int, now: str) -> None:
    """Mark a run's wishes up to a row as taken."""
    connection.execute(TAKE_WISHES, {"run_id": run_id, "until": until, "now": now})


def mark_simulated(connection: sqlite3.Connection, run_id: int) -> None:
    """Mark a run whose answers come from a simulator."""
    connection.execute("UPDATE runs SET simulated = 1 WHERE id = :run_id", {"run_id": run_id})


def set_paused(connection: sqlite3.Connection, run_id: int, *, paused: bool) -> None:
    """Keep the wish to pause, beyond the life of any sampler."""
    connection.execute("UPDATE runs SET paused = :paused WHERE id = :run_id", {"run_id": run_id, "paused": paused})


def set_stop(connection: sqlite3.Connection, run_id: int, how: str | None) -> None:
    """Keep the wish to stop, until the next start: `drain` or `now`."""
    connection.execute("UPDATE runs SET stop = :how WHERE id = :run_id", {"run_id": run_id, "how": how})


def set_live(connection: sqlite3.Connection, run_id: int, changes: Mapping[str, object]) -> None:
    """Change live columns of a run; the names are those of `Live`."""
    known = {field.name for field in fields(Live)}
    for name, value in changes.items():
        assert name in known, name  # a column's name is never anybody's input
        connection.execute(f"UPDATE runs SET {name} = :value WHERE id = :run_id", {"run_id": run_id, "value": value})


def set_endpoint(connection: sqlite3.Connection, run_id: int, name: str, changes: Mapping[str, object]) -> None:
    """Change live settings of one of a run's endpoints."""
    key = {"run_id": run_id, "name": name}
    (settings,) = connection.execute(
        "SELECT settings FROM endpoints WHERE run_id = :run_id AND name = :name", key
    ).fetchone()
    changed = json.dumps(json.loads(settings) | dict(changes), sort_keys=True)
    connection.execute(
        "UPDATE endpoints SET settings = :settings WHERE run_id = :run_id AND name = :name",
        {**key, "settings": changed},
    )


def events(connection: sqlite3.Connection, run_id: int) -> list[tuple[str, str, str]]:
    """(time, kind, text) of all that happened in a run, oldest first."""
    return [(at, kind, text) for at, kind, text in connection.execute(EVENTS, {"run_id": run_id})]
