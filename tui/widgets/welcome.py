"""What stands where there is no run yet: how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence


class Welcome(Lines):
    """A few calm lines in the middle: keys to press and commands to type, each with what it does."""

    DEFAULT_CSS: ClassVar[str] = "Welcome { height: 1fr; display: none; }"

    def __init__(self, ways: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._ways = ways

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The words, a way under what it does, so that a long one is whole."""
        said = [Text("no runs here yet", "strong")]
        for way, words in self._ways:
            said += [Text(), Text(words, "label"), Text.assemble("  ", (way, "key"))]
        said += [Text(), Text("whatever starts in this store shows up by itself", "label")]
        left = max((width - max(text.cell_len for text in said)) // 2, 1)
        for text in said:
            text.truncate(width - left, overflow="ellipsis")
        return [*[Text()] * max((height - len(said)) // 2 - 1, 0), *(Text.assemble(" " * left, text) for text in said)]
