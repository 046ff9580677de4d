import json
import os
import re
import socket

import pytest
from rich.cells import cell_len

from core.clock import utc_now
from core.sampler.ownership import owned
from core.store import notes
from core.store.notes import Beat
from core.store.opening import open_reader
from core.vocabulary import State

KEYS = {
    "id", "name", "state", "simulated", "sampler_alive", "planned", "done", "failed", "owed", "in_flight", "attempts",
    "retries", "unknown_attempts", "prompt_tokens", "completion_tokens", "reasoning_tokens", "spent_usd",
    "reserved_usd", "unknown_usd", "cap_usd", "elapsed_s", "eta_s", "started_at",
}  # fmt: skip


def one(place, query):
    db = open_reader(place)
    try:
        return db.execute(query).fetchone()[0]
    finally:
        db.close()


def test_the_json_has_the_numbers_of_the_store(thinktop, real):
    said = thinktop("status", "real", "--json", store=real)

    assert said.code == 0
    assert set(said.json) >= KEYS
    assert said.json["done"] == one(real, "SELECT count(*) FROM samples") == 72
    assert said.json["attempts"] == one(real, "SELECT count(*) FROM attempts WHERE outcome <> 'withdrawn'")
    assert said.json["unknown_attempts"] == one(real, "SELECT count(*) FROM attempts WHERE outcome = 'unknown'") == 2
    spent = one(real, "SELECT sum(billed_pico) FROM samples")
    assert said.json["spent_usd"] == f"{spent // 10**12}.{spent % 10**12:012d}"
    assert said.json["completion_tokens"] == one(real, "SELECT sum(completion_tokens) FROM samples")


@pytest.mark.parametrize("columns", [80, 120])
def test_a_person_sees_all_of_it_without_a_line_too_long(thinktop, real, columns):
    said = thinktop("status", store=real, columns=columns)

    assert max(map(cell_len, said.out.splitlines())) <= columns
    for words in ("real (1)", "FINISHED", "SIMULATED", "72/72", "100%", "0 failed", "in doubt (2 requests)", "no cap"):
        assert words in said.out
    assert "…" not in said.out


def test_the_table_has_the_accuracy_that_sql_gives(thinktop, real):
    wanted = one(
        real,
        """SELECT avg(share) FROM (SELECT avg(verdict = 'right' AND finish_reason IS NOT 'length') AS share
             FROM samples JOIN grades ON sample_id = samples.id JOIN cells ON cells.id = cell_id
             JOIN conditions ON conditions.id = condition_id WHERE budget = 2048 GROUP BY cell_id)""",
    )

    said = thinktop("status", store=real)

    row = next(line for line in said.out.splitlines() if line.strip().startswith("2048"))
    assert re.search(rf"24/24\s+{100 * wanted:.0f}% ±", row)


def test_all_runs_have_a_line_each(thinktop, book):
    first, _ = book(), book(name="other", price=None)
    first.keep("p1", 100, 0)

    said = thinktop("status", "--all", store=first.place)

    assert [line.split()[1] for line in said.out.splitlines()[1:]] == ["hand-made", "other"]
    assert "unpriced" in said.out
    every = thinktop("status", "--all", "--json", store=first.place).json
    assert every[0] == thinktop("status", 1, "--json", store=first.place).json
    assert [run["name"] for run in every] == [
        "hand-made",
        "other",
    ]


def test_without_runs_there_is_an_empty_list_and_a_note(thinktop, book):
    run = book()
    with run.writing() as db:
        db.execute("DELETE FROM cells")
        db.execute("DELETE FROM runs")

    assert json.loads(thinktop("status", "--all", "--json", store=run.place).out) == []
    assert "no runs" in thinktop("status", "--all", store=run.place).err


def test_a_run_and_all_of_them_is_too_much(thinktop, real):
    assert thinktop("status", "real", "--all", store=real).code == 2


def test_an_unpriced_run_never_shows_dollars(thinktop, book):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)
    run.doubt("p1", 100, 1)

    said = thinktop("status", store=run.place)

    assert "unpriced" in said.out
    assert "$0" not in said.out


def test_a_sampler_that_died_is_said_to_be_gone(thinktop, book):
    run = book()
    with run.writing() as db:
        notes.start(db, run.id, 2**22 + 1, socket.gethostname(), "2026-11-22T10:00:00.000Z")

    said = thinktop("status", store=run.place)

    assert "INTERRUPTED since 2026-11-22 10:00:00Z" in said.out
    assert "thinktop resume 1" in said.out


def test_a_live_sampler_shows_what_it_does(thinktop, book):
    run = book()
    run.keep("p1", 100, 0)
    beaten = Beat(3, 8, 12.4, 41_000.0, 5, "429: slow down\x1b[31m", None)
    with owned(run.place, run.id, "hand-made"), run.writing() as db:
        notes.start(db, run.id, os.getpid(), socket.gethostname(), utc_now())
        notes.beat(db, run.id, beaten, 4.0, utc_now())
    with owned(run.place, run.id, "hand-made"):
        said = thinktop("status", store=run.place)

    assert "RUNNING" in said.out
    assert "in flight 3/8 · 12.4/s · 41k tok/s" in said.out
    assert "429: slow down␛[31m" in said.out
    assert "429: 5" in said.out


def test_why_a_run_stopped_and_what_it_warned_of_is_said_and_visible(thinktop, book):
    run = book()
    with run.writing() as db:
        notes.set_state(db, run.id, State.STOPPED, "bad\x1b[31m key", "2026-11-22T10:00:00.000Z")
        notes.add_event(db, run.id, "warning", "this endpoint\u202e seems to ignore it", "2026-11-22T10:00:00.000Z")

    said = thinktop("status", store=run.place)

    assert "bad␛[31m key" in said.out
    assert "endpoint<U+202E> seems" in said.out


def test_added_draws_are_marked(thinktop, book):
    run = book(draws_planned=2)
    run.keep("p1", 100, 0)
    run.extend(4)

    said = thinktop("status", store=run.place)

    assert "1/8+" in said.out
    assert "thinktop curve" in said.err


def test_a_missing_store_is_one_line(thinktop, tmp_path):
    said = thinktop("status", "--store", tmp_path / "no.db")

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
