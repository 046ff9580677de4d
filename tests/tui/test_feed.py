"""The feed: a store can go and come back in every way, and it says which."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from core.errors import ThinktopError
from core.store.place import Place
from tui.feed import Feed


@pytest.fixture
async def feed(real):
    one = Feed(real)
    assert await one.changed()
    yield one
    await one.close()


def count(db):
    return db.execute("SELECT count(*) FROM samples").fetchone()[0]


async def test_it_says_once_that_something_changed(feed, real):
    assert not await feed.changed()

    with sqlite3.connect(real.path) as db:
        db.execute("UPDATE runs SET name = 'another'")
    db.close()

    assert await feed.changed()
    assert not await feed.changed()


async def test_what_a_query_says_is_raised_and_the_store_is_not_lost(feed):
    def gone(_):
        raise ThinktopError("run 7 is no longer in the store")

    with pytest.raises(ThinktopError, match="run 7"):
        await feed.read(gone)
    assert feed.lost == ""
    assert await feed.read(count) == 72


async def test_a_store_that_was_deleted_is_lost_until_it_is_back(feed, real):
    kept = Path(shutil.copy(real.path, real.path.with_name("kept")))
    for file in real.path.parent.glob("runs.db*"):
        if file.is_file():
            file.unlink()

    assert not await feed.changed()
    assert feed.lost.startswith("moved, deleted or replaced while in use")
    assert await feed.read(count) is None
    assert feed.lost.startswith("no store here")

    kept.rename(real.path)
    assert await feed.changed()
    assert feed.lost == ""
    assert await feed.read(count) == 72


async def test_another_store_in_its_place_is_read_instead(feed, real, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Path(shutil.copy(real.path, folder / "runs.db"))
    with sqlite3.connect(other) as db:
        db.execute("UPDATE runs SET name = 'other'")
    db.close()
    other.replace(real.path)

    await feed.changed()
    await feed.changed()

    assert feed.lost == ""
    assert await feed.read(lambda db: db.execute("SELECT name FROM runs").fetchone()[0]) == "other"


async def test_a_store_that_somebody_locks_is_lost_until_it_is_let_go(feed, real, monkeypatch):
    await feed.close()
    monkeypatch.setattr("core.store.opening.PATIENCE_S", 0.1)
    db = sqlite3.connect(real.path, isolation_level=None)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("BEGIN EXCLUSIVE")

    assert not await feed.changed()
    assert feed.lost.startswith("locked by another program")

    db.execute("ROLLBACK")
    db.close()
    assert await feed.changed()
    assert await feed.read(count) == 72


async def test_a_newer_store_is_not_read(feed, real):
    await feed.close()
    with sqlite3.connect(real.path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("PRAGMA user_version = 999")

    assert not await feed.changed()
    assert feed.lost.startswith("made by a newer thinktop (store version 999")

    db.execute(f"PRAGMA user_version = {version}")
    db.close()
    assert await feed.changed()


async def test_what_is_no_store_is_not_read(tmp_path):
    path = tmp_path / "runs.db"
    path.write_bytes(b"not a database at all, but long enough to look at" * 40)
    feed = Feed(Place.at(path))

    assert not await feed.changed()
    assert feed.lost.startswith("not a thinktop store")
    await feed.close()


async def test_the_reason_comes_before_the_path_since_a_line_is_cut_at_its_end(tmp_path):
    feed = Feed(Place.at(tmp_path / "runs.db"))

    assert not await feed.changed()

    assert feed.lost.startswith("no store here")
    assert feed.lost.endswith(f"({tmp_path / 'runs.db'})")
