"""What came of a run, for the end of a command: a table of its conditions, and the curve where there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.analysis.figures import accuracy_figure
from core.money import UNPRICED, dollars, picodollars
from core.reading import ReadCurve, read_run
from core.store.opening import reading
from core.visible import visible_line
from tui import amounts
from tui.plotting.terminal import draw
from tui.tables import LABEL, SIMULATED, STRONG, VOTES, numbers, plain_table, words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from core.reading import ReadRun
    from core.store.place import Place

_HEIGHT = 18
"""Lines of the curve."""
_LEAST_WIDTH, _MOST_WIDTH = 50, 100
_LABEL_WIDTH = 20


def print_result(console: Console, place: Place, run_id: int) -> None:
    """Print the conditions of a run, and accuracy against tokens used."""
    with reading(place) as db:
        read = read_run(db, run_id)
    console.print(_title(read))
    console.print(_table(read))
    curves = [one.curve for one in read.conditions]
    width = min(console.width, _MOST_WIDTH)
    if width >= _LEAST_WIDTH and any(one.samples for one in curves):
        console.print()
        colour = console.is_terminal and not console.no_color
        console.print(draw(accuracy_figure(curves), width, _HEIGHT, colour=colour), soft_wrap=True)


def _title(read: ReadRun) -> Text:
    title = Text(visible_line(read.run.name), STRONG)
    if read.run.simulated:
        title.append("  SIMULATED", SIMULATED)
    return title


def _table(read: ReadRun) -> Table:
    labels = len({one.curve.label for one in read.conditions}) > 1
    voted = any(at.k > 1 for one in read.conditions for at in one.curve.maj_at)
    table = plain_table()
    if labels:
        words(table, "label", most=_LABEL_WIDTH)
    numbers(table, ["budget", "draws", "accuracy", "95%", "tokens", "overrun", "$/sample"])
    if voted:
        numbers(table, ["votes"], VOTES)
    numbers(table, ["failed"] if any(one.curve.missing for one in read.conditions) else [])
    for one in read.conditions:
        row = [visible_line(one.curve.label)] if labels else []
        row += _figures(one)
        if voted:
            row.append(_votes(one))
        if any(other.curve.missing for other in read.conditions):
            row.append(str(one.curve.missing))
        table.add_row(*(Text(cell, LABEL if cell == amounts.NOTHING else "") for cell in row))
    return table


def _figures(one: ReadCurve) -> list[str]:
    curve = one.curve
    ends = amounts.NOTHING if curve.ci95 is None else "–".join(amounts.points(end) for end in curve.ci95)
    unpriced = UNPRICED if curve.samples else amounts.NOTHING
    return [
        amounts.budget(curve.budget),
        f"{curve.samples:,}/{curve.draws:,}",
        amounts.share(curve.accuracy),
        ends,
        amounts.tokens(curve.mean_completion_tokens),
        amounts.times(curve.overrun.median if curve.overrun else None),
        unpriced if curve.mean_cost_usd is None else dollars(picodollars(curve.mean_cost_usd)),
    ]


def _votes(one: ReadCurve) -> str:
    """Accuracy of the vote among the most samples, with how many they are."""
    if not one.curve.maj_at or one.curve.maj_at[-1].k == 1:
        return amounts.NOTHING
    at = one.curve.maj_at[-1]
    return f"{amounts.share(at.value)} @{at.k}"
