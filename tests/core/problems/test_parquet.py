from __future__ import annotations

import sys
from decimal import Decimal

import duckdb
import pytest

from core.errors import UsageError
from core.problems import read_problems

AIME_COLUMNS = "(id BIGINT, problem VARCHAR, solution VARCHAR, answer VARCHAR, url VARCHAR)"
PAGE = "the-wiki/index.php/{year}_AIME_{part}_Problems/Problem_{number}"


def write_parquet(path, rows, columns=AIME_COLUMNS):
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE data {columns}")
        connection.executemany(f"INSERT INTO data VALUES ({', '.join('?' * len(rows[0]))})", rows)
        connection.execute(f"COPY data TO '{path}' (FORMAT parquet)")


@pytest.fixture
def aime(tmp_path):
    """Ninety rows in the shape of the public data set of three years' contests."""
    places = [(year, part, number) for year in (2022, 2023, 2024) for part in ("I", "II") for number in range(1, 16)]
    rows = [
        (id_, f"Find {id_} in {year}.", "Look.\n" * 50, f"{id_:03d}", PAGE.format(year=year, part=part, number=number))
        for id_, (year, part, number) in enumerate(places)
    ]
    write_parquet(tmp_path / "train.parquet", rows)
    return tmp_path


def test_the_thirty_problems_of_2024_are_one_where_away(aime):
    problems = read_problems("train.parquet", directory=aime, id_field="id", where={"url": "2024"})

    assert [p.id for p in problems] == [str(n) for n in range(60, 90)]
    assert (problems[0].question, problems[0].answer) == ("Find 60 in 2024.", "060")


def test_the_limit_counts_what_where_left(aime):
    problems = read_problems("train.parquet", directory=aime, where={"url": "2023"}, limit=5)

    assert [p.answer for p in problems] == ["030", "031", "032", "033", "034"]


def test_rows_keep_the_order_of_the_file(tmp_path):
    with duckdb.connect() as connection:
        rows = "SELECT 'q' || i AS problem, i * 7919 % 5000 AS answer FROM range(5000) t(i)"
        connection.execute(f"COPY ({rows}) TO '{tmp_path}/a.parquet' (ROW_GROUP_SIZE 2048)")

    problems = read_problems("a.parquet", directory=tmp_path)

    assert [(p.question, p.answer) for p in problems] == [(f"q{i}", str(i * 7919 % 5000)) for i in range(5000)]


@pytest.mark.parametrize(("type_", "value", "answer"), [
    ("BIGINT", 10**18, "1" + "0" * 18), ("DOUBLE", 204.0, "204"), ("DOUBLE", 0.5, "0.5"),
    ("DECIMAL(9, 2)", Decimal("204.00"), "204"),
])  # fmt: skip
def test_numbers_of_any_type_become_their_digits(tmp_path, type_, value, answer):
    write_parquet(tmp_path / "a.parquet", [("q", value)], f"(problem VARCHAR, answer {type_})")

    assert read_problems("a.parquet", directory=tmp_path)[0].answer == answer


def test_a_name_with_quotes_or_wildcards_is_a_name(tmp_path):
    write_parquet(tmp_path / "a[1]*.parquet", [("q", "1")], '("the ""problem""" VARCHAR, answer VARCHAR)')
    write_parquet(tmp_path / "a1.parquet", [("other", "2")], '("the ""problem""" VARCHAR, answer VARCHAR)')

    (problem,) = read_problems("a[1]*.parquet", directory=tmp_path, question_field='the "problem"')

    assert problem.question == "q"


def test_a_folder_with_an_equals_sign_adds_no_column(tmp_path):
    (tmp_path / "answer=5").mkdir()
    write_parquet(tmp_path / "answer=5" / "a.parquet", [("q", "1")], "(problem VARCHAR, answer VARCHAR)")

    assert read_problems("answer=5/a.parquet", directory=tmp_path)[0].answer == "1"


def test_an_answer_that_is_null_is_refused_with_its_row(tmp_path):
    write_parquet(tmp_path / "a.parquet", [("q", "1"), ("r", None)], "(problem VARCHAR, answer VARCHAR)")

    with pytest.raises(UsageError, match=r"^a.parquet: row 2: 'answer' must be text or a number, not null$"):
        read_problems("a.parquet", directory=tmp_path)


def test_a_column_that_is_not_there_is_named_with_those_that_are(aime):
    with pytest.raises(
        UsageError, match=r"^train.parquet: no field 'Answer' \(problems.answer_field\), did you mean 'answer'"
    ):
        read_problems("train.parquet", directory=aime, answer_field="Answer")
    with pytest.raises(UsageError, match=r"no field 'yaer' .*; it has 'id', 'problem', 'solution', 'answer', 'url'$"):
        read_problems("train.parquet", directory=aime, where={"yaer": "2024"})


@pytest.mark.parametrize("content", [b"", b"hello", b"PAR1" + b"\0" * 100 + b"PAR1", b"problem,answer\nq,1\n" * 9])
def test_a_file_that_is_no_parquet_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)

    with pytest.raises(UsageError, match=r"^a.parquet: cannot be read as Parquet: [^\n]+$"):
        read_problems("a.parquet", directory=tmp_path)


def test_no_rows_are_refused(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'q' AS problem, 1 AS answer WHERE false) TO '{tmp_path}/a.parquet'")

    with pytest.raises(UsageError, match=r"^a.parquet: is empty"):
        read_problems("a.parquet", directory=tmp_path)


def test_without_the_extra_one_line_says_what_to_install(aime, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(UsageError, match=r"^train.parquet: needs duckdb, .*: pip install 'thinktop\[data\]'$"):
        read_problems("train.parquet", directory=aime)
