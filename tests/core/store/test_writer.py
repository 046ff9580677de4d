"""The writer: group commits, nothing lost, a full disk waited out."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import suppress

import pytest

from core.errors import StoreError
from core.store import writer as writer_module
from core.store.opening import reading, writing
from core.store.place import Place
from core.store.writer import Writer


def say(text):
    return lambda db: (
        db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (1, '', 'note', ?)", (text,)).rowcount
    )


def said(place):
    with reading(place) as db:
        return [text for (text,) in db.execute("SELECT text FROM events ORDER BY id")]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(writer_module, "RETRY_S", 0.01)


async def test_what_is_written_is_in_the_store_when_the_wait_is_over(stored):
    async with Writer(stored.place) as writer:
        assert await writer.write(say("here")) == 1
        assert said(stored.place) == ["here"]


async def test_what_arrives_during_a_commit_goes_into_one_commit_together(stored):
    commits = []

    def slow(db):
        db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        time.sleep(0.1)

    async with Writer(stored.place) as writer:
        first = writer.post(slow)
        await asyncio.sleep(0.05)
        others = [writer.post(say(str(number))) for number in range(500)]
        await asyncio.gather(first, *others)
    assert len(commits) == 2
    assert len(said(stored.place)) == 500


async def test_a_group_is_bounded_so_that_others_get_their_turn(stored, monkeypatch):
    monkeypatch.setattr(writer_module, "GROUP", 10)
    commits = []
    async with Writer(stored.place) as writer:
        await writer.write(lambda db: db.set_trace_callback(commits.append))
        commits.clear()
        await asyncio.gather(*(writer.post(say(str(number))) for number in range(100)))
    assert commits.count("COMMIT") >= 10
    assert said(stored.place) == [str(number) for number in range(100)], "in the order in which they were posted"


def breaks_a_rule(db):
    db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (1, '', 'note', 'half')")
    db.execute("UPDATE cells SET planned = 0")


def is_too_large(db):
    db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (1, '', 'note', ?)", (2**70,))


def cannot_be_spelled(db):
    db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (1, '', 'note', ?)", ("\ud800",))


def has_a_mistake(db):
    db.execute("INSERT INTO nowhere VALUES (1)")


def does_not_bind(db):
    db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (1, '', 'note', ?)", (object(),))


def divides_by_nothing(_):
    return 1 / 0


@pytest.mark.parametrize(
    "operation",
    [breaks_a_rule, is_too_large, cannot_be_spelled, has_a_mistake, does_not_bind, divides_by_nothing],
)
async def test_an_operation_that_fails_fails_alone_and_leaves_no_trace(stored, operation):
    async with Writer(stored.place) as writer:
        before, wrong, after = writer.post(say("before")), writer.post(operation), writer.post(say("after"))
        async with asyncio.timeout(5):
            results = await asyncio.gather(before, wrong, after, return_exceptions=True)
    assert isinstance(results[1], Exception)
    assert said(stored.place) == ["before", "after"]


async def test_what_is_posted_is_written_though_nobody_waits_for_it_any_more(stored):
    async with Writer(stored.place) as writer:
        task = asyncio.create_task(writer.write(lambda db: (time.sleep(0.05), say("paid for")(db))))
        await asyncio.sleep(0.01)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        cancelled = writer.post(say("too"))
        cancelled.cancel()
    assert said(stored.place) == ["paid for", "too"]


async def test_leaving_writes_all_that_was_posted_even_if_it_is_cancelled(stored):
    async def work():
        async with Writer(stored.place) as writer:
            writer.post(lambda _: time.sleep(0.1))
            for number in range(50):
                writer.post(say(str(number)))

    task = asyncio.create_task(work())
    await asyncio.sleep(0.08)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert len(said(stored.place)) == 50


async def test_a_cancelled_opening_leaves_no_thread_behind(stored):
    writer = Writer(stored.place)
    task = asyncio.create_task(writer.__aenter__())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(writer._thread.join, 5)
    assert not writer._thread.is_alive()


async def test_a_store_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / "runs.db").write_text("a text of more than a hundred bytes, which is no database. " * 10)
    with pytest.raises(StoreError, match="not a thinktop store"):
        async with Writer(Place.at(tmp_path / "runs.db")):
            pass


# --------------------------------------------------------------------------------------------------- bad disks


async def until(holds, patience_s=5.0):
    async with asyncio.timeout(patience_s):
        while not holds():
            await asyncio.sleep(0.005)


async def test_a_full_disk_stalls_the_writer_and_costs_nothing(stored, monkeypatch):
    as_it_was = writer_module.transaction

    def on_a_disk_with_room(connection):
        connection.execute("PRAGMA max_page_count = 1000000")
        return as_it_was(connection)

    async with Writer(stored.place) as writer:
        await writer.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone())
        large, small = writer.post(say("x" * 1_000_000)), writer.post(say("small"))
        await until(lambda: writer.stalled)
        assert "no room left" in writer.stalled
        assert not large.done()
        assert not small.done()
        monkeypatch.setattr(writer_module, "transaction", on_a_disk_with_room)
        async with asyncio.timeout(5):
            await asyncio.gather(large, small)
        assert writer.stalled == ""
    assert [len(text) for text in said(stored.place)] == [1_000_000, 5]
    assert writer.lost == 0


async def test_a_disk_that_stays_full_to_the_end_is_reported_not_waited_for_for_ever(stored, monkeypatch):
    monkeypatch.setattr(writer_module, "LAST_TRIES_S", 0.1)
    async with Writer(stored.place) as writer:
        await writer.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone())
        lost = writer.post(say("x" * 1_000_000))
    with pytest.raises(StoreError, match="given up: no room left"):
        await lost
    assert writer.lost == 1


async def test_a_store_that_another_program_locks_stalls_the_writer_until_it_is_free(stored, monkeypatch):
    monkeypatch.setattr("core.store.opening.PATIENCE_S", 0.05)
    async with Writer(stored.place) as writer:
        browser = sqlite3.connect(stored.place.path, isolation_level=None)
        browser.execute("BEGIN EXCLUSIVE")
        written = writer.post(say("in the end"))
        await until(lambda: writer.stalled)
        assert "locked by another program" in writer.stalled
        browser.execute("ROLLBACK")
        browser.close()
        await written
    assert said(stored.place) == ["in the end"]


async def test_a_store_that_is_moved_away_is_not_written_until_it_is_back(stored):
    away = stored.place.path.with_name("elsewhere.db")
    async with Writer(stored.place) as writer:
        await writer.write(say("before"))
        stored.place.path.rename(away)
        written = writer.post(say("after"))
        await until(lambda: writer.stalled)
        assert "moved, deleted or replaced" in writer.stalled
        away.rename(stored.place.path)
        await written
    assert said(stored.place) == ["before", "after"]


async def test_a_store_that_is_replaced_is_not_written(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module, "LAST_TRIES_S", 0.05)
    other = Place.at(tmp_path / "other.db")
    with writing(other):
        pass
    async with Writer(stored.place) as writer:
        other.path.replace(stored.place.path)
        lost = writer.post(say("to whom?"))
        await until(lambda: writer.stalled)
    with pytest.raises(StoreError, match="given up"):
        await lost
    assert writer.lost == 1
