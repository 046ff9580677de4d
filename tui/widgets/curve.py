"""A figure as a pane: drawn anew when it moved or the room changed, and not otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.visible import visible_line
from tui.look import in_frame
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.figures.model import Figure


class Curve(Lines, can_focus=True):
    """One figure, its legend in the frame."""

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002 - the framework's name
        super().__init__(id=id)
        self._title = title
        self._figure: Figure | None = None
        self._drawn: tuple[Figure, int, int] | None = None
        self._lines: list[Text] = []

    def show(self, figure: Figure, title: str | None = None) -> None:
        """Show a figure."""
        if figure == self._figure and title is None:
            return
        self._figure, self._title = figure, title or self._title
        self._entitle(figure)
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The figure, or that there is none yet."""
        if self._figure is None:
            return [Text("no samples yet", "label")]
        if self._drawn != (self._figure, width, height):
            from tui.plotting.terminal import draw  # noqa: PLC0415 - imports plotext, which the first screen does without

            self._drawn = self._figure, width, height
            self._lines = list(draw(self._figure, width, height, heading=False).split("\n", allow_blank=True))
        return self._lines

    def _entitle(self, figure: Figure) -> None:
        from tui.plotting.terminal import legend  # noqa: PLC0415 - as above

        self.border_title = Text(visible_line(self._title))
        self.border_subtitle = in_frame(legend(figure))
