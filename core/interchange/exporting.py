"""Runs as a file whose name says the format: samples, a report, or a bundle to share. Used by shell and screens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.interchange.fresh_file import fresh_binary_file, fresh_file
from core.interchange.withholding import EVERYTHING
from core.store.progress import run_row
from core.visible import visible_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from core.interchange.inspect_json import ConditionLog
    from core.interchange.sample_rows import Rows
    from core.interchange.withholding import Share
    from core.store.place import Place

SUFFIXES = {
    ".csv": "a row for each sample",
    ".jsonl": "a line of JSON for each sample, texts included",
    ".parquet": "a row for each sample, texts included",
    ".json": "a log that Inspect AI reads, for each condition",
    ".html": "a report with figures, on one page",
    ".md": "a report",
    ".tex": "the tables of a report, for LaTeX",
    ".zip": "a bundle to share: everything, without keys",
}
REPORTS = (".html", ".md", ".tex")
WITH_TEXTS = (".jsonl", ".parquet", ".json", ".zip")
"""Those that hold what models wrote, unless told to leave it out."""

_STEM = 40
"""Characters of a label in a file's name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    files: tuple[Path, ...]
    written: int
    """Samples, or runs of a report."""


def export_runs(
    connection: sqlite3.Connection,
    place: Place,
    run_ids: Sequence[int],
    path: Path,
    *,
    share: Share = EVERYTHING,
    force: bool = False,
) -> Exported:
    """Write runs to a new file, or to several beside each other where the format holds one condition only.

    Args:
        connection: to a store, within one transaction.
        place: that store.
        run_ids: the runs, in the order of the file.
        path: the file; its suffix is one of SUFFIXES. Logs of several conditions are called after it and after their
            run, label and budget: `log-o1-mini-2048.json`.
        share: what is left out.
        force: whether a file that stands there is replaced.

    Raises:
        UsageError: something stands there, nothing can be written there, or an extra is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _export_logs(connection, run_ids, path, share=share, force=force)
    if suffix in REPORTS:
        written = _export_report(connection, place, run_ids, path, force=force)
    elif suffix == ".zip":
        from core.interchange.bundle import write_bundle  # noqa: PLC0415 - only what is asked for

        with fresh_binary_file(path, force=force) as file:
            written = write_bundle(file, connection, run_ids, share)
    else:
        written = _export_samples(connection, run_ids, path, share=share, force=force)
    return Exported((path,), written)


def _export_samples(
    connection: sqlite3.Connection, run_ids: Sequence[int], path: Path, *, share: Share, force: bool
) -> int:
    suffix = path.suffix.lower()
    rows = _rows(connection, run_ids, texts=share.texts and suffix != ".csv")
    if suffix == ".parquet":
        from core.interchange.parquet_file import write_parquet  # noqa: PLC0415 - only what is asked for

        with fresh_binary_file(path, force=force) as binary:
            return write_parquet(binary, rows.fields, rows)
    with fresh_file(path, force=force) as file:
        if suffix == ".csv":
            from core.interchange.csv_file import write_csv  # noqa: PLC0415 - as above

            return write_csv(file, rows.fields, rows)
        from core.interchange.jsonl_file import write_jsonl  # noqa: PLC0415 - as above

        return write_jsonl(file, rows)


def _rows(connection: sqlite3.Connection, run_ids: Sequence[int], *, texts: bool) -> Rows:
    from core.interchange.sample_rows import Rows  # noqa: PLC0415 - only what is asked for

    return Rows(connection, tuple(run_row(connection, run_id) for run_id in run_ids), texts=texts)


def _export_report(
    connection: sqlite3.Connection, place: Place, run_ids: Sequence[int], path: Path, *, force: bool
) -> int:
    from core.interchange.html import write_html  # noqa: PLC0415 - for a report only
    from core.interchange.markdown import write_markdown  # noqa: PLC0415 - as above
    from core.interchange.report import blocks_of, report_of  # noqa: PLC0415 - imports numpy
    from core.interchange.tex import write_tex  # noqa: PLC0415 - as above

    suffix = path.suffix.lower()
    with fresh_file(path, force=force) as file:
        blocks = blocks_of(report_of(connection, place, run_ids, drawn=suffix == ".html"))
        {".html": write_html, ".md": write_markdown, ".tex": write_tex}[suffix](file, blocks)
    return len(run_ids)


def _export_logs(
    connection: sqlite3.Connection, run_ids: Sequence[int], path: Path, *, share: Share, force: bool
) -> Exported:
    from core.interchange.inspect_json import logs_of, write_inspect  # noqa: PLC0415 - imports numpy

    logs = [log for run_id in run_ids for log in logs_of(connection, run_id, texts=share.texts)]
    if not logs:
        raise UsageError("there are no samples to write as a log: export published points as .md, .html, .csv or .zip")
    files = _names(path, logs)
    taken = next((file for file in files if file.exists() and not force), None)
    if taken is not None:
        name = visible_line(str(taken), 200)
        raise UsageError(f"{name}: is there already; choose another name, or replace it with --force")
    written = 0
    for log, place in zip(logs, files, strict=True):
        with fresh_file(place, force=force) as file:
            written += write_inspect(file, log)
    return Exported(tuple(files), written)


def _names(path: Path, logs: Sequence[ConditionLog]) -> list[Path]:
    """A file for each log, called after what it holds; no two the same."""
    if len(logs) == 1:
        return [path]
    several = len({log.run_id for log in logs}) > 1
    names: list[str] = []
    for log in logs:
        parts = [path.stem, *([str(log.run["name"])] if several else []), log.label, log.budget]
        stem = name = "-".join([parts[0], *map(_safe, parts[1:])])
        number = 2
        while name in names:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return [path.with_name(f"{name}{path.suffix}") for name in names]


def _safe(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text, flags=re.ASCII).strip(".-")[:_STEM] or "x"
