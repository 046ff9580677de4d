"""Accuracy by budget for problems of each difficulty: who gains from thinking longer, the easy or the hard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.analysis.wording import counted
from core.figures.model import Figure, Point, Series
from core.figures.spending import PERCENT, spending_axis

if TYPE_CHECKING:
    from core.analysis.difficulty import Difficulty
    from core.figures.model import Colour

_LOOKS: tuple[tuple[str, Colour], ...] = (
    ("●", "sky"), ("■", "green"), ("▲", "yellow"), ("▼", "orange"), ("◆", "vermilion"), ("○", "purple"),
)  # fmt: skip

_SMALL = "few problems each: intervals in `curve --json`"


def difficulty_figure(difficulty: Difficulty | None, *, log: bool = True) -> Figure:
    """A line for each bin, from the easiest to the hardest, at the tokens that its problems took."""
    series: list[Series] = []
    for number, one in enumerate(difficulty.bins if difficulty else ()):
        marker, colour = _LOOKS[number % len(_LOOKS)]
        points = sorted(
            (Point(at.tokens, at.accuracy) for at in one.points if at.tokens),
            key=lambda point: point.x,
        )
        last = difficulty is not None and number == len(difficulty.bins) - 1
        name = "1 easiest" if number == 0 else f"{number + 1} hardest" if last else str(number + 1)
        series.append(Series(name, marker, colour, tuple(points), line=True))
    notes = []
    if difficulty is not None:
        notes.append(f"bins made by {difficulty.method}: never of the draws that they report; {_SMALL}")
        if difficulty.left_out:
            notes.append(f"{counted(difficulty.left_out, 'problem')} left out: no sample under some budget")
    else:
        notes.append("difficulty needs 5 problems with a sample under every budget, and 2 budgets or 2 draws each")
    return Figure(
        title="accuracy against tokens used, by difficulty",
        x=spending_axis("tokens", (point.x for one in series for point in one.points), log=log),
        y=PERCENT,
        series=tuple(series),
        notes=tuple(notes),
    )
