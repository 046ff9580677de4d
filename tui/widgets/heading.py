"""A heading's line: parts at both of its ends, in inks. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def ends(left: Sequence[Text], right: Sequence[Text], width: int) -> Text:
    """A line with parts at its left and its right end; where there is no room, the last parts of the left go first."""
    gap = Text("   ")
    end = gap.join(right)
    parts = [part for part in left if part.plain]
    room = width - (end.cell_len + len(gap) if end.plain else 0)
    while len(parts) > 1 and gap.join(parts).cell_len > room:
        parts.pop()
    line = Text("", no_wrap=True).append_text(gap.join(parts))
    line.truncate(max(room, 0), overflow="ellipsis")
    return line.append(" " * (width - line.cell_len - end.cell_len)).append_text(end) if end.plain else line
