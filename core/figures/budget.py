"""What became of the tokens that were asked for: used against asked, beside the line where both are equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.figures.model import Axis, Figure, Point, Region, Series
from core.figures.spending import lines_of, span, why_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve

ON_BUDGET = "\N{MULTIPLICATION SIGN}1"
"""The line of overrun 1: used what was asked."""


LISTENS = "listens"
"""The region of budgets that the model follows."""


def budget_figure(
    curves: Sequence[ConditionCurve],
    *,
    log: bool = True,
    listens: tuple[float, float] | None = None,
    focus: bool = False,
    notes: Sequence[str] = (),
) -> Figure:
    """Tokens used against tokens asked for: medians with quartiles, beside the line where both are equal (x1).

    Only conditions whose budget is a number of tokens; effort levels have no place on this axis. Where a source gives a
    mean only, that stands for the median.

    Args:
        curves: conditions of one or more runs.
        log: logarithmic axes; else linear ones.
        listens: from which budget to which the model listens, if it is one label.
        focus: whether the axes keep to that range.
        notes: sentences below.
    """
    series: list[Series] = []
    for lines in lines_of([curve for curve in curves if curve.budget_tokens]):
        points = tuple(point for point in map(_used, lines.curves) if not focus or _within(point.x, listens))
        series.append(Series(lines.asked_name, lines.shapes[0], lines.colour, points, line=True))
    left, right = span((point.x for one in series for point in one.points), log=True)
    ends = [y for one in series for point in one.points for y in (point.y, point.low, point.high) if y]
    # In focus the line of what was asked may lie far below, and is let go.
    low, high = span(ends if focus else [*ends, *(point.x for one in series for point in one.points)], log=True)
    if series:
        series.append(Series(ON_BUDGET, "", "grey", (Point(left, left), Point(right, right)), line=True))
    made = Figure(
        title="tokens used against tokens asked for",
        x=Axis("tokens asked for", "log2", left, right),
        y=Axis("tokens used", "log2", low, high),
        series=tuple(series),
        regions=(Region(LISTENS, *listens),) if listens else (),
        notes=tuple(notes) if series else no_budgets(curves),
    )
    if log:
        return made
    return replace(made, x=replace(made.x, scale="linear", low=0.0), y=replace(made.y, scale="linear", low=0.0))


def no_budgets(curves: Sequence[ConditionCurve]) -> tuple[str, ...]:
    """Why a figure of tokens asked for is empty, if it is not for want of samples."""
    return ("no budget here is a number of tokens",) if lines_of(curves) else why_empty(curves, "tokens")


def _used(curve: ConditionCurve) -> Point:
    asked, over = float(curve.budget_tokens or 0), curve.overrun
    if over is None:
        return Point(asked, curve.mean_completion_tokens or 0.0)
    return Point(asked, over.median * asked, over.q1 * asked, over.q3 * asked)


def _within(asked: float, listens: tuple[float, float] | None) -> bool:
    return listens is None or listens[0] <= asked <= listens[1]
