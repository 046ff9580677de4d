"""What the terminal shows and what Textual wants it to show: the bytes between the two. Pure; knows no terminal.

Textual paints whole regions, each segment with all its colours. `Picture` lays that over a grid of wanted cells and
writes only what differs from the grid of shown ones. `thin` does both at once; apart, `take` and `give` let any number
of updates pass while the line is busy, and then send the last state alone.

An update has four things in it: cursor positions, styles, line ends before a position, and text. Everything else in it
is text too, and what a terminal would obey appears as a symbol. Hyperlinks are left out: their addresses are data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.wire.commands import (
    CURSOR_HIDDEN,
    CURSOR_SHOWN,
    SCREEN_ENTERED,
    SCREEN_LEFT,
    SYNC_BEGINS,
    SYNC_ENDS,
    is_command,
)
from tui.wire.pen import Pen
from tui.wire.row import Row
from tui.wire.styles import PLAIN, after

if TYPE_CHECKING:
    from tui.wire.moves import Place

_TOKEN = re.compile(
    r"\x1b\[(?:([0-9;]{0,80}m)|([0-9]{1,4});([0-9]{1,4})H)"  # a style, or a place
    r"|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)"  # a hyperlink begins or ends
    r"|\n++(?=\x1b\[[0-9]+;[0-9]+H)"  # a line ends; a place follows
    r"|([^\x1b\n]+|[\x1b\n])"  # text
)
_CLEAR = "\x1b[m\x1b[2J"
_CORNER = (0, 0)
_TEARS = 512
"""Bytes from which an update can be seen half done: a shorter one arrives in one piece, and needs no synchronising."""


class Picture:
    """A terminal of some size, as far as it is known.

    Args:
        width: cells across.
        height: rows.
        colour: False sends no colour, whatever is asked; bold, dim, italic, underline, reverse and strike stay.
    """

    def __init__(self, width: int, height: int, *, colour: bool = True) -> None:
        self._width = width
        self._height = height
        self._colour = colour
        self._shown: list[Row] = []
        self._wanted: list[Row] = []
        """The shown row itself where nothing else is wanted."""
        self._touched: set[int] = set()
        self._pen = Pen()
        self._said: list[str] = []
        """What is to be sent before anything is painted."""
        self._rest: Place | None = None
        """Where Textual leaves the cursor; None where it did not say."""
        self._cursor_hidden = False
        self._synchronised = False
        self.forget()

    def thin(self, data: str) -> str:
        """The bytes to send for what Textual writes; none if the terminal shows it already."""
        self.take(data)
        return self.give()

    def take(self, data: str) -> None:
        """Note what Textual writes: a whole command, or a screen update."""
        if data == SYNC_BEGINS:
            self._synchronised = True  # Textual uses it where the terminal said that it knows it
        elif data == SYNC_ENDS:
            pass
        elif is_command(data):
            self._obey(data)
        else:
            self._paint(data)

    def give(self) -> str:
        """What the terminal lacks; taking it is a promise to send it."""
        painted = self._painted()
        if not self._said:
            return painted
        self._said.append(painted)
        said = "".join(self._said)
        self._said.clear()
        return said

    def forget(self) -> None:
        """Know nothing of the screen any more: everything that is painted next is sent."""
        self._start([Row.unknown(self._width) for _ in range(self._height)])

    def resize(self, width: int, height: int) -> None:
        """Have another size, and know nothing of the screen any more."""
        self._width, self._height = width, height
        self.forget()

    def _start(self, rows: list[Row]) -> None:
        self._shown, self._wanted = rows, rows[:]
        self._touched.clear()
        self._pen.place = self._pen.style = self._rest = None

    def _obey(self, command: str) -> None:
        if command == SCREEN_LEFT:
            self.forget()
            self._said.append("\x1b[m" + command)
            return
        self._said += (self._painted(), command)
        if command == SCREEN_ENTERED:
            # Clearing it costs seven bytes and saves a screenful of blanks.
            self._said.append(_CLEAR)
            self._start([Row.blank(self._width) for _ in range(self._height)])
            self._pen.style = PLAIN
        elif command in {CURSOR_SHOWN, CURSOR_HIDDEN}:
            self._cursor_hidden = command == CURSOR_HIDDEN

    def _paint(self, data: str) -> None:
        row: Row | None = None
        x = begins = 0
        style = PLAIN
        place: Place | None = None
        for parameters, line, column, text in _TOKEN.findall(data):
            if text:
                place = None
                if row is not None:
                    x = row.put(x, text, style, joins=x > begins)
            elif line:
                x, y = max(int(column), 1) - 1, max(int(line), 1) - 1
                begins = x
                place = (x, y)
                row = self._row(y)
            elif parameters:
                style = after(style, parameters[:-1], colour=self._colour)
        if place is not None:
            self._rest = min(place[0], self._width - 1), min(place[1], self._height - 1)

    def _row(self, y: int) -> Row | None:
        """The wanted row, to be written upon; None below the screen."""
        if y >= self._height:
            return None
        if y not in self._touched:
            self._touched.add(y)
            self._wanted[y] = self._shown[y].copy()
        return self._wanted[y]

    def _painted(self) -> str:
        pen = self._pen
        for y in sorted(self._touched):
            old, new = self._shown[y], self._wanted[y]
            if new.same_as(old):
                self._wanted[y] = old
                continue
            pen.repaint(y, old, new)
            if new.doubtful:
                new.settle_doubt()
            self._shown[y] = new
        self._touched.clear()
        # Textual leaves the cursor in the corner when it has no place for it; hidden, it may stay anywhere then.
        if self._rest is not None and not (self._cursor_hidden and self._rest == _CORNER):
            pen.go(self._rest)
        painted = pen.taken()
        if self._synchronised and len(painted) > _TEARS:
            return SYNC_BEGINS + painted + SYNC_ENDS
        return painted
