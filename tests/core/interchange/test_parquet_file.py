import sys
from decimal import Decimal

import pytest

from core.errors import UsageError
from core.interchange.parquet_file import TYPES, write_parquet
from core.interchange.sample_rows import FIELDS, TEXT_FIELDS, Rows
from core.store.opening import reading
from core.store.progress import run_row


def read_back(path):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as db:
        found = db.execute("FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def written(tmp_path, *runs):
    path = tmp_path / "s.parquet"
    with reading(runs[0].place) as db, path.open("wb") as file:
        rows = Rows(db, tuple(run_row(db, run.id) for run in runs), texts=True)
        count = write_parquet(file, rows.fields, rows)
    return count, read_back(path)


def test_numbers_stay_numbers_and_money_is_exact(book, tmp_path):
    pytest.importorskip("duckdb")
    run = book(budgets=(100, "low"))
    run.keep("p1", 100, 0, right=True, pico=123_456_789_012)
    run.keep("p1", "low", 0, None, pico=None)

    count, (first, second) = written(tmp_path, run)

    assert count == 2
    assert tuple(first) == FIELDS + TEXT_FIELDS
    assert (first["cost_usd"], second["cost_usd"]) == (Decimal("0.123456789012"), None)
    assert (first["right"], first["draw"], first["seconds"], first["budget"]) == (True, 0, 2.0, "100")
    assert (second["answer"], second["budget"]) == (None, "low")


def test_hostile_texts_survive(book, tmp_path):
    pytest.importorskip("duckdb")
    hostile = "\x1b]0;owned\x07\x00 'quoted' \u202e\udc80 😀"
    run = book()
    run.keep("p1", 100, 0, text=hostile, reasoning="x" * 200_000)

    _, (row,) = written(tmp_path, run)

    assert row["text"] == hostile.replace("\udc80", "\\udc80")
    assert len(row["reasoning"]) == 200_000


def test_a_run_without_samples_is_a_table_without_rows(book, tmp_path):
    pytest.importorskip("duckdb")

    assert written(tmp_path, book()) == (0, [])


def test_every_typed_column_is_one_of_a_sample():
    assert set(TYPES) < set(FIELDS)


def test_the_extra_is_named_where_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with (tmp_path / "s.parquet").open("wb") as file, pytest.raises(UsageError, match=r"thinktop\[data\]"):
        write_parquet(file, FIELDS, [])
