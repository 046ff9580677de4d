"""A heat map drawn with characters: a shade for each share, read without colour; more rows than lines stand in panels.

Where even panels have no room, neighbouring rows are shown as one, by the mean of what is known of them.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from core.visible import ELLIPSIS, visible_line
from tui.plotting.ink import COLOURS, FRAME, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.figures.model import Colour, HeatMap

_SHADES: tuple[tuple[float, str, Colour], ...] = (
    (0.0, "·", "grey"),
    (0.25, "░", "grey"),
    (0.5, "▒", "sky"),
    (1.0, "▓", "sky"),
)
"""Up to which share (below it, for 1) a cell looks so; above all stands the full block."""
_FULL: tuple[str, Colour] = "█", "green"
KEY = "· never right   ░ to 25%   ▒ to 50%   ▓ more   █ always   blank: no sample"
_GAP, _OVER = 3, 2
"""Cells between panels, and how far a column's name may reach into them."""
_LABEL = 16
"""Cells of a row's name at most."""
_WIDEST = 6
"""Cells of a share at most."""


def heat_lines(heat: HeatMap, width: int, height: int) -> list[Text] | None:
    """The map in at most `height` lines of `width` cells, a line of column names first; None where it has no room."""
    lines = height - 1
    if lines < 1 or not heat.columns:
        return None
    panels, label = _layout(heat, width, lines)
    if not panels:
        return None
    rows, shares = _merged(heat, panels * lines)
    lines = ceil(len(rows) / panels)
    cell = max(1, min(((width - _GAP * (panels - 1)) // panels - label - 1) // len(heat.columns), _WIDEST))
    # The last name of a panel may reach into the gap beside it.
    head = " " * (label + 1) + _head(heat.columns, cell)
    drawn = [Text((" " * (_GAP - _OVER)).join([head] * panels), WORDS)]
    for line in range(lines):
        parts = []
        for at in range(line, len(rows), lines):
            part = Text(_name(rows[at], label) + " ", WORDS)
            parts.append(part.append_text(_row(shares[at], cell)))
        drawn.append(_joined(parts))
    return drawn


def _name(row: str, width: int) -> str:
    """A row's name in exactly so many cells; of a long one the end, where names of a set differ."""
    name = visible_line(row)
    while cell_len(name) > width:
        name = f"{ELLIPSIS}{name[2:]}" if len(name) > 1 else ""
    return " " * (width - cell_len(name)) + name


def _layout(heat: HeatMap, width: int, lines: int) -> tuple[int, int]:
    """Panels side by side, and cells for the rows' names: long ones, if every row then has a line of its own."""
    long = min(max((cell_len(visible_line(row)) for row in heat.rows), default=0), _LABEL)
    needed = ceil(len(heat.rows) / lines) or 1
    choices = [(short, (width + _GAP) // (short + 1 + 2 * len(heat.columns) + _GAP)) for short in _shorter(long)]
    for short, room in choices:
        if room >= needed:
            return needed, short
    return next(((room, short) for short, room in choices if room), (int(len(heat.columns) < width), 0))


def _shorter(label: int) -> tuple[int, ...]:
    return label, min(label, 10), min(label, 6), 0


def _merged(heat: HeatMap, room: int) -> tuple[list[str], list[list[float | None]]]:
    """The rows, or groups of neighbours where there are more than there is room for."""
    each = ceil(len(heat.rows) / room) or 1
    names, shares = [], []
    for start in range(0, len(heat.rows), each):
        group = heat.shares[start : start + each]
        more = len(group) - 1
        names.append(heat.rows[start] + (f" +{more}" if more else ""))
        columns = [[share for share in column if share is not None] for column in zip(*group, strict=True)]
        shares.append([sum(known) / len(known) if known else None for known in columns])
    return names, shares


def _head(columns: Sequence[str], cell: int) -> str:
    """The names of the columns, as many as have room without touching; the last one first of all."""
    width = cell * len(columns)
    line = [" "] * (width + _OVER)
    free = len(line)
    for at, name in reversed(list(enumerate(map(visible_line, columns)))):
        start = at * cell
        if name and start + len(name) <= free:
            line[start : start + len(name)] = name
            free = start - 1
    return "".join(line)


def _row(shares: Sequence[float | None], cell: int) -> Text:
    row = Text()
    for share in shares:
        glyph, colour = _shade(share)
        # A blank between the cells, where there is room, keeps columns apart.
        filled = max(cell - 1, 1)
        row.append(glyph * filled, f"color({COLOURS[colour]})").append(" " * (cell - filled), FRAME)
    return row


def _shade(share: float | None) -> tuple[str, Colour]:
    if share is None:
        return " ", "grey"
    for most, glyph, colour in _SHADES:
        if share <= most and share < 1:
            return glyph, colour
    return _FULL


def _joined(parts: Sequence[Text]) -> Text:
    return Text(" " * _GAP).join(parts)
