"""One row of the screen: what is in its cells, and text laid over them. Knows neither cursor nor bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.wire.cells import MOST_IN_A_CELL, cells_of, is_certain, is_narrow
from tui.wire.styles import PLAIN, Style, on_blank

if TYPE_CHECKING:
    from typing import Self

_WIDE = 2


class Row:
    """The cells of a row, in two lists of equal length, so that unchanged rows compare in C.

    A wide character stands in the first of its two cells, with an empty string in the second. There is never half of
    one: what is laid over one half leaves a blank in the other, as terminals do.
    """

    __slots__ = ("doubtful", "styles", "texts")

    def __init__(self, texts: list[str | None], styles: list[Style], *, doubtful: bool = False) -> None:
        self.texts = texts
        """What each cell holds; None where that is not known."""
        self.styles = styles
        """How each cell looks; a blank's has only what can be seen on it."""
        self.doubtful = doubtful
        """Whether it may hold characters that terminals measure differently."""

    @classmethod
    def unknown(cls, width: int) -> Self:
        """A row of which nothing is known."""
        return cls([None] * width, [PLAIN] * width)

    @classmethod
    def blank(cls, width: int) -> Self:
        """A cleared row."""
        return cls([" "] * width, [PLAIN] * width)

    def copy(self) -> Row:
        """A row of its own with the same cells."""
        return Row(self.texts[:], self.styles[:], doubtful=self.doubtful)

    def same_as(self, other: Row) -> bool:
        """Whether all cells hold the same and look the same."""
        return self.texts == other.texts and self.styles == other.styles

    def settle_doubt(self) -> None:
        """Stop being doubtful when the characters that made it so are gone."""
        self.doubtful = not all(is_certain(text) for text in self.texts if text is not None)

    def put(self, start: int, text: str, style: Style, *, joins: bool) -> int:
        """The column behind the text, once it lies over the row's cells from `start`; what passes the edge is cut off.

        Args:
            start: a column, counted from 0.
            text: of any kind; what a terminal would obey or hide appears as symbols.
            style: how it is to look.
            joins: whether an accent or joiner at its beginning belongs to the cell before it.
        """
        if is_narrow(text):
            return self._put_narrow(start, text, style)
        column = start
        for cell, width in cells_of(text):
            if width:
                self._put_cell(column, cell, width, style)
            elif joins or column > start:
                self._join(column, cell)
            column += width
        return column

    def _put_narrow(self, start: int, text: str, style: Style) -> int:
        end = start + len(text)
        edge = len(self.texts)
        if start >= edge:
            return end
        shown, stop = (text, end) if end <= edge else (text[: edge - start], edge)
        self._free(start, stop)
        self.texts[start:stop] = shown
        bare = on_blank(style)
        if bare is style or " " not in shown:
            self.styles[start:stop] = [style] * (stop - start)
        else:
            self.styles[start:stop] = [bare if cell == " " else style for cell in shown]
        return end

    def _put_cell(self, column: int, cell: str, width: int, style: Style) -> None:
        left = len(self.texts) - column
        if left <= 0:
            return
        if width > left:
            cell, width = " ", 1
        self._free(column, column + width)
        self.texts[column] = cell
        self.styles[column] = on_blank(style) if cell == " " else style
        if width == _WIDE:
            self.texts[column + 1] = ""
            self.styles[column + 1] = style
        self.doubtful = self.doubtful or not is_certain(cell)

    def _join(self, column: int, mark: str) -> None:
        """Add what has no width to the cell before it."""
        if not 0 < column <= len(self.texts):
            return
        before = column - 2 if self.texts[column - 1] == "" and column > 1 else column - 1
        held = self.texts[before]
        if held is not None and len(held) + len(mark) <= MOST_IN_A_CELL:
            self.texts[before] = held + mark
            self.doubtful = True

    def _free(self, start: int, stop: int) -> None:
        """Blank the other half of a wide character of which the columns from `start` to `stop` have one half."""
        texts = self.texts
        if texts[start] == "" and start:
            texts[start - 1] = " "
            self.styles[start - 1] = on_blank(self.styles[start - 1])
        if stop < len(texts) and texts[stop] == "":
            texts[stop] = " "
            self.styles[stop] = on_blank(self.styles[stop])
