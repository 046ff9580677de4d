import csv
import json

import pytest


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


@pytest.mark.parametrize("words", [(), ("real",), ("real", "x.xlsx"), ("real", "x.parquet"), ("--no-texts", "x.csv")])
def test_what_cannot_be_written_is_told_with_what_can(thinktop, real, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    said = thinktop("export", *words, store=real)

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert ".jsonl" in said.err


def test_a_run_that_is_not_there_leaves_no_file(thinktop, real, tmp_path):
    assert thinktop("export", "nobody", tmp_path / "s.csv", store=real).code == 1
    assert not (tmp_path / "s.csv").exists()
