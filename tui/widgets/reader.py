"""A pane to read a text in: scrolled by rows, wrapped or not, and searched; only the rows on show are ever worked out.

What the text holds is shown, never obeyed. Knows nothing of where it comes from.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, split_graphemes
from rich.text import Text
from textual.binding import Binding, BindingType

from core.visible import visible_line
from tui.pages.amounts import DASH
from tui.pages.document import Document
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.look import Ink
    from tui.pages.document import Row

LARGE = 200_000
"""Characters from which on a search has a thread of its own: a megabyte takes 30 ms."""
_WHEEL = 3
"""Rows that a turn of the wheel moves."""
_ASIDE = 16
"""Cells that a step to the side moves."""
_MORE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Stands at the edge where an unwrapped line goes on."""


class Reader(Lines, can_focus=True):
    """A text in a frame; its subtitle says where one is, and what was found."""

    DEFAULT_CSS: ClassVar[str] = """
    Reader {
        border: round $rule;
        border-title-color: $quiet;
        border-title-style: none;
        border-subtitle-color: $quiet;
        border-title-background: $background;
        border-subtitle-background: $background;
        height: 1fr;
        padding: 0 1;
    }
    Reader:focus { border: round $quiet; border-title-color: $foreground; border-subtitle-color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("ctrl+u", "page(-1, 2)", "half a page up", show=False),
        Binding("ctrl+d", "page(1, 2)", "half a page down", show=False),
        Binding("home,g", "edge(-1)", "top", show=False),
        Binding("end,G", "edge(1)", "bottom", show=False),
        Binding("left,h", "aside(-1)", "left", show=False),
        Binding("right,l", "aside(1)", "right", show=False),
        Binding("w", "wrap", "wrap", show=False),
        Binding("n", "next(1)", "next match", show=False),
        Binding("N", "next(-1)", "previous match", show=False),
    ]

    def __init__(self, *, ink: Ink = "plain", more: str = "", id: str | None = None) -> None:  # noqa: A002 - the framework's name
        super().__init__(id=id)
        self._document = Document("")
        self._ink, self._more = ink, more
        self._top = self._left = 0
        self._wraps = True
        self._words = ""
        self._found: Sequence[int] = ()
        self._current: int | None = None
        self._where = ""

    @property
    def wraps(self) -> bool:
        """Whether lines are broken where the pane ends."""
        return self._wraps

    @property
    def words(self) -> str:
        """What is searched for; empty where nothing is."""
        return self._words

    def read(self, document: Document) -> None:
        """Show a text from its beginning; what is searched for is looked for in it too."""
        if document is self._document:
            return
        self._document = document
        self._top = self._left = 0
        self._search(jump=False)

    def search(self, words: str) -> None:
        """Look for words, and go to the first at or below what is on show; case counts where a capital is given."""
        if words != self._words:
            self._words = words
            self._search(jump=True)

    def rows_needed(self, width: int, most: int) -> int:
        """Rows that the text takes at a width, `most` at most."""
        return len(self._document.rows_from(0, most, width))

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The rows on show."""
        self._top = min(self._top, self._lowest(width, height))
        rows = self._document.rows_from(self._top, height, self._wrapping(width))
        texts = [self._inked(row) for row in rows]
        if not self._wraps:
            self._left = max(min(self._left, max((text.cell_len for text in texts), default=0) - width), 0)
            texts = [_from_cell(text, self._left, width) for text in texts]
        if not self._document.text:
            texts = [Text.assemble(("(empty)", "label"))]
        self._say_where(rows)
        return texts

    def action_move(self, by: int) -> None:
        """Go so many rows down."""
        width = self.content_size.width
        if by < 0:
            self._go(self._document.above(self._top, -by, self._wrapping(width)))
        else:
            self._go(self._document.rows_from(self._top, by + 1, self._wrapping(width))[-1].start)

    def action_page(self, by: int, part: int = 1) -> None:
        """Go so many pages down, or parts of one."""
        self.action_move(by * max((self.content_size.height - 1) // part, 1))

    def action_edge(self, end: int) -> None:
        """Go to the beginning or to the end."""
        self._go(0 if end < 0 else len(self._document.text))

    def action_aside(self, by: int) -> None:
        """Go to the side, where lines are not wrapped."""
        if not self._wraps:
            self._left = max(self._left + by * _ASIDE, 0)
            self.redraw()

    def action_wrap(self) -> None:
        """Wrap lines, or let them go on beyond the edge."""
        self._wraps, self._left = not self._wraps, 0
        self.redraw()

    def action_next(self, by: int) -> None:
        """Go to the next match, or the one before; round at the ends."""
        if not self._found:
            return
        if self._current is None:
            after = bisect_left(self._found, self._top)
            self._current = after if by > 0 else after - 1
        else:
            self._current += by
        self._current %= len(self._found)
        self._reveal(self._found[self._current])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self.action_move(-_WHEEL)

    def _wrapping(self, width: int) -> int | None:
        return width if self._wraps else None

    def _lowest(self, width: int, height: int) -> int:
        """Where the last page begins."""
        return self._document.above(len(self._document.text), height - 1, self._wrapping(width))

    def _go(self, place: int) -> None:
        """Have the row of a place at the top, as far as there is text to fill the pane."""
        self._top = max(place, 0)
        self.redraw()

    def _reveal(self, place: int) -> None:
        """Have a place on show: where it is already, nothing moves."""
        width, height = self.content_size
        wrapping = self._wrapping(width)
        rows = self._document.rows_from(self._top, height, wrapping)
        if not rows or not rows[0].start <= place < max(rows[-1].end, rows[0].start + 1):
            self._top = self._document.above(place, height // 3, wrapping)
        if not self._wraps:
            row = self._document.rows_from(place, 1, None)[0]
            column = cell_len(self._document.shown(row, [place])[0])
            if not self._left <= column < self._left + width - len(self._words):
                self._left = max(column - width // 3, 0)
        self.redraw()

    def _search(self, *, jump: bool) -> None:
        """Find all matches; in a thread where that takes long, the latest search only."""
        self._found, self._current = (), None
        self.workers.cancel_node(self)
        if self._words and len(self._document.text) >= LARGE:
            self.run_worker(self._search_apart(self._document, self._words, jump=jump))
        else:
            self._take(matches(self._document.text, self._words), jump=jump)

    async def _search_apart(self, document: Document, words: str, *, jump: bool) -> None:
        found = await asyncio.to_thread(matches, document.text, words)
        if document is self._document and words == self._words:
            self._take(found, jump=jump)

    def _take(self, found: Sequence[int], *, jump: bool) -> None:
        self._found = found
        if found and jump:
            self.action_next(1)
        else:
            self.redraw()

    def _inked(self, row: Row) -> Text:
        """A row with its matches marked; the current one is reversed, so that no colour is needed to see it."""
        ink: Ink = "title" if row.start in self._document.heads else self._ink
        size = len(self._words)
        first = bisect_right(self._found, row.start - size)
        hits = range(first, bisect_left(self._found, row.end)) if size else range(0)
        text, cuts = Text("", no_wrap=True), []
        marks = [""]
        for index in hits:
            cuts += [max(self._found[index], row.start), min(self._found[index] + size, row.end)]
            marks += ["reverse" if index == self._current else "underline", ""]
        for piece, mark in zip(self._document.shown(row, cuts), marks, strict=True):
            begin = len(text)
            text.append(piece, "key" if mark else ink)
            if mark:
                text.stylize(mark, begin)
        return text

    def _say_where(self, rows: Sequence[Row]) -> None:
        """In the frame: what was found, the lines on show of how many, and the share of the text down to there."""
        said = []
        if self._words:
            count = (
                f"{len(self._found):,} found"
                if self._current is None
                else f"{self._current + 1:,} of {len(self._found):,}"
            )
            said.append(f"/{visible_line(self._words, 24)}  {count if self._found else 'not found'}")
        text = self._document.text
        if rows and (rows[0].start > 0 or rows[-1].end < len(text.rstrip("\r\n"))):
            said += [self._lines_on_show(rows)] if self._document.lines > 1 else []
            said.append(f"{100 * rows[-1].end // max(len(text), 1)}%")
            said += [self._more] if self._more else []
        if not self._wraps:
            said.append(f"unwrapped{f', from cell {self._left}' if self._left else ''}")
        where = "   ".join(said)
        if where != self._where:
            self._where = where
            self.border_subtitle = Text(where)

    def _lines_on_show(self, rows: Sequence[Row]) -> str:
        first, last = self._document.line_of(rows[0].start), self._document.line_of(rows[-1].end)
        several = f"lines {first:,}{DASH}{last:,}" if last > first else f"line {first:,}"
        return f"{several} of {self._document.lines:,}"


def matches(text: str, words: str) -> list[int]:
    """Where words begin in a text, left to right without overlap; case counts where a capital is among them."""
    if not words:
        return []
    pattern = re.compile(re.escape(words), 0 if words != words.lower() else re.IGNORECASE)
    return [match.start() for match in pattern.finditer(text)]


def _from_cell(text: Text, left: int, width: int) -> Text:
    """What of a line stands in so many cells from one on; a sign at its end where it goes on."""
    spans, cells = split_graphemes(text.plain)
    column, start = 0, len(text)
    for begin, _, wide in spans:
        if column >= left:
            start = begin
            break
        column += wide
    seen = text[start:]
    seen.pad_left(column - left if column > left and start < len(text) else 0)
    if cells - left > width:
        seen.truncate(width - 1)
        seen.append(_MORE, "frame")
    return seen
