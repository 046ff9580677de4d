"""Accuracy against what was spent to get it: the figure that a sweep is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.model import Figure, Point, Series
from core.figures.spending import (
    PERCENT,
    asked_points,
    credit_points,
    lines_of,
    spending_axis,
    spending_title,
    spent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve
    from core.figures.spending import Lines, Spending


def accuracy_figure(curves: Sequence[ConditionCurve], x: Spending = "tokens", *, log: bool = True) -> Figure:
    """Accuracy against what was spent to get it, with 95 % intervals; a series per label, and one for its votes.

    The votes are those of the label's largest budget: k votes cost k times what one sample cost, in seconds as if asked
    one after another. Conditions without a sample, or without a price where `x` is cost, are left out.

    Args:
        curves: conditions of one or more runs.
        x: tokens used, dollars or seconds, each a mean per problem.
        log: a logarithmic axis; else a linear one.
    """
    series: list[Series] = []
    for lines in lines_of(curves, x):
        votes = vote_points(lines, x)
        series.append(Series(lines.asked_name, lines.shapes[0], lines.colour, asked_points(lines, x), line=True))
        if votes:
            series.append(Series(lines.votes_name, lines.shapes[1], lines.votes_colour, votes, line=True))
    return Figure(
        title=spending_title(x),
        x=spending_axis(x, (point.x for one in series for point in one.points), log=log),
        y=PERCENT,
        series=tuple(series),
    )


def vote_points(lines: Lines, x: Spending) -> tuple[Point, ...]:
    """Votes of the largest budget, joined to its own point; nothing where there is no vote of two or more."""
    largest = lines.curves[-1]
    one = spent(largest, x)
    votes = credit_points([at for at in largest.maj_at if at.k > 1], one)
    return (Point(one, largest.accuracy or 0.0, marked=False), *votes) if votes else ()
