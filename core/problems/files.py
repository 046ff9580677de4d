"""Reads JSON Lines and CSV, row by row, with the physical line of each row for messages.

Owns what is a usable text file: regular, UTF-8 (a byte order mark is tolerated), no NUL, no absurd size. What the
fields mean is `selection`'s business.
"""

from __future__ import annotations

import codecs
import csv
import json
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from core.errors import UsageError
from core.problems.rows import Row, meant, named, require_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_FILE = 2 * 1024**3
LONGEST_LINE = 64 * 1024**2
"""Bytes. A problem with its solution takes a few thousand; without a bound one bad file takes all memory."""


def local_file(source: str, directory: Path) -> Path:
    """The regular file that a source means, relative to the directory.

    Raises:
        UsageError: there is none, or it is something else, or too large.
    """
    try:
        path = directory / Path(source).expanduser()
        size = path.stat().st_size
    except FileNotFoundError:
        raise UsageError(f"{source}: no such file in {path.parent}{meant(path.name, _names_in(path.parent))}") from None
    except (OSError, RuntimeError, ValueError) as error:  # permission; ~nobody; a NUL in the name
        raise UsageError(f"{source!r}: cannot be opened: {getattr(error, 'strerror', None) or error}") from error
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not a regular file"
        raise UsageError(f"{source}: is {what}; problems.source wants a .jsonl, .csv or .parquet file")
    if size > LARGEST_FILE:
        raise UsageError(f"{source}: {size:,} bytes; at most {LARGEST_FILE:,} are read. Keep the rows you need")
    return path


def _names_in(folder: Path) -> list[str]:
    """What is in a folder, as far as can be seen."""
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def jsonl_rows(path: Path, source: str) -> Iterator[Row]:
    """Each line's object; blank lines are passed over. Numbers with a point are `Decimal`s, exact."""
    for number, line in _lines(path, source):
        if line.strip():
            place = f"{source}:{number}"
            yield Row(place, _json_object(line, place))


def _json_object(line: str, place: str) -> dict[str, object]:
    """The object on a line."""

    def no_number(constant: str) -> NoReturn:
        raise UsageError(f"{place}: {constant} is not JSON; write a number or text")

    def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            raise UsageError(f"{place}: a field stands there twice: {named([name for name, _ in pairs])}; keep one")
        return fields

    try:
        found = json.loads(line, parse_float=Decimal, parse_constant=no_number, object_pairs_hook=no_repeats)
    except json.JSONDecodeError as error:
        raise UsageError(f"{place}: not JSON: {error.msg} (column {error.colno}); each line is one object") from error
    except (RecursionError, ArithmeticError, ValueError) as error:  # nested too deep; numbers of absurd length
        raise UsageError(f"{place}: JSON that cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{place}: not a JSON object; JSON Lines has one object per line, with no list around them")
    return found


def csv_rows(path: Path, source: str, options: Mapping[str, str]) -> Iterator[Row]:
    """Each record under the header's names, placed by the line it begins on; blank lines are passed over.

    Raises:
        UsageError: a record is no CSV or has other fields than the header, or the header lacks a field in use.
    """
    # The module's own limit (128 KiB) is process-wide and refuses long solutions; lines and files are bounded here.
    csv.field_size_limit(LARGEST_FILE)
    reader = csv.reader((line for _, line in _lines(path, source)), strict=True)
    header: list[str] | None = None
    while True:
        begins = reader.line_num + 1
        place = f"{source}:{begins}"
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(f"{place}: not CSV: {error} (the record ends on line {reader.line_num})") from error
        if not record:
            continue
        if header is None:
            header = [name.strip() for name in record]
            if len(set(header)) < len(header):
                raise UsageError(f"{place}: the header has a name twice: {named(header)}; names must differ")
            for option, name in options.items():
                require_field(place, option, name, header)
        elif len(record) != len(header):
            raise UsageError(
                f"{place}: {len(record)} fields, but the header has {len(header)} ({named(header)}); "
                "quote fields that hold a comma"
            )
        else:
            yield Row(place, dict(zip(header, record, strict=True)))


def _lines(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """The lines, numbered from 1, with their ends. Only a newline ends one: U+2028 and its like occur in questions."""
    try:
        with path.open("rb") as file:
            for number in count(1):
                raw = file.readline(LONGEST_LINE + 1)
                if not raw:
                    return
                if len(raw) > LONGEST_LINE:
                    raise UsageError(f"{source}:{number}: a line of more than {LONGEST_LINE:,} bytes; shorten it")
                if b"\0" in raw and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise UsageError(f"{source}:{number}: a NUL byte: this is no text file, or a damaged one")
                yield number, raw.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{source}:{number}: not UTF-8 (byte {error.start + 1} of the line); save the file as UTF-8"
        ) from error
    except OSError as error:
        raise UsageError(f"{source}: cannot be read: {error.strerror}") from error
