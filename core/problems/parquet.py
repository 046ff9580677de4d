"""Reads Parquet through duckdb (extra `data`): the wanted columns only, in the order of the file."""

from __future__ import annotations

from contextlib import closing
from glob import escape
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.extra_data import OFFLINE, duckdb_for
from core.problems.rows import Row, require_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_AT_ONCE = 1000


def parquet_rows(path: Path, source: str, options: Mapping[str, str]) -> Iterator[Row]:
    """The rows, with the fields that the options name; a row's place is its number, from 1.

    Raises:
        UsageError: duckdb is not installed, the file is no Parquet, or a field is not in it.
    """
    duckdb = duckdb_for(source)
    table = "read_parquet(?, hive_partitioning = false)"  # a folder called `x=1` is no column
    try:
        with closing(duckdb.connect(config=OFFLINE)) as connection:
            shape = connection.execute(f"SELECT * FROM {table} LIMIT 0", [escape(str(path))])
            there = [column[0] for column in shape.description]
            for option, name in options.items():
                require_field(source, option, name, there)
            wanted = list(dict.fromkeys(options.values()))
            columns = ", ".join('"' + name.replace('"', '""') + '"' for name in wanted)
            query = f"SELECT {columns} FROM {table}"
            rows = connection.execute(query, [escape(str(path))])
            number = 0
            while batch := rows.fetchmany(_AT_ONCE):
                for values in batch:
                    number += 1
                    yield Row(f"{source}: row {number}", dict(zip(wanted, values, strict=True)))
    except duckdb.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise UsageError(f"{source}: cannot be read as Parquet: {reason}") from error
