import csv
import json
import zipfile

import pytest

from core.store.place import Place


def test_csv_has_a_row_for_each_sample(thinktop, real, tmp_path):
    path = tmp_path / "s.csv"

    said = thinktop("export", "real", path, store=real)

    rows = list(csv.DictReader(path.open(newline="")))
    assert (said.code, len(rows)) == (0, 72)
    assert "72 samples" in said.out
    spent = sum(int(row["cost_usd"].replace(".", "")) for row in rows)
    assert spent == int(thinktop("status", "--json", store=real).json["spent_usd"].replace(".", ""))
    assert len({row["request_id"] for row in rows}) == 72
    assert {row["simulated"] for row in rows} == {"true"}
    assert "text" not in rows[0]


def test_csv_cells_that_a_spreadsheet_would_run_are_neutralised(thinktop, book, tmp_path):
    run = book()
    run.keep("p1", 100, 0, "=HYPERLINK(1)")
    run.keep("p1", 100, 1, "-5")

    thinktop("export", tmp_path / "s.csv", store=run.place)

    rows = list(csv.DictReader((tmp_path / "s.csv").open(newline="")))
    assert [row["answer"] for row in rows] == ["'=HYPERLINK(1)", "-5"]


def test_jsonl_has_texts_unless_they_are_left_out(thinktop, book, hostile, tmp_path):
    run = book()
    run.keep("p1", 100, 0, text=hostile)

    thinktop("export", tmp_path / "a.jsonl", store=run.place)
    thinktop("export", "--no-texts", tmp_path / "b.jsonl", store=run.place)

    assert json.loads((tmp_path / "a.jsonl").read_text())["text"] == hostile
    assert "text" not in json.loads((tmp_path / "b.jsonl").read_text())


def test_a_report_is_marked_simulated(thinktop, real, tmp_path):
    assert thinktop("export", "real", tmp_path / "r.md", store=real).code == 0

    text = (tmp_path / "r.md").read_text()
    assert "**SIMULATED**" in text
    assert text.count("- in doubt: request") == 2


def test_a_bundle_holds_what_it_was_told_to_hold(thinktop, book, tmp_path):
    run = book()
    run.keep("p1", 100, 0, right=True, text="a thought")

    given = thinktop("export", tmp_path / "a.zip", "--json", store=run.place).json
    thinktop("export", "--no-texts", tmp_path / "b.zip", store=run.place)
    thinktop("export", "--no-problems", tmp_path / "c.zip", store=run.place)

    manifests = [
        json.loads(zipfile.ZipFile(tmp_path / name).read("manifest.json")) for name in ("a.zip", "b.zip", "c.zip")
    ]
    assert (given["format"], given["written"]) == ("zip", 1)
    assert [(one["texts"], one["problems"]) for one in manifests] == [(True, True), (False, True), (False, False)]


def test_logs_of_several_conditions_are_files_beside_each_other(thinktop, book, tmp_path):
    run = book(budgets=(100, "low"), labels=("a/b", "a b"))
    run.keep("p1", 100, 0, label="a/b")

    given = thinktop("export", tmp_path / "log.json", "--json", store=run.place).json

    names = [file.rpartition("/")[2] for file in given["files"]]
    assert names == ["log-a-b-100.json", "log-a-b-low.json", "log-a-b-100-2.json", "log-a-b-low-2.json"]
    assert given["written"] == 1
    assert thinktop("export", tmp_path / "log.json", store=run.place).code == 2
    assert thinktop("export", tmp_path / "log.json", "--force", store=run.place).code == 0


def test_a_log_of_one_condition_has_the_name_that_was_asked_for(thinktop, book, tmp_path):
    run = book(budgets=(100,))

    said = thinktop("export", tmp_path / "log.json", store=run.place)

    assert (said.code, [one.name for one in tmp_path.glob("*.json")]) == (0, ["log.json"])


@pytest.mark.parametrize("name", ["r.html", "r.tex", "s.parquet"])
def test_every_other_format_is_written_too(thinktop, real, tmp_path, name):
    if name.endswith("parquet"):
        pytest.importorskip("duckdb")

    said = thinktop("export", "real", tmp_path / name, store=real)

    assert (said.code, said.err) == (0, "")
    assert (tmp_path / name).stat().st_size > 1000


def test_problems_are_withheld_in_a_bundle_only(thinktop, real, tmp_path):
    said = thinktop("export", "--no-problems", tmp_path / "s.jsonl", store=real)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert ".zip" in said.err


def test_several_runs_go_into_one_file(thinktop, book, tmp_path):
    first, second = book(), book(name="other")
    first.keep("p1", 100, 0)
    second.keep("p1", 100, 0)

    given = thinktop("export", "other", "1", "other", tmp_path / "s.csv", "--json", store=first.place).json

    assert (given["runs"], given["written"]) == ([2, 1], 2)


def test_a_file_that_is_there_is_kept_unless_it_is_forced(thinktop, real, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("mine")

    assert thinktop("export", path, store=real).code == 2
    assert path.read_text() == "mine"
    assert thinktop("export", path, "--force", store=real).code == 0
    assert path.read_text() != "mine"


@pytest.mark.parametrize("words", [(), ("real",), ("real", "x.xlsx"), ("--no-texts", "x.csv"), ("--no-texts", "x.md")])
def test_what_cannot_be_written_is_told_with_what_can(thinktop, real, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    said = thinktop("export", *words, store=real)

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert ".jsonl" in said.err


def test_a_run_that_is_not_there_leaves_no_file(thinktop, real, tmp_path):
    assert thinktop("export", "nobody", tmp_path / "s.csv", store=real).code == 1
    assert not (tmp_path / "s.csv").exists()


def test_published_points_are_no_log_and_that_is_said(thinktop, tmp_path):
    points = tmp_path / "results_log.json"
    points.write_text('[{"token_limit": 16, "accuracy": 0.2, "avg_tokens_used": 363.5}]')
    place = Place.at(tmp_path / "runs.db")
    assert thinktop("import", points, store=place).code == 0

    said = thinktop("export", tmp_path / "log.json", store=place)

    assert said.code == 2
    assert "there are no samples to write as a log" in said.err
