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
from tui.pages import amounts
from tui.pages.curve_table import csv_fields, csv_rows, curve_table, footnotes, left_out, run_line
from tui.pages.findings import Line, findings, table_of

MarginOption = Annotated[
    float | None,
    Parameter(name="--margin", help="Accuracy that counts as no gain; default: what the run was started with, 0.02."),
]
VotesOption = Annotated[
    int | None,
    Parameter(
        name="--votes", help="Also what so many samples earn, over the problems that have them, with their number."
    ),
]
CsvOption = Annotated[bool, Parameter(name="--csv", negative="", help="Print comma-separated values.")]

_WIDEST = 0.5
"""Margin at most: half of all that there is."""


def curve(
    *runs: Runs,
    store: StoreOption = None,
    margin: MarginOption = None,
    votes: VotesOption = None,
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
    if votes is not None and votes < 1:
        raise UsageError(f"curve --votes: must be at least 1 (got {votes})")
    from core.studying import read_study, votes_over  # noqa: PLC0415 - imports numpy

    with reading(place_of(store)) as db:
        meant = list(dict.fromkeys(find_run(db, run) for run in (runs or (None,))))
        reads, study = read_study(db, meant, margin=margin)
        over = [] if votes is None else [one for run_id in meant for one in votes_over(db, run_id, votes)]
    if json:
        from core.study_json import study_json  # noqa: PLC0415 - as above

        asked = {} if votes is None else {"votes_over": [one.to_json() for one in over]}
        print_json(study_json(reads, study) | asked)
        return 0
    if csv:
        write_csv(sys.stdout, csv_fields(reads), csv_rows(reads))
        return 0
    out = stdout()
    for one in reads:
        out.print(run_line(one))
        if one.conditions:
            out.print(curve_table(one.conditions, out.width))
        for line in [*footnotes(one), *left_out(one.conditions, out.width)]:
            stderr().print(line, style="dim")
        out.print()
    asked_of = [Line("votes", one.words) for one in over if one.earned.problems]
    if votes is not None and not asked_of:
        asked_of = [Line("votes", f"no problem has {amounts.counted(votes, 'sample')}")]
    out.print(table_of([*findings(study), *asked_of]))
    return 0
