"""The line that filters a table: typed into after `/`, kept by enter, taken away by escape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class Filter(Input):
    """Hidden until it is wanted."""

    DEFAULT_CSS: ClassVar[str] = "Filter { dock: bottom; display: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "all", show=False),
        Binding("down", "submit", "keep", show=False),
    ]

    @dataclass
    class Wanted(Message):
        """Rows are to be filtered by these words."""

        words: str

    @dataclass
    class Done(Message):
        """Typing is over, whether the filter stays or not."""

    def __init__(self) -> None:
        super().__init__(placeholder="filter", compact=True, select_on_focus=True)

    def ask(self, words: str) -> None:
        """Be there, with what the filter is now."""
        self.value = words
        self.display = True
        self.focus()

    def action_give_up(self) -> None:
        """Take the filter away."""
        self.value = ""
        self.post_message(self.Wanted(""))
        self._over()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        if self.display:
            self.post_message(self.Wanted(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self._over()

    def _over(self) -> None:
        self.display = False
        self.post_message(self.Done())
