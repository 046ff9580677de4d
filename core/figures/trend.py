"""A fitted shape as a line with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.analysis.fits import band
from core.figures.accuracy import Trend
from core.figures.model import Band, Edge, Point, Series

if TYPE_CHECKING:
    from core.analysis.fits import Fit
    from core.analysis.grid import Grid

_PLACES = 64
"""Along the line."""


def trend_of(fit: Fit, grid: Grid, seed: int = 0) -> Trend:
    """The shape from the least tokens that a condition used to the most, with its 95 % band over resampled problems."""
    used = grid.mean_tokens
    used = used[used > 0]
    at = np.linspace(np.log2(used.min()), np.log2(used.max()), _PLACES)
    low, high = band(fit, grid, at, seed=seed)
    tokens = [float(value) for value in np.exp2(at)]
    line = [Point(x, float(y)) for x, y in zip(tokens, fit.predict(at), strict=True)]
    edges = [Edge(x, float(low), float(high)) for x, low, high in zip(tokens, low, high, strict=True)]
    return Trend(
        Series(f"{fit.shape.value} fit", "", "grey", tuple(line), line=True), Band("its 95 % band", tuple(edges))
    )
