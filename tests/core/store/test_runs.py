"""Runs and their plans as rows."""

from __future__ import annotations

import pytest

from core.errors import ThinktopError
from core.plan import Held, owed
from core.store import draws, progress, runs
from core.store.draws import Ended
from core.vocabulary import Endpoint, Outcome


def test_a_plan_comes_back_as_it_was_stored(db, make):
    plan = make.plan(
        cap_pico=5, conditions=[make.condition(64), make.condition("high"), make.condition(None, "n", price=None)]
    )
    assert runs.load_run(db, make.run(db, plan)).plan == plan


def test_a_budget_in_tokens_and_a_level_of_the_same_spelling_are_two_conditions(db, make):
    run = runs.load_run(db, make.run(db, make.plan(1, conditions=[make.condition(16), make.condition("16")])))
    assert [cell.condition.budget for cell in run.cells] == [16, "16"]


def test_a_plan_only_grows(db, make):
    run_id = make.run(db, make.plan(problems=2, draws=3))
    runs.add_to_run(db, run_id, make.plan(problems=1, budgets=(16, 128), draws=5))
    planned = {(c.problem.id, c.condition.budget): c.planned for c in runs.load_run(db, run_id).cells}
    assert planned == {
        ("p0", 16): 5,
        ("p1", 16): 5,
        ("p0", 64): 3,
        ("p1", 64): 3,
        ("p0", 128): 5,
        ("p1", 128): 5,
    }
    runs.add_to_run(db, run_id, make.plan(problems=2, draws=1))
    assert {(c.problem.id, c.condition.budget): c.planned for c in runs.load_run(db, run_id).cells} == planned


def test_cells_keep_the_draws_that_were_planned_before_any_result(db, make):
    run_id = make.run(db, make.plan(draws=2))
    runs.add_to_run(db, run_id, make.plan(draws=3))
    assert set(db.execute("SELECT planned, planned_first FROM cells")) == {(3, 3)}
    db.execute("UPDATE runs SET started_at = '2026-11-22T10:00:00.000Z'")
    runs.add_to_run(db, run_id, make.plan(draws=100))
    assert set(db.execute("SELECT planned, planned_first FROM cells")) == {(100, 3)}


@pytest.mark.parametrize(
    ("kept", "failed", "held"),
    [
        ([], [], set()),
        ([0, 1], [], {0, 1}),
        ([0], [1], {0, 1}),
        ([1, 3], [], {1, 3}),
        ([2], [0], {0, 2}),
        ([], [2], {2}),
    ],
)
def test_what_is_held_is_what_is_recorded_or_has_failed_gaps_and_all(db, make, kept, failed, held):
    run_id = make.run(db, make.plan(draws=5))
    for number in kept:
        make.recorded(db, run_id, 1, number)
    for number in failed:
        draws.fail(db, 1, number, 0, "no", make.now)
    found = runs.held_draws(db, run_id).get(1, Held())
    assert {number for number in range(10) if number in found} == held


def test_what_is_in_doubt_is_owed_again_unless_it_is_skipped_and_retrying_is_for_good(db, make):
    run_id = make.run(db, make.plan(problems=1, budgets=(16,), draws=1))

    def owes():
        return len(list(owed(runs.load_run(db, run_id).cells, runs.held_draws(db, run_id))))

    draws.end(db, make.reserved(db, run_id, 1), Ended(Outcome.UNKNOWN), "2026-11-22T10:00:00.000Z")
    assert owes() == 1
    draws.skip_what_is_in_doubt(db, run_id, make.now)
    assert owes() == 0
    db.execute("DELETE FROM failures")
    db.execute(
        "INSERT INTO wishes (run_id, wished_at, kind) VALUES (?, '2026-11-22T11:00:00.000Z', 'retry')", (run_id,)
    )
    draws.skip_what_is_in_doubt(db, run_id, make.now)
    assert owes() == 1


def test_a_deleted_run_takes_all_that_is_its_own_and_nothing_else(db, make):
    first, second = make.run(db, make.plan()), make.run(db, make.plan(name="sweep-2"))
    for run_id, cell in ((first, 1), (second, 7)):
        sample = make.recorded(db, run_id, cell)
        db.execute("INSERT INTO grades (sample_id, grader_id, answer, verdict) VALUES (?, 1, '4', 'right')", (sample,))
        draws.fail(db, cell, 1, 0, "no", make.now)
    runs.delete_run(db, first)
    for table in (
        *("runs", "totals", "attempts", "samples", "texts", "grades", "answers", "failures", "token_octaves"),
        "endpoints",
    ):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,), table
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert progress.progress(db, second).sums.kept == 1


@pytest.mark.parametrize(("which", "found"), [(None, 3), ("1", 1), ("aime-1", 1), ("aime-2", 2), ("demo", 3), ("2", 2)])
def test_a_run_is_found_by_what_a_person_types(db, make, which, found):
    for name in ("aime-1", "aime-2", "demo-1"):
        make.run(db, make.plan(name=name))
    assert runs.find_run(db, which) == found


@pytest.mark.parametrize("which", ["aime", "nothing", "9", ""])
def test_what_names_none_or_several_is_refused_with_the_names(db, make, which):
    for name in ("aime-1", "aime-2"):
        make.run(db, make.plan(name=name))
    with pytest.raises(ThinktopError, match="aime-1"):
        runs.find_run(db, which)


def test_an_endpoint_keeps_its_headers_and_settings(db, make):
    endpoint = Endpoint("here", "http://a/v1", "KEY", 5.0, 6.0, None, 3, headers=(("x-a", "b"),))
    run_id = make.run(db, make.plan(endpoints=(endpoint,)))
    assert runs.load_endpoints(db, run_id) == (endpoint,)
