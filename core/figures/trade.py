"""Training against thinking: lines of equal accuracy in the plane of train and test compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.analysis.wording import counted
from core.figures.model import Axis, Figure, Point, Reference, Series
from core.figures.spending import SHAPES, colour_of, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.options import Basis
    from core.analysis.trade import Trade
    from core.figures.model import Unit

_TEST: dict[Basis, tuple[str, Unit]] = {
    "flops": ("test compute per problem, FLOP", "FLOP"),
    "tokens": ("completion tokens per problem", ""),
    "dollars": ("dollars per problem", "$"),
}
_TITLE = "training against thinking"
_TRAIN = "train compute, FLOP"
EQUAL = "equal accuracy"


def trade_figure(trade: Trade | None, *, from_zero: bool = False) -> Figure:
    """Each model's conditions, and the fitted lines of equal accuracy with their level at the left end.

    Args:
        trade: over several models; None makes an empty figure that says what is missing.
        from_zero: both axes count orders of magnitude from the least that there is.
    """
    if trade is None:
        return Figure(
            title=_TITLE,
            x=Axis(_TRAIN, "log10", 1e22, 1e26, "FLOP"),
            y=Axis(_TEST["flops"][0], "log10", 1e12, 1e16, "FLOP"),
            series=(),
            notes=("it takes two models with train_flops that reach the same accuracy on the same problems",),
        )
    least = trade.origin if from_zero else (0.0, 0.0)

    def point(log10_train: float, log10_test: float) -> Point:
        x, y = log10_train - least[0], log10_test - least[1]
        return Point(x, y) if from_zero else Point(10**x, 10**y)

    series = []
    for number, name in enumerate(trade.names):
        points = tuple(point(at.log10_train, at.log10_test) for at in trade.points if at.name == name)
        series.append(Series(name, SHAPES[number % len(SHAPES)][0], colour_of(number), points, line=True))
    lines = [
        tuple(
            point(x, contour.intercept + trade.slope * x) for x in (min(contour.log10_train), max(contour.log10_train))
        )
        for contour in trade.contours
    ]
    levels = [
        Reference(f"{contour.level:.0%}", line[0].x, line[0].y)
        for contour, line in zip(trade.contours, lines, strict=True)
    ]
    series += [Series(EQUAL, "", "grey", line, line=True) for line in lines]
    x, y = _axes(trade, [point for one in series for point in one.points], from_zero=from_zero)
    return Figure(
        title=_TITLE,
        x=x,
        y=y,
        series=tuple(series),
        references=tuple(levels),
        notes=(trade.words, f"{counted(trade.problems, 'problem')} that all models have"),
    )


def _axes(trade: Trade, points: Sequence[Point], *, from_zero: bool) -> tuple[Axis, Axis]:
    label, unit = _TEST[trade.basis]
    train, test = span((one.x for one in points), log=not from_zero), span((one.y for one in points), log=not from_zero)
    if from_zero:
        return (
            Axis(f"{_TRAIN}: factors of 10 above the least", "linear", *train),
            Axis(f"{label}: factors of 10 above the least", "linear", *test),
        )
    return Axis(_TRAIN, "log10", *train, "FLOP"), Axis(label, "log10", *test, unit)
