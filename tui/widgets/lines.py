"""Lines of text as a widget that draws again only those that changed.

The ground of every pane: over a slow line, what has not changed must not be written. Whatever the text holds is made
visible here, whoever made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.look import harmless, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text


class Lines(Widget):
    """Shows what `lines` returns; `redraw` after the data changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - the framework's name
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._said: list[Text] = []
        self._theme = ""

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """What to show in so many cells and lines, from the top; to be overridden."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw what differs from what is shown. Does nothing while the widget has no place on the screen."""
        width, height = self.content_size
        if not width or not height:
            return
        theme = self.app.theme
        fresh = theme != self._theme
        said = list(self.lines(width, height))[:height]
        before, said_before = self._strips, [] if fresh else self._said
        self._theme, self._said = theme, said
        self._strips = [
            before[y] if y < len(said_before) and y < len(before) and _same(said_before[y], text) else self._strip(text)
            for y, text in enumerate(said)
        ]
        changed = [y for y in range(max(len(before), len(said))) if before[y : y + 1] != self._strips[y : y + 1]]
        if fresh:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed if y < height))

    def render_line(self, y: int) -> Strip:
        """One line, padded with the widget's own background."""
        width, style = self.content_size.width, self.rich_style
        if y >= len(self._strips):
            return Strip.blank(width, style)
        return self._strips[y].apply_style(style).adjust_cell_length(width, style)

    def notify_style_update(self) -> None:
        """The theme may have changed: every style is looked up again."""
        super().notify_style_update()
        if self.is_mounted and self.app.theme != self._theme:
            self.redraw()

    def on_resize(self) -> None:
        """Lay everything out anew."""
        self._strips, self._said, self._theme = [], [], ""
        self.redraw()

    def on_show(self) -> None:
        """Catch up with what was not drawn while it had no place."""
        self.redraw()

    def _strip(self, text: Text) -> Strip:
        return Strip(segment for segment in segments(harmless(text), self._theme) if segment.text)


def _same(one: Text, other: Text) -> bool:
    return one.plain == other.plain and one.style == other.style and one.spans == other.spans
