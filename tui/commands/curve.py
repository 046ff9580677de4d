"""`thinktop curve`: the numbers behind the figures, for people, scripts (`--json`) and spreadsheets (`--csv`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.interchange.csv_file import write_csv
from core.store.opening import reading
from core.store.runs import find_run
from tui.cli.options import JsonOption, Runs, StoreOption, place_of
from tui.console import print_json, stderr, stdout
from tui.pages.curve_table import csv_fields, csv_rows, curve_table, footnotes, run_line

if TYPE_CHECKING:
    from pathlib import Path

    from core.reading import ReadRun

CsvOption = Annotated[bool, Parameter(name="--csv", negative="", help="Print comma-separated values.")]


def curve(*runs: Runs, store: StoreOption = None, csv: CsvOption = False, json: JsonOption = False) -> int:
    """Accuracy at each budget with its intervals, tokens, dollars and overrun, and what votes among k draws earn.

    Into a spreadsheet: thinktop curve aime-2024 --csv > curve.csv
    """
    if csv and json:
        raise UsageError("curve prints --json or --csv, not both")
    from core.reading import curve_json  # noqa: PLC0415 - imports numpy

    read = read_runs(store, runs)
    if json:
        print_json(curve_json(read))
        return 0
    if csv:
        write_csv(sys.stdout, csv_fields(read), csv_rows(read))
        return 0
    out = stdout()
    for number, one in enumerate(read):
        if number:
            out.print()
        out.print(run_line(one))
        if one.conditions:
            out.print(curve_table(one.conditions, out.width))
        for line in footnotes(one):
            stderr().print(line, style="dim")
    return 0


def read_runs(store: Path | None, runs: tuple[str, ...]) -> list[ReadRun]:
    """The runs that are meant, read at one instant; the newest where none is named, each once."""
    from core.reading import read_run  # noqa: PLC0415 - imports numpy

    with reading(place_of(store)) as db:
        meant = dict.fromkeys(find_run(db, run) for run in (runs or (None,)))
        return [read_run(db, run_id) for run_id in meant]
