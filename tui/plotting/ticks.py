"""Where the marks of an axis stand, given the rows or columns there are. Knows no colours, and nothing of plotext.

Rows are few, so a tick that falls between two of them would be half a row off. The vertical axis is therefore fitted
to its ticks: a whole number of rows from one to the next, what is left over staying empty beyond the ends.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import ceil, floor, isfinite, log2, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.figures.model import Axis, Scale, Unit

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
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
        place = (_scaled(value, self.scale) - self.start) / self.step
        return place if isfinite(place) else None


def across(axis: Axis, columns: int) -> Ruler:
    """The horizontal axis over `columns` cells, its ends at the centres of the first and the last one."""
    low, high = _ends(axis)
    step = (high - low) / max(columns - 1, 1)
    for ticks in _ladder(axis.scale, low, high):
        marks = [Tick(round((value - low) / step), _label(value, axis.scale, axis.unit)) for value in ticks]
        pairs = itertools.pairwise(marks)
        if all(right.at - left.at >= (len(left.label) + len(right.label)) / 2 + _GAP for left, right in pairs):
            return Ruler(axis.scale, low, step, tuple(marks))
    return Ruler(axis.scale, low, step, ())


def upwards(axis: Axis, rows: int) -> Ruler:
    """The vertical axis over `rows` cells counted from the bottom, with a whole number of rows between its ticks."""
    low, high = _ends(axis)
    best = Ruler(axis.scale, low, (high - low) / max(rows - 1, 1), ())
    least_unused = float("inf")
    for step in _steps(axis.scale, high - low):
        between, zero = _fit(low / step, high / step, rows)
        unused = rows - 1 - between * (high - low) / step
        # A hair less is no reason to prefer fewer ticks.
        if between < _LEAST_ROWS or unused > least_unused - 1e-6:
            continue
        multiples = range(ceil(-zero / between), (rows - 1 - zero) // between + 1)
        ticks = [
            Tick(zero + i * between, _label(i * step, axis.scale, axis.unit))
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


def _scaled(value: float, scale: Scale) -> float:
    return log2(value) if scale == "log2" else log10(value) if scale == "log10" else value


def _ends(axis: Axis) -> tuple[float, float]:
    """The ends of the axis as it counts; never the same."""
    low, high = _scaled(axis.low, axis.scale), _scaled(axis.high, axis.scale)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _steps(scale: Scale, span: float) -> tuple[float, ...]:
    """Distances between ticks worth trying, dense first."""
    if scale == "percent":
        return (0.2, 0.25, 0.5, 1.0)
    if scale in {"log2", "log10"}:
        return (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
    power = 10.0 ** floor(log10(span))
    return tuple(power * part for part in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0))


def _ladder(scale: Scale, low: float, high: float) -> Iterator[list[float]]:
    """Sets of ticks within the ends, dense first."""
    if scale == "log10":
        for parts in ((1, 2, 5), (1, 3), (1,)):
            decades = range(floor(low), ceil(high) + 1)
            values = [decade + log10(part) for decade in decades for part in parts]
            yield [value for value in values if low <= value <= high]
    for step in _steps(scale, high - low):
        yield [i * step for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _label(value: float, scale: Scale, unit: Unit) -> str:
    """What a tick says: `2¹⁰`, `60%`, `$0.05`, `20 s`."""
    if scale == "log2":
        return "2" + str(round(value)).translate(_SUPERSCRIPTS)
    if scale == "percent":
        return f"{round(value * 100)}%"
    number = _short(10**value if scale == "log10" else value)
    if unit == "$":
        # Tenths of a dollar read as cents: $0.50.
        return f"${number}0" if number[-2:-1] == "." else f"${number}"
    return f"{number} {unit}".rstrip()


def _short(value: float) -> str:
    """A number in a few characters: 0.002, 50, 2000, 20k, 3M."""
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= max(size, 1e4) * 0.9999:
            return f"{value / size:.3g}{name}"
    return f"{float(f'{value:.4g}'):.12f}".rstrip("0").rstrip(".")
