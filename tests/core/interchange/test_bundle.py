import hashlib
import json
import zipfile

import pytest

from core.interchange.bundle import FORMAT, MANIFEST, write_bundle
from core.interchange.redaction import REDACTED
from core.interchange.withholding import Share
from core.store.imports import AggregateRow, Origin, ScoreRow, SourceFile, add_aggregates, add_scores, mark_imported
from core.store.opening import reading
from core.store.withheld import content_hash
from core.vocabulary import Problem

KEY = "sk-proj-abcdefghijklmnop0123456789"


@pytest.fixture
def bundled(tmp_path):
    """Writes some runs of a store as a bundle and reads it back: its members by name, the manifest as an object."""

    def write(*runs, name="b.zip", **share):
        path = tmp_path / name
        with reading(runs[0].place) as db, path.open("wb") as file:
            written = write_bundle(file, db, [run.id for run in runs], Share(**share))
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            members = {one: archive.read(one) for one in archive.namelist()}
        return written, members

    return write


def lines(members, name, folder="runs/1/"):
    return [json.loads(line) for line in members[f"{folder}{name}.jsonl"].splitlines()]


def test_every_fact_of_a_sample_is_there(book, bundled):
    run = book()
    run.keep(
        "p2", 400, 3, "7", tokens=1234, pico=123_456_789_012, text="so 7", reasoning="hm", finish="length", note="cut"
    )

    written, members = bundled(run)

    (sample,) = lines(members, "samples")
    assert written == 1
    assert (sample["problem"], sample["condition"], sample["draw"], sample["step"]) == (1, 1, 3, 0)
    assert (sample["completion_tokens"], sample["billed_pico"]) == (1234, 123_456_789_012)
    assert (sample["text"], sample["reasoning"], sample["finish_reason"]) == ("so 7", "hm", "length")
    assert sample["text_sha"] == hashlib.sha256(b"so 7").hexdigest()
    (grade,) = lines(members, "grades")
    assert (grade["answer"], grade["verdict"], grade["draw"], grade["note"]) == ("7", "wrong", 3, "cut")
    assert grade["grader"] == json.loads(members["runs/1/run.json"])["grader"]


def test_requests_that_failed_or_are_in_doubt_are_there(book, bundled):
    run = book()
    run.fail("p1", 100, 0, "400: no")
    run.doubt("p2", 100, 1)

    _, members = bundled(run)

    assert [(one["outcome"], one["message"]) for one in lines(members, "attempts")] == [
        ("refused", "400: no"),
        ("unknown", "cut"),
    ]
    assert [(one["problem"], one["draw"], one["reason"]) for one in lines(members, "failures")] == [(0, 0, "400: no")]


def test_the_plan_is_there_with_what_was_planned_first(book, bundled):
    run = book(draws_planned=4)
    run.extend(10)

    _, members = bundled(run)

    assert [one["key"] for one in lines(members, "problems")] == ["p1", "p2"]
    assert lines(members, "conditions")[1]["price"]["input"] == "3.0"
    assert lines(members, "conditions")[1]["body"] == {}
    assert {(one["planned"], one["planned_first"]) for one in lines(members, "cells")} == {(10, 4)}
    assert json.loads(members["runs/1/config.json"])["grading"]["kind"] == "integer"


def test_the_manifest_says_what_is_in_it_and_hashes_it(book, bundled):
    run = book()
    run.keep("p1", 100, 0)

    _, members = bundled(run)

    manifest = json.loads(members[MANIFEST])
    assert (manifest["format"], manifest["version"], manifest["texts"], manifest["problems"]) == (FORMAT, 1, True, True)
    assert set(manifest["contents"]) == set(members) - {MANIFEST}
    for name, said in manifest["contents"].items():
        assert said["sha256"] == hashlib.sha256(members[name]).hexdigest()
        assert said["bytes"] == len(members[name])
    assert manifest["contents"]["runs/1/samples.jsonl"]["records"] == 1


def test_two_exports_of_a_run_are_equal_byte_for_byte(book, bundled, tmp_path):
    run = book()
    run.keep("p1", 100, 0)
    run.doubt("p2", 100, 1)

    bundled(run, name="a.zip")
    bundled(run, name="b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_several_runs_have_a_folder_each(book, bundled):
    first, second = book(), book(name="other")
    second.keep("p1", 100, 0)

    written, members = bundled(second, first)

    assert written == 1
    assert [one["name"] for one in json.loads(members[MANIFEST])["runs"]] == ["other", "hand-made"]
    assert len(lines(members, "samples", "runs/1/")) == 1
    assert lines(members, "samples", "runs/2/") == []


def test_what_only_imported_runs_have_is_there(book, bundled):
    run = book()
    sample = run.keep("p1", 100, 0)
    with run.writing() as db:
        add_scores(db, [ScoreRow(sample, "reward", 0.25)])
        add_aggregates(db, run.id, [AggregateRow("m", "model", "prompt", 2048, 8, 30, 0.7, 88448.4)])
        mark_imported(db, run.id, Origin("samples", (SourceFile("a.jsonl", "0" * 64),), "2026-11-22T10:00:00Z"))

    _, members = bundled(run)

    assert json.loads(members["runs/1/run.json"])["imported"]["files"][0]["name"] == "a.jsonl"
    (score,) = lines(members, "scores")
    assert (score["problem"], score["draw"], score["name"], score["value"]) == (0, 0, "reward", 0.25)
    (point,) = lines(members, "aggregates")
    assert (point["votes"], point["accuracy"], point["mean_tokens"]) == (8, 0.7, 88448.4)


def test_hostile_text_comes_as_it_is_and_drives_nothing(book, bundled):
    hostile = "\x1b]0;owned\x07\u202e</script>\udc80"
    run = book(problems=(Problem(f"a{hostile[:-1]}", f"q{hostile[:-1]}", "1"),))
    run.keep(f"a{hostile[:-1]}", 100, 0, text=hostile)

    _, members = bundled(run)

    assert all(member.isascii() and b"\x1b" not in member for member in members.values())
    assert lines(members, "samples")[0]["text"] == hostile


def test_texts_can_be_left_out(book, bundled):
    run = book()
    run.keep("p1", 100, 0, text="a secret thought")

    _, members = bundled(run, texts=False)

    assert b"secret" not in b"".join(members.values())
    assert lines(members, "problems")[0]["question"] == "What is 6 x 7?"


def test_without_problems_nothing_tells_what_was_asked_or_what_is_right(book, bundled):
    run = book(problems=(Problem("p1", "QUESTION one", "ANSWER31", "contest"), Problem("p2", "QUESTION two", "5")))
    run.keep("p1", 100, 0, "ANSWER31", right=True, text="QUESTION one is ANSWER31", note="QUESTION")
    run.keep("p1", 100, 1, "ANSWER31", right=True, text="QUESTION one is ANSWER31")
    run.keep("p1", 100, 2, "ANSWER32")
    run.keep("p1", 100, 3, None)
    run.keep("p2", 100, 0, "ANSWER31")
    run.fail("p2", 100, 1, "400: QUESTION too long")

    _, members = bundled(run, problems=False)

    everything = b"".join(members.values())
    assert b"QUESTION" not in everything
    assert b"ANSWER" not in everything
    answers = [one["answer"] for one in lines(members, "grades")]
    assert answers[0] == answers[1] != answers[2]
    assert answers[3] is None
    assert answers[4] not in answers[:3]
    assert lines(members, "problems")[0]["content"] == content_hash(" QUESTION\n one ")
    assert lines(members, "conditions")[0]["prompt"] == "{problem}"
    assert lines(members, "samples")[0]["text_sha"] != hashlib.sha256(b"QUESTION one is ANSWER31").hexdigest()


def test_no_key_is_in_a_bundle_wherever_it_got_in(book, bundled, monkeypatch):
    run = book()
    monkeypatch.setenv("ODD_VARIABLE", "odd-shape")
    settings = {"name": "o", "api_key_env": "ODD_VARIABLE", "base_url": f"https://me:{KEY}@host/v1?key={KEY}"}
    settings |= {"headers": [["X-Team", "alice"]], "proxy": "http://me:secret@proxy:1", "organization": "org-alice"}
    with run.writing() as db:
        db.execute("UPDATE endpoints SET settings = ?", (json.dumps(settings),))
        db.execute("UPDATE runs SET config = ?", (json.dumps({"store": "/home/alice/x/runs.db", "notes": KEY}),))
    run.fail("p1", 100, 0, f"401: incorrect key {KEY}")
    run.fail("p1", 100, 1, "401: incorrect key odd-shape")

    _, members = bundled(run)

    everything = b"".join(members.values()).decode()
    assert not [one for one in (KEY, "odd-shape", "alice", "secret") if one in everything]
    (endpoint,) = json.loads(members["runs/1/run.json"])["endpoints"]
    assert (endpoint["base_url"], endpoint["headers"], endpoint["proxy"]) == ("https://host/v1", [], None)
    assert json.loads(members["runs/1/config.json"]) == {"store": "runs.db", "notes": REDACTED}
    (said,) = json.loads(members[MANIFEST])["runs"]
    assert "config.json: notes" in said["redacted"]
    assert "run.json: endpoints.0.proxy" in said["redacted"]
    assert [one["message"] for one in lines(members, "attempts")] == [REDACTED] * 2


def test_an_honest_run_loses_nothing_to_redaction(book, bundled):
    _, members = bundled(book())

    assert json.loads(members[MANIFEST])["runs"][0]["redacted"] == []
    assert REDACTED.encode() not in b"".join(members.values())


def test_without_problems_a_key_that_is_the_question_and_a_prompt_with_one_in_it_are_left_out_too(book, bundled):
    asked = "QUESTION one,\n and more"
    run = book(problems=(Problem("QUESTION one, and", asked, "1"), Problem("p2", "QUESTION two", "5")))
    with run.writing() as db:
        db.execute("UPDATE conditions SET prompt = 'As in QUESTION two: 5. ' || prompt")
        db.execute("UPDATE runs SET config = json_set(config, '$.run.notes', 'about QUESTION two')")

    _, members = bundled(run, problems=False)

    assert [name for name, told in members.items() if b"QUESTION" in told] == []
    assert [one["key"] for one in lines(members, "problems")] == ["problem-1", "p2"]
    assert lines(members, "conditions")[0]["prompt"] == REDACTED
    (told,) = json.loads(members[MANIFEST])["runs"]
    assert "config.json: run.notes" in told["redacted"]
