"""A form: rows with a name, a line to type in and a few words; switches; and what is wrong with which row.

Knows nothing of what it asks for: rows come in as values, what is typed goes out as messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message

from core.visible import visible_line
from tui.widgets.entry import Entry
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from textual import events
    from textual.widgets import Input

_LABEL, _HINT = 15, 23
_HINT_FROM = 46
"""Cells of a form from which on there is room for the words behind a line."""


@dataclass(frozen=True, slots=True)
class Field:
    """A row with a line to type in."""

    key: Hashable
    label: str
    value: str
    hint: str = ""
    placeholder: str = ""
    """Stands in the line while nothing is typed."""
    named: str = ""
    """What complaints call it: `run.draws`."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A row that is on or off."""

    key: Hashable
    label: str
    words: str
    on: bool
    named: str = ""


Row = Field | Switch


class Form(VerticalScroll):
    """Rows one under the other."""

    DEFAULT_CSS: ClassVar[str] = """
    Form {
        border: round $rule; border-title-color: $quiet; border-title-background: $background;
        padding: 0 1; height: 1fr;
        scrollbar-size: 1 1; scrollbar-color: $quiet; scrollbar-background: $background;
    }
    Form:focus-within { border: round $quiet; border-title-color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "next", show=False),
        Binding("up", "step(-1)", "previous", show=False),
    ]

    @dataclass
    class Typed(Message):
        """Something was typed in a row."""

        key: Hashable
        text: str

    @dataclass
    class Switched(Message):
        """A row was switched."""

        key: Hashable
        on: bool

    def __init__(self, title: str) -> None:
        super().__init__(can_focus=False)
        self.border_title = Text(title)
        self._rows: dict[Row, FieldRow | SwitchRow] = {}

    async def fill(self, rows: Sequence[Row]) -> None:
        """Ask for these rows; the first of them gets the keys."""
        await self.remove_children()
        self._rows = {row: FieldRow(row) if isinstance(row, Field) else SwitchRow(row) for row in rows}
        await self.mount_all(self._rows.values())
        self.focus_first()

    def focus_first(self) -> None:
        """Let the first row have the keys."""
        if first := next(iter(self._rows.values()), None):
            first.take_keys()

    def mark(self, complaints: Sequence[str], rows: Sequence[Row] = ()) -> None:
        """Show which rows the complaints are about; `rows` says by what names if these have changed."""
        names = {row.key: row.named for row in rows or self._rows}
        for row, shown in self._rows.items():
            named = names.get(row.key, "")
            shown.set_wrong(bool(named) and any(_names(line, named) for line in complaints))

    def type_in(self, key: Hashable, text: str) -> None:
        """Have something typed in a row, as if by hand."""
        for row, shown in self._rows.items():
            if row.key == key and isinstance(shown, FieldRow):
                shown.query_one(Entry).value = text

    def action_step(self, by: int) -> None:
        """Go to the row above or below."""
        if by > 0:
            self.screen.focus_next(".row")
        else:
            self.screen.focus_previous(".row")


class FieldRow(Horizontal):
    """One row with a line."""

    DEFAULT_CSS: ClassVar[str] = "FieldRow { height: 1; } FieldRow.-tight #hint { display: none; }"

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field, self._touched = field, False
        self._label = Words(field.label, _LABEL, id="label")
        self._entry = Entry(visible_line(field.value), placeholder=visible_line(field.placeholder))
        self._entry.add_class("row")

    def compose(self) -> list[Lines | Entry]:
        """The name, the line, and words about it."""
        hint = [Words(f"  {self._field.hint}", _HINT, id="hint")] if self._field.hint else []
        return [self._label, self._entry, *hint]

    def take_keys(self) -> None:
        """Let the line have the keys."""
        self._entry.focus()

    def set_wrong(self, wrong: bool) -> None:
        """Show whether something is wrong with it."""
        self._label.set_wrong(wrong)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the words out where there is no room."""
        self.set_class(event.size.width < _HINT_FROM, "-tight")

    def on_descendant_focus(self) -> None:
        """Show which row has the keys."""
        self._label.set_pointed(pointed=True)

    def on_descendant_blur(self) -> None:
        """The keys went elsewhere."""
        self._label.set_pointed(pointed=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was typed."""
        event.stop()
        if event.value != visible_line(self._field.value) or self._touched:
            self._touched = True
            self.post_message(Form.Typed(self._field.key, event.value))


class SwitchRow(Lines, can_focus=True):
    """One row that is on or off: space or enter switches it."""

    DEFAULT_CSS: ClassVar[str] = "SwitchRow { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "switch", "on or off", show=False)]

    def __init__(self, switch: Switch) -> None:
        super().__init__(classes="row")
        self._switch, self._on, self._wrong = switch, switch.on, False

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """A mark, the name, and words about it."""
        del height
        name = "bad" if self._wrong else "strong" if self._on else "label"
        line = Text.assemble(
            ("▸ " if self.has_focus else "  ", "key"),
            ("[x] " if self._on else "[ ] ", "good" if self._on else "label"),
            (visible_line(self._switch.label, 40), name),
            (f"  {visible_line(self._switch.words)}", "label"),
            ("" if self._on else "  off", "warn"),
        )
        line.truncate(width, overflow="ellipsis")
        return [line]

    def take_keys(self) -> None:
        """Have the keys."""
        self.focus()

    def set_wrong(self, wrong: bool) -> None:
        """Show whether something is wrong with it."""
        self._wrong = wrong
        self.redraw()

    def on_focus(self) -> None:
        """Show that it has the keys."""
        self.redraw()

    def on_blur(self) -> None:
        """The keys went elsewhere."""
        self.redraw()

    def on_click(self) -> None:
        """Switch it with the mouse."""
        self.action_switch()

    def action_switch(self) -> None:
        """Turn it on or off."""
        self._on = not self._on
        self.redraw()
        self.post_message(Form.Switched(self._switch.key, self._on))


class Words(Lines):
    """A few words in a row: its name, or what it is about."""

    DEFAULT_CSS: ClassVar[str] = "Words { height: 1; }"

    def __init__(self, words: str, width: int, *, id: str) -> None:  # noqa: A002 - the framework's name
        super().__init__(id=id)
        self._words, self._wrong, self._pointed = words, False, False
        self.styles.width = width

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The words, and whether the row has the keys."""
        del height
        if self.id == "hint":
            return [Text(visible_line(self._words, width), "label")]
        ink = "bad" if self._wrong else "strong" if self._pointed else "label"
        return [Text.assemble(("▸ " if self._pointed else "  ", "key"), (visible_line(self._words, width - 3), ink))]

    def set_wrong(self, wrong: bool) -> None:
        """Show whether something is wrong with the row."""
        self._wrong = wrong
        self.redraw()

    def set_pointed(self, *, pointed: bool) -> None:
        """Show whether the row has the keys."""
        self._pointed = pointed
        self.redraw()


def _names(complaint: str, named: str) -> bool:
    """Whether a complaint is about a key or what is in it."""
    return f" {named}:" in complaint or f" {named}." in complaint or complaint.startswith((f"{named}:", f"{named} "))
