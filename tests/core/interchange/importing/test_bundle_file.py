"""Bundles that are not what they should be; that good ones come back whole is seen by `test_round_trips`."""

import json
import zipfile

import pytest

from core.errors import UsageError
from core.interchange.bundle import write_bundle
from core.interchange.importing.keeping import keep
from core.interchange.importing.wanted import grading_asked
from core.interchange.withholding import Share
from core.store.imports import ScoreRow, add_scores
from core.store.opening import reading
from core.store.place import Place
from core.store.withheld import content_hash

ASKED = ("What is 6 x 7?", "What is 1 + 1?")


@pytest.fixture
def bundle(book, files):
    """A bundle of a small run, one of its members changed by a function of its lines of JSON."""
    run = book()
    sample = run.keep("p1", 100, 0, right=True, text="so 42", reasoning="hm")
    run.keep("p2", 400, 1, "9")
    run.fail("p1", 100, 1)
    with run.writing() as db:
        add_scores(db, [ScoreRow(sample, "reward", 0.25)])

    def write(member=None, change=None, share=None):
        path = files.folder / "b.zip"
        with reading(run.place) as db, path.open("wb") as file:
            write_bundle(file, db, [run.id], share or Share())
        if member is None:
            return path
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        if member.endswith(".jsonl"):
            rows = [json.loads(line) for line in members[member].splitlines()]
            change(rows)
            members[member] = "".join(json.dumps(row) + "\n" for row in rows).encode()
        else:
            document = json.loads(members[member])
            change(document)
            members[member] = json.dumps(document).encode()
        return files.zip(members, "b.zip")

    return write


def test_what_a_bundle_holds_comes_back(bundle, imported):
    (run,) = imported(bundle())
    first = run.samples[0]
    assert (run.name, run.format, run.grader) == ("hand-made", "bundle", 'integer-1{"high":999,"low":0}')
    assert (first.text, first.reasoning, first.scores) == ("so 42", "hm", (("reward", 0.25),))
    assert (first.usage.completion_tokens, first.billed_pico, first.seconds) == (100, 5_000_000, 2.0)
    assert [one.reason for one in run.failures] == ["400: refused"]
    assert run.says["requests"] == "3"
    assert run.conditions[0].price.input == "3.0"


def test_without_problems_ids_votes_and_numbers_are_left(bundle, imported):
    (run,) = imported(bundle(share=Share(problems=False)))
    assert [(one.id, one.answer) for one in run.problems] == [("p1", ""), ("p2", "")]
    assert [content_hash(one.question) for one in run.problems] == list(map(content_hash, ASKED))
    assert not any(asked in one.question for one in run.problems for asked in ASKED)
    assert [one.said(run.grader).verdict.value for one in run.samples] == ["right", "wrong"]
    assert run.samples[0].text is None


FOLDER = "runs/1/"


@pytest.mark.parametrize(
    ("member", "change", "reason"),
    [
        ("manifest.json", lambda one: one.update(version=2), "version 1; upgrade"),
        ("manifest.json", lambda one: one.update(runs=[]), "must be from 1"),
        ("manifest.json", lambda one: one["runs"][0].update(folder="../"), "is missing from the zip"),
        (f"{FOLDER}problems.jsonl", lambda rows: rows.reverse(), "position: must be 0"),
        (f"{FOLDER}problems.jsonl", lambda rows: rows[0].update(key=""), "key"),
        (f"{FOLDER}conditions.jsonl", lambda rows: rows[0].update(control="magic"), "control: must be one of"),
        (f"{FOLDER}conditions.jsonl", lambda rows: rows[0].update(budget=-1), "budget"),
        (f"{FOLDER}conditions.jsonl", lambda rows: rows[0].update(price={"input": "-1"}), "price: input"),
        (f"{FOLDER}conditions.jsonl", lambda rows: rows[0].update(price={"colour": "1"}), "a price record"),
        (f"{FOLDER}cells.jsonl", lambda rows: rows[0].update(problem=9), "a place among 2 problems"),
        (f"{FOLDER}cells.jsonl", lambda rows: rows[0].update(planned_first=9), "planned"),
        (f"{FOLDER}cells.jsonl", lambda rows: rows.append(rows[0]), "plans a cell twice"),
        (f"{FOLDER}samples.jsonl", lambda rows: rows[0].update(draw=99), "which is not planned"),
        (f"{FOLDER}samples.jsonl", lambda rows: rows.append(rows[0]), "twice"),
        (f"{FOLDER}samples.jsonl", lambda rows: rows[0].update(completion_tokens=None), "completion_tokens"),
        (f"{FOLDER}samples.jsonl", lambda rows: rows[0].update(text_sha="zz"), "64 hexadecimal"),
        (f"{FOLDER}grades.jsonl", lambda rows: rows[0].update(verdict="great"), "verdict"),
        (f"{FOLDER}grades.jsonl", lambda rows: rows[0].update(answer=None), "fit the answer"),
        (f"{FOLDER}scores.jsonl", lambda rows: rows[0].update(value="x"), "value"),
        (f"{FOLDER}failures.jsonl", lambda rows: rows[0].update(condition=-1), "condition"),
        (f"{FOLDER}problems.jsonl", lambda rows: rows.append(rows[0] | {"position": 2}), "a problem twice"),
        (f"{FOLDER}conditions.jsonl", lambda rows: rows.append(rows[0] | {"position": len(rows)}), "a condition twice"),
        (f"{FOLDER}grades.jsonl", lambda rows: rows.append(rows[0]), "is the second of its draw by"),
        (f"{FOLDER}scores.jsonl", lambda rows: rows.append(rows[0]), "is the second of its draw by"),
    ],
)
def test_a_bundle_with_a_value_that_cannot_be_is_refused(bundle, imported, member, change, reason):
    with pytest.raises(UsageError, match=reason):
        imported(bundle(member, change))


def test_halves_of_surrogate_pairs_in_settings_do_not_reach_the_store(bundle, imported, tmp_path):
    path = bundle(f"{FOLDER}conditions.jsonl", lambda rows: rows[0].update(body={"x": "\ud800"}))
    assert keep(Place.at(tmp_path / "a.db"), imported(path))
    path = bundle(f"{FOLDER}config.json", lambda one: one["run"].update(notes="\ud800"))
    assert keep(Place.at(tmp_path / "b.db"), imported(path))


def test_a_bundle_takes_no_mapping_and_no_other_reading(bundle, imported):
    with pytest.raises(UsageError, match="none is mapped"):
        imported(bundle(), mapping={"budget": "x"})
    with pytest.raises(UsageError, match="thinktop regrade"):
        imported(bundle(), spec=grading_asked(["integer"]))
    with pytest.raises(UsageError, match="whole already"):
        imported(bundle(), together="x")
