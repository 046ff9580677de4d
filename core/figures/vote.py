"""What many samples earn: a majority vote among k of them, and the best of them, against the tokens of all k."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.model import Figure, Point, Series
from core.figures.spending import PERCENT, asked_points, credit_points, lines_of, spending_axis, why_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve
    from core.figures.model import Colour, Reference
    from core.figures.spending import Lines, Spending

NO_VOTES = "no budget has two samples of every problem: there is no vote yet"
_TITLES: dict[Spending, str] = {
    "tokens": "votes against tokens of all samples",
    "cost": "votes against the cost of all samples",
    "seconds": "votes against time, one after another",
}


def vote_figure(
    curves: Sequence[ConditionCurve],
    x: Spending = "tokens",
    *,
    log: bool = True,
    references: Sequence[Reference] = (),
) -> Figure:
    """maj@k and pass@k of each label's largest budget that has votes, against k times what one sample takes.

    pass@k needs somebody who knows which answer is right; a vote does not. With one label the other budgets stand
    beside them, at one sample each.

    Args:
        curves: conditions of one or more runs.
        x: tokens, dollars or seconds, each a mean per problem.
        log: a logarithmic axis; else a linear one.
        references: what others found, in the unit of the axis.
    """
    series: list[Series] = []
    for lines in lines_of(curves, x):
        voted = voted_curve(lines)
        if voted is None:
            continue
        of = "" if lines.lone else f"{lines.name} "
        passing: tuple[str, Colour] = ("▲", "green") if lines.lone else (lines.shapes[0], lines.colour)
        series.append(
            Series(f"{of}maj@k", lines.shapes[1], lines.votes_colour, credit_points(voted, voted.maj_at, x), line=True)
        )
        # Intervals of both would lie over each other; pass@k only frames the vote.
        bare = tuple(Point(point.x, point.y) for point in credit_points(voted, voted.pass_at, x))
        if len(bare) > 1:
            series.append(Series(f"{of}pass@k", *passing, bare, line=True))
        if lines.lone:
            series.append(Series("asked", "●", "sky", asked_points(lines, x), line=True))
    places = [point.x for one in series for point in one.points]
    return Figure(
        title=_TITLES[x],
        x=spending_axis(x, places + [one.x for one in references if one.x is not None and series], log=log),
        y=PERCENT,
        series=tuple(series),
        references=tuple(references),
        notes=() if series else (NO_VOTES,) if lines_of(curves, x) else why_empty(curves, x),
    )


def voted_curve(lines: Lines) -> ConditionCurve | None:
    """The condition of the most thinking among those that have votes of two or more; None where there is none."""
    return next((curve for curve in reversed(lines.curves) if any(at.k > 1 for at in curve.maj_at)), None)
