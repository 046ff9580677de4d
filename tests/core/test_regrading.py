import json

import pytest

from core.errors import Refused, UsageError
from core.grading import GradingSpec
from core.regrading import regrade
from core.sampler.ownership import owned
from core.store import regrading as rows
from core.store.draws import grade
from core.store.opening import reading, writing
from core.store.provenance import grader_of
from core.vocabulary import Grade, Verdict

EXACT = GradingSpec("exact")
"""Finds an answer without a mark, and takes 02 for another answer than 2."""
LAST = GradingSpec("regex", pattern=r"(\d+)")
"""Reads the last number, boxed or not, in a process of its own."""

FACIT = """
    SELECT cells.id, count(grades.sample_id),
           coalesce(sum(grades.verdict <> 'no answer' AND finish_reason IS NOT 'length'), 0),
           coalesce(sum(grades.verdict = 'right' AND finish_reason IS NOT 'length'), 0)
      FROM cells LEFT JOIN samples ON samples.cell_id = cells.id
      LEFT JOIN grades ON grades.sample_id = samples.id
           AND grades.grader_id = (SELECT grader_id FROM runs WHERE id = cells.run_id)
  GROUP BY cells.id ORDER BY cells.id
"""


TALLY = """
    SELECT samples.cell_id, answer, count(*), sum(verdict = 'right')
      FROM grades JOIN samples ON samples.id = sample_id JOIN cells ON cells.id = cell_id
      JOIN runs ON runs.id = run_id AND runs.grader_id = grades.grader_id
     WHERE answer IS NOT NULL AND finish_reason IS NOT 'length'
  GROUP BY samples.cell_id, answer ORDER BY samples.cell_id, answer
"""


def tally(run):
    return run.read("SELECT * FROM answers")


def sums(run):
    return run.read("SELECT id, graded, answered, right FROM cells ORDER BY id")


@pytest.fixture
def run(book):
    made = book()
    made.keep("p1", 100, 0, None, text="it must be 42")
    made.keep("p1", 100, 1, right=True)
    made.keep("p1", 100, 2, None, text="it must be 42", finish="length")
    made.keep("p1", 400, 0, "7")
    made.keep("p2", 100, 0, "2", right=True, text="\\boxed{02}")
    return made


def test_flips_are_counted_with_examples_and_truncated_samples_apart(run):
    done = regrade(run.place, run.id, EXACT, run.plan.config)

    assert dict(done.flips) == {"no answer to wrong": 1, "right to wrong": 1}
    assert (done.samples, done.truncated, done.right_before, done.right_after) == (5, 1, 2, 1)
    (flip,) = done.examples["right to wrong"]
    assert (flip.sample.problem, flip.sample.before.answer, flip.after.answer) == ("p2", "2", "02")


def test_a_heavy_grader_works_in_processes_and_its_grades_count_alike(run):
    done = regrade(run.place, run.id, LAST, run.plan.config)

    assert done.flips["no answer to right"] == 1
    assert sums(run) == run.read(FACIT)


def test_sums_are_what_a_fresh_count_of_the_new_grades_gives(run):
    before = sums(run), tally(run)

    regrade(run.place, run.id, EXACT, run.plan.config)

    assert sums(run) == run.read(FACIT)
    assert tally(run) == run.read(TALLY)
    assert sums(run) != before[0]
    assert tally(run) != before[1]


@pytest.mark.parametrize("grader", [EXACT, GradingSpec("integer")])
def test_sums_and_tally_of_another_run_stay_as_they_are(run, book, grader):
    other = book(name="other")
    other.keep("p1", 100, 0, "02")
    before = [row for row in sums(run) if row[0] in other.cells.values()]

    regrade(run.place, run.id, grader, run.plan.config)

    assert [row for row in sums(run) if row[0] in other.cells.values()] == before
    assert tally(run) == run.read(TALLY)
    assert tally(run)[-1] == (other.cells["p1", "m", 100], "02", 1, 0)


def test_a_dry_run_changes_nothing(run):
    tables = ("runs", "cells", "answers", "grades", "graders", "events")
    before = [run.read(f"SELECT * FROM {table}") for table in tables]

    done = regrade(run.place, run.id, EXACT, run.plan.config, dry_run=True)

    assert done.flips.total() == 2
    assert before == [run.read(f"SELECT * FROM {table}") for table in tables]


def test_the_run_goes_on_with_the_new_grader_and_config(run):
    config = json.dumps(json.loads(run.plan.config) | {"notes": "new"})

    regrade(run.place, run.id, EXACT, config)

    with reading(run.place) as db:
        assert grader_of(db, run.id) == EXACT.identity
    assert run.read("SELECT config FROM runs") == [(config,)]
    assert run.read("SELECT kind FROM events") == [("regrade",)]


def test_a_sample_that_comes_after_a_regrade_is_counted_on_top(run):
    regrade(run.place, run.id, EXACT, run.plan.config)
    ((run.grader_id,),) = run.read("SELECT grader_id FROM runs")

    run.keep("p2", 400, 0, "2", right=True)

    assert sums(run) == run.read(FACIT)
    assert tally(run) == run.read(TALLY)


def test_the_old_grades_stay_and_going_back_brings_the_old_sums(run):
    before = sums(run)
    regrade(run.place, run.id, EXACT, run.plan.config)

    back = regrade(run.place, run.id, GradingSpec("integer"), run.plan.config)

    assert sums(run) == before
    assert dict(back.flips) == {"wrong to no answer": 1, "wrong to right": 1}
    assert run.read("SELECT count(*) FROM grades") == [(10,)]


def test_the_same_grader_grades_what_was_not_graded_and_mends_what_it_reads_otherwise_now(run):
    sample = run.keep("p2", 400, 1, "2", graded=False)
    timed_out = run.keep("p2", 400, 2, "2", graded=False)
    with writing(run.place) as db:
        grade(db, timed_out, run.grader_id, Grade(None, Verdict.NO_ANSWER, "grading timed out"))

    done = regrade(run.place, run.id, GradingSpec("integer"), run.plan.config)

    assert dict(done.flips) == {"ungraded to right": 1, "no answer to right": 1}
    assert run.read("SELECT verdict FROM grades WHERE sample_id IN (?, ?)", sample, timed_out) == [("right",)] * 2
    assert sums(run) == run.read(FACIT)


def test_a_regrade_that_is_cut_off_leaves_what_counts_as_it_was(run, monkeypatch):
    before, runs = sums(run), run.read("SELECT * FROM runs")
    monkeypatch.setattr("core.regrading.BATCH", 2)

    def cut_off(samples):
        if samples > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        regrade(run.place, run.id, EXACT, run.plan.config, tell=cut_off)

    assert (sums(run), run.read("SELECT * FROM runs")) == (before, runs)
    assert sums(run) == run.read(FACIT)


def test_batches_cover_every_sample_once_and_no_other_run(run, book, monkeypatch):
    other = book(name="other")
    other.keep("p1", 100, 0, "1")
    run.keep("p2", 400, 3, "5")
    monkeypatch.setattr("core.regrading.BATCH", 2)

    with reading(run.place) as db:
        first = rows.batch(db, run.id, 0, 4)
    done = regrade(run.place, run.id, EXACT, run.plan.config)

    assert [one.id for one in first] == [1, 2, 3, 4]
    assert done.samples == 6
    assert run.read("SELECT count(*) FROM grades JOIN samples ON samples.id = sample_id "
                    "JOIN cells ON cells.id = cell_id WHERE run_id = ?", other.id) == [(1,)]  # fmt: skip


def test_a_run_that_a_sampler_has_is_refused(run):
    with owned(run.place, run.id, "hand-made"), pytest.raises(Refused):
        regrade(run.place, run.id, EXACT, run.plan.config)


def test_a_kind_that_cannot_grade_a_known_answer_is_refused(run):
    with pytest.raises(UsageError, match="p1"):
        regrade(run.place, run.id, GradingSpec("choice"), run.plan.config)


def test_an_answer_with_half_a_character_is_graded_again_like_any_other(book):
    made = book()
    made.keep("p1", 100, 0, None, text="\\boxed{\ud800}")
    assert regrade(made.place, made.id, EXACT, made.plan.config).samples == 1
