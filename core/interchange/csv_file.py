"""Rows as comma-separated values that a spreadsheet may open without obeying them.

Spreadsheets take a cell that begins with `= + - @`, a tab or a carriage return for a formula, and answers, names and
server messages are foreign; such cells get an apostrophe in front (OWASP, "CSV Injection"). Numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO

_COMMANDING = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def write_csv(file: TextIO, fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """How many rows were written below the line of names."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(fields)
    written = 0
    for row in rows:
        writer.writerow([cell(row[name]) for name in fields])
        written += 1
    return written


def cell(value: object) -> object:
    """A value as a cell: nothing for None, `true` and `false`, and no text that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_COMMANDING) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
