from __future__ import annotations

import json

import pytest

from core.analysis.obedience import Finding
from core.analysis.study import Reference
from core.store.imports import AggregateRow, add_aggregates
from core.store.opening import reading
from core.studying import read_study, standing_study, study_of_runs
from core.vocabulary import Problem


def study_of(run, **how):
    with reading(run.place) as db:
        return study_of_runs(db, [run.id], **how)


def with_config(run, **sections):
    """The run, its stored config saying more."""
    with run.writing() as db:
        (text,) = db.execute("SELECT config FROM runs WHERE id = ?", (run.id,)).fetchone()
        db.execute("UPDATE runs SET config = ? WHERE id = ?", (json.dumps(json.loads(text) | sections), run.id))
    return run


def test_sums_say_of_every_label_what_its_samples_say(real):
    with reading(real) as db:
        exact, standing = study_of_runs(db, [1]), standing_study(db, [1])

    for one, other in zip(exact.labels, standing.labels, strict=True):
        assert other.gain.per_doubling == pytest.approx(one.gain.per_doubling)
        assert other.gain.ci95 == pytest.approx(one.gain.ci95)
        assert other.listening.slope == pytest.approx(one.listening.slope)
        assert other.obedience == one.obedience
        assert other.votes[-1].credit == pytest.approx(one.votes[-1].credit)
    assert [one.words for one in standing.verdicts] == [one.words for one in exact.verdicts]


def test_the_reads_are_in_the_order_of_the_plan_and_the_study_from_the_least_thinking_to_the_most(book):
    run = book(budgets=(400, 100))
    for budget in (400, 100):
        run.keep("p1", budget, 0, right=True)

    with reading(run.place) as db:
        (read,), study = read_study(db, [run.id])

    assert [one.curve.budget for one in read.conditions] == [400, 100]
    assert [curve.budget for curve in study.labels[0].curves] == [100, 400]
    assert study.labels[0].grid.budgets == (100, 400)


def test_accuracy_is_of_the_first_plan_and_votes_are_of_every_draw(book):
    run = book(draws_planned=1)
    run.keep("p1", 100, 0, "7")
    run.extend(3)
    run.keep("p1", 100, 1, right=True)
    run.keep("p1", 100, 2, right=True)

    label = study_of(run).labels[0]

    assert label.grid.drawn[0, 0] == 1
    assert label.votes[0].drawn == (3,)


def test_the_same_label_of_two_runs_is_told_apart(book):
    first, second = book(name="first"), book(name="second")
    with reading(first.place) as db:
        study = study_of_runs(db, [first.id, second.id])

    assert [one.name for one in study.labels] == ["m (run 1)", "m (run 2)"]
    assert [one.grid.name for one in study.labels] == ["m (run 1)", "m (run 2)"]


def test_what_the_config_says_of_reading_results_comes_along(book):
    reference = {"name": "published", "accuracy": 0.7, "tokens": 88448, "usd": None}
    run = with_config(
        book(),
        analysis={"margin": 0.05, "value_usd": "0.25"},
        reference=[reference],
        models=[{"name": "m", "label": "m", "train_flops": 1e25, "params": 1e11}],
    )

    study = study_of(run)

    assert (study.margin, study.margin_chosen_late) == (0.05, False)
    assert study.references == (Reference("published", 0.7, 88448, None),)
    assert (study.labels[0].grid.train_flops, study.labels[0].grid.params) == (1e25, 1e11)
    assert study.labels[0].value_usd == 0.25


def test_another_margin_is_marked_as_chosen_late(book):
    run = book()

    assert study_of(run, margin=0.1).margin_chosen_late
    assert not study_of(run, margin=0.02).margin_chosen_late


def test_a_control_that_is_ignored_gets_no_verdict(book):
    problems = tuple(Problem(f"q{n}", f"question {n}?", "42") for n in range(12))
    run = book(name="deaf", problems=problems)
    for number, problem in enumerate(problems):
        wobble = 1 if number % 3 == 0 else -1
        for budget in (100, 400):
            run.keep(problem.id, budget, 0, right=number % 2 == 0, tokens=500 + 7 * number + (budget == 400) * wobble)

    study = study_of(run)

    assert study.labels[0].obedience.finding is Finding.IGNORED
    assert study.verdicts[0].words.startswith("no verdict")


def test_published_numbers_without_samples_are_a_label_of_their_own(book):
    run = book()
    published = [(16, 1, 6 / 30, 363.5), (2048, 1, 16 / 30, 11103.6), (2048, 8, 21 / 30, 88448.4)]
    rows = [
        AggregateRow("o1-mini", "o1-mini", "prompt", asked, k, 30, share, used) for asked, k, share, used in published
    ]
    with run.writing() as db:
        add_aggregates(db, run.id, rows)

    with reading(run.place) as db:
        (read,), study = read_study(db, [run.id])

    label = study.labels[-1]
    assert (label.grid, label.fits, label.votes) == (None, None, ())
    assert [len(line) for line in (label.points, label.lines)] == [3, 2]
    assert [at.k for at in read.conditions[-1].curve.maj_at] == [1, 8]


def test_published_points_of_as_many_tokens_have_no_line(book):
    run = book()
    rows = [AggregateRow("o1-mini", "o1-mini", "prompt", asked, 1, 30, 0.5, 400.0) for asked in (16, 32)]
    with run.writing() as db:
        add_aggregates(db, run.id, rows)

    with reading(run.place) as db:
        study = study_of_runs(db, [run.id])

    assert study.labels[-1].lines == ()
    assert study.labels[-1].listening.slope == 0.0


def test_a_run_without_a_sample_says_nothing(book):
    label = study_of(book()).labels[0]

    assert (label.gain, label.fits, label.knee, label.listening, label.options) == (None,) * 5
    assert study_of(book(name="other")).verdicts == ()


def test_each_run_keeps_its_own_margin_unless_another_is_asked_for(book):
    first = with_config(book(name="first"), analysis={"margin": 0.05})
    second = book(name="second")

    with reading(first.place) as db:
        study, other = (study_of_runs(db, [first.id, second.id], margin=margin) for margin in (None, 0.1))

    assert [one.margin for one in study.labels] == [0.05, 0.02]
    assert (study.margin, study.margin_chosen_late) == (None, False)
    assert (other.margin, other.margin_chosen_late) == (0.1, True)
