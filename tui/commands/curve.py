"""`thinktop curve`: the numbers behind the figures, for people, scripts (`--json`) and spreadsheets (`--csv`)."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.interchange.csv_file import write_csv
from core.store.opening import reading
from core.store.runs import find_run
from tui.cli.options import JsonOption, Runs, StoreOption, place_of
from tui.console import print_json, stderr, stdout
from tui.pages.curve_table import csv_fields, csv_rows, curve_table, footnotes, run_line
from tui.pages.findings import findings, table_of

MarginOption = Annotated[
    float | None,
    Parameter(name="--margin", help="Accuracy that counts as no gain; default: what the run was started with, 0.02."),
]
CsvOption = Annotated[bool, Parameter(name="--csv", negative="", help="Print comma-separated values.")]

_WIDEST = 0.5
"""Margin at most: half of all that there is."""


def curve(
    *runs: Runs,
    store: StoreOption = None,
    margin: MarginOption = None,
    csv: CsvOption = False,
    json: JsonOption = False,
) -> int:
    """Accuracy at each budget with its intervals, tokens, dollars and overrun, and what follows from it.

    Into a spreadsheet: thinktop curve aime-2024 --csv > curve.csv
    """
    if csv and json:
        raise UsageError("curve prints --json or --csv, not both")
    if margin is not None and not 0 < margin <= _WIDEST:
        raise UsageError(f"curve --margin: must be above 0 and at most {_WIDEST} (got {margin:g}); 0.02 is two points")
    from core.studying import read_study  # noqa: PLC0415 - imports numpy

    with reading(place_of(store)) as db:
        meant = list(dict.fromkeys(find_run(db, run) for run in (runs or (None,))))
        reads, study = read_study(db, meant, margin=margin)
    if json:
        from core.study_json import study_json  # noqa: PLC0415 - as above

        print_json(study_json(reads, study))
        return 0
    if csv:
        write_csv(sys.stdout, csv_fields(reads), csv_rows(reads))
        return 0
    out = stdout()
    for one in reads:
        out.print(run_line(one))
        if one.conditions:
            out.print(curve_table(one.conditions, out.width))
        for line in footnotes(one):
            stderr().print(line, style="dim")
        out.print()
    out.print(table_of(findings(study)))
    return 0
