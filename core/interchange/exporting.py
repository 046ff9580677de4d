"""Runs as a file whose name says the format: samples (.csv, .jsonl) or a report (.md). Used by shell and screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.interchange.fresh_file import fresh_file
from core.store.progress import run_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from core.store.place import Place

SUFFIXES = {
    ".csv": "a row for each sample",
    ".jsonl": "a line of JSON for each sample, texts included",
    ".md": "a report",
}


def export_runs(
    connection: sqlite3.Connection,
    place: Place,
    run_ids: Sequence[int],
    path: Path,
    *,
    texts: bool = True,
    force: bool = False,
) -> int:
    """How many samples, or runs of a report, were written to a new file.

    Args:
        connection: to a store, within one transaction.
        place: that store.
        run_ids: the runs, in the order of the file.
        path: the file; its suffix is one of SUFFIXES.
        texts: whether .jsonl has the texts of answers.
        force: whether a file that stands there is replaced.

    Raises:
        UsageError: something stands there, or nothing can be written there.
    """
    with fresh_file(path, force=force) as file:
        return _write(file, path.suffix.lower(), connection, place, run_ids, texts=texts)


def _write(
    file: TextIO, suffix: str, connection: sqlite3.Connection, place: Place, run_ids: Sequence[int], *, texts: bool
) -> int:
    if suffix == ".md":
        from core.interchange.markdown import report_of, write_markdown  # noqa: PLC0415 - imports numpy
        from core.watching import status  # noqa: PLC0415 - for a report only

        return write_markdown(file, (report_of(connection, status(connection, place, run_id)) for run_id in run_ids))
    from core.interchange.sample_rows import Rows  # noqa: PLC0415 - only for these

    runs = tuple(run_row(connection, run_id) for run_id in run_ids)
    if suffix == ".csv":
        from core.interchange.csv_file import write_csv  # noqa: PLC0415 - only what is asked for

        rows = Rows(connection, runs, texts=False)
        return write_csv(file, rows.fields, rows)
    from core.interchange.jsonl_file import write_jsonl  # noqa: PLC0415 - as above

    return write_jsonl(file, Rows(connection, runs, texts=texts))
