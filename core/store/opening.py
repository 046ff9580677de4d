"""Opening a store to read or to write; bringing an older one up to date; saying in one line why it cannot be used.

Owns the connection settings, the migrations and the words for SQLite's errors. Knows no table.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, contextmanager
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.errors import StoreError
from core.store.place import Place, refuse_network_file_systems
from core.store.turns import PATIENCE_S, Turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x7468746B
"""'thtk' in the file's header: tells our stores from any other SQLite file."""


def migrations() -> list[str]:
    """The scripts that make a store, in order; script n (from 1) takes a store of version n - 1 to version n."""
    folder = resources.files("core.store") / "migrations"
    scripts = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return [item.read_text("utf-8") for item in sorted(scripts, key=lambda item: item.name)]


def open_writer(place: Place, turns: Turns) -> sqlite3.Connection:
    """A connection that writes, the store made or brought up to date; to be used on the thread that opened it.

    Raises:
        StoreError: it cannot be used, in one line.
    """
    refuse_network_file_systems(place)
    _refuse_a_folder(place)
    with explained(place), turns.turn(PATIENCE_S):
        if not place.path.exists():
            _make_private(place.path)
        connection = sqlite3.connect(_uri(place.path, "rw"), uri=True, isolation_level=None, timeout=PATIENCE_S)
        try:
            _check_identity(connection, place)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            if sys.platform == "darwin":
                connection.execute("PRAGMA fullfsync = ON")
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def open_reader(place: Place) -> sqlite3.Connection:
    """A connection that can only read.

    Raises:
        StoreError: there is no store, or it cannot be read, in one line.
    """
    if not place.path.exists():
        raise StoreError(f"{place.path}: no store here; `thinktop demo` makes one, --store PATH names another")
    _refuse_a_folder(place)
    with explained(place):
        connection = _connect_reading(place)
        try:
            version = _check_identity(connection, place)
        except BaseException:
            connection.close()
            raise
    if version < len(migrations()):
        connection.close()
        _bring_up_to_date(place, version)
        return open_reader(place)
    return connection


@contextmanager
def reading(place: Place) -> Iterator[sqlite3.Connection]:
    """A reading connection for one command: all its queries see the same instant."""
    with explained(place), closing(open_reader(place)) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(place: Place) -> Iterator[sqlite3.Connection]:
    """One write transaction for one command; rolled back on any error.

    Raises:
        StoreError: the store cannot be written, or its turn did not come within 5 s.
    """
    turns = Turns(place)
    try:
        connection = open_writer(place, turns)
        try:
            with explained(place), turns.turn(PATIENCE_S), transaction(connection):
                yield connection
        finally:
            _close(connection, turns)
    finally:
        turns.close()


def _close(connection: sqlite3.Connection, turns: Turns) -> None:
    """Close within a turn, or without one where somebody sits on it.

    Who holds the turn has the store open, so that this is not the last connection, and closing it writes nothing.
    """
    try:
        with turns.turn(PATIENCE_S):
            connection.close()
    except StoreError:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit the body as one, or leave no trace of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what SQLite raises in the body into one clear line.

    Raises:
        StoreError: with what to do next.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{place.path}: {reason_of(error)}") from error


def reason_of(error: sqlite3.Error) -> str:
    """What an SQLite error means for a person, and what to do."""
    name = getattr(error, "sqlite_errorname", "")
    for start, reason in (
        ("SQLITE_BUSY", "locked by another program; close what has it open (a database browser?) and try again"),
        ("SQLITE_LOCKED", "locked by another program; close what has it open and try again"),
        ("SQLITE_READONLY", "read-only; make it and its folder writable, or use a copy with --store PATH"),
        ("SQLITE_FULL", "no room left on its disk; free some and go on with the run, nothing recorded is lost"),
        ("SQLITE_CORRUPT", "damaged; copy it and try `sqlite3 runs.db .recover`, or go back to a backup"),
        ("SQLITE_NOTADB", "not a thinktop store (not an SQLite file); name another with --store PATH"),
        ("SQLITE_CANTOPEN", "cannot be opened; is it a file in a folder that can be read and written?"),
        ("SQLITE_IOERR", f"its disk reports an error ({name}); check the disk, then go on with the run"),
    ):
        if name.startswith(start):
            return reason
    return str(error)


def _bring_up_to_date(place: Place, version: int) -> None:
    """Have a writer's opening do it: what a reader asks for may not be in an older store."""
    try:
        with writing(place):
            pass
    except StoreError as error:
        if not version:
            raise  # an empty file: no thinktop has made it
        reason = str(error).removeprefix(f"{place.path}: ")
        raise StoreError(
            f"{place.path}: made by an older thinktop (store version {version}, this one reads {len(migrations())}) "
            f"and cannot be brought up to date: {reason}"
        ) from error


def _connect_reading(place: Place) -> sqlite3.Connection:
    connection = sqlite3.connect(_uri(place.path, "ro"), uri=True, isolation_level=None, timeout=PATIENCE_S)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if os.access(place.path.parent, os.W_OK) or (place.wal.exists() and place.wal.stat().st_size):
            raise
        # Closed cleanly, in a folder where no index of the log can be made: nothing can change under us.
        connection = sqlite3.connect(_uri(place.path, "ro") + "&immutable=1", uri=True, isolation_level=None)
    return connection


def _refuse_a_folder(place: Place) -> None:
    if place.path.is_dir():
        raise StoreError(f"{place.path}: a folder; name the file in it, such as --store {place.path / 'runs.db'}")


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be made ({error.strerror}); choose a place that can be written with --store PATH"
        ) from error


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path))}?mode={mode}"


def _check_identity(connection: sqlite3.Connection, place: Place) -> int:
    """The store's version; 0 for an empty file.

    Raises:
        StoreError: it is somebody else's file, or a newer thinktop's.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and (tables or version):
        raise StoreError(f"{place.path}: an SQLite file, but not a thinktop store; name another with --store PATH")
    if version > len(migrations()):
        raise StoreError(
            f"{place.path}: made by a newer thinktop (store version {version}, this one knows {len(migrations())}); "
            "upgrade thinktop, or name another store with --store PATH"
        )
    return version


def _migrate(connection: sqlite3.Connection) -> None:
    scripts = migrations()
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, script in enumerate(scripts[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; "
            f"PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
        )
