"""The first line of a new run: what it started from, and whether it would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.visible import visible_line
from tui.widgets.heading import ends
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence


class Origin(Lines):
    """A title, a name, and what has become of it."""

    DEFAULT_CSS: ClassVar[str] = "Origin { height: 1; padding: 0 1; }"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._words = (title, "", "")

    def say(self, title: str, name: str, state: str) -> None:
        """Say something else."""
        if (title, name, state) != self._words:
            self._words = title, name, state
            self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The one line."""
        del height
        title, name, state = self._words
        left = [Text(title, "key"), Text(visible_line(name, 60), "strong")]
        return [ends(left, [Text(state, "warn")] if state else [], width)]
