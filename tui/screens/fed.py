"""A screen that is fed: it says what to read of the store, and shows what was read.

What all screens have in common stands here: help, the way back, and the sizes below which they change or give up.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from core.visible import visible_line
from tui.messages import PictureWanted
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult

    from core.store.place import Place
    from tui.app import Thinktop

Picture = TypeVar("Picture")

LEAST = 60, 18
"""Cells and lines below which nothing useful can be shown."""
NARROW = 100
"""Cells below which there is room for one pane at a time."""
LOW = 30
"""Lines below which there is room for one pane at a time."""


class TooSmall(Lines):
    """Says that the terminal is too small, and from which size on it is not."""

    DEFAULT_CSS: ClassVar[str] = "TooSmall { display: none; height: 1fr; }"

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The words in the middle."""
        said = f"too small: {LEAST[0]}x{LEAST[1]} is the least"
        return [*[Text()] * (height // 2), Text(said[:width].center(width), "warn")]


class Banner(Lines):
    """One line over everything else, while there is something that must be known of the display itself."""

    DEFAULT_CSS: ClassVar[str] = "Banner { display: none; height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._words = ""

    def say(self, words: str) -> None:
        """Show these words, or nothing."""
        if words != self._words:
            self._words = words
            self.display = bool(words)
            self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The words."""
        del height
        return [Text(visible_line(self._words, width).ljust(width), "simulated")]


class Fed(Screen[None], Generic[Picture]):
    """A screen with a picture of the store."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", show=False),
        Binding("escape", "back", "back", show=False),
        Binding("q", "back", "back", show=False),
    ]
    HELP_TITLE: ClassVar[str] = ""
    HELP_KEYS: ClassVar[Sequence[tuple[str, str]]] = ()
    """Key and what it does, for the help of this screen."""
    HELP_NUMBERS: ClassVar[Sequence[tuple[str, str]]] = ()
    """A number's name on this screen and what it means."""

    mounted = False
    """Whether its widgets have been there at all."""
    pictured = False
    """Whether anything was shown yet."""

    @property
    def thinktop(self) -> Thinktop:
        """The app, by its own type."""
        return self.app  # type: ignore[return-value] # every screen of ours is run by our app

    @property
    def composed(self) -> bool:
        """Whether its widgets are there: from before the first picture until it, or the app, begins to go."""
        return self.mounted and self.display and self.is_attached

    @abstractmethod
    def picture(self, db: sqlite3.Connection, place: Place) -> Picture:
        """What the screen shows, read at one instant, on the reader's thread."""

    @abstractmethod
    def show(self, picture: Picture) -> None:
        """Show what was read."""

    @property
    def restless(self) -> bool:
        """Whether the picture may change without the store: a sampler that dies writes nothing."""
        return False

    @abstractmethod
    def contents(self) -> ComposeResult:
        """The widgets of the screen."""

    def compose(self) -> ComposeResult:
        """The contents, and what stands in their place where there is no room."""
        yield Banner()
        yield TooSmall(id="too-small")
        with Container(id="contents"):
            yield from self.contents()

    async def on_mount(self) -> None:
        """Have the first picture before anything is drawn."""
        self.mounted = True
        await self.thinktop.tick()

    def say(self, words: str) -> None:
        """Say what must be known of the display itself: that it is frozen, or that the store is lost."""
        self.query_one(Banner).say(words)

    def leave(self) -> None:
        """The app ends, or goes elsewhere: what is still being read is wanted by nobody."""

    def lost(self) -> None:
        """What it shows is not in the store any more: back to the list of runs."""
        self.thinktop.show_runs(None)

    def commands(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """What the palette offers on this screen: a title, what it does, and the doing."""
        yield "Help", "The keys of this screen and what its numbers mean", self.action_help

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on show."""
        if self.pictured and not self.thinktop.frozen_since:
            self.post_message(PictureWanted())

    def on_resize(self) -> None:
        """Give up below the least size; have one pane at a time where there is no room for more."""
        if not self.composed:
            return
        width, height = self.app.size
        small = width < LEAST[0] or height < LEAST[1]
        self.query_one("#too-small").display = small
        self.query_one("#contents").display = not small
        self.set_class(self.narrow, "-narrow")
        self.lay_out()

    @property
    def narrow(self) -> bool:
        """Whether there is room for one pane only."""
        width, height = self.app.size
        return width < NARROW or height < LOW

    def lay_out(self) -> None:
        """Put the panes where they belong at the present size; for screens that have several."""

    def action_help(self) -> None:
        """Show the keys of this screen, and what its numbers mean."""
        from tui.screens.help import Help  # noqa: PLC0415 - seldom wanted

        self.app.push_screen(Help(self.HELP_TITLE, self.HELP_KEYS, self.HELP_NUMBERS))

    def action_back(self) -> None:
        """Go back to where one came from."""
        self.dismiss()


def fed_below(screens: Sequence[Screen[Any]]) -> Fed[Any] | None:
    """The topmost screen that is fed: dialogs lie over it, and it goes on below them."""
    return next((screen for screen in reversed(screens) if isinstance(screen, Fed)), None)
