"""What the keys of a screen do and what its numbers mean, over that screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui.screens.dialogs import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

EVERYWHERE = (
    ("?", "this help"),
    ("esc  q", "back; q on the first screen leaves, and the sampler goes on"),
    ("↑ ↓  k j", "move; page up, page down, home, end as well"),
    ("enter", "open what the cursor is on"),
    ("/", "filter; enter keeps it, esc takes it away"),
    ("s  S", "sort by the next column; turn the order round"),
    ("space", "freeze the display; the sweep goes on"),
    ("ctrl+p", "all commands by name, themes among them"),
    ("ctrl+l", "paint everything anew"),
    ("ctrl+c", "leave"),
)
_KEY = 10
"""Cells of a key's column."""
_NAME = 16
"""Cells of a number's name."""


class Help(ModalScreen[None]):
    """Two lists, to be scrolled; any of the ways back closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss", "back", show=False),
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
    ]

    def __init__(self, title: str, keys: Sequence[tuple[str, str]], numbers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._help_title, self._keys, self._numbers = title, keys, numbers

    def compose(self) -> ComposeResult:
        """The lists in a frame."""
        parts: list[tuple[Text, int]] = [
            (Text("Keys", "strong"), 0),
            *(_pair(key, said, _KEY, "key") for key, said in self._keys),
        ]
        if self._numbers:
            parts += [(Text(), 0), (Text("Numbers", "strong"), 0)]
            parts += [_pair(name, said, _NAME, "asked") for name, said in self._numbers]
        parts += [(Text(), 0), (Text("Everywhere", "strong"), 0)]
        parts += [_pair(key, said, _KEY, "key") for key, said in EVERYWHERE]
        with VerticalScroll(classes="dialog help") as frame:
            frame.border_title = Text(self._help_title)
            frame.border_subtitle = Text("esc closes")
            for part in parts:
                yield Said(*part)

    def action_scroll(self, by: int) -> None:
        """Move by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


def _pair(name: str, said: str, cells: int, ink: str) -> tuple[Text, int]:
    """A line of a list, and where the lines begin that it is broken into."""
    return Text.assemble((name.ljust(cells), ink), " ", (said, "plain")), cells + 1
