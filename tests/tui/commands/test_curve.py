import csv
import io
from contextlib import closing

import pytest

from core.store.opening import open_reader
from tui.pages.amounts import NOTHING


def test_the_numbers_are_those_of_sql(thinktop, real):
    with closing(open_reader(real)) as db:
        wanted = dict(
            db.execute(
                """SELECT budget, avg(share) FROM (
                     SELECT budget, avg(verdict = 'right' AND finish_reason IS NOT 'length') AS share
                       FROM samples JOIN grades ON sample_id = samples.id JOIN cells ON cells.id = cell_id
                       JOIN conditions ON conditions.id = condition_id GROUP BY cell_id) GROUP BY budget"""
            )
        )

    given = thinktop("curve", "real", "--json", store=real).json

    assert given["runs"] == [1]
    assert {one["budget"]: one["accuracy"] for one in given["conditions"]} == pytest.approx(wanted)
    assert all(list(one["maj_at"]) == ["1", "2", "4"] for one in given["conditions"])


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_and_is_marked_simulated(thinktop, real, columns):
    said = thinktop("curve", store=real, columns=columns)

    assert said.widest <= columns
    assert "SIMULATED" in said.out
    assert "…" not in said.out
    assert ("pass@4" in said.out) == (columns == 120)


def test_csv_has_a_line_for_each_condition_and_no_formula(thinktop, book):
    run = book(labels=("=cmd()",))
    run.keep("p1", 100, 0, right=True, label="=cmd()")

    rows = list(csv.DictReader(io.StringIO(thinktop("curve", "--csv", store=run.place).out)))

    assert [row["label"] for row in rows] == ["'=cmd()", "'=cmd()"]
    assert (rows[0]["accuracy"], rows[1]["accuracy"]) == ("1.0", "")
    assert rows[0]["simulated"] == "true"


def test_added_draws_and_failures_are_told_below(thinktop, book):
    run = book(draws_planned=2)
    run.keep("p1", 100, 0, right=True)
    run.fail("p1", 100, 1)
    run.extend(4)
    run.keep("p1", 100, 2, "7")
    run.keep("p1", 100, 3, graded=False)

    said = thinktop("curve", store=run.place)

    notes = " ".join(said.err.split())
    assert notes.count("+ m") == 1
    assert "accuracy keeps the first 1, votes use all 2" in notes
    assert "1 sample not graded yet" in notes
    assert "1 draw failed for good" in notes
    assert "2+" in said.out


def test_several_runs_are_read_at_once_each_only_once(thinktop, book):
    first = book()
    book(name="other")

    assert thinktop("curve", "1", "other", "hand-made", "--json", store=first.place).json["runs"] == [1, 2]


def test_a_run_without_samples_is_a_table_of_dashes(thinktop, book):
    said = thinktop("curve", store=book().place)

    assert said.code == 0
    assert NOTHING in said.out


def test_json_and_csv_exclude_each_other(thinktop, book):
    assert thinktop("curve", "--json", "--csv", store=book().place).code == 2


def test_hostile_labels_are_made_visible(thinktop, book, hostile):
    run = book(labels=(hostile, "m"), budgets=(100,))
    run.keep("p1", 100, 0, label=hostile)
    run.fail("p1", 100, 1, label=hostile)

    for words in ((), ("--csv",), ("--json",)):
        assert thinktop("curve", *words, store=run.place, columns=160).harmless


def test_votes_beyond_the_fewest_draws_are_over_the_problems_that_have_them_and_say_so(thinktop, book):
    run = book(draws_planned=3)
    for draw in range(3):
        run.keep("p1", 100, draw, right=True)
    run.keep("p2", 100, 0, "7")

    said = thinktop("curve", "--votes", "3", store=run.place)
    given = thinktop("curve", "--votes", "3", "--json", store=run.place).json

    assert "m 100: maj@3 100.0 %, pass@3 100.0 % over 1 of 2 problems" in " ".join(said.out.split())
    assert [(one["budget"], one["problems"], one["of_problems"]) for one in given["votes_over"]] == [(100, 1, 2)]


@pytest.mark.parametrize("how", [("--votes", "0"), ("--margin", "0"), ("--margin", "0.7"), ("--csv", "--json")])
def test_what_cannot_be_meant_is_refused(thinktop, real, how):
    said = thinktop("curve", *how, store=real)

    assert said.code == 2
    assert said.err.startswith("thinktop: curve ")


def test_another_margin_is_said_to_be_chosen_after_the_results(thinktop, real):
    said = thinktop("curve", "--margin", "0.1", store=real)

    assert "10 points was chosen after the results" in " ".join(said.out.split())


@pytest.mark.parametrize(("columns", "said_so"), [(70, True), (120, False)])
def test_where_votes_have_no_room_it_is_said_where_they_are(thinktop, real, columns, said_so):
    said = thinktop("curve", store=real, columns=columns)

    assert ("pass@k and maj@k have no room here" in " ".join(said.err.split())) == said_so
