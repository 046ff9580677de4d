"""How far a model went past what it was asked for, and how that spreads, budget by budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.figures.budget import no_budgets
from core.figures.model import Axis, Figure, Point, Reference, Series
from core.figures.spending import lines_of, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.grid import Grid
    from core.analysis.intervals import Interval
    from core.vocabulary import Budget

    Ends = Mapping[tuple[int, str, Budget], Interval]
    """By run, label and budget: the 5th and the 95th percentile of the samples."""

ON_BUDGET = "on budget"
_WHISKERS = 5, 95
"""Percentiles."""


def overrun_figure(curves: Sequence[ConditionCurve], ends: Ends | None = None, *, log: bool = True) -> Figure:
    """Tokens used per token asked for: median, quartiles (thick), 5th and 95th percentile (thin), geometric mean.

    Where a source gives a mean only, that stands for the median.

    Args:
        curves: conditions of one or more runs; effort levels have no place here.
        ends: where the thin lines end; none are drawn for a condition that is missing.
        log: logarithmic axes; else linear ones.
    """
    series: list[Series] = []
    for lines in lines_of([curve for curve in curves if curve.budget_tokens]):
        medians, means = [], []
        for curve in lines.curves:
            asked, over = float(curve.budget_tokens or 0), curve.overrun
            if over is None:
                medians.append(Point(asked, (curve.mean_completion_tokens or 0.0) / asked))
                continue
            low, high = (ends or {}).get((curve.run, curve.label, curve.budget), (None, None))
            medians.append(Point(asked, over.median, low, high, q1=over.q1, q3=over.q3))
            if over.geomean > 0:
                means.append(Point(asked, over.geomean))
        name = "median" if lines.lone else lines.name
        series.append(Series(name, lines.shapes[0], lines.colour, tuple(medians), line=True))
        if lines.lone and means:
            series.append(Series("geometric mean", lines.shapes[1], "orange", tuple(means), line=False))
    points = [point for one in series for point in one.points]
    left, right = span((point.x for point in points), log=True)
    heights = [y for point in points for y in (point.y, point.low, point.high, point.q1, point.q3) if y]
    low, high = span([1.0, *heights], log=True) if heights else (0.5, 32.0)
    return Figure(
        title="tokens used per token asked for",
        x=Axis("tokens asked for", "log2", left, right) if log else Axis("tokens asked for", "linear", 0, right),
        y=Axis("overrun", "log2" if log else "linear", low if log else 0, high, "×"),  # noqa: RUF001 - as it is read
        series=tuple(series),
        references=(Reference(ON_BUDGET, None, 1.0),) if series else (),
        notes=() if series else no_budgets(curves),
    )


def ends_of(grid: Grid) -> Ends:
    """The 5th and the 95th percentile of tokens used per token asked for; of conditions whose draws are known."""
    found = {}
    for condition in grid.samples or ():
        used = [tokens for cell in condition.cells for tokens in cell.completion_tokens if tokens]
        if used and condition.budget_tokens:
            low, high = np.percentile(used, _WHISKERS) / condition.budget_tokens
            found[condition.run, condition.label, condition.budget] = (float(low), float(high))
    return found
