"""Strokes and marks turned into lines of characters: the only file that knows plotext.

plotext ends the whole process on a number that is not finite, or on a place far outside its canvas; so whatever comes
in is checked and clipped first. It keeps one figure for the whole process, which is cleared each time and never shown;
call it from one thread. Its axes, labels and legend stay off: it paints, and never sees a text from outside.

Places are in cells: x from the left, y from the bottom, whole numbers being the centres of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from rich.text import Text

_EDGE = 0.49
"""How far the canvas reaches beyond the centres of its outermost cells, with a hair to spare for plotext's rounding."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line in braille dots; `colour` is one of the terminal's 256, None its own."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One character at one place."""

    at: tuple[float, float]
    glyph: str
    colour: int | None = None


def paint(width: int, height: int, strokes: list[Stroke], marks: list[Mark], *, colour: bool = True) -> list[Text]:
    """`height` lines of `width` cells: the strokes in their order, then the marks; what lies outside is cut off."""
    import plotext  # noqa: PLC0415 - a quarter of a second, and only a plot needs it

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, height)
    figure.axes(False)
    # In units of cells from edge to edge, so that a place is exactly where we say.
    figure.ruler("x").lim(0, width).alignment(lim="edge").frequency(0)
    figure.ruler("y").lim(0, height).alignment(lim="edge").frequency(0)
    for stroke in strokes:
        clipped = clip(stroke.start, stroke.end, width, height)
        if clipped:
            (x0, y0), (x1, y1) = clipped
            marker = _marker(plotext, "braille", stroke.colour)
            figure.draw(figure.signal([x0 + 0.5, x1 + 0.5], [y0 + 0.5, y1 + 0.5], marker=marker).lines(True))
    for mark in marks:
        x, y = mark.at
        if clip(mark.at, mark.at, width, height):
            figure.draw(figure.signal([x + 0.5], [y + 0.5], marker=_marker(plotext, mark.glyph, mark.colour)))
    text = Text.from_ansi(figure.build().string(colorless=not colour), no_wrap=True)
    return list(text.split("\n", allow_blank=True))[:height]


def clip(
    start: tuple[float, float], end: tuple[float, float], width: int, height: int
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a segment that lies on the canvas; None if no part does, or an end is not finite.

    Liang and Barsky 1984, ACM Transactions on Graphics 3(1): each border bounds the share of the way that is inside.
    """
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    if not all(map(isfinite, (x0, y0, dx, dy))):
        return None
    enter, leave = 0.0, 1.0
    borders = (
        (-dx, x0 + _EDGE),
        (dx, width - 1 + _EDGE - x0),
        (-dy, y0 + _EDGE),
        (dy, height - 1 + _EDGE - y0),
    )
    for towards, room in borders:
        if towards == 0:
            if room < 0:
                return None
        elif towards < 0:
            enter = max(enter, room / towards)
        else:
            leave = min(leave, room / towards)
    if enter > leave:
        return None

    def at(share: float) -> tuple[float, float]:
        # Coming from very far, rounding alone could leave the canvas again.
        x, y = x0 + share * dx, y0 + share * dy
        return min(max(x, -_EDGE), width - 1 + _EDGE), min(max(y, -_EDGE), height - 1 + _EDGE)

    return at(enter), at(leave)


def _marker(plotext: Any, glyph: str, colour: int | None) -> Any:
    return plotext.marker(glyph) if colour is None else plotext.marker(glyph, pixel=colour)
