"""Textual's driver for a terminal at the end of a slow line: what it says, and when, and how it leaves. POSIX only.

Given to an app as its `driver_class`. It differs from Textual's own in this:

- the terminal gets what its picture lacks, not what Textual paints (`picture.py`, `outlet.py`);
- a key is handed to the app when what the one before it asked for is done, however many arrive at once;
- the mouse reports clicks, wheel and drags, never bare motion, which would flood the line with input;
- sizes come by SIGWINCH alone, not in the input; each makes the picture unknown and the app repaint;
- a terminal that goes away ends the app; nothing spins, hangs or shows a traceback;
- SIGTSTP and SIGCONT act between two turns of the event loop, never in the middle of a write, and a SIGCONT after a
  SIGSTOP that nobody announced puts everything right too.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.geometry import Size

from tui.wire.inlet import listen
from tui.wire.outlet import Outlet
from tui.wire.picture import Picture
from tui.wire.settling import settle

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

_MOUSE_MODES = (1000, 1002, 1006)
"""Clicks and wheel; motion while a button is held (to drag a scrollbar, to select); coordinates past column 223."""


class ThinDriver(LinuxDriver):
    """A driver that sends the least.

    Without colour (`NO_COLOR` in the app's environment) not one colour code is sent.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._outlet: Outlet | None = None
        self._bytes_before = 0

    @property
    def bytes_written(self) -> int:
        """Bytes that the terminal has taken since the driver was made."""
        return self._bytes_before + (self._outlet.bytes_written if self._outlet is not None else 0)

    def write(self, data: str) -> None:
        """Have this shown; nothing happens while the terminal belongs to someone else."""
        if self._outlet is not None:
            self._outlet.say(data)

    def repaint(self) -> None:
        """Send the whole screen again, for when something else has written there."""
        if self._outlet is not None:
            self._outlet.forget()
            self._app.refresh()

    # --- Taking the terminal, and giving it back ------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal: raw input, alternate screen. Does nothing in the background, where it is not ours."""
        if self._outlet is not None:
            return
        assert self._file is not None, "Textual needs a standard error to write to"
        # A picture of its own each time: a writer that hangs in a terminal that takes nothing may still have the last.
        picture = Picture(*self._get_terminal_size(), colour=not self._app.no_color)
        self._outlet = Outlet(picture, self._file.fileno(), self._file.encoding, self._terminal_lost)
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual gives it no types
        if self._writer_thread is None:
            self._close_outlet()
            return
        # Textual's own writer has nothing to do here.
        self._writer_thread.stop()
        self._writer_thread = None
        loop = self._loop
        signal.signal(signal.SIGWINCH, lambda *_: loop.call_soon_threadsafe(self._resized))

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, for certain before this returns (unless it takes nothing for a second).

        Called again it does nothing. From a signal it must be called by way of the event loop (`add_signal_handler`, or
        an exception that ends the app), as all of Textual.
        """
        if self._outlet is not None:
            super().stop_application_mode()
            self._close_outlet()

    def close(self) -> None:
        """The same, for whoever ends without stopping first."""
        self.stop_application_mode()

    def _close_outlet(self) -> None:
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            outlet.close()
            self._bytes_before += outlet.bytes_written

    def _sigtstp_application(self, *_: object) -> None:
        if self._outlet is None:
            # The terminal is not ours; the loop may be waiting for whoever has it, or be over.
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._loop.call_soon_threadsafe(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        if self._outlet is not None or self._must_signal_resume:
            self._loop.call_soon_threadsafe(self._continued)

    def _continued(self) -> None:
        self.stop_application_mode()
        self.start_application_mode()
        self._app.refresh()

    # --- Its size -------------------------------------------------------------------------------------------------

    def _resized(self) -> None:
        """What a terminal keeps of its contents when its size changes nobody knows."""
        if self._outlet is not None:
            width, height = self._get_terminal_size()
            self._outlet.forget((width, height))
            self.send_message(Resize(Size(width, height), Size(width, height)))
            self._app.call_later(self._app.refresh)

    def _query_in_band_window_resize(self) -> None:
        """Not asked for: it would bring the mouse in pixels, and a second way for sizes to come."""

    # --- What it sends --------------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Deliver keys and clicks until stopped; end the app when the terminal is gone.

        A pipe that ends is no terminal: the app goes on without input.
        """
        parser = XTermParser(self._debug)
        if not listen(self.fileno, parser, self._deliver, self.exit_event) and self.input_tty:
            self._terminal_lost()

    def _deliver(self, message: Message) -> None:
        """Have the app know of something typed or clicked; of a key, have it done before the next one comes."""
        self.process_message(message)
        if isinstance(message, Key):
            settle(self._app, self._loop, self.exit_event)

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            for mode in _MOUSE_MODES:
                self.write(f"\x1b[?{mode}h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            for mode in _MOUSE_MODES:
                self.write(f"\x1b[?{mode}l")

    def _terminal_lost(self) -> None:
        """Nobody can see the app any more. Called on any thread."""
        with suppress(RuntimeError):  # the loop has ended, and the app with it
            self._loop.call_soon_threadsafe(self._app.exit)
