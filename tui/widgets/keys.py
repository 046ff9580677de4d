"""The last line: the keys that matter now. Where there is no room for all, the first come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = "   "
_CLOSE = "  "


class Keys(Lines):
    """Keys with a word each; help and the way out always stand at the end."""

    DEFAULT_CSS: ClassVar[str] = "Keys { height: 1; dock: bottom; padding: 0 1; }"

    def __init__(self, keys: Sequence[tuple[str, str]], last: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._keys, self._last = keys, last

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show other keys."""
        if keys != self._keys:
            self._keys = keys
            self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The one line."""
        del height
        for gap in (_GAP, _CLOSE):
            line = _joined([*self._keys, *self._last], gap)
            if line.cell_len <= width:
                return [line]
        keys = list(self._keys)
        while keys and _joined([*keys, *self._last], _CLOSE).cell_len > width:
            keys.pop()
        return [_joined([*keys, *self._last], _CLOSE)]


def _joined(keys: Sequence[tuple[str, str]], gap: str) -> Text:
    return Text(gap).join([Text.assemble((key, "key"), " ", (word, "label")) for key, word in keys])
