"""A figure drawn with characters: heading, frame, ticks, legend, notes. Knows no store and no widgets.

The frame and its labels are set here, cell by cell; what is inside the frame comes from its neighbours.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from core.visible import visible_line
from tui.plotting.canvas import paint
from tui.plotting.heat import KEY, heat_lines
from tui.plotting.ink import (
    COLOURS,
    FRAME,
    SHADE,
    WORDS,
    fill,
    names,
    shades,
    strokes_and_marks,
    top_border,
    written,
)
from tui.plotting.ticks import Ruler, across, upwards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.figures.model import Figure

_LEAST_COLUMNS, _LEAST_ROWS = 8, 3
"""The smallest canvas worth a frame."""
_ROWS_WITH_A_NAME = 12
"""Lines from which there is room for the name of the horizontal axis."""
_ROWS_WITH_NOTES = 18
"""Lines from which there is room for notes, one in so many lines that are more."""
_ROWS_A_NOTE = 4
_GAP = 3
"""Cells between title and legend, at least."""
_NAME_LIMIT = 40
"""Characters of a series' name in the legend."""
_LEGEND_LINES = 3
"""Lines that a legend takes at most."""


def draw(figure: Figure, width: int, height: int, *, colour: bool = True, heading: bool = True) -> Text:
    """Exactly `height` lines of at most `width` cells.

    Points that are not finite, or that lie outside the axes, are left out; lines, bands and intervals end at the frame.

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
    notes = _notes(figure, width, height)
    rows = height - len(lines) - len(notes)
    if figure.heat is not None and not figure.empty:
        keyed = height >= _ROWS_WITH_A_NAME
        drawn = heat_lines(figure.heat, width, rows - keyed)
        if drawn is not None and keyed:
            drawn.append(Text(KEY, WORDS))
    else:
        drawn = _chart(figure, width, rows, colour=colour, named=named)
    lines += [Text("too small for a figure", WORDS)] if drawn is None else [*drawn, *notes]
    text = Text("\n", no_wrap=True, overflow="crop").join(_fit(line, width) for line in _exactly(lines, height))
    text.no_wrap = True
    return text if colour else Text(text.plain, no_wrap=True, overflow="crop")


def legend(figure: Figure) -> Text:
    """The marker and name of each series, in its colour, and of each band, on one line."""
    return _GAPPED.join(_entries(figure))


_GAPPED = Text(" " * _GAP)


def _entries(figure: Figure) -> list[Text]:
    marks = [(one.marker or "─", f"color({COLOURS[one.colour]})", one.name) for one in figure.series]
    marks += [(SHADE, WORDS, name) for name in dict.fromkeys(band.name for band in figure.bands)]
    # What looks and is called the same is said once.
    each = dict.fromkeys(marks)
    return [Text.assemble((mark, style), " ", (visible_line(name, _NAME_LIMIT), WORDS)) for mark, style, name in each]


def _heading(figure: Figure, width: int) -> list[Text]:
    """The title with the legend at the right end, or below it where one line is too short for both."""
    title, entries = Text(visible_line(figure.title, width), "bold"), legend(figure)
    if not entries:
        return [title]
    gap = width - title.cell_len - entries.cell_len - 1
    if gap >= _GAP:
        return [Text.assemble(title, " " * gap, entries)]
    below = [Text()]
    for entry in _entries(figure):
        if below[-1] and below[-1].cell_len + _GAP + entry.cell_len > width:
            below.append(Text())
        below[-1] = _GAPPED.join([below[-1], entry]) if below[-1] else entry
    return [title, *below[:_LEGEND_LINES]]


def _notes(figure: Figure, width: int, height: int) -> list[Text]:
    """The sentences below the figure, as many whole ones as there is room for, and how many there are besides."""
    if height < _ROWS_WITH_NOTES or figure.empty:
        return []
    lines: list[Text] = []
    room = height // _ROWS_A_NOTE - 2
    for number, note in enumerate(figure.notes):
        wrapped = textwrap.wrap(visible_line(note), width, subsequent_indent="  ")
        left = len(figure.notes) - number
        if len(lines) + len(wrapped) + (left > 1) > room:
            return [*lines, Text(f"{left} more in a higher window", WORDS)] if len(lines) < room else lines
        lines += map(Text, wrapped)
    return lines


def _chart(figure: Figure, width: int, height: int, *, colour: bool, named: bool) -> list[Text] | None:
    """Frame, ticks and what stands between them; None where there is no room."""
    rows = height - 3 - named
    vertical = upwards(figure.y, rows)
    margin = max((cell_len(tick.label) for tick in vertical.ticks), default=0)
    columns = width - margin - 3
    if columns < _LEAST_COLUMNS or rows < _LEAST_ROWS:
        return None
    horizontal = across(figure.x, columns)
    if figure.empty:
        inside = _notice(figure.notes or ("no samples yet",), columns, rows)
    else:
        inside = paint(columns, rows, *strokes_and_marks(figure, horizontal, vertical), colour=colour)
        inside = fill(inside, shades(figure, horizontal, vertical, columns, rows))
        inside = written(inside, names(figure, horizontal, vertical, columns, rows))
    regions = () if figure.empty else figure.regions
    lines = _framed(inside, top_border(regions, horizontal, columns), horizontal, vertical, margin)
    if named:
        lines.append(Text(visible_line(figure.x.label, columns).rjust(margin + 2 + columns), WORDS))
    return lines


def _framed(inside: list[Text], top: str, horizontal: Ruler, vertical: Ruler, margin: int) -> list[Text]:
    """The canvas in its frame, with the ticks of both axes: a line more above and two below, one of them of labels."""
    rows, columns = len(inside), cell_len(top)
    left = {rows - 1 - tick.at: tick.label for tick in vertical.ticks}
    below = {tick.at for tick in horizontal.ticks}
    lines = [Text(" " * margin + "┌" + top + "┐", FRAME)]
    for row, line in enumerate(inside):
        label = left.get(row, "")
        lines.append(
            Text.assemble(
                (label.rjust(margin), WORDS), ("┤" if label else "│", FRAME), line, ("│", FRAME), no_wrap=True
            )
        )
    bottom = "".join("┬" if column in below else "─" for column in range(columns))
    lines.append(Text(" " * margin + "└" + bottom + "┘", FRAME))
    labels = [" "] * (margin + columns + 2)
    for tick in horizontal.ticks:
        # Centred under its mark, but within the line: a label at the very end is pushed back.
        start = max(min(margin + 1 + tick.at - (len(tick.label) - 1) // 2, len(labels) - len(tick.label)), 0)
        labels[start : start + len(tick.label)] = tick.label
    lines.append(Text("".join(labels), WORDS))
    return lines


def _notice(notes: Sequence[str], columns: int, rows: int) -> list[Text]:
    """An empty canvas with a few words in its middle: why it is empty."""
    words = [line for note in notes for line in textwrap.wrap(visible_line(note), columns)][:rows]
    lines = [Text(" " * columns) for _ in range(rows)]
    first = (rows - len(words) + 1) // 2
    lines[first : first + len(words)] = [Text(set_cell_size(line.center(columns), columns), WORDS) for line in words]
    return lines


def _fit(line: Text, width: int) -> Text:
    line.truncate(width)
    line.rstrip()
    return line


def _exactly(lines: list[Text], height: int) -> list[Text]:
    return (lines + [Text() for _ in range(height)])[:height]
