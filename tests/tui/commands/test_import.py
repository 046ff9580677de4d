"""`thinktop import`: what it says, what it refuses, and what cannot be done with its runs afterwards."""

import json

import pytest

from core.store.place import Place
from tui.pages.amounts import NOTHING

ROW = {"id": "p", "model": "m", "effort": "low", "target": "7", "answer": "7", "graded": "C", "output_tokens": 100}


@pytest.fixture
def place(tmp_path):
    return Place.at(tmp_path / "runs.db")


@pytest.fixture
def table(tmp_path):
    """A writer of a small table of samples."""

    def write(*rows, name="theirs.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows or (ROW, ROW | {"answer": "8", "graded": "I"})))
        return path

    return write


@pytest.fixture
def imported(thinktop, table, place):
    """A store with one imported run."""
    assert thinktop("import", table(), store=place).code == 0
    return place


def test_it_says_what_became_of_a_file(thinktop, table, place):
    said = thinktop("import", table(), store=place)
    assert (said.code, said.err) == (0, "")
    assert "theirs (1)  table of samples: theirs.jsonl" in said.out
    assert "m low  1 problem, 2 samples" in said.out
    assert "graded by its source's own words" in said.out


def test_json_says_the_same_to_scripts(thinktop, table, place):
    (one,) = thinktop("import", table(), "--json", "--name", "other", store=place).json["imported"]
    assert (one["id"], one["name"], one["format"], one["samples"], one["failed"]) == (1, "other", "samples", 2, 0)
    assert one["conditions"] == [{"label": "m", "model": "m", "budget": "low", "control": "effort", "samples": 2}]
    assert one["mapping"]["completion_tokens"] == "output_tokens"


def test_a_dry_run_writes_nothing(thinktop, table, place):
    said = thinktop("import", table(), "--dry-run", store=place)
    assert "theirs  table of samples" in said.out
    assert "nothing was written" in said.err
    assert not place.path.exists()


def test_columns_are_mapped_and_answers_read_again(thinktop, table, place):
    path = table({"task": "p", "lim": 2048, "pred": "007", "gold": "7"})
    words = ["--map", "problem=task", "--map", "budget=lim", "--grading", "kind=integer"]
    (one,) = thinktop("import", path, *words, "--json", store=place).json["imported"]
    assert one["conditions"][0]["budget"] == 2048
    assert one["grader"].startswith("integer-1")


def test_it_says_how_often_our_reading_differs_from_the_sources(thinktop, table, place):
    texts = [
        ROW | {"text": f"ANSWER: {answer}", "graded": grade} for answer, grade in (("7", "I"), ("7", "C"), ("8", "C"))
    ]
    rows = [
        {key: value for key, value in row.items() if key != "answer"} | {"epoch": at} for at, row in enumerate(texts)
    ]

    said = thinktop("import", table(*rows), "--grading", "kind=integer", store=place)

    assert "both readings are kept; by ours 1 wrong to right, 1 right to wrong" in said.out


def test_files_together_are_one_run(thinktop, table, place):
    more = table(ROW | {"effort": "high"}, name="more.jsonl")
    said = thinktop("import", table(), more, "--together", "both", "--json", store=place).json
    assert [(one["name"], len(one["conditions"])) for one in said["imported"]] == [("both", 2)]


def test_one_bad_file_of_several_keeps_all_of_them_out(thinktop, table, place):
    bad = table(ROW | {"output_tokens": -1}, name="bad.jsonl")
    said = thinktop("import", table(), bad, store=place)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "thinktop: bad.jsonl: line 1: output_tokens: must be a whole number from 0 to 1,000,000,000,000 (got -1)\n"
    )
    assert not place.path.exists()


def test_hostile_text_does_not_drive_the_terminal(thinktop, table, place, hostile):
    row = ROW | {"model": hostile, "id": hostile, "error": hostile}
    good = thinktop("import", table(ROW | {"model": hostile, "effort": hostile}), store=place)
    bad = thinktop("import", table(row | {"error": None, "graded": hostile}, name="b.jsonl"), store=place)
    assert (good.code, bad.code) == (0, 2)
    assert good.harmless
    assert bad.harmless


def test_without_a_file_it_says_what_to_name(thinktop):
    said = thinktop("import")
    assert said.code == 2
    assert "name a file" in said.err


def test_status_says_that_a_run_is_imported_and_costs_nothing(thinktop, imported):
    one = thinktop("status", "--json", store=imported).json
    assert (one["imported"], one["state"], one["spent_usd"], one["owed"]) == (True, "finished", "0.000000000000", 0)
    shown = thinktop("status", store=imported).out
    assert "IMPORTED" in shown
    assert "imported from theirs.jsonl" in shown
    assert "IMPORTED" in thinktop("status", "--all", store=imported).out
    assert "IMPORTED" in thinktop("curve", store=imported).out
    assert "theirs (imported) · " in thinktop("plot", store=imported).out


@pytest.mark.parametrize(
    ("words", "done"),
    [
        (["resume", "theirs"], "resumed"),
        (["set", "theirs", "cap_usd=3"], "set"),
        (["extend", "theirs", "--draws", "+1"], "extended"),
        (["extend", "theirs", "--draws", "+1", "--yes"], "extended"),
        (["retry", "theirs"], "asked again"),
        (["settle", "theirs", "1", "--usd", "1"], "settled"),
    ],
)
def test_nothing_can_be_asked_of_an_imported_run(thinktop, imported, words, done):
    said = thinktop(*words, store=imported)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert f"theirs (1) is an imported run: its results were measured elsewhere, so it cannot be {done}" in said.err


@pytest.mark.parametrize("command", ["run", "estimate"])
def test_a_config_of_its_name_does_not_go_on_with_it(thinktop, imported, tmp_path, command):
    config = tmp_path / "c.toml"
    config.write_text(
        '[run]\nname = "theirs"\n[problems]\nsource = "builtin:competition"\nlimit = 1\n[grading]\nkind = "integer"\n'
        '[[models]]\nname = "m"\nendpoint = "simulator"\ntoken_cap = 100\n'
    )
    said = thinktop(command, config, store=imported)
    assert said.code == 2
    assert "cannot be gone on with" in said.err


def test_an_imported_run_is_shown_plotted_exported_read_again_and_deleted(thinktop, imported, tmp_path):
    for words in (
        ["show", "theirs"],
        ["show", "theirs", "p"],
        ["show", "theirs", "p", "0"],
        ["plot", "theirs"],
        ["log"],
    ):
        assert thinktop(*words, store=imported).code == 0, words
    for name in ("s.csv", "s.jsonl", "r.md", "b.zip"):
        assert thinktop("export", "theirs", tmp_path / name, store=imported).code == 0
    assert thinktop("regrade", "theirs", store=imported).code == 0
    said = thinktop("rm", "theirs", "--yes", store=imported)
    assert "2 samples that were imported" in said.out


def test_a_judge_is_not_paid_for_an_imported_run(thinktop, imported, tmp_path):
    config = tmp_path / "judge.toml"
    config.write_text(
        '[run]\nname = "x"\n[problems]\nsource = "builtin:competition"\n[grading]\nkind = "judge"\n'
        '[grading.judge]\nmodel = "j"\nendpoint = "simulator"\n'
        '[[models]]\nname = "m"\nendpoint = "simulator"\ntoken_cap = 100\n'
    )
    said = thinktop("regrade", "theirs", "--config", config, "--yes", store=imported)
    assert said.code == 2
    assert "judged by a model" in said.err


def test_published_points_are_a_run_that_every_command_reads(thinktop, place, tmp_path):
    path = tmp_path / "results_log.json"
    points = [{"token_limit": 2**n, "accuracy": 0.2 + n / 60, "avg_tokens_used": 100.0 * 2**n} for n in range(4, 12)]
    path.write_text(json.dumps(points))
    assert "8 points without samples" in thinktop("import", path, store=place).out
    for words in (["status"], ["status", "--all"], ["curve"], ["log"], ["plot"]):
        assert thinktop(*words, store=place).code == 0, words
    assert "has points without samples only" in thinktop("show", "results_log", store=place).err
    assert "nothing to read again" in thinktop("regrade", "results_log", store=place).err
    assert "published points without their samples" in thinktop("status", store=place).out
    assert "0/0" not in thinktop("status", store=place).out + thinktop("status", "--all", store=place).out
    assert " 0 " not in thinktop("curve", store=place).out
    assert thinktop("export", tmp_path / "s.csv", store=place).code == 0
    assert thinktop("rm", "results_log", "--yes", store=place).code == 0


def test_what_a_source_does_not_say_is_a_dash_and_null_and_never_0(thinktop, table, place, tmp_path):
    row = {"id": "p", "model": "m", "effort": "low", "graded": True}
    assert thinktop("import", table(row, row), store=place).code == 0

    page, draw = thinktop("show", "theirs", "p", store=place).out, thinktop("show", "theirs", "p", "0", store=place)
    assert "0~" not in page + draw.out
    assert "0.0s" not in page + draw.out
    assert f"truth {NOTHING}" in draw.out
    assert f"{NOTHING} out, {NOTHING} in" in draw.out
    assert "(not in what was imported)" in draw.out
    assert "request" not in draw.out
    said = thinktop("show", "theirs", "p", "0", "--json", store=place).json
    assert (said["text"], said["sample"]["completion_tokens"], said["sample"]["seconds"]) == (None, None, None)
    assert "not said by its source" in thinktop("status", store=place).out

    thinktop("export", tmp_path / "s.jsonl", store=place)
    told = json.loads((tmp_path / "s.jsonl").read_text().splitlines()[0])
    assert [told[name] for name in ("prompt_tokens", "completion_tokens", "seconds", "text")] == [None] * 4


def test_a_problem_without_its_right_answer_cannot_be_judged_again(thinktop, table, place):
    thinktop("import", table({"id": "p", "model": "m", "graded": True}), store=place)
    said = thinktop("regrade", "theirs", store=place)
    assert (said.code, said.out) == (2, "")
    assert "does not say its right answer" in said.err


def test_dollars_that_a_source_tells_are_told(thinktop, table, place):
    thinktop("import", table(ROW | {"cost": 0.25, "epoch": 1}, ROW | {"cost": 0.5, "epoch": 2}), store=place)
    for words in (["status"], ["show", "theirs"]):
        said = thinktop(*words, store=place).out
        assert "0.75" in said
        assert "unpriced" not in said
