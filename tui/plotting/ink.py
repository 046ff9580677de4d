"""What of a figure is ink: strokes and marks for the canvas, shades that lie under them, words that lie on top.

Places are in cells: x from the left, y from the bottom. Shades and words are set cell by cell into what the canvas has
painted: a shade where it left a cell blank, a word wherever it covers least.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from core.visible import visible_line
from tui.plotting.canvas import Mark, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.figures.model import Band, Colour, Figure, Point, Region
    from tui.plotting.ticks import Ruler

COLOURS: dict[Colour, int] = {
    "sky": 74,
    "orange": 214,
    "green": 36,
    "purple": 175,
    "vermilion": 166,
    "blue": 32,
    "yellow": 227,
    "grey": 244,
}
"""The nearest of the terminal's 256 colours; blue is a step lighter than its model, to be read on black too."""

FRAME = "bright_black"
WORDS = "dim"

REFERENCE = "✚"
"""The marker of what others found."""
SHADE = "░"
"""The filling of a band."""
_UPRIGHT, _LEVEL = "┊", "┈"
_QUARTILES = "┃"
_BLANK = " \N{BRAILLE PATTERN BLANK}"
_REFERENCE_LIMIT = 28
"""Characters of a reference's name on the canvas."""
_LEAST_NAME = 6
"""Cells of a region's name below which it is not worth cutting."""
_FAR = 10_000
"""Rows beyond which nothing is drawn cell by cell."""

Cell = tuple[int, int]
"""Column from the left, row from the bottom."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text that starts at one of these cells, the first that covers least."""

    text: str
    starts: Sequence[Cell]


def strokes_and_marks(figure: Figure, horizontal: Ruler, vertical: Ruler) -> tuple[list[Stroke], list[Mark]]:
    """All lines first, then all intervals, then all markers, so that no marker is struck through."""
    lines: list[Stroke] = []
    bars: list[Stroke] = []
    boxes: list[Mark] = []
    marks: list[Mark] = []
    for series in reversed(figure.series):
        colour = COLOURS[series.colour]
        places = [(_place(point, horizontal, vertical), point) for point in series.points]
        known = [(place, point) for place, point in places if place]
        if series.line:
            pairs = itertools.pairwise(known)
            lines += [Stroke(start, end, colour) for (start, _), (end, _) in pairs]
        for (x, y), point in known:
            bars += [Stroke((x, y), (x, end), colour) for end in _ends(vertical, point.low, point.high)]
            bars += [Stroke((x, y), (end, y), colour) for end in _ends(horizontal, point.left, point.right)]
            boxes += [Mark((x, row), _QUARTILES, colour) for row in _box(vertical, point)]
            if point.marked and series.marker:
                marks.append(Mark((x, y), series.marker, colour))
    published = [
        _at(horizontal, vertical, one.x, one.y) for one in figure.references if one.x is not None and one.y is not None
    ]
    marks += [Mark(at, REFERENCE, COLOURS["grey"]) for at in published if at]
    return lines + bars, boxes + marks


def shades(figure: Figure, horizontal: Ruler, vertical: Ruler, columns: int, rows: int) -> dict[Cell, str]:
    """What fills blank cells: bands, the ends of regions, lines of reference."""
    filled: dict[Cell, str] = {}
    for band in figure.bands:
        filled |= dict.fromkeys(_within(band, horizontal, vertical, columns, rows), SHADE)
    ends = [place for region in figure.regions for place in _ends(horizontal, region.low, region.high)]
    upright = [*ends, *_ends(horizontal, *(one.x for one in figure.references if one.y is None))]
    for column in {round(place) for place in upright}:
        if 0 < column < columns - 1:
            filled |= dict.fromkeys(((column, row) for row in range(rows)), _UPRIGHT)
    level = _ends(vertical, *(one.y for one in figure.references if one.x is None))
    for row in {round(place) for place in level}:
        filled |= dict.fromkeys(((column, row) for column in range(columns)), _LEVEL)
    return {cell: glyph for cell, glyph in filled.items() if 0 <= cell[0] < columns and 0 <= cell[1] < rows}


def names(figure: Figure, horizontal: Ruler, vertical: Ruler, columns: int, rows: int) -> list[Words]:
    """The names of references, beside their marks or on their lines."""
    found = []
    for one in figure.references:
        text = visible_line(one.name, _REFERENCE_LIMIT)
        room = columns - cell_len(text)
        if one.x is not None and one.y is not None:
            at = _at(horizontal, vertical, one.x, one.y)
            x, y = (round(at[0]), round(at[1])) if at else (-1, -1)
            starts = [(x + 2, y), (x - cell_len(text) - 1, y), (x - cell_len(text) // 2, y + 1), (x + 2, y - 1)]
            starts = starts if 0 <= x < columns else []
        elif one.y is not None:
            place = vertical.place(one.y)
            starts = [] if place is None else [(at, round(place)) for at in (room - 2, 2, room // 2)]
        else:
            place = None if one.x is None else horizontal.place(one.x)
            heights = (rows - 1, 0, rows // 2)
            starts = (
                [] if place is None else [(round(place) + side, y) for side in (1, -cell_len(text)) for y in heights]
            )
        starts = [(x, y) for x, y in starts if 0 <= x <= room and 0 <= y < rows]
        if starts:
            found.append(Words(text, starts))
    return found


def fill(lines: Sequence[Text], shaded: dict[Cell, str]) -> list[Text]:
    """The painted lines, their blank cells shaded."""
    filled = []
    for row, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
        characters = list(line.plain)
        blank = [at for at, character in enumerate(characters) if character in _BLANK and (at, row) in shaded]
        for at in blank:
            characters[at] = shaded[at, row]
        changed = line.copy()
        changed.plain = "".join(characters)
        for at in blank:
            changed.stylize(FRAME, at, at + 1)
        filled.append(changed)
    return filled


def written(lines: Sequence[Text], words: Iterable[Words]) -> list[Text]:
    """The painted lines with these words on top; each covers as little as it can."""
    result = list(lines)
    for one in words:
        length = cell_len(one.text)

        def covered(start: Cell, length: int = length) -> int:
            under = result[len(result) - 1 - start[1]].plain[start[0] : start[0] + length]
            return sum(character not in f"{_BLANK}{_UPRIGHT}{_LEVEL}{SHADE}" for character in under)

        column, row = min(one.starts, key=covered)
        at = len(result) - 1 - row
        line = result[at]
        result[at] = Text.assemble(line[:column], (one.text, WORDS), line[column + length :], no_wrap=True)
    return result


def top_border(regions: Sequence[Region], horizontal: Ruler, columns: int) -> str:
    """The upper side of the frame, with the name of each region over its stretch."""
    line = ["─"] * columns
    for region in regions:
        ends = [horizontal.place(region.low), horizontal.place(region.high)]
        if ends[0] is None or ends[1] is None:
            continue
        first, last = max(ceil(ends[0]), 0), min(floor(ends[1]), columns - 1)
        for place in (round(ends[0]), round(ends[1])):
            if 0 < place < columns - 1:
                line[place] = "┬"
        name = visible_line(region.name)
        room = last - first - 3
        if room < min(cell_len(name), _LEAST_NAME):
            continue
        shown = f" {name if cell_len(name) <= room else name[: room - 1] + '…'} "
        start = first + 1 + max((last - first - 1 - cell_len(shown)) // 2, 0)
        line[start : start + cell_len(shown)] = shown
    return "".join(line)


def _at(horizontal: Ruler, vertical: Ruler, x: float, y: float) -> tuple[float, float] | None:
    across, upwards = horizontal.place(x), vertical.place(y)
    return None if across is None or upwards is None else (across, upwards)


def _place(point: Point, horizontal: Ruler, vertical: Ruler) -> tuple[float, float] | None:
    return _at(horizontal, vertical, point.x, point.y)


def _ends(ruler: Ruler, *values: float | None) -> list[float]:
    places = [ruler.place(value) for value in values if value is not None]
    return [place for place in places if place is not None]


def _box(vertical: Ruler, point: Point) -> range:
    """The rows of the thick interval."""
    ends = _ends(vertical, point.q1, point.q3)
    if len(ends) < 2 or max(map(abs, ends)) > _FAR:  # noqa: PLR2004 - from one end to the other
        return range(0)
    return range(round(ends[0]), round(ends[1]) + 1)


def _within(band: Band, horizontal: Ruler, vertical: Ruler, columns: int, rows: int) -> Iterable[Cell]:
    """The cells that a band covers."""
    edges = []
    for edge in band.edges:
        start, top = _at(horizontal, vertical, edge.x, edge.low), vertical.place(edge.high)
        if start and top is not None:
            edges.append((*start, top))
    for (x0, low0, high0), (x1, low1, high1) in itertools.pairwise(edges):
        for column in range(max(ceil(x0 - 0.5), 0), min(floor(x1 + 0.5), columns - 1) + 1):
            share = min(max((column - x0) / (x1 - x0), 0.0), 1.0) if x1 > x0 else 0.0
            low, high = low0 + share * (low1 - low0), high0 + share * (high1 - high0)
            first, last = max(low, 0.0), min(high, rows - 1.0)
            yield from ((column, row) for row in range(round(first), round(last) + 1) if first <= last)
