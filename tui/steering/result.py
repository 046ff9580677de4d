"""What came of a run, for the end of a command: a table of its conditions, what follows, and the curve if it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.accuracy import accuracy_figure
from core.store.opening import reading
from core.studying import read_study
from tui.pages.curve_table import curve_table, footnotes, run_line
from tui.pages.findings import findings, table_of
from tui.plotting.terminal import draw

if TYPE_CHECKING:
    from rich.console import Console

    from core.store.place import Place

_HEIGHT = 18
"""Lines of the curve."""
_LEAST_WIDTH, _MOST_WIDTH = 50, 100


def print_result(console: Console, place: Place, run_id: int) -> None:
    """Print the conditions of a run, its verdicts, and accuracy against tokens used."""
    with reading(place) as db:
        (read,), study = read_study(db, [run_id])
    console.print(run_line(read))
    console.print(curve_table(read.conditions, console.width))
    for line in footnotes(read):
        console.print(line, soft_wrap=True)
    if study.verdicts:
        console.print()
        console.print(table_of(findings(study)))
    curves = [one.curve for one in read.conditions]
    width = min(console.width, _MOST_WIDTH)
    if width >= _LEAST_WIDTH and any(one.samples for one in curves):
        console.print()
        colour = console.is_terminal and not console.no_color
        console.print(draw(accuracy_figure(curves), width, _HEIGHT, colour=colour), soft_wrap=True)
