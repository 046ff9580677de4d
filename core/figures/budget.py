"""What became of the tokens that were asked for: used against asked, beside the line where both are equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.figures.model import Axis, Figure, Point, Series
from core.figures.spending import lines_of, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve

ON_BUDGET = "\N{MULTIPLICATION SIGN}1"
"""The line of overrun 1: used what was asked."""


def budget_figure(curves: Sequence[ConditionCurve], *, log: bool = True) -> Figure:
    """Tokens used against tokens asked for: medians with quartiles, beside the line where both are equal (x1).

    Only conditions whose budget is a number of tokens; effort levels have no place on this axis.
    """
    budgets = [curve for curve in curves if curve.budget_tokens and curve.overrun]
    series: list[Series] = []
    for lines in lines_of(budgets):
        points = tuple(
            Point(asked, over.median * asked, over.q1 * asked, over.q3 * asked)
            for asked, over in ((curve.budget_tokens, curve.overrun) for curve in lines.curves)
            if asked and over
        )
        series.append(Series(lines.asked_name, lines.shapes[0], lines.colour, points, line=True))
    left, right = span((point.x for one in series for point in one.points), log=True)
    ends = [y for one in series for point in one.points for y in (point.x, point.y, point.low, point.high) if y]
    low, high = span(ends, log=True)
    if series:
        series.append(Series(ON_BUDGET, "", "grey", (Point(left, left), Point(right, right)), line=True))
    made = Figure(
        title="tokens used against tokens asked for",
        x=Axis("tokens asked for", "log2", left, right),
        y=Axis("tokens used", "log2", low, high),
        series=tuple(series),
    )
    if log:
        return made
    return replace(made, x=replace(made.x, scale="linear", low=0.0), y=replace(made.y, scale="linear", low=0.0))
