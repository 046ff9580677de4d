"""Rows as lines of JSON, in ASCII: nothing in them can drive a terminal, and lone surrogates survive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

    from core.vocabulary import Json


def write_jsonl(file: TextIO, rows: Iterable[Mapping[str, Json]]) -> int:
    """How many lines were written."""
    written = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n")
        written += 1
    return written
