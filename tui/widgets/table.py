"""A table of any length that draws only the rows on show, with a cursor, sorting and a filter.

Rows are whatever the caller has; columns say how to show one. Keeps its place by a row's identity, so that it stays on
the same row while numbers change and the order with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from core.visible import visible_line
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from textual import events

Row = TypeVar("Row")

_MARK = 2
"""Cells before the first column, where the cursor's mark stands."""
_GAPS = range(2, 5)
"""Cells between columns: as many as there is room for."""
_WHEEL = 3
"""Lines that a turn of the wheel moves."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """How one fact about a row is shown."""

    title: str
    width: int
    cell: Callable[[Row], Text]
    key: Callable[[Row], Any] | None = None
    """What to sort by; None where there is no order. A row whose key is None comes last."""
    right: bool = True
    gives_way: int = 0
    """Where there is no room, the columns with the highest number go first; 0 never goes."""
    stretches: int = 0
    """Cells that it may take of the room that is left."""
    head: Text | None = None
    """A title of several styles, in place of the plain one."""


class _Fit(NamedTuple, Generic[Row]):
    """Columns as they fit."""

    columns: Sequence[Column[Row]]
    widths: Sequence[int]
    gap: int


class Table(Lines, Generic[Row], can_focus=True):
    """Columns over rows; the pane's title counts them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("home,g", "edge(-1)", "first", show=False),
        Binding("end,G", "edge(1)", "last", show=False),
        Binding("enter", "choose", "open", show=False),
        Binding("s", "sort", "sort", show=False),
        Binding("S", "reverse", "reverse", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A row was chosen: enter, or a click on the row that the cursor is on."""

        table: Table[Any]
        row: Any

        @property
        def control(self) -> Table[Any]:
            """The table, for `on` selectors."""
            return self.table

    @dataclass
    class Pointed(Message):
        """The cursor came to another row."""

        table: Table[Any]
        row: Any

        @property
        def control(self) -> Table[Any]:
            """The table, for `on` selectors."""
            return self.table

    @dataclass
    class Scrolled(Message):
        """Other rows are on the screen."""

        table: Table[Any]

        @property
        def control(self) -> Table[Any]:
            """The table, for `on` selectors."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        identity: Callable[[Row], Hashable],
        words: Callable[[Row], str] = lambda _: "",
        on_top: Callable[[Row], bool] | None = None,
        title: str = "",
        empty: str = "nothing yet",
        id: str | None = None,  # noqa: A002 - the framework's name
    ) -> None:
        super().__init__(id=id)
        self.columns: Sequence[Column[Row]] = columns
        self.empty = empty
        self._footing: Sequence[Text] = ()
        self._identity, self._words, self._title = identity, words, title
        self._on_top = on_top
        """Says which rows come first, whatever the order."""
        self._rows: Sequence[Row] = ()
        self._shown: list[Row] = []
        self._cursor, self._offset = 0, 0
        self._sorted_by: Column[Row] | None = None
        self._reversed = False
        self._filter = ""
        self._titled = ""
        self._on_screen: list[Hashable] = []

    @property
    def pointed(self) -> Row | None:
        """The row that the cursor is on."""
        return self._shown[self._cursor] if 0 <= self._cursor < len(self._shown) else None

    @property
    def in_order(self) -> Sequence[Row]:
        """All rows that the filter lets through, in their order."""
        return self._shown

    @property
    def rows_on_show(self) -> Sequence[Row]:
        """The rows that are on the screen."""
        return self._shown[self._offset : self._offset + self._room]

    @property
    def filter(self) -> str:
        """What rows are filtered by."""
        return self._filter

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other facts about the rows; the order stays where it has a column still."""
        self.columns = columns
        if self._sorted_by is not None:
            self._sorted_by = next((one for one in columns if one.title == self._sorted_by.title), None)
        self.redraw()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, the cursor staying on the row that it is on."""
        self._rows = rows
        self._put_in_order()

    def set_footing(self, lines: Sequence[Text]) -> None:
        """Have lines under the last row, as many of them as there is room for."""
        self._footing = lines
        self.redraw()

    def set_filter(self, words: str) -> None:
        """Show only the rows whose words contain these, whatever their case."""
        self._filter = words
        self._put_in_order()

    def point_at(self, identity: Hashable) -> None:
        """Put the cursor on a row, if it is there."""
        for index, row in enumerate(self._shown):
            if self._identity(row) == identity:
                self._cursor = index
                self._follow()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The head, the rows that fit, and the footing where there is room."""
        fit = self._fitting(width - 1)  # the last column keeps off the frame
        self._follow(redraw=False)
        shown = self.rows_on_show
        lines = [self._head(fit)]
        for index, row in enumerate(shown, self._offset):
            lines.append(self._line(row, fit, width, pointed=index == self._cursor and self._marks))
        if not self._shown:
            said = (
                f"none of {len(self._rows):,} matches {self._filter!r}" if self._filter and self._rows else self.empty
            )
            lines.append(Text(f"{' ' * _MARK}{said}", "label"))
        if self._footing and len(lines) + 1 < height:
            lines += [Text(), *(self._cut(line, width) for line in self._footing)][: height - len(lines)]
        self._entitle(len(shown))
        now = [self._identity(row) for row in shown]
        if now != self._on_screen:
            self._on_screen = now
            self.post_message(self.Scrolled(self))
        return lines

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        self._go(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by so many pages."""
        self._go(self._cursor + by * max(self._room - 1, 1))

    def action_edge(self, end: int) -> None:
        """Go to the first or the last row."""
        self._go(0 if end < 0 else len(self._shown) - 1)

    def action_choose(self) -> None:
        """Say that the row under the cursor was chosen."""
        if self.pointed is not None:
            self.post_message(self.Chosen(self, self.pointed))

    def action_sort(self) -> None:
        """Sort by the next column on show; after the last, in the order that rows came in."""
        columns = self._fitting(self.content_size.width - 1).columns
        order: list[Column[Row] | None] = [None, *(column for column in columns if column.key)]
        at = order.index(self._sorted_by) if self._sorted_by in order else 0
        self._sorted_by, self._reversed = order[(at + 1) % len(order)], False
        self._put_in_order()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._reversed = not self._reversed
        self._put_in_order()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self.action_move(-_WHEEL)

    def on_click(self, event: events.Click) -> None:
        """Point at a row; choose it if it was pointed at already."""
        place = event.get_content_offset(self)
        if place is None:
            return
        index = self._offset + place.y - 1
        if place.y >= 1 and index < len(self._shown):
            if index == self._cursor:
                self.action_choose()
            else:
                self._go(index)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor, or hide it; when it is told of the event, `has_focus` does not say so yet."""
        super().watch_has_focus(has_focus)
        self.redraw()

    @property
    def _room(self) -> int:
        """Rows that fit under the head."""
        return max(self.content_size.height - 1, 0)

    @property
    def _marks(self) -> bool:
        """Whether the cursor is shown."""
        return self.can_focus and self.has_focus

    def _go(self, index: int) -> None:
        before = self.pointed
        self._cursor = max(0, min(index, len(self._shown) - 1))
        self._follow()
        if self.pointed is not None and self.pointed is not before:
            self.post_message(self.Pointed(self, self.pointed))

    def _follow(self, *, redraw: bool = True) -> None:
        """Scroll so that the cursor is on the screen and no line is left empty for nothing."""
        room = max(self._room, 1)
        lowest = max(self._cursor - room + 1, 0)
        self._offset = min(max(self._offset, lowest), self._cursor, max(len(self._shown) - room, 0))
        if redraw:
            self.redraw()

    def _put_in_order(self) -> None:
        """Filter and sort, keeping the cursor on its row."""
        kept = None if self.pointed is None else self._identity(self.pointed)
        wanted = self._filter.casefold()
        shown = [row for row in self._rows if not wanted or wanted in self._words(row).casefold()]
        key = self._sorted_by.key if self._sorted_by else None
        if key is not None:
            known = [row for row in shown if key(row) is not None]
            known.sort(key=key, reverse=self._reversed)
            shown = known + [row for row in shown if key(row) is None]
        elif self._reversed:
            shown.reverse()
        if self._on_top is not None:
            on_top = self._on_top
            shown.sort(key=lambda row: not on_top(row))
        self._shown = shown
        if kept is not None:
            places = (index for index, row in enumerate(shown) if self._identity(row) == kept)
            self._cursor = next(places, min(self._cursor, max(len(shown) - 1, 0)))
        self._follow()

    def _fitting(self, width: int) -> _Fit[Row]:
        """The columns that there is room for, the cells that each has, and the gap between them."""
        columns = list(self.columns)
        while _MARK + sum(column.width + _GAPS[0] for column in columns) - _GAPS[0] > width:
            goes = max(columns, key=lambda column: column.gives_way, default=None)
            if goes is None or not goes.gives_way:
                break
            columns.remove(goes)
        widths = [column.width for column in columns]
        room = width - _MARK - sum(widths) - _GAPS[0] * (len(columns) - 1)
        for index, column in enumerate(columns):
            taken = max(min(column.stretches, room), 0)
            widths[index] += taken
            room -= taken
        gap = min(_GAPS[0] + max(room, 0) // max(len(columns) - 1, 1), _GAPS[-1])
        return _Fit(columns, widths, gap)

    def _head(self, fit: _Fit[Row]) -> Text:
        head = Text(" " * _MARK, no_wrap=True)
        for column, cells in zip(fit.columns, fit.widths, strict=True):
            title = column.head.copy() if column.head else Text(column.title, "label")
            if column is self._sorted_by:
                title = Text.assemble((column.title, "key"), ("▴" if self._reversed else "▾", "key"))
            head.append_text(_fit(title, cells, right=column.right)).append(" " * fit.gap)
        return head

    def _line(self, row: Row, fit: _Fit[Row], width: int, *, pointed: bool) -> Text:
        line = Text.assemble(("▸ ", "key") if pointed else " " * _MARK, no_wrap=True)
        for column, cells in zip(fit.columns, fit.widths, strict=True):
            line.append_text(_fit(column.cell(row), cells, right=column.right)).append(" " * fit.gap)
        if pointed:
            line.truncate(width, pad=True)
            if self.app.current_theme.ansi:
                line = Text(line.plain, no_wrap=True)  # turned round, the inks of its cells would be a patchwork
            line.stylize_before("cursor")
        return line

    def _cut(self, line: Text, width: int) -> Text:
        line = Text.assemble(" " * _MARK, line)
        line.truncate(width, overflow="ellipsis")
        return line

    def _entitle(self, shown: int) -> None:
        """Name the pane, with the rows on show where not all are."""
        title = self._title
        if title and shown < len(self._shown):
            title += f"  {self._offset + 1:,}–{self._offset + shown:,} of {len(self._shown):,}"  # noqa: RUF001 - a range
        if title and self._filter:
            title += f"  /{self._filter}"
        if title != self._titled:
            self._titled = title
            self.border_title = Text(visible_line(title))


def _fit(text: Text, cells: int, *, right: bool) -> Text:
    """A text in exactly so many cells."""
    fitted = Text("", no_wrap=True).append_text(text)
    fitted.truncate(cells, overflow="ellipsis")
    gap = cells - fitted.cell_len
    if right:
        return Text(" " * gap, no_wrap=True).append_text(fitted)
    return fitted.append(" " * gap)
