"""An independent terminal to hold the picture against: pyte, with the two habits of real terminals that it lacks."""

from __future__ import annotations

import functools
import io
import re
from typing import TYPE_CHECKING

import pyte
import pyte.screens
import pytest
from rich.console import Console
from rich.control import Control
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment

WIDTH, HEIGHT = 20, 5
_PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\[\?[0-9]+\$p")


class Emulator(pyte.Screen):
    """What is on a screen after some bytes, autowrap off as Textual has it."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        super().__init__(width, height)
        self.reset_mode(7, private=True)
        self._stream = pyte.Stream(self)

    def feed(self, data: str) -> None:
        # pyte prints the tail of private sequences that it does not know.
        self._stream.feed(_PRIVATE.sub(b"", data.encode()).decode())

    def draw(self, data: str) -> None:
        """As real terminals: half a wide character that is overwritten leaves a blank in its other half."""
        for char in data:
            width = pyte.screens.wcwidth(char)
            row, x = self.buffer[self.cursor.y], min(self.cursor.x, self.columns - 1)
            if width > 0:
                if row[x].data == "" and x:
                    row[x - 1] = row[x - 1]._replace(data=" ")
                if row[x + width].data == "":
                    row[x + width] = row[x + width]._replace(data=" ")
            super().draw(char)

    def look(self) -> list[list[tuple[object, ...]]]:
        """Per cell all that an eye can see: of a blank its background, and what draws lines through it."""
        return [[_seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


def _seen(char: pyte.screens.Char) -> tuple[object, ...]:
    drawn = (char.underscore, char.strikethrough, char.reverse)
    if char.data == " " and not any(drawn):
        return (" ", char.bg)
    return tuple(char)


@functools.cache
def _console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)


def _lines(*rows: Iterable[Segment], x: int = 0, y: int = 0, cursor: tuple[int, int] = (0, 0)) -> str:
    strips = [[Strip(row)] for row in rows]
    update = LayoutUpdate(strips, Region(x, y, WIDTH - x, len(strips)))
    return update.render_segments(_console()) + Control.move_to(*cursor).segment.text


@pytest.fixture(scope="session")
def lines():
    """What Textual's app writes to repaint some rows, each given as segments."""
    return _lines


@pytest.fixture(scope="session")
def emulator() -> type[Emulator]:
    """An empty terminal, given its width and height."""
    return Emulator
