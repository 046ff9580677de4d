"""Lines and texts to type in, whose every way in makes what a terminal would obey visible: keys, pastes, programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input, TextArea

from core.visible import visible, visible_line

if TYPE_CHECKING:
    from textual.widgets.text_area import Edit, EditResult


class Entry(Input):
    """One line to type in."""

    DEFAULT_CSS: ClassVar[str] = "Entry { width: 1fr; }"

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """What may stand in the line."""
        return visible_line(value)


class Writing(TextArea):
    """A text over several lines; one that cannot be shown as it is can be read only, and stays as it is."""

    DEFAULT_CSS: ClassVar[str] = """
    Writing, Writing:focus { border: none; padding: 0; height: 1fr; background: $background; }
    Writing { scrollbar-color: $quiet; scrollbar-background: $background; }
    Writing .text-area--cursor-line, Writing .text-area--cursor-gutter { background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(show_line_numbers=True, tab_behavior="focus", highlight_cursor_line=True, compact=True)
        self.cursor_blink = False
        self._hidden: str | None = None

    @property
    def written(self) -> str:
        """The text as it is, whatever is shown of it."""
        return self.text if self._hidden is None else self._hidden

    def write(self, text: str) -> None:
        """Show a text, to be edited if it can be shown as it is."""
        shown = visible(text)
        self._hidden = None if shown == text else text
        self.read_only = shown != text
        if shown != self.text:
            self.load_text(shown)

    def edit(self, edit: Edit) -> EditResult:
        """Take an edit, with whatever came from a clipboard made visible."""
        edit.text = visible(edit.text)
        return super().edit(edit)
