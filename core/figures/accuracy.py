"""Accuracy against what was spent to get it: the figure that a sweep is for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from core.figures.model import Figure, Point, Region, Series
from core.figures.spending import (
    PERCENT,
    asked_points,
    credit_points,
    lines_of,
    spending_axis,
    spending_title,
    spent,
    why_empty,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve
    from core.figures.model import Band, Reference
    from core.figures.spending import Lines, Spending

ASKED, VOTED, NO_GAINS = "asked to think longer", "majority vote", "no gains"
"""Names of the regions."""


class Trend(NamedTuple):
    """What is fitted to the only label."""

    lines: tuple[Series, ...]
    band: Band | None
    notes: tuple[str, ...] = ()


class Ends(NamedTuple):
    """From how many tokens on nothing more is gained; None where that is not shown."""

    thinking: float | None = None
    votes: float | None = None


def accuracy_figure(
    curves: Sequence[ConditionCurve],
    x: Spending = "tokens",
    *,
    log: bool = True,
    trend: Trend | None = None,
    ends: Ends | None = None,
    references: Sequence[Reference] = (),
    notes: Sequence[str] = (),
) -> Figure:
    """Accuracy against what was spent to get it, with 95 % intervals; a series per label, and one for its votes.

    The votes are those of the label's largest budget: k votes cost k times what one sample cost, in seconds as if asked
    one after another. Conditions without a sample, or without a price where `x` is cost, are left out.

    Args:
        curves: conditions of one or more runs.
        x: tokens used, dollars or seconds, each a mean per problem.
        log: a logarithmic axis; else a linear one.
        trend: over tokens, in place of the line from point to point.
        ends: given, a lone label's regions are named: asked to think longer, majority vote, and over tokens no gains.
        references: what others found, in the unit of the axis.
        notes: sentences below.
    """
    every = lines_of(curves, x)
    series: list[Series] = []
    for lines in every:
        votes = vote_points(lines, x)
        joined = trend is None or x != "tokens"
        series.append(Series(lines.asked_name, lines.shapes[0], lines.colour, asked_points(lines, x), line=joined))
        if votes:
            series.append(Series(lines.votes_name, lines.shapes[1], lines.votes_colour, votes, line=True))
    places = [point.x for one in series for point in one.points]
    if not series:
        notes = why_empty(curves, x)
    axis = spending_axis(x, places + [one.x for one in references if one.x is not None and series], log=log)
    figure = Figure(
        title=spending_title(x),
        x=axis,
        y=PERCENT,
        series=tuple(series),
        references=tuple(references),
        notes=tuple(notes),
    )
    if trend is not None and x == "tokens":
        figure = replace(
            figure,
            series=(*series, *trend.lines),
            bands=() if trend.band is None else (trend.band,),
            notes=(*notes, *trend.notes),
        )
    if ends is not None and len(every) == 1:
        figure = replace(figure, regions=_regions(every[0], x, ends, axis.high))
    return figure


def vote_points(lines: Lines, x: Spending) -> tuple[Point, ...]:
    """Votes of the largest budget, joined to its own point; nothing where there is no vote of two or more."""
    largest = lines.curves[-1]
    one = spent(largest, x)
    votes = credit_points(largest, [at for at in largest.maj_at if at.k > 1], x)
    return (Point(one, largest.accuracy or 0.0, marked=False), *votes) if votes else ()


def _regions(lines: Lines, x: Spending, ends: Ends, right: float) -> tuple[Region, ...]:
    """Thinking up to the most spent on one sample, votes from there on, each ending where it gains no more."""
    asked = [spent(curve, x) for curve in lines.curves]
    first, most = min(asked), max(asked)
    voted = max((point.x for point in vote_points(lines, x)), default=most)
    regions = []
    for name, low, high, end, last in (
        (ASKED, first, most, ends.thinking, most),
        (VOTED, most, voted, ends.votes, right),
    ):
        stop = end if end is not None and x == "tokens" else last
        shown = min(stop, high)
        if low < shown:
            regions.append(Region(name, low, shown))
        if stop < last and max(stop, low) < last:
            regions.append(Region(NO_GAINS, max(stop, low), last))
    return tuple(regions)
