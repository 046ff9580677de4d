"""Closing what is open by hand: attempts in doubt, and draws that failed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

SETTLE = """
    UPDATE attempts SET outcome = 'settled', ended_at = :now, billed_pico = :pico,
           billed_tokens = CASE WHEN :pico > 0 THEN reserved_tokens ELSE 0 END
     WHERE id = :attempt_id AND run_id = :run_id AND outcome = 'unknown'
"""

TAKE_BACK_FAILURES = "DELETE FROM failures WHERE cell_id IN (SELECT id FROM cells WHERE run_id = :run_id)"


def settle(connection: sqlite3.Connection, run_id: int, attempt_id: int, pico: int, now: str) -> bool:
    """Whether there was such an attempt in doubt; it has cost `pico` picodollars now.

    Its tokens, which nobody knows, count in full against a token cap unless it cost nothing.
    """
    key = {"run_id": run_id, "attempt_id": attempt_id, "pico": pico, "now": now}
    return connection.execute(SETTLE, key).rowcount == 1


def take_back_failures(connection: sqlite3.Connection, run_id: int) -> int:
    """How many draws that failed for good are owed again."""
    return connection.execute(TAKE_BACK_FAILURES, {"run_id": run_id}).rowcount
