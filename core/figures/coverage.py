"""Coverage: the chance that at least one of k samples is right, over k, both logarithmic, with its fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures.model import Axis, Figure, Point, Series
from core.figures.spending import lines_of, span
from core.figures.vote import NO_VOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.analysis.coverage import Coverage
    from core.analysis.curve import ConditionCurve
    from core.figures.model import Colour
    from core.vocabulary import Budget

    Coverages = Mapping[tuple[int, str, Budget], Coverage]
    """By run, label and budget."""

_BEYOND = 2
"""Doublings beyond the samples that there are, to which the fits go on."""
_A_DOUBLING = 4
"""Places of a fit's line."""


def coverage_figure(
    curves: Sequence[ConditionCurve], coverages: Coverages | None = None, *, log: bool = True
) -> Figure:
    """pass@k with its interval, of the condition of each label that has the most samples; a lone label's fits too.

    Of several with as many, the one of the most thinking.

    Args:
        curves: conditions of one or more runs.
        coverages: where the fits come from.
        log: logarithmic axes; else linear ones.
    """
    series: list[Series] = []
    notes: list[str] = []
    for lines in lines_of(curves, None):
        curve = max(reversed(lines.curves), key=lambda one: max((at.k for at in one.pass_at), default=0))
        passed = tuple(Point(at.k, at.value, *(at.ci95 or (None, None))) for at in curve.pass_at if at.value > 0)
        if len(passed) <= 1:
            continue
        fitted = (coverages or {}).get((curve.run, curve.label, curve.budget)) if lines.lone else None
        name = "pass@k" if lines.lone else f"{lines.name} pass@k"
        series.append(Series(name, lines.shapes[0], lines.colour, passed, line=fitted is None))
        if fitted is not None:
            series += _fits(fitted, curve.pass_at[-1].k)
            notes += _words(fitted)
    points = [point for one in series for point in one.points]
    low, _ = span([point.low or point.y for point in points], log=True)
    left, right = span((point.x for point in points), log=True)
    return Figure(
        title="coverage: one of k samples is right",
        x=Axis("k, samples per problem", "log2", left, right) if log else Axis("k", "linear", 0, right),
        y=Axis("pass@k", "log2", min(low, 0.5), 1.02, "%") if log and points else Axis("pass@k", "percent", 0, 1),
        series=tuple(series),
        notes=tuple(notes) if series or not lines_of(curves, None) else (NO_VOTES,),
    )


def _fits(fitted: Coverage, most: int) -> list[Series]:
    top = most << _BEYOND
    places = sorted({round(2 ** (i / _A_DOUBLING)) for i in range((top.bit_length() - 1) * _A_DOUBLING + 1)} | {top})
    found = []
    if fitted.power_law is not None:
        found.append(_line("power law", "orange", fitted.power_law.at, places))
    if fitted.beta_binomial is not None:
        found.append(_line("Beta-Binomial", "purple", fitted.beta_binomial.at, places))
    return [one for one in found if one.points]


def _line(name: str, colour: Colour, at: Callable[[int], float], places: Sequence[int]) -> Series:
    points = tuple(Point(k, value) for k, value in ((k, at(k)) for k in places) if 0 < value <= 1)
    return Series(name, "", colour, points, line=True)


def _words(fitted: Coverage) -> list[str]:
    said = []
    if (law := fitted.power_law) is not None:
        said.append(f"power law: log coverage = {law.a:.3f} k^{law.b:.3f}")
    if (spread := fitted.beta_binomial) is not None:
        edge = ", at the edge of what can be fitted" if spread.at_edge else ""
        said.append(f"Beta-Binomial: alpha {spread.alpha:.3g}, beta {spread.beta:.3g}{edge}")
    return said
