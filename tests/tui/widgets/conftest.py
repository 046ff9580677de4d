"""One widget alone in an app that has our themes: what a person sees of it, and which lines of it were drawn again."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App

from tui import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.pilot import Pilot
    from textual.widget import Widget


class Alone(App[None]):
    """An app of one widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        for theme in look.themes():
            self.register_theme(theme)
        self.theme = look.NIGHT
        self._widget = widget

    def compose(self) -> ComposeResult:
        """The widget."""
        yield self._widget


@dataclass(slots=True)
class Shown:
    """A widget on a screen."""

    app: Alone
    pilot: Pilot[None]
    widget: Any
    redrawn: list[int] = field(default_factory=list)
    """Lines of the widget's contents that were asked to be drawn again; -1 for all of them."""

    @property
    def lines(self) -> list[str]:
        """What a person reads, from the top, without what is blank on the right."""
        return [line.rstrip() for line in self.whole_lines]

    @property
    def whole_lines(self) -> list[str]:
        """The same to the last cell."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> str:
        """The screen after some keys."""
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.text

    def style_of(self, words: str) -> Any:
        """The style in which some words stand."""
        for strip in self.app.screen._compositor.render_strips():
            for segment in strip:
                if words in segment.text:
                    return segment.style
        raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")


@pytest.fixture
def alone() -> Callable[..., Any]:
    """An opener of one widget on a screen of a size."""

    @asynccontextmanager
    async def opened(widget: Widget, size: tuple[int, int] = (80, 24)) -> Any:
        app = Alone(widget)
        async with app.run_test(size=size) as pilot:
            shown = Shown(app, pilot, widget)
            drawing = widget.refresh

            def refresh(*regions: Any, **how: Any) -> Any:
                shown.redrawn += [region.y for region in regions] if regions else [-1]
                return drawing(*regions, **how)

            widget.refresh = refresh  # type: ignore[method-assign] # what is drawn is counted
            await pilot.pause()
            shown.redrawn.clear()
            yield shown

    return opened
