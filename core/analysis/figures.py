"""Figures as plain data, and the two that a curve makes. Knows nothing of terminals, pixels or files.

A figure is axes and series of points in data units, so that a terminal and a file can draw the same one. Tick marks are
left to whoever draws, who knows the room there is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.intervals import Interval

Scale = Literal["linear", "log2", "log10", "percent"]
"""How an axis counts: `log2` has ticks at powers of two, `log10` at 1, 2, 5, `percent` runs from 0 to 1."""

Spending = Literal["tokens", "cost", "seconds"]
"""What accuracy is held against."""

Unit = Literal["", "$", "s"]

Colour = Literal["sky", "orange", "green", "purple", "vermilion", "blue", "yellow", "grey"]
"""Names from the palette of Okabe and Ito 2008, told apart by every kind of colour vision; grey for what recedes."""

_SHAPES = (("●", "◆"), ("■", "◇"), ("▲", "△"), ("▼", "▽"), ("★", "☆"), ("○", "□"))
"""Markers for what was asked and for its votes, a pair per label: labels differ without colour too."""

_COLOURS: tuple[Colour, ...] = ("sky", "green", "purple", "vermilion", "yellow", "blue")

_SPENDING: dict[Spending, tuple[str, str, Scale, Unit]] = {
    "tokens": ("accuracy against tokens used", "completion tokens used", "log2", ""),
    "cost": ("accuracy against cost", "dollars", "log10", "$"),
    "seconds": ("accuracy against time", "seconds", "log10", "s"),
}
"""Title, label, scale and unit of the axis."""

_ON_BUDGET = "\N{MULTIPLICATION SIGN}1"
"""The line of overrun 1: used what was asked."""

_MARGIN = 0.03
"""Room at either end of an axis, as a share of what the data spans: no point sits on the frame."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it measures and from where to where, in data units."""

    label: str
    scale: Scale
    low: float
    high: float
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a figure, in data units, with the ends of its vertical interval where it has one."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    marked: bool = True
    """False where a line only passes through."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: one marker, one colour, joined by a line or not."""

    name: str
    marker: str
    """One character; empty for a line without markers."""
    colour: Colour
    points: tuple[Point, ...]
    line: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its axes; series stand in reading order, and earlier ones lie on top."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]

    @property
    def empty(self) -> bool:
        """Whether there is no point to be marked yet."""
        return not any(point.marked for series in self.series for point in series.points if series.marker)


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
    for lines in _by_label([curve for curve in curves if _spent(curve, x)], x):
        asked = [_point(curve, _spent(curve, x)) for curve in lines.curves]
        votes = [Point(asked[-1].x, asked[-1].y, marked=False)]
        votes += [
            Point(at.k * asked[-1].x, at.value, *(at.ci95 or (None, None)))
            for at in lines.curves[-1].maj_at
            if at.k > 1
        ]
        series.append(Series(lines.name, lines.shapes[0], lines.colour, tuple(asked), line=True))
        if len(votes) > 1:
            series.append(Series(lines.votes_name, lines.shapes[1], lines.votes_colour, tuple(votes), line=True))
    low, high = _range((point.x for one in series for point in one.points), log=log)
    title, label, scale, unit = _SPENDING[x]
    return Figure(
        title=title,
        x=Axis(label, scale if log else "linear", low, high, unit),
        y=Axis("accuracy", "percent", 0.0, 1.0),
        series=tuple(series),
    )


def budget_figure(curves: Sequence[ConditionCurve]) -> Figure:
    """Tokens used against tokens asked for: medians with quartiles, beside the line where both are equal (x1).

    Only conditions whose budget is a number of tokens; effort levels have no place on this axis.
    """
    budgets = [curve for curve in curves if curve.budget_tokens and curve.overrun]
    series: list[Series] = []
    for lines in _by_label(budgets, "tokens"):
        points = tuple(
            Point(asked, over.median * asked, over.q1 * asked, over.q3 * asked)
            for asked, over in ((curve.budget_tokens, curve.overrun) for curve in lines.curves)
            if asked and over
        )
        series.append(Series(lines.name, lines.shapes[0], lines.colour, points, line=True))
    left, right = _range((point.x for one in series for point in one.points), log=True)
    ends = [y for one in series for point in one.points for y in (point.x, point.y, point.low, point.high) if y]
    low, high = _range(ends, log=True)
    if series:
        series.append(Series(_ON_BUDGET, "", "grey", (Point(left, left), Point(right, right)), line=True))
    return Figure(
        title="tokens used against tokens asked for",
        x=Axis("tokens asked for", "log2", left, right),
        y=Axis("tokens used", "log2", low, high),
        series=tuple(series),
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """The conditions of one label of one run, from the least spent to the most, and how they are drawn."""

    name: str
    votes_name: str
    shapes: tuple[str, str]
    colour: Colour
    votes_colour: Colour
    curves: tuple[ConditionCurve, ...]


def _by_label(curves: Sequence[ConditionCurve], x: Spending) -> list[_Lines]:
    """A label's conditions together. A lone label needs no name: its series are what was asked, and votes."""
    groups: dict[tuple[int, str], list[ConditionCurve]] = {}
    for curve in curves:
        groups.setdefault((curve.run, curve.label), []).append(curve)
    lone = len(groups) == 1
    shared = Counter(label for _, label in groups)
    lines = []
    for number, ((run, label), group) in enumerate(groups.items()):
        name = f"{label} (run {run})" if shared[label] > 1 else label
        colour = _COLOURS[number % len(_COLOURS)]
        lines.append(
            _Lines(
                name="asked" if lone else name,
                votes_name="votes" if lone else f"{name} votes",
                shapes=_SHAPES[number % len(_SHAPES)],
                colour=colour,
                votes_colour="orange" if lone else colour,
                curves=tuple(sorted(group, key=lambda curve: (curve.budget_tokens or 0, _spent(curve, x)))),
            )
        )
    return lines


def _spent(curve: ConditionCurve, x: Spending) -> float:
    """What a sample took, in the unit of the axis; 0 where that is unknown."""
    if x == "cost":
        return float(curve.mean_cost_usd or 0)
    return (curve.mean_completion_tokens if x == "tokens" else curve.mean_seconds) or 0.0


def _point(curve: ConditionCurve, x: float) -> Point:
    low, high = curve.ci95 or (None, None)
    return Point(x, curve.accuracy or 0.0, low, high)


def _range(values: Iterable[float], *, log: bool) -> Interval:
    """From the least to the greatest with a margin; one octave to either side of a lone value, or of nothing."""
    known = [value for value in values if value > 0]
    if not known:
        return (2.0**8, 2.0**14) if log else (0.0, 1.0)
    if not log:
        return 0.0, max(known) * (1 + _MARGIN)
    low, high = log2(min(known)), log2(max(known))
    margin = max(_MARGIN * (high - low), 0.25 if high > low else 1.0)
    return 2 ** (low - margin), 2 ** (high + margin)
