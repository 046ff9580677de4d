"""Which values of an axis are worth a mark, dense sets first, and what a mark says. Knows no cells and no pixels."""

from __future__ import annotations

from math import ceil, floor, log2, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.figures.model import Axis, Scale, Unit

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scaled(value: float, scale: Scale) -> float:
    """A value as its axis counts it: its logarithm on a logarithmic one."""
    return log2(value) if scale == "log2" else log10(value) if scale == "log10" else value


def ends(axis: Axis) -> tuple[float, float]:
    """The ends of the axis as it counts; never the same."""
    low, high = scaled(axis.low, axis.scale), scaled(axis.high, axis.scale)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def steps(scale: Scale, span: float) -> tuple[float, ...]:
    """Distances between ticks worth trying, dense first."""
    if scale == "percent":
        return (0.2, 0.25, 0.5, 1.0)
    if scale in {"log2", "log10"}:
        return (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
    power = 10.0 ** floor(log10(span))
    return tuple(power * part for part in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0))


def ladder(scale: Scale, low: float, high: float) -> Iterator[list[float]]:
    """Sets of ticks within the ends, dense first."""
    if scale == "log10":
        fine = ((1, 1.5, 2, 3, 4, 5, 7),) if high - low < 1 else ()
        for parts in (*fine, (1, 2, 5), (1, 3), (1,)):
            decades = range(floor(low), ceil(high) + 1)
            values = [decade + log10(part) for decade in decades for part in parts]
            yield [value for value in values if low <= value <= high]
    for step in steps(scale, high - low):
        yield [i * step for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def tick_label(value: float, scale: Scale, unit: Unit) -> str:
    """What a tick says: `2¹⁰`, `60%`, `$0.05`, `20 s`, `×8`, `10²⁵`."""  # noqa: RUF002 - as on the axis
    if scale == "log2" and not unit:
        return "2" + _raised(value)
    if scale == "percent":
        return f"{round(value * 100)}%"
    if scale == "log10" and unit == "FLOP":
        parts = 10 ** (value - floor(value + 1e-9))
        return ("" if parts < 1.001 else f"{parts:.0f}·") + "10" + _raised(floor(value + 1e-9))  # noqa: PLR2004 - a one
    plain = {"log2": 2.0, "log10": 10.0}[scale] ** value if scale != "linear" else value
    if unit == "%":
        return f"{plain * 100:.3g}%"
    number = _short(plain)
    if unit == "$":
        # Tenths of a dollar read as cents: $0.50.
        return f"${number}0" if number[-2:-1] == "." else f"${number}"
    return f"×{number}" if unit == "×" else f"{number} {unit}".rstrip()  # noqa: RUF001 - as on the axis


def _raised(value: float) -> str:
    return str(round(value)).translate(_SUPERSCRIPTS)


def _short(value: float) -> str:
    """A number in a few characters: 0.002, 50, 2000, 20k, 3M."""
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= max(size, 1e4) * 0.9999:
            return f"{value / size:.3g}{name}"
    return f"{float(f'{value:.4g}'):.12f}".rstrip("0").rstrip(".")
