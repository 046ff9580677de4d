"""Training against thinking: lines of equal accuracy in the plane of train and test compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.model import Axis, Figure, Point, Reference, Series
from core.figures.spending import COLOURS, SHAPES, span

if TYPE_CHECKING:
    from core.analysis.options import Basis
    from core.analysis.trade import Contour, Trade
    from core.figures.model import Unit

_TEST: dict[Basis, tuple[str, Unit]] = {
    "flops": ("test compute per problem, FLOP", "FLOP"),
    "tokens": ("completion tokens per problem", ""),
    "dollars": ("dollars per problem", "$"),
}
_TITLE = "training against thinking"
EQUAL = "equal accuracy"


def trade_figure(trade: Trade | None) -> Figure:
    """Each model's conditions, and the fitted lines of equal accuracy with their level at the left end."""
    train = "train compute, FLOP"
    if trade is None:
        return Figure(
            title=_TITLE,
            x=Axis(train, "log10", 1e22, 1e26, "FLOP"),
            y=Axis(*("test compute per problem, FLOP", "log10"), 1e12, 1e16, "FLOP"),
            series=(),
            notes=("it takes two models with train_flops that reach the same accuracy on the same problems",),
        )
    label, unit = _TEST[trade.basis]
    series = []
    for number, name in enumerate(trade.names):
        points = [Point(10**at.log10_train, 10**at.log10_test) for at in trade.points if at.name == name]
        shape = SHAPES[number % len(SHAPES)][0]
        series.append(Series(name, shape, COLOURS[number % len(COLOURS)], tuple(points), line=True))
    lines = [_line(contour, trade.slope) for contour in trade.contours]
    levels = [
        Reference(f"{contour.level:.0%}", line[0].x, line[0].y)
        for contour, line in zip(trade.contours, lines, strict=True)
    ]
    series += [Series(EQUAL, "", "grey", line, line=True) for line in lines]
    points = [point for one in series for point in one.points]
    return Figure(
        title=_TITLE,
        x=Axis(train, "log10", *span((point.x for point in points), log=True), "FLOP"),
        y=Axis(label, "log10", *span((point.y for point in points), log=True), unit),
        series=tuple(series),
        references=tuple(levels),
        notes=(trade.words, f"{trade.problems} problems that all models have"),
    )


def _line(contour: Contour, slope: float) -> tuple[Point, ...]:
    ends = min(contour.log10_train), max(contour.log10_train)
    return tuple(Point(10**x, 10 ** (contour.intercept + slope * x)) for x in ends)
