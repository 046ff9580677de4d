"""Coverage: the chance that at least one of k samples is right, over k, both logarithmic, with its fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.model import Axis, Figure, Point, Series
from core.figures.spending import lines_of, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve


def coverage_figure(curves: Sequence[ConditionCurve], *, log: bool = True) -> Figure:
    """pass@k with its interval, of the condition of each label that has the most samples."""
    series: list[Series] = []
    for lines in lines_of(curves):
        curve = max(lines.curves, key=lambda one: max((at.k for at in one.pass_at), default=0))
        passed = tuple(Point(at.k, at.value, *(at.ci95 or (None, None))) for at in curve.pass_at if at.value > 0)
        name = "pass@k" if lines.lone else f"{lines.name} pass@k"
        series.append(Series(name, lines.shapes[0], lines.colour, passed, line=True))
    points = [point for one in series for point in one.points]
    low, _ = span([point.low or point.y for point in points], log=True)
    left, right = span((point.x for point in points), log=True)
    return Figure(
        title="coverage: one of k samples is right",
        x=Axis("k, samples per problem", "log2", left, right) if log else Axis("k", "linear", 0, right),
        y=Axis("pass@k", "log2", min(low, 0.5), 1.05, "%") if log and points else Axis("pass@k", "percent", 0, 1),
        series=tuple(series),
    )
