"""Rows as Parquet through duckdb (extra `data`): numbers stay numbers, and money stays exact.

The rows go to duckdb as lines of JSON on disk, never all at once through memory.
"""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.errors import ThinktopError
from core.extra_data import OFFLINE, duckdb_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    from core.vocabulary import Json

TYPES = {
    "run_id": "BIGINT",
    "simulated": "BOOLEAN",
    "imported": "BOOLEAN",
    "draw": "BIGINT",
    "right": "BOOLEAN",
    "truncated": "BOOLEAN",
    "prompt_tokens": "BIGINT",
    "cached_tokens": "BIGINT",
    "completion_tokens": "BIGINT",
    "reasoning_tokens": "BIGINT",
    "cost_usd": "DECIMAL(20, 12)",
    "estimated": "BOOLEAN",
    "seconds": "DOUBLE",
}
"""The columns that are no text. A budget is text: it may be an effort level."""

_LEAST_OBJECT = 1 << 16
"""Bytes of a line that duckdb makes room for, at least."""

_GROUPS = "ROW_GROUP_SIZE 8192"
"""A group of rows is held in memory whole, and texts are long."""


def write_parquet(file: BinaryIO, fields: Sequence[str], rows: Iterable[Mapping[str, Json]]) -> int:
    """How many rows were written.

    Lone surrogates, which Parquet has no bytes for, are written as escapes.

    Raises:
        UsageError: duckdb is not installed.
        ThinktopError: duckdb could not write them: the disk is full, as a rule.
    """
    duckdb = duckdb_for("Parquet")
    with TemporaryDirectory(prefix="thinktop-") as folder:
        lines, made = Path(folder, "rows.jsonl"), Path(folder, "rows.parquet")
        written, longest = _write_lines(lines, rows)
        columns = ", ".join(f"{_quoted(name)}: {_quoted(TYPES.get(name, 'VARCHAR'))}" for name in fields)
        read = (
            f"read_json({_quoted(str(lines))}, format = 'newline_delimited', columns = {{{columns}}}, "
            f"maximum_object_size = {max(longest, _LEAST_OBJECT)})"
        )
        try:
            with closing(duckdb.connect(config={**OFFLINE, "threads": "1"})) as connection:
                connection.execute(
                    f"COPY (FROM {read}) TO {_quoted(str(made))} (FORMAT parquet, COMPRESSION zstd, {_GROUPS})"
                )
        except duckdb.Error as error:
            raise ThinktopError(f"Parquet cannot be written: {str(error).strip().splitlines()[0]}") from error
        with made.open("rb") as whole:
            shutil.copyfileobj(whole, file)
    return written


def _write_lines(path: Path, rows: Iterable[Mapping[str, Json]]) -> tuple[int, int]:
    """How many lines were written, and the bytes of the longest."""
    written = longest = 0
    with path.open("w", encoding="utf-8", errors="backslashreplace") as lines:
        for row in rows:
            whole = {name: _encodable(value) for name, value in row.items() if value is not None}
            line = json.dumps(whole, ensure_ascii=True, separators=(",", ":")) + "\n"
            lines.write(line)
            written, longest = written + 1, max(longest, len(line))
    return written, longest


def _encodable(value: Json) -> Json:
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
