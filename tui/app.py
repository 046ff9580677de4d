"""The monitor as an app: ticks once a second, reads for the screen on show, carries out wishes, and leaves cleanly.

Thin: what a screen reads and shows is the screen's, what a wish does is the core's. Nothing is drawn when nothing
changed, and nothing here keeps a sampler alive or stops one by ending.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import Monochrome
from textual.worker import WorkerFailed

from core.errors import ThinktopError
from core.visible import visible_line
from tui import look
from tui.feed import Feed
from tui.screens.fed import Fed, fed_below
from tui.wire.driver import ThinDriver
from tui.wire.harmless import Harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from rich.console import RenderableType
    from textual.filter import LineFilter
    from textual.screen import Screen
    from textual.timer import Timer

    from core.store.place import Place
    from tui.messages import PictureWanted, RunWanted

TICK_S = 1.0
"""Between two looks at the store."""
PATIENCE_TICKS = 4
"""Looks without a change after which a run at work is judged anew: its sampler may have died."""
PATIENCE_S = 6.0
"""That leaving waits for wishes: a little longer than a wish waits for its turn at the store."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Thinktop(App[None]):
    """The monitor on one store."""

    TITLE = "thinktop"
    CSS_PATH = "theme.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "freeze", "freeze", show=False),
        Binding("ctrl+c,ctrl+q", "quit", "leave", show=False, priority=True),
        Binding("ctrl+l", "repaint", "repaint", show=False),
    ]

    def __init__(
        self, place: Place, *, run_id: int | None = None, read_only: bool = False, theme: str = look.NIGHT
    ) -> None:
        # A browser's own driver is named in the environment by whoever serves it.
        super().__init__(driver_class=None if "TEXTUAL_DRIVER" in os.environ else ThinDriver)
        for one in look.themes():
            self.register_theme(one)
        self.theme = theme
        self.feed = Feed(place)
        self.read_only = read_only
        self.frozen_since = ""
        """The local time at which the display was frozen; empty while it is live."""
        self.crash: Exception | None = None
        """What ended the app, if an error did."""
        self.ended_by: signal.Signals | None = None
        """The signal that ended the app, if one did."""
        self.marked: set[int] = set()
        """Runs that are to be compared; forgotten at the end, like the pins."""
        self.pinned: set[int] = set()
        """Runs that stay on top of the list."""
        self._first_run = run_id
        self._unchanged = 0
        self._reading = asyncio.Lock()
        self._wishing = asyncio.Lock()
        self._timer: Timer | None = None

    @property
    def place(self) -> Place:
        """The store."""
        return self.feed.place

    def get_default_screen(self) -> Screen[Any]:
        """The run that was asked for, or the list of runs."""
        first = self._monitor(self._first_run) if self._first_run is not None else self._runs(None)
        # The framework gives this to every screen but the default one, and takes it from each that is switched from.
        first._push_result_callback(self, None)  # noqa: SLF001 - there is no public way
        return first

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, but greys for no colours, which are colours; and last our gate for what terminals obey."""
        return [*(one for one in super().get_line_filters() if not isinstance(one, Monochrome)), Harmless()]

    async def run_async(self, **how: Any) -> None:
        """Run, with the signals taken over before the terminal is, so that none can end us without giving it back."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._ended, number)
        await super().run_async(**how)

    async def on_mount(self) -> None:
        """Begin to tick."""
        self._timer = self.set_interval(TICK_S, self.tick)

    async def action_quit(self) -> None:
        """Leave, once what was wished is written."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S), self._wishing:
                pass
        self.exit()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End, without waiting for anything that is still being read."""
        for screen in self.screen_stack:
            if isinstance(screen, Fed):
                screen.leave()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        """Let go of the store."""
        await self.feed.close()

    async def tick(self, *, forced: bool = False) -> None:
        """Read for the screen on show if the store changed, or if its picture may have without it."""
        screen = fed_below(self.screen_stack)
        if screen is None or not screen.composed:
            return
        if self.frozen_since and not forced and screen.pictured:
            return
        async with self._reading:
            changed = await self.feed.changed()
            self._unchanged = 0 if changed else self._unchanged + 1
            due = screen.restless and self._unchanged % PATIENCE_TICKS == 0
            if changed or forced or due or not screen.pictured:
                await self._read_for(screen)
            if screen.composed:
                screen.say(self._said())

    def on_picture_wanted(self, _: PictureWanted) -> None:
        """Read anew at once."""
        self._begin(partial(self.tick, forced=True))

    def on_run_wanted(self, message: RunWanted) -> None:
        """Show a run."""
        self._begin_with(self._monitor(message.run_id))

    def show_runs(self, run_id: int | None) -> None:
        """Show the list of runs, the cursor on one of them."""
        self._begin_with(self._runs(run_id))

    def tell(self, message: str, *, bad: bool = False) -> None:
        """Say something in the corner; the words may come from anywhere."""
        self.notify(
            visible_line(message, 400),
            severity="error" if bad else "information",
            timeout=8 if bad else 4,
            markup=False,
        )

    def may_change(self) -> bool:
        """Whether anything may be changed from here; where not, that is said."""
        if self.read_only:
            self.tell("read-only: nothing is changed from here")
        return not self.read_only

    def wish(self, act: Callable[[], object], said: str = "", then: Callable[[], None] | None = None) -> None:
        """Do what somebody wishes, off the screen's thread, and say what came of it.

        Args:
            act: Writes the wish; what it returns, if text, is said.
            said: What is said otherwise.
            then: Called once what came of it was read.
        """
        if self.may_change():
            self._begin(partial(self._wished, act, said, then, self._wishing))

    def work(self, act: Callable[[], str]) -> None:
        """Do what takes long and asks nothing of a run, such as an export: no wish waits for it."""
        if self.may_change():
            self._begin(partial(self._wished, act, "", None, nullcontext()))

    def action_repaint(self) -> None:
        """Paint everything anew: another program may have written over the screen."""
        if isinstance(self._driver, ThinDriver):
            self._driver.repaint()

    def action_freeze(self) -> None:
        """Freeze the display, or let it go on."""
        self.frozen_since = "" if self.frozen_since else datetime.now().astimezone().strftime("%H:%M:%S")
        self._begin(partial(self.tick, forced=not self.frozen_since))
        screen = fed_below(self.screen_stack)
        if screen is not None:
            screen.say(self._said())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette knows: the screen's own commands, the themes, and the way out."""
        if isinstance(screen, Fed):
            for title, words, act in screen.commands():
                yield SystemCommand(title, words, act)
        yield SystemCommand("Freeze", "Freeze the display, or let it go on; the sweep goes on", self.action_freeze)
        for theme in look.themes():
            yield SystemCommand(f"Theme: {theme.name}", "Colours", lambda name=theme.name: setattr(self, "theme", name))
        yield SystemCommand("Leave", "The sampler goes on", self.exit)

    def _begin(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Have something done beside the screen; not begun at all where the app ends first."""
        self.run_worker(work)  # type: ignore[arg-type] # Textual declares no such work without a result, and takes it

    def _begin_with(self, screen: Screen[Any]) -> None:
        """Put a screen in the place of the first one: what lay over that is over."""
        while len(self.screen_stack) > 1:
            over = self.screen
            if isinstance(over, Fed):
                over.leave()
            self.pop_screen()
        self.switch_screen(screen)

    def _monitor(self, run_id: int) -> Screen[Any]:
        from tui.screens.monitor import Monitor  # noqa: PLC0415 - a screen is loaded when it is first shown

        return Monitor(run_id)

    def _runs(self, run_id: int | None) -> Screen[Any]:
        from tui.screens.runs import Runs  # noqa: PLC0415 - as above

        return Runs(run_id)

    async def _read_for(self, screen: Fed[Any]) -> None:
        try:
            picture = await self.feed.read(lambda db: screen.picture(db, self.place))
        except ThinktopError as error:
            if screen.composed:  # else it is of no interest any more
                self.tell(str(error), bad=True)
                screen.lost()
            return
        if picture is not None and screen.composed:
            screen.pictured = True
            screen.show(picture)

    async def _wished(
        self,
        act: Callable[[], object],
        said: str,
        then: Callable[[], None] | None,
        turn: AbstractAsyncContextManager[object],
    ) -> None:
        try:
            async with turn:  # wishes one after the other, in the order in which they were wished
                answer = await asyncio.to_thread(act)
        except ThinktopError as error:
            self.tell(str(error), bad=True)
        except OSError as error:
            self.tell(f"{error.filename or self.place.path}: {error.strerror or error}", bad=True)
        else:
            words = answer if isinstance(answer, str) else said
            if words:
                self.tell(words)
        await self.tick(forced=not self.frozen_since)
        if then is not None:
            then()

    def _said(self) -> str:
        if self.feed.lost:
            return f"STORE LOST, what is shown is old: {self.feed.lost}"
        if self.frozen_since:
            return f"DISPLAY FROZEN since {self.frozen_since}; the sweep goes on; space thaws"
        return ""

    def _ended(self, number: signal.Signals) -> None:
        self.ended_by = number
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        """End; what is said of it, and that no variable's value is printed, is the command's business."""
        if isinstance(error, WorkerFailed):  # says nothing but that: what happened is inside
            error = error.error if isinstance(error.error, Exception) else error
        if self.crash is None:
            self.crash = error
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self._close_messages_no_wait()
