"""Parquet by anybody: its values are taken as JSON's would be, and what it claims of itself is not believed."""

import sys

import pytest

from core.errors import UsageError
from core.interchange.importing import parquet_table
from core.interchange.importing.recognise import read_file

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def parquet(tmp_path):
    """Writes a Parquet file of a query."""

    def made(query):
        path = tmp_path / "s.parquet"
        with duckdb.connect() as db:
            db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path

    return made


ROW = "'p1' AS problem, 1 AS draw, 'low' AS budget, '7' AS answer, true AS \"right\", 100 AS completion_tokens"


def refused(path):
    with pytest.raises(UsageError) as error:
        read_file(path, {})
    assert "\n" not in str(error.value)
    return str(error.value)


def test_numbers_money_and_verdicts_are_taken_as_they_are(parquet):
    (run,) = read_file(parquet(f"SELECT {ROW}, 0.123456789012::DECIMAL(20, 12) AS cost_usd, 2.5 AS seconds"), {})

    (sample,) = run.samples
    assert (sample.billed_pico, sample.seconds, sample.usage.completion_tokens) == (123_456_789_012, 2.5, 100)
    assert (sample.said().answer, sample.said().verdict.value) == ("7", "right")


def test_columns_of_other_names_are_mapped(parquet):
    (run,) = read_file(parquet("SELECT 'p1' AS q, 16 AS lim, '7' AS said, 1 AS ok"),
                       {"problem": "q", "budget": "lim", "answer": "said", "graded": "ok"})  # fmt: skip

    assert (run.problems[0].id, run.conditions[0].budget) == ("p1", 16)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("'nan'::DOUBLE AS seconds", "row 1: seconds: nan is no number"),
        ("[1, 2] AS words", "row 1: words: must be text, a number, true or false, not list"),
        ("'a'::BLOB AS words", "not bytes"),
    ],
)
def test_what_is_no_plain_value_is_refused_by_its_place(parquet, column, reason):
    assert reason in refused(parquet(f"SELECT {ROW}, {column}"))


def test_a_file_that_was_cut_is_refused_in_one_line(parquet):
    path = parquet(f"SELECT {ROW}")
    path.write_bytes(path.read_bytes()[:100])

    assert "cannot be read as Parquet" in refused(path)


def test_a_bomb_is_stopped_by_what_comes_out_of_it(parquet, monkeypatch):
    monkeypatch.setattr(parquet_table, "ANY_CONTENTS", 2**20)
    path = parquet(f"SELECT {ROW}, repeat('x', 100_000) AS \"text\" FROM range(2000)")

    assert path.stat().st_size < 2**20
    assert "far more text than its size allows" in refused(path)


def test_too_many_rows_are_refused(parquet, monkeypatch):
    monkeypatch.setattr(parquet_table, "MOST_ROWS", 3)

    assert "more than 3 rows" in refused(parquet(f"SELECT {ROW} FROM range(5)"))


def test_without_duckdb_it_is_said_what_to_install(parquet, monkeypatch):
    path = parquet(f"SELECT {ROW}")
    monkeypatch.setitem(sys.modules, "duckdb", None)

    assert refused(path) == "s.parquet: needs duckdb, which is not installed: pip install 'thinktop[data]'"
