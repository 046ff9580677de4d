"""The rows of a Parquet file through duckdb (extra `data`), with all of its columns, in bounded pieces.

duckdb is given a bound on its memory and no disk to spill to. What the file says of its own sizes is not believed:
values are counted as they come.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from glob import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

from core.extra_data import OFFLINE, duckdb_for
from core.interchange.importing.facts import LONGEST_TEXT, refuse
from core.interchange.importing.sources import ANY_CONTENTS, MOST_ROWS, MOST_UNPACKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.interchange.importing.sources import Source

MAGIC = b"PAR1"

_AT_ONCE = 64
"""Rows that are unpacked at once: each of their texts may be long."""
_BOUNDED = {**OFFLINE, "memory_limit": "2GB", "temp_directory": "", "threads": "1"}


def parquet_rows(source: Source) -> Iterator[tuple[str, Any]]:
    """The rows, by the names of the file's columns, as JSON would have them: decimals and times are text.

    Raises:
        UsageError: duckdb is not installed, the file is no Parquet, or it holds too much or what is no plain value.
    """
    duckdb = duckdb_for(source.name)
    left = ANY_CONTENTS + MOST_UNPACKED * source.state.st_size
    number = 0
    try:
        with closing(duckdb.connect(config=_BOUNDED)) as connection:
            # A folder called `x=1` is no column.
            table = "FROM read_parquet(?, hive_partitioning = false)"
            found = connection.execute(table, [escape(str(source.path))])
            names = [column[0] for column in found.description]
            while batch := found.fetchmany(_AT_ONCE):
                for values in batch:
                    number += 1
                    where = f"{source.name}: row {number}"
                    if number > MOST_ROWS:
                        refuse(source.name, f"has more than {MOST_ROWS:,} rows")
                    row = {name: _plain(value, f"{where}: {name}") for name, value in zip(names, values, strict=True)}
                    left -= sum(len(value) for value in row.values() if isinstance(value, str))
                    if left < 0:
                        refuse(source.name, "holds far more text than its size allows for")
                    yield where, row
    except duckdb.Error as error:
        refuse(source.name, f"cannot be read as Parquet: {str(error).strip().splitlines()[0]}")


def _plain(value: Any, where: str) -> str | float | bool | None:
    """A value as JSON would have it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        refuse(where, f"{value} is no number")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        refuse(where, f"is longer than {LONGEST_TEXT:,} characters")
    if not isinstance(value, str | float | int | None):
        refuse(where, f"must be text, a number, true or false, not {type(value).__name__}")
    return value
