"""The reader: notices what others commit, and that its store is gone."""

from __future__ import annotations

import pytest

from core.errors import StoreError
from core.store.opening import writing
from core.store.place import Place
from core.store.reader import Reader


def name(db):
    return db.execute("SELECT name FROM runs").fetchone()[0]


async def test_a_change_is_noticed_once(stored):
    async with Reader(stored.place) as reader:
        assert await reader.changed()
        assert not await reader.changed()
        with writing(stored.place) as db:
            db.execute("UPDATE runs SET name = 'other'")
        assert await reader.changed()
        assert await reader.read(name) == "other"
        assert not await reader.changed()


async def test_a_picture_is_of_one_instant(stored):
    def before_and_after(db):
        before = name(db)
        with writing(stored.place) as other:
            other.execute("UPDATE runs SET name = 'other'")
        return before, name(db)

    async with Reader(stored.place) as reader:
        assert await reader.read(before_and_after) == ("sweep-1", "sweep-1")
        assert await reader.read(name) == "other"


async def test_a_query_that_fails_leaves_the_reader_usable(stored):
    async with Reader(stored.place) as reader:
        with pytest.raises(StoreError, match="no such table"):
            await reader.read(lambda db: db.execute("SELECT * FROM nowhere"))
        assert await reader.read(name) == "sweep-1"


@pytest.mark.parametrize("fate", ["deleted", "replaced"])
async def test_a_store_that_is_gone_is_said_and_not_read_on(stored, tmp_path, fate):
    async with Reader(stored.place) as reader:
        await reader.changed()
        if fate == "deleted":
            stored.place.path.unlink()
        else:
            other = Place.at(tmp_path / "other.db")
            with writing(other):
                pass
            other.path.replace(stored.place.path)
        with pytest.raises(StoreError, match="moved, deleted or replaced"):
            await reader.changed()


async def test_a_store_that_is_not_there_is_said(place):
    with pytest.raises(StoreError, match="no store here"):
        async with Reader(place):
            pass
