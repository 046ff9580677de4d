"""What is to be seen on a terminal: characters with their styles and the cursor, drawn by pyte from pieces of a stream.

Owns the two screens, primary and alternate, which pyte does not tell apart, and keeps from pyte what it stumbles over:
sequences that it would print in part, or take for others.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pyte

from bench.terminal.modes import ALTERNATE
from bench.terminal.stream import Kind

if TYPE_CHECKING:
    from bench.terminal.stream import Piece

_DRAWS = re.compile(r"[\d;]*[@-~]")
_PRIVATE = re.compile(r"\?([\d;]+)([hl])")
_DRAWN_MODES = frozenset({5, 6, 7, 25})
"""Private modes that change what is drawn, or where."""


class Picture:
    """Both screens of one terminal, of which one is on show."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screens = [pyte.Screen(columns, lines), pyte.Screen(columns, lines)]
        self._streams = [pyte.Stream(screen) for screen in self._screens]
        self._shown = 0

    @property
    def lines(self) -> list[str]:
        """The characters on show, a text as wide as the screen for each line."""
        return list(self._screen.display)

    @property
    def text(self) -> str:
        """The characters on show, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def cells(self) -> list[tuple[pyte.screens.Char, ...]]:
        """The characters on show with colours and styles, line by line."""
        screen = self._screen
        return [tuple(screen.buffer[y][x] for x in range(screen.columns)) for y in range(screen.lines)]

    @property
    def cursor(self) -> tuple[int, int]:
        """Its row and column, from 0."""
        return self._screen.cursor.y, self._screen.cursor.x

    def resize(self, columns: int, lines: int) -> None:
        """Be of another size."""
        for screen in self._screens:
            screen.resize(lines, columns)

    def take(self, piece: Piece) -> None:
        """Draw a piece of the stream."""
        if piece.kind is Kind.TEXT:
            self._feed(piece.body)
        elif piece.kind is Kind.ESCAPE:
            self._feed(f"\x1b{piece.body}")
        elif piece.kind is Kind.CSI:
            if found := _PRIVATE.fullmatch(piece.body):
                self._switch({int(number) for number in found[1].split(";") if number}, found[2])
            elif _DRAWS.fullmatch(piece.body):
                self._feed(f"\x1b[{piece.body}")

    def left_behind(self) -> list[str]:
        """How the pen and the scrolling region differ from a fresh terminal's, a few words each."""
        found = []
        pen = self._screen.cursor.attrs
        if pen != self._screen.default_char._replace(data=pen.data):
            found.append("a colour or style left on")
        if self._screen.margins is not None:
            found.append("a scrolling region left set")
        return found

    @property
    def _screen(self) -> pyte.Screen:
        return self._screens[self._shown]

    def _switch(self, modes: set[int], how: str) -> None:
        if modes & ALTERNATE:
            if how == "h" and not self._shown:
                self._screens[1].reset()
            self._shown = int(how == "h")
        for mode in sorted(modes & _DRAWN_MODES):
            self._feed(f"\x1b[?{mode}{how}")

    def _feed(self, text: str) -> None:
        # Numbers that a sequence does not take reach pyte's methods as arguments that these do not take.
        with suppress(TypeError):
            self._streams[self._shown].feed(text)
