"""What is fitted to a label's curve: the chosen shape with its band, or the straight lines through published points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.analysis.fits import band
from core.figures.accuracy import Trend
from core.figures.model import Band, Edge, Point, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.fits import Fit
    from core.analysis.gain import Straight
    from core.analysis.grid import Grid
    from core.analysis.study import LabelStudy

_PLACES = 64
"""Along a line."""


def trend_of(label: LabelStudy) -> Trend | None:
    """The fit of a label; None where nothing is fitted."""
    if label.grid is None:
        return _published(label.points, label.lines) if label.lines else None
    return None if label.fits is None else _fitted(label.fits.chosen, label.grid, label.seed)


def _fitted(fit: Fit, grid: Grid, seed: int) -> Trend:
    """The shape from the least tokens that a condition used to the most, with its 95 % band over resampled problems."""
    used = grid.mean_tokens
    used = used[used > 0]
    at = np.linspace(np.log2(used.min()), np.log2(used.max()), _PLACES)
    bounds = band(fit, grid, at, seed=seed)
    tokens = [float(value) for value in np.exp2(at)]
    line = tuple(Point(x, float(y)) for x, y in zip(tokens, fit.predict(at), strict=True))
    edges = tuple(Edge(x, float(low), float(high)) for x, low, high in zip(tokens, *bounds, strict=True))
    return Trend((Series(f"{fit.shape.value} fit", "", "grey", line, line=True),), Band("its 95 % band", edges))


def _published(points: Sequence[tuple[float, float]], lines: Sequence[Straight]) -> Trend:
    """Straight lines over the range of all points; without the problems' own results there is no band."""
    ends = min(x for x, _ in points), max(x for x, _ in points)
    names = ("straight fit", "straight fit, votes included")[: len(lines)]
    series = tuple(
        Series(
            name, "", "grey", tuple(Point(x, one.intercept + one.slope * float(np.log2(x))) for x in ends), line=True
        )
        for name, one in zip(names, lines, strict=True)
    )
    return Trend(series, None, tuple(f"{name}: {_formula(one)}" for name, one in zip(names, lines, strict=True)))


def _formula(one: Straight) -> str:
    fit = "" if one.r2 is None else f", R² {one.r2:.3f}"
    return f"accuracy = {one.intercept:.3f} {'-' if one.slope < 0 else '+'} {abs(one.slope):.4f} log2(tokens){fit}"
