"""Where the marks of an axis stand, given the rows or columns there are. Knows no colours, and nothing of plotext.

Rows are few, so a tick that falls between two of them would be half a row off. The vertical axis is therefore fitted
to its ticks: a whole number of rows from one to the next, what is left over staying empty beyond the ends.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

from core.figures.ticks import ends, ladder, scaled, steps, tick_label

if TYPE_CHECKING:
    from core.figures.model import Axis, Scale

_LEAST_ROWS = 2
"""Rows from one tick to the next, at least."""
_ENOUGH_TICKS = 4
"""Ticks below which a fuller use of the rows is not worth it."""
_GAP = 3
"""Columns between two labels, at least."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: the row or column it stands at, and what it says."""

    at: int
    label: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """An axis laid out over cells: from a value to a place, and the ticks."""

    scale: Scale
    start: float
    """The value (its logarithm on a log axis) at the centre of cell 0."""
    step: float
    """What one cell adds to it."""
    ticks: tuple[Tick, ...]

    def place(self, value: float) -> float | None:
        """Where a value falls, in cells, whole numbers being their centres; None where no axis could show it."""
        if not isfinite(value) or (self.scale in {"log2", "log10"} and value <= 0):
            return None
        place = (scaled(value, self.scale) - self.start) / self.step
        return place if isfinite(place) else None


def across(axis: Axis, columns: int) -> Ruler:
    """The horizontal axis over `columns` cells, its ends at the centres of the first and the last one."""
    low, high = ends(axis)
    step = (high - low) / max(columns - 1, 1)
    for ticks in ladder(axis.scale, low, high):
        marks = [Tick(round((value - low) / step), tick_label(value, axis.scale, axis.unit)) for value in ticks]
        pairs = itertools.pairwise(marks)
        if all(right.at - left.at >= (len(left.label) + len(right.label)) / 2 + _GAP for left, right in pairs):
            return Ruler(axis.scale, low, step, tuple(marks))
    return Ruler(axis.scale, low, step, ())


def upwards(axis: Axis, rows: int) -> Ruler:
    """The vertical axis over `rows` cells counted from the bottom, with a whole number of rows between its ticks."""
    low, high = ends(axis)
    best = Ruler(axis.scale, low, (high - low) / max(rows - 1, 1), ())
    least_unused = float("inf")
    for step in steps(axis.scale, high - low):
        between, zero = _fit(low / step, high / step, rows)
        unused = rows - 1 - between * (high - low) / step
        # A hair less is no reason to prefer fewer ticks.
        if between < _LEAST_ROWS or unused > least_unused - 1e-6:
            continue
        multiples = range(ceil(-zero / between), (rows - 1 - zero) // between + 1)
        ticks = [
            Tick(zero + i * between, tick_label(i * step, axis.scale, axis.unit))
            for i in multiples
            if axis.scale != "percent" or low <= i * step <= high
        ]
        if best.ticks and len(ticks) < _ENOUGH_TICKS:
            break
        best, least_unused = Ruler(axis.scale, -zero * step / between, step / between, tuple(ticks)), unused
    return best


def _fit(low: float, high: float, rows: int) -> tuple[int, int]:
    """Rows from one whole number to the next, as many as let `low` to `high` fit into `rows`, and the row of zero."""
    for between in range(floor((rows - 1) / (high - low) + 1e-9), 0, -1):
        lowest, highest = ceil(-low * between - 1e-9), floor(rows - 1 - high * between + 1e-9)
        if lowest <= highest:
            return between, (lowest + highest) // 2
    return 0, 0
