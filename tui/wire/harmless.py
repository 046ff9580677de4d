"""The gate's other half: text made visible in each line that a widget renders, before Textual adds its own sequences.

At the driver a cursor movement that stands in a cell looks like one of Textual's. Here text is still apart from style,
so nothing a widget shows can say anything to the terminal, whichever widget forgot `core.visible`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from core.visible import visible_line

if TYPE_CHECKING:
    from textual.color import Color


class Harmless(LineFilter):
    """A line filter that shows control characters as symbols and takes addresses out of styles.

    A symbol is wider than the character that it stands for, which Textual counted as nothing; so the line is cut to the
    width that it had, and its neighbours stay where they are.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments where they are harmless, as nearly all are."""
        del background
        if all(_is_harmless(segment) for segment in segments):
            return segments
        width = sum(segment.cell_length for segment in segments)
        shown = [
            Segment(visible_line(text), style.update_link(None) if style is not None and style.link else style)
            for text, style, _ in segments
        ]
        return Segment.adjust_line_length(shown, width)


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    if control is not None or (style is not None and style.link):
        return False
    return (text.isascii() and text.isprintable()) or visible_line(text) == text
