"""What is exported and imported again gives the same numbers, to the last digit."""

import json

import pytest

from core.interchange.exporting import export_runs
from core.interchange.importing.keeping import keep
from core.interchange.importing.recognise import read_file
from core.interchange.withholding import Share
from core.reading import read_run
from core.store.opening import reading
from core.store.place import Place
from core.studying import study_of_runs


@pytest.fixture
def again(tmp_path):
    """Exports a run of a store, imports the files into another, and returns both stores with their runs' rows."""

    def trip(place, name, mapping=None, **share):
        with reading(place) as db:
            done = export_runs(db, place, [1], tmp_path / name, share=Share(**share))
        other = Place.at(tmp_path / "other.db")
        made = [keep(other, read_file(path, mapping or {}))[0][0] for path in done.files]
        return other, made

    return trip


def numbers(place, *run_ids, without=("run",)):
    """What `curve --json` says of the conditions, but for the run's own number."""
    with reading(place) as db:
        found = [one.to_json() for run_id in run_ids for one in read_run(db, run_id).conditions]
    return [{name: value for name, value in one.items() if name not in without} for one in found]


def verdicts(place, run_id):
    with reading(place) as db:
        return [one.words for one in study_of_runs(db, [run_id]).verdicts]


@pytest.mark.parametrize("share", [{}, {"texts": False}, {"problems": False}])
def test_a_bundle_gives_the_same_numbers_whatever_it_leaves_out(real, again, share):
    other, (run_id,) = again(real, "b.zip", **share)

    assert numbers(other, run_id) == numbers(real, 1)
    assert verdicts(other, run_id) == verdicts(real, 1)


def test_a_bundle_of_a_hand_made_run_keeps_first_plan_failures_and_cuts(book, again):
    run = book()
    run.keep("p1", 100, 0, right=True, tokens=90)
    run.keep("p1", 400, 0, right=True, finish="length")
    run.keep("p2", 100, 1, None)
    run.fail("p2", 400, 0)
    run.extend(6)
    run.keep("p1", 100, 5, right=True, pico=None)

    other, (run_id,) = again(run.place, "b.zip")

    assert numbers(other, run_id) == numbers(run.place, 1)


def test_a_bundle_of_an_imported_bundle_gives_the_same_samples(real, again, tmp_path):
    other, (run_id,) = again(real, "b.zip")
    with reading(other) as db:
        (path,) = export_runs(db, other, [run_id], tmp_path / "c.zip").files
    third = Place.at(tmp_path / "third.db")

    ((last, _),) = keep(third, read_file(path, {}))

    assert numbers(third, last) == numbers(real, 1)


def test_a_run_without_its_problems_still_pairs_with_one_that_asks_the_same(real, tmp_path):
    with reading(real) as db:
        export_runs(db, real, [1], tmp_path / "b.zip", share=Share(problems=False))

    ((run_id, _),) = keep(real, read_file(tmp_path / "b.zip", {}))

    with reading(real) as db:
        study = study_of_runs(db, [1, run_id])
    mine, theirs = (label.grid for label in study.labels)
    assert mine.contents == theirs.contents
    assert mine.problems == theirs.problems
    (comparison,) = study.comparisons
    assert (comparison.problems, comparison.unpaired_first, comparison.unpaired_second) == (6, 0, 0)


@pytest.mark.parametrize("name", ["s.jsonl", "s.csv", "s.parquet"])
def test_samples_give_the_same_numbers(real, again, name):
    if name.endswith("parquet"):
        pytest.importorskip("duckdb")

    other, (run_id,) = again(real, name)

    assert numbers(other, run_id, without=("run", "model", "control")) == numbers(
        real, 1, without=("run", "model", "control")
    )


def test_logs_for_inspect_give_the_same_numbers(real, again):
    other, run_ids = again(real, "log.json")

    assert numbers(other, *run_ids) == numbers(real, 1)


def test_a_log_for_inspect_is_of_its_version_and_has_the_headline_in_its_header(real, tmp_path):
    with reading(real) as db:
        done = export_runs(db, real, [1], tmp_path / "log.json")

    log = json.loads(done.files[0].read_text())

    assert (log["version"], log["status"], len(log["samples"])) == (2, "success", 24)
    assert list(log) == ["version", "status", "eval", "plan", "results", "stats", "samples"]
    (score,) = log["results"]["scores"]
    said = numbers(real, 1)[0]
    assert score["metrics"]["accuracy"]["value"] == said["accuracy"]
    right = [sample["scores"]["thinktop_integer"]["value"] for sample in log["samples"]].count("C")
    assert right / 24 == pytest.approx(said["accuracy"])
    usage = log["stats"]["model_usage"]["o1-mini"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
