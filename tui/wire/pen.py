"""The fewest bytes that turn a row that the terminal shows into a wanted one. Knows where the cursor and the pen are.

A blank end of a row is erased (`EL`) only where it is to have the terminal's own background. Erasing in another colour
works on terminals that have "background colour erase" and leaves holes on those that do not (among them multiplexers
with an older terminfo), and nobody can ask which it is; the terminal's own background comes out right on both.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from tui.wire.cells import is_certain
from tui.wire.moves import move
from tui.wire.styles import PLAIN, Style, on_blank, turn

if TYPE_CHECKING:
    from tui.wire.moves import Place
    from tui.wire.row import Row

_ERASE_TO_THE_EDGE = "\x1b[K"
_LONGEST_STEP = 6
"""Bytes of the longest step along a row, and so the widest gap that it can be shorter to write again."""


class Pen:
    """The terminal's cursor and style, and what has been written with them."""

    def __init__(self) -> None:
        self.place: Place | None = None
        """Where the cursor is; None where terminals differ, or that is not known."""
        self.style: Style | None = None
        """What the next character would look like; None where that is not known."""
        self._written: list[str] = []

    def taken(self) -> str:
        """What was written since the last time, which is now the caller's to send."""
        written = "".join(self._written)
        self._written.clear()
        return written

    def go(self, place: Place) -> None:
        """Be there."""
        self._written.append(move(self.place, place))
        self.place = place

    def repaint(self, y: int, old: Row, new: Row) -> None:
        """Write what the terminal lacks of a row.

        In a row with characters that terminals measure differently everything is written again, each cell behind such a
        character at a place of its own: what such a character spilled over its neighbours is put right.
        """
        if new.doubtful:
            self._write(y, new, [x for x, text in enumerate(new.texts) if text is not None])
            return
        changed = [
            x
            for x, (was, becomes, looked, looks) in enumerate(
                zip(old.texts, new.texts, old.styles, new.styles, strict=True)
            )
            if was != becomes or looked != looks
        ]
        kept = self._before_the_blank_end(new, changed)
        self._write(y, new, changed[:kept])
        if kept < len(changed):
            self._reach(changed[kept], y, new, PLAIN)
            self._use(PLAIN if self.style is None or on_blank(self.style) != PLAIN else self.style)
            self._written.append(_ERASE_TO_THE_EDGE)

    @staticmethod
    def _before_the_blank_end(row: Row, changed: list[int]) -> int:
        """How many of the changed columns to write: the others are in the blank end, and erasing that is shorter."""
        texts, styles = row.texts, row.styles
        end = len(texts)
        while end and texts[end - 1] == " " and styles[end - 1] == PLAIN:
            end -= 1
        first = bisect_left(changed, end)
        if first == len(changed) or changed[-1] - changed[first] < len(_ERASE_TO_THE_EDGE):
            return len(changed)
        return first

    def _write(self, y: int, row: Row, columns: list[int]) -> None:
        texts, styles, written = row.texts, row.styles, self._written
        edge = len(texts)
        for x in columns:
            text = texts[x]
            if not text:
                continue  # the second half of a wide character comes with the first
            style = styles[x]
            if self.place != (x, y):
                self._reach(x, y, row, style)
            if style != self.style and not (text == " " and self._writes_blank(style)):
                self._use(style)
            written.append(text)
            behind = x + 2 if x + 1 < edge and texts[x + 1] == "" else x + 1
            # At the edge terminals differ in where the cursor waits.
            self.place = (behind, y) if behind < edge and (not row.doubtful or is_certain(text)) else None

    def _reach(self, x: int, y: int, row: Row, style: Style) -> None:
        """Be there, if that is shorter by writing the unchanged cells on the way again."""
        step = move(self.place, (x, y))
        if self.place is not None and self.place[1] == y and 0 < x - self.place[0] <= _LONGEST_STEP:
            start = self.place[0]
            between = row.texts[start:x]
            known = [text for text in between if text is not None]
            if len(known) == len(between) and sum(len(text.encode()) for text in known) <= len(step):
                for pen in (self.style, style):
                    if pen is not None and all(
                        looks == (on_blank(pen) if text == " " else pen)
                        for text, looks in zip(known, row.styles[start:x], strict=True)
                    ):
                        self._use(pen)
                        step = "".join(known)
                        break
        self._written.append(step)
        self.place = (x, y)

    def _writes_blank(self, style: Style) -> bool:
        return self.style is not None and on_blank(self.style) == style

    def _use(self, style: Style) -> None:
        self._written.append(turn(self.style, style))
        self.style = style
