"""What a foreign file is, by what is in it and not by what it is called; and the reader for that."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.interchange.importing.aggregate_file import is_aggregates, read_aggregates
from core.interchange.importing.bundle_file import MANIFEST, is_manifest, read_bundle
from core.interchange.importing.facts import parsed, refuse
from core.interchange.importing.inspect_log import HEADER, START, eval_samples, is_log, json_samples, read_log
from core.interchange.importing.parquet_table import MAGIC, parquet_rows
from core.interchange.importing.sample_table import csv_rows, json_lines, json_rows, read_table
from core.interchange.importing.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.interchange.importing.foreign import ForeignRun
    from core.interchange.importing.sources import Source

_ZIP = b"PK\x03\x04"
_REFUSED = (
    (b"\x80", "is a Python pickle, which can run anything when it is read; write its rows as JSON lines"),
    (b"SQLite format 3\0", "is a database; a thinktop store is named with --store"),
    (b"\x1f\x8b", "is packed by gzip; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is packed by zstd; unpack it first"),
    (b"BZh", "is packed by bzip2; unpack it first"),
    (b"\xfd7zXZ", "is packed by xz; unpack it first"),
    (b"7z\xbc\xaf", "is packed by 7-Zip; unpack it first"),
)


def read_file(path: Path, mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    """The runs in a foreign file, whatever its format is.

    Args:
        path: The file.
        mapping: What a person says of its columns, by our fields.

    Raises:
        UsageError: it is nothing that is read, or a value in it is not what it must be.
    """
    source = open_source(path)
    runs = _read(source, mapping)
    source.check_unchanged()
    return runs


def _read(source: Source, mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    head = source.head()
    for start, reason in _REFUSED:
        if head.startswith(start):
            refuse(source.name, reason)
    if head.startswith(_ZIP):
        return _from_zip(source, mapping)
    if head.startswith(MAGIC):
        return read_table(source, parquet_rows(source), mapping)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[":
        return _from_list(source, source.document(), mapping)
    if start == b"{":
        return _from_objects(source, mapping)
    if start == b"<":
        refuse(source.name, "is a page of HTML or XML; download the file that it shows")
    if b"\0" in head:
        refuse(source.name, "is no text and nothing that is read here: see `thinktop import --help`")
    return read_table(source, csv_rows(source), mapping)


def _from_zip(source: Source, mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    with source.archive() as archive:
        if HEADER in archive or START in archive:
            header, samples = eval_samples(archive, source.name)
            return (read_log(source, header, samples, mapping),)
        if MANIFEST not in archive or not is_manifest(archive.document(MANIFEST)):
            refuse(source.name, "is a zip, but neither an Inspect log nor a thinktop bundle")
        _take_no_mapping(source, mapping)
        return read_bundle(source, archive)


def _from_list(source: Source, document: Any, mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    if is_aggregates(document):
        _take_no_mapping(source, mapping)
        return (read_aggregates(source, document),)
    if not isinstance(document, list):
        refuse(source.name, "is not a list of rows")
    return read_table(source, json_rows(source, document), mapping)


def _from_objects(source: Source, mapping: Mapping[str, str]) -> tuple[ForeignRun, ...]:
    """A log, which is one object on however many lines, or an object a line."""
    number, line = next(source.lines())
    try:
        first = parsed(line, f"{source.name}: line {number}")
    except UsageError:
        document = source.document()
        if is_log(document):
            return (_log(source, document, mapping),)
        refuse(source.name, "is one JSON object, and no Inspect log")
    if is_log(first):
        return (_log(source, first, mapping),)
    rows = json_lines(source)
    next(rows)
    return read_table(source, chain([(f"{source.name}: line {number}", first)], rows), mapping)


def _log(source: Source, document: Any, mapping: Mapping[str, str]) -> ForeignRun:
    return read_log(source, document, json_samples(document.get("samples"), source.name), mapping)


def _take_no_mapping(source: Source, mapping: Mapping[str, str]) -> None:
    if mapping:
        refuse(source.name, f"has fields of its own, of which none is mapped (--map {next(iter(mapping))}=...)")
