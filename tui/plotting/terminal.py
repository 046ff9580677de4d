"""A figure drawn with characters: frame, ticks, intervals, lines, markers, legend. Knows no store and no widgets.

The frame and its labels are set here, cell by cell; what is inside the frame comes from the canvas.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from core.visible import visible_line
from tui.plotting.canvas import Mark, Stroke, paint
from tui.plotting.ticks import Ruler, across, upwards

if TYPE_CHECKING:
    from core.figures.model import Colour, Figure, Point

_COLOURS: dict[Colour, int] = {
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

_FRAME = "bright_black"
_WORDS = "dim"
_LEAST_COLUMNS, _LEAST_ROWS = 8, 3
"""The smallest canvas worth a frame."""
_ROWS_WITH_A_NAME = 12
"""Lines from which there is room for the name of the horizontal axis."""
_GAP = 3
"""Cells between title and legend, at least."""
_NAME_LIMIT = 40
"""Characters of a series' name in the legend."""


def draw(figure: Figure, width: int, height: int, *, colour: bool = True, heading: bool = True) -> Text:
    """Exactly `height` lines of at most `width` cells.

    Points that are not finite, or that lie outside the axes, are left out; lines and intervals end at the frame.

    Args:
        figure: what to draw.
        width: cells across.
        height: lines.
        colour: False leaves out every colour and style code.
        heading: whether the title and the legend come first, and the last line names the horizontal axis
            (where there is room); a pane with a title of its own does without.
    """
    lines: list[Text] = []
    if heading and height > 1:
        lines += _heading(figure, width)
    named = heading and height >= _ROWS_WITH_A_NAME
    rows = height - len(lines) - 3 - named
    vertical = upwards(figure.y, rows)
    margin = max((cell_len(tick.label) for tick in vertical.ticks), default=0)
    columns = width - margin - 3
    if columns < _LEAST_COLUMNS or rows < _LEAST_ROWS:
        lines.append(Text("too small for a figure", _WORDS))
    else:
        horizontal = across(figure.x, columns)
        if figure.empty:
            inside = _notice("no samples yet", columns, rows)
        else:
            inside = paint(columns, rows, *_ink(figure, horizontal, vertical), colour=colour)
        lines += _framed(inside, horizontal, vertical, margin, columns)
        if named:
            lines.append(Text(visible_line(figure.x.label, columns).rjust(margin + 2 + columns), _WORDS))
    text = Text("\n", no_wrap=True, overflow="crop").join(_fit(line, width) for line in _exactly(lines, height))
    text.no_wrap = True
    return text if colour else Text(text.plain, no_wrap=True, overflow="crop")


def legend(figure: Figure) -> Text:
    """Each series' marker and name, in its colour, on one line."""
    entries = [
        Text.assemble(
            (series.marker or "─", f"color({_COLOURS[series.colour]})"),
            " ",
            (visible_line(series.name, _NAME_LIMIT), _WORDS),
        )
        for series in figure.series
    ]
    return Text("   ").join(entries)


def _heading(figure: Figure, width: int) -> list[Text]:
    """The title with the legend at the right end, or below it where one line is too short for both."""
    title, entries = Text(visible_line(figure.title, width), "bold"), legend(figure)
    gap = width - title.cell_len - entries.cell_len - 1
    if not figure.series:
        return [title]
    return [title, entries] if gap < _GAP else [Text.assemble(title, " " * gap, entries)]


def _ink(figure: Figure, horizontal: Ruler, vertical: Ruler) -> tuple[list[Stroke], list[Mark]]:
    """All lines first, then all intervals, then all markers, so that no marker is struck through."""
    lines: list[Stroke] = []
    bars: list[Stroke] = []
    marks: list[Mark] = []
    for series in reversed(figure.series):
        colour = _COLOURS[series.colour]
        places = [(_place(point, horizontal, vertical), point) for point in series.points]
        known = [(place, point) for place, point in places if place]
        if series.line:
            pairs = itertools.pairwise(known)
            lines += [Stroke(start, end, colour) for (start, _), (end, _) in pairs]
        for (x, y), point in known:
            ends = [vertical.place(end) for end in (point.low, point.high) if end is not None]
            bars += [Stroke((x, y), (x, end), colour) for end in ends if end is not None]
            if point.marked and series.marker:
                marks.append(Mark((x, y), series.marker, colour))
    return lines + bars, marks


def _place(point: Point, horizontal: Ruler, vertical: Ruler) -> tuple[float, float] | None:
    x, y = horizontal.place(point.x), vertical.place(point.y)
    return None if x is None or y is None else (x, y)


def _framed(inside: list[Text], horizontal: Ruler, vertical: Ruler, margin: int, columns: int) -> list[Text]:
    """The canvas in its frame, with the ticks of both axes: two lines more above and below, and one of labels."""
    rows = len(inside)
    left = {rows - 1 - tick.at: tick.label for tick in vertical.ticks}
    below = {tick.at for tick in horizontal.ticks}
    lines = [Text(" " * margin + "┌" + "─" * columns + "┐", _FRAME)]
    for row, line in enumerate(inside):
        label = left.get(row, "")
        lines.append(
            Text.assemble(
                (label.rjust(margin), _WORDS), ("┤" if label else "│", _FRAME), line, ("│", _FRAME), no_wrap=True
            )
        )
    bottom = "".join("┬" if column in below else "─" for column in range(columns))
    lines.append(Text(" " * margin + "└" + bottom + "┘", _FRAME))
    labels = [" "] * (margin + columns + 2)
    for tick in horizontal.ticks:
        # Centred under its mark, but within the line: a label at the very end is pushed back.
        start = max(min(margin + 1 + tick.at - (len(tick.label) - 1) // 2, len(labels) - len(tick.label)), 0)
        labels[start : start + len(tick.label)] = tick.label
    lines.append(Text("".join(labels), _WORDS))
    return lines


def _notice(words: str, columns: int, rows: int) -> list[Text]:
    """An empty canvas with a few words in its middle."""
    lines = [Text(" " * columns) for _ in range(rows)]
    lines[rows // 2] = Text(words[:columns].center(columns), _WORDS)
    return lines


def _fit(line: Text, width: int) -> Text:
    line.truncate(width)
    line.rstrip()
    return line


def _exactly(lines: list[Text], height: int) -> list[Text]:
    return (lines + [Text() for _ in range(height)])[:height]
