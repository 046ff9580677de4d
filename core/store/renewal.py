"""The one thing of a run's own that going on with it replaces: the copy of its config."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def set_config(connection: sqlite3.Connection, run_id: int, config: str) -> None:
    """Keep a resolved config with a run from now on."""
    connection.execute("UPDATE runs SET config = :config WHERE id = :run_id", {"run_id": run_id, "config": config})
