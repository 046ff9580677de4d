"""What only imported runs have: their origin, published points, scores; and that nothing is ever asked for them."""

from __future__ import annotations

import sqlite3

import pytest

from core.errors import UsageError
from core.store import opening
from core.store.imports import (
    AggregateRow,
    Origin,
    ScoreRow,
    SourceFile,
    add_aggregates,
    add_scores,
    aggregates_of,
    mark_imported,
    origin_of,
    refuse_imported,
    scores_of,
)
from core.store.opening import migrations, reading
from core.store.progress import run_row, run_rows
from core.store.runs import delete_run

ORIGIN = Origin(
    "inspect", (SourceFile("a.eval", "0" * 64),), "2026-11-22T10:00:00.000Z", {"task": "aime"}, {"draw": "epoch"}
)
POINT = AggregateRow("o1-mini", "o1-mini", "prompt", 2048, 2, 30, 0.5, 22034.3)


def one_sample(db, make, run_id):
    return make.recorded(db, run_id, 1)


def test_a_run_keeps_where_it_comes_from(db, make):
    run_id, other = make.run(db, make.plan()), make.run(db, make.plan(name="ours"))
    mark_imported(db, run_id, ORIGIN)
    assert (origin_of(db, run_id), origin_of(db, other), origin_of(db, 99)) == (ORIGIN, None, None)
    assert [row.imported for row in run_rows(db)] == [True, False]


def test_what_cannot_be_done_with_an_imported_run_is_refused_by_its_name(db, make):
    run_id, other = make.run(db, make.plan(name="theirs")), make.run(db, make.plan(name="ours"))
    mark_imported(db, run_id, ORIGIN)
    refuse_imported(db, other, "resumed")
    with pytest.raises(UsageError, match=r"theirs \(1\) is an imported run: .* cannot be resumed"):
        refuse_imported(db, run_id, "resumed")


def test_no_request_can_be_recorded_for_an_imported_run(db, make):
    run_id = make.run(db, make.plan())
    mark_imported(db, run_id, ORIGIN)
    with pytest.raises(sqlite3.IntegrityError, match="never asked"):
        make.reserved(db, run_id, 1)


def test_published_points_keep_their_order_and_go_with_their_run(db, make):
    run_id = make.run(db, make.plan())
    add_aggregates(db, run_id, [POINT])
    add_aggregates(db, run_id, [AggregateRow("m", "m", "effort", "low", 1, None, 0.25, None)])
    assert [row.budget for row in aggregates_of(db, run_id)] == [2048, "low"]
    assert aggregates_of(db, run_id)[0] == POINT
    delete_run(db, run_id)
    assert db.execute("SELECT count(*) FROM aggregates").fetchone() == (0,)


def test_a_published_accuracy_outside_0_to_1_is_refused(db, make):
    run_id = make.run(db, make.plan())
    with pytest.raises(sqlite3.IntegrityError):
        add_aggregates(db, run_id, [AggregateRow("m", "m", "effort", "low", 1, None, 66.1, None)])


def test_scores_stand_by_scorer_and_go_with_their_samples(db, make):
    run_id = make.run(db, make.plan())
    sample_id = one_sample(db, make, run_id)
    add_scores(db, [ScoreRow(sample_id, "reward", 0.5), ScoreRow(sample_id, "verifier", -2.0)])
    assert scores_of(db, run_id) == {"reward": {sample_id: 0.5}, "verifier": {sample_id: -2.0}}
    delete_run(db, run_id)
    assert db.execute("SELECT count(*) FROM scores").fetchone() == (0,)


def insert_sample(db, draw, tokens, estimated):
    db.execute(
        "INSERT INTO samples (cell_id, draw, step, kept_at, prompt_tokens, completion_tokens, bucket, log2_tokens,"
        " estimated, seconds, text_sha) VALUES (1, ?, 0, '', 0, ?, 0, 0, ?, 0, x'00')",
        (draw, tokens, estimated),
    )


def test_a_sample_without_tokens_has_no_place_among_their_quantiles(db, make):
    make.run(db, make.plan())
    for draw, (tokens, estimated) in enumerate([(0, 1), (1, 1), (1, 0)]):
        insert_sample(db, draw, tokens, estimated)
    assert db.execute("SELECT kept FROM cells WHERE id = 1").fetchone() == (3,)
    assert db.execute("SELECT samples FROM token_octaves").fetchall() == [(2,)]


def test_the_runs_of_an_older_store_are_none_of_others(book, monkeypatch):
    older = migrations()[:2]
    monkeypatch.setattr(opening, "migrations", lambda: older)
    run = book()
    run.keep("p1", 100, 0, "42", right=True)
    monkeypatch.undo()
    with reading(run.place) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
        assert run_row(db, 1).imported is False
        assert (aggregates_of(db, 1), scores_of(db, 1), origin_of(db, 1)) == ([], {}, None)
    run.keep("p1", 100, 1, "42", right=True)
    with reading(run.place) as db:
        assert db.execute("SELECT kept FROM cells WHERE id = 1").fetchone() == (2,)
