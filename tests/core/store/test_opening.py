"""Opening a store: made, brought up to date, or refused in one line that says what to do."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys

import pytest

from core.errors import StoreError
from core.store import opening, turns
from core.store.opening import APPLICATION_ID, migrations, open_reader, reading, writing
from core.store.turns import Turns


def pragma(place, name):
    connection = sqlite3.connect(place.path)
    value = connection.execute(f"PRAGMA {name}").fetchone()[0]
    connection.close()
    return value


def test_a_new_store_is_private_and_marked_as_ours(stored):
    assert stored.place.path.stat().st_mode & 0o777 == 0o600
    assert pragma(stored.place, "application_id") == APPLICATION_ID
    assert pragma(stored.place, "user_version") == len(migrations())
    assert pragma(stored.place, "journal_mode") == "wal"


def test_an_empty_file_becomes_a_store(place):
    place.path.touch()
    with writing(place):
        pass
    assert pragma(place, "application_id") == APPLICATION_ID


def test_a_migration_that_fails_leaves_the_store_as_it_was(stored, monkeypatch):
    broken = [*migrations(), "CREATE TABLE new (x); INSERT INTO nowhere VALUES (1);"]
    monkeypatch.setattr(opening, "migrations", lambda: broken)
    with pytest.raises(StoreError), writing(stored.place):
        pass
    monkeypatch.undo()
    with reading(stored.place) as db:
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'new'").fetchone() == (0,)


def test_an_older_store_is_brought_up_to_date_by_reading_it(stored, monkeypatch):
    newer = [*migrations(), "CREATE TABLE new (x);"]
    monkeypatch.setattr(opening, "migrations", lambda: newer)
    with reading(stored.place) as db:
        assert db.execute("SELECT count(*) FROM new").fetchone() == (0,)
    assert pragma(stored.place, "user_version") == len(newer)


TALLY = """
    SELECT samples.cell_id, answer, count(*), sum(verdict = 'right')
      FROM grades JOIN samples ON samples.id = sample_id JOIN cells ON cells.id = cell_id
      JOIN runs ON runs.id = run_id AND runs.grader_id = grades.grader_id
     WHERE answer IS NOT NULL AND finish_reason IS NOT 'length'
  GROUP BY samples.cell_id, answer ORDER BY samples.cell_id, answer
"""


@pytest.fixture
def of_version_1(book, monkeypatch):
    """A run with samples in a store that the first thinktop made; its connection stays open, as a sampler's does."""
    first = migrations()[:1]
    monkeypatch.setattr(opening, "migrations", lambda: first)
    run = book()
    run.keep("p1", 100, 0, "42", right=True)
    run.keep("p1", 100, 1, "42", right=True)
    run.keep("p1", 100, 2, "9", finish="length")
    run.keep("p1", 400, 0, "7")
    run.keep("p2", 400, 0, None)
    with run.writing() as db:
        db.execute("INSERT INTO graders (identity) VALUES ('other')")
        db.execute("INSERT INTO grades SELECT sample_id, 2, '1', 'wrong', '' FROM grades")
    monkeypatch.undo()
    assert pragma(run.place, "user_version") == 1
    return run


@pytest.mark.parametrize("open_it", [reading, writing])
def test_the_answers_in_a_store_of_version_1_are_counted_when_it_is_opened(of_version_1, open_it):
    with open_it(of_version_1.place) as db:
        held = db.execute("SELECT * FROM answers").fetchall()
        assert held == db.execute(TALLY).fetchall() == [(1, "42", 2, 2), (3, "7", 1, 0)]
    assert pragma(of_version_1.place, "user_version") == len(migrations())


def test_a_sampler_that_had_the_store_open_before_goes_on_counting(of_version_1):
    with reading(of_version_1.place):
        pass
    of_version_1.keep("p1", 100, 3, "42", right=True)
    of_version_1.keep("p2", 100, 0, "2", right=True)
    with reading(of_version_1.place) as db:
        held = db.execute("SELECT * FROM answers").fetchall()
        assert held == db.execute(TALLY).fetchall() == [(1, "42", 3, 3), (2, "2", 1, 1), (3, "7", 1, 0)]


def test_an_older_store_that_cannot_be_brought_up_to_date_says_why(of_version_1, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    with Turns(of_version_1.place).turn(), pytest.raises(StoreError) as refused, reading(of_version_1.place):
        pass
    assert re.search(
        r"older thinktop \(store version 1, .*cannot be brought up to date: locked for over", str(refused.value)
    )
    assert str(refused.value).count(str(of_version_1.place.path)) == 1
    assert pragma(of_version_1.place, "user_version") == 1


@pytest.mark.parametrize("open_it", [reading, writing])
def test_a_newer_store_is_refused(stored, open_it):
    connection = sqlite3.connect(stored.place.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer thinktop"), open_it(stored.place):
        pass


@pytest.mark.parametrize("open_it", [reading, writing])
def test_an_sqlite_file_of_somebody_else_is_refused_and_left_alone(place, open_it):
    connection = sqlite3.connect(place.path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = place.path.read_bytes()
    with pytest.raises(StoreError, match="not a thinktop store"), open_it(place):
        pass
    assert place.path.read_bytes() == before


@pytest.mark.parametrize("open_it", [reading, writing])
def test_a_file_that_is_no_database_is_refused_and_left_alone(place, open_it):
    place.path.write_text("dear diary " * 100)
    with pytest.raises(StoreError, match="not a thinktop store"), open_it(place):
        pass
    assert place.path.read_text() == "dear diary " * 100


def test_a_damaged_store_says_so(stored):
    with stored.place.path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8000)
    with pytest.raises(StoreError, match=r"damaged|not a thinktop store"), reading(stored.place) as db:
        db.execute("SELECT * FROM runs").fetchall()


@pytest.mark.parametrize("open_it", [reading, writing])
def test_a_folder_in_its_place_is_refused(place, open_it):
    place.path.mkdir()
    with pytest.raises(StoreError, match="a folder; name the file in it"), open_it(place):
        pass


def test_reading_makes_no_store(place):
    with pytest.raises(StoreError, match="no store here"):
        open_reader(place)
    assert not place.path.exists()


def test_a_reader_cannot_write(stored):
    with pytest.raises(StoreError, match="read-only"), reading(stored.place) as db:
        db.execute("DELETE FROM runs")


def test_a_write_that_fails_leaves_no_trace(stored):
    with pytest.raises(KeyError), writing(stored.place) as db:  # noqa: PT012 - it fails after its write
        db.execute("UPDATE runs SET name = 'other'")
        raise KeyError
    with reading(stored.place) as db:
        assert db.execute("SELECT name FROM runs").fetchone() == ("sweep-1",)


def test_a_store_that_another_program_has_locked_says_so(stored, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    browser = sqlite3.connect(stored.place.path, isolation_level=None)
    browser.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked by another program"), writing(stored.place):
        pass
    browser.close()


HOLD = """
import sys, time
from core.store.place import Place
from core.store.turns import Turns
with Turns(Place.at(sys.argv[1])).turn():
    print("held", flush=True)
    time.sleep(30)
"""


@pytest.fixture
def held(stored):
    """Another process that sits on the turn."""
    command = [sys.executable, "-c", HOLD, str(stored.place.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_turn_that_does_not_come_is_given_up_and_its_holder_named(stored, held, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    with pytest.raises(StoreError, match=f"locked for over 0.05 s by process {held.pid}"), writing(stored.place):
        pass


def test_the_turn_of_a_process_that_dies_is_free(stored, held, monkeypatch):
    held.kill()
    held.wait()
    monkeypatch.setattr(opening, "PATIENCE_S", 1.0)
    with writing(stored.place):
        pass


def test_a_turn_lost_between_opening_and_writing_does_not_hang_the_command(stored, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_S", 0.05)
    other = Turns(stored.place)
    really = opening.open_writer

    def then_somebody_takes_it(place, own):
        connection = really(place, own)
        turns.fcntl.flock(other._file, turns.fcntl.LOCK_EX)
        return connection

    monkeypatch.setattr(opening, "open_writer", then_somebody_takes_it)
    with pytest.raises(StoreError, match="locked"), writing(stored.place):
        pass
    other.close()


def as_nobody(work):
    """What a function returns in a child process without any rights."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setuid(65534)
            os.write(writes, str(work()).encode())
        finally:
            os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    with os.fdopen(reads) as said:
        return said.read()


@pytest.mark.skipif(os.getuid() != 0, reason="needs the right to become somebody else")
def test_who_may_only_read_reads_a_cleanly_closed_store_and_is_told_why_not_to_write(stored):
    for path in stored.place.path.parents[:4]:
        if path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o777 == 0o700:
            path.chmod(0o755)
    stored.place.path.chmod(0o644)

    def work():
        with reading(stored.place) as db:
            name = db.execute("SELECT name FROM runs").fetchone()[0]
        try:
            with writing(stored.place):
                return "written"
        except StoreError as error:
            return f"{name}; {error}"

    assert re.match("sweep-1; .*(cannot|read-only)", as_nobody(work))
