"""Reads problems from where the config says: the generator, a file, the hub. Each reader has its own file."""

from __future__ import annotations

from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.problems import builtin, files, hub
from core.problems.parquet import parquet_rows
from core.problems.rows import Row, meant
from core.problems.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.vocabulary import Problem

_BUILTIN = "builtin:"
_COMPETITION = f"{_BUILTIN}competition"


def read_problems(
    source: str,
    *,
    directory: Path,
    question_field: str = "problem",
    answer_field: str = "answer",
    id_field: str | None = None,
    cluster_field: str | None = None,
    where: Mapping[str, str] | None = None,
    limit: int | None = None,
    seed: int = 0,
    revision: str | None = None,
    split: str | None = None,
) -> list[Problem]:
    """The problems of a source, in its order, at least one, each with an id of its own.

    Args:
        source: `builtin:competition`, a `.jsonl`, `.ndjson`, `.csv` or `.parquet` file, or `hf://OWNER/NAME`.
        directory: Where a relative path starts.
        question_field: The field with the question; this and the other fields mean nothing to the generator.
        answer_field: The field with the known answer: text, or a number.
        id_field: The field with the id; without it, an id is 12 hex digits of the question's SHA-256.
        cluster_field: The field with what belongs together; a row where it is empty stands for itself.
        where: Keeps the rows whose field contains the text, for every pair (case matters).
        limit: Problems at most, counted after `where`; None is all, and 30 for the generator.
        seed: The generator's; files are read in their order, whatever it is.
        revision: Of a hub data set: a branch, tag or commit; None is its main branch.
        split: Of a hub data set, where it has several.

    Raises:
        UsageError: the source cannot be used as it is, with file, line and what to do.
        ThinktopError: the hub cannot be reached.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"problems.limit: must be at least 1 (got {limit})")
    hub_only = {"revision": revision, "split": split}
    for option, value in hub_only.items():
        if value is not None and not source.startswith(hub.SCHEME):
            raise UsageError(f"{source}: problems.{option} is for hf:// sources only; remove it")
    if source.startswith(_BUILTIN):
        return _built_in(source, where, limit, seed)
    selection = Selection(question_field, answer_field, id_field, cluster_field, dict(where or {}), limit)
    if source.startswith(hub.SCHEME):
        found = hub.hub_files(source, revision, split)
        rows: Iterator[Row] = chain.from_iterable(_rows(path, f"{source}/{name}", selection) for name, path in found)
    else:
        _suffix(source)  # a kind of file that is not read is told before whether it is there
        rows = _rows(files.local_file(source, directory), source, selection)
    return select(rows, selection, source)


def _built_in(source: str, where: Mapping[str, str] | None, limit: int | None, seed: int) -> list[Problem]:
    """The generator's problems."""
    if source != _COMPETITION:
        raise UsageError(f"{source}: no such source{meant(source, [_COMPETITION])}; the built-in one is {_COMPETITION}")
    if where:
        raise UsageError(f"{source}: problems.where is for sources with fields, and this has none; remove it")
    return builtin.competition(builtin.DEFAULT_LIMIT if limit is None else limit, seed)


def _rows(path: Path, source: str, selection: Selection) -> Iterator[Row]:
    """The rows of a file that is on this machine; the source's suffix says how to read it."""
    suffix = _suffix(source)
    if suffix == ".parquet":
        return parquet_rows(path, source, selection.options)
    if suffix == ".csv":
        return files.csv_rows(path, source, selection.options)
    return files.jsonl_rows(path, source)


def _suffix(source: str) -> str:
    """The suffix of a file that can be read."""
    suffix = PurePosixPath(source).suffix.lower()
    if suffix not in hub.FORMATS:
        raise UsageError(
            f"{source}: not a kind of file that is read; problems.source is one of {', '.join(hub.FORMATS)}, "
            f"{_COMPETITION} or hf://OWNER/NAME"
        )
    return suffix
