"""What a figure is: axes, and what stands between them, in data units. Knows nothing of terminals, pixels or files.

Tick marks are left to whoever draws, who knows the room there is. Every number is finite, or is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["linear", "log2", "log10", "percent"]
"""How an axis counts: `log2` has ticks at powers of two, `log10` at 1, 2, 5, `percent` runs from 0 to 1."""

Unit = Literal["", "$", "s", "×", "%", "FLOP"]  # noqa: RUF001 - as it is read
"""What the ticks are of; shares are said in percent on a logarithmic axis too."""

Colour = Literal["sky", "orange", "green", "purple", "vermilion", "blue", "yellow", "grey"]
"""Names from the palette of Okabe and Ito 2008, told apart by every kind of colour vision; grey for what recedes."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it measures and from where to where, in data units."""

    label: str
    scale: Scale
    low: float
    high: float
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a figure, in data units, with the ends of its intervals where it has any."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    """The vertical interval."""
    marked: bool = True
    """False where a line only passes through."""
    q1: float | None = None
    q3: float | None = None
    """A tighter vertical interval, drawn thick: the quartiles, where low and high are whiskers."""
    left: float | None = None
    right: float | None = None
    """The horizontal interval."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: one marker, one colour, joined by a line or not."""

    name: str
    marker: str
    """One character; empty for a line without markers."""
    colour: Colour
    points: tuple[Point, ...]
    line: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """How wide a band is at one place."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Band:
    """What lies between two lines, drawn in grey under everything else."""

    name: str
    edges: tuple[Edge, ...]
    """From left to right; straight lines between them, on the axes' scales."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the horizontal axis with a name."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A place with a name: a point where both are known, else a line across (y alone) or upright (x alone)."""

    name: str
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows x columns of shares from 0 to 1; the axes of the figure then name the columns (x) and the rows (y)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: tuple[tuple[float | None, ...], ...]
    """A row of columns for each row; None where there is no sample."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its axes; series stand in reading order, and earlier ones lie on top."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    bands: tuple[Band, ...] = ()
    regions: tuple[Region, ...] = ()
    """From left to right; none overlaps another."""
    references: tuple[Reference, ...] = ()
    heat: HeatMap | None = None
    notes: tuple[str, ...] = ()
    """Sentences to be read below the figure: a verdict, a slope, what is left out."""

    @property
    def empty(self) -> bool:
        """Whether there is no point to be marked yet."""
        if self.heat is not None:
            return all(share is None for row in self.heat.shares for share in row)
        return not any(point.marked for series in self.series for point in series.points if series.marker)
