"""A small app behind the wire, for tests that need a real one on a real terminal. Driven by single keys."""

from __future__ import annotations

import asyncio
import signal
import sys

from rich.text import Text
from textual.app import App
from textual.widgets import Button, Static

from tui.wire.driver import ThinDriver
from tui.wire.harmless import Harmless

HOSTILE = "[\x1b[?1049l\x1b]0;owned\x07\x1b[5;5H\x9b2J\u202e\u200b]"


class SampleApp(App):
    CSS = "#count { background: $primary; } Button:focus { text-style: none; }"

    def get_line_filters(self):
        return [*super().get_line_filters(), Harmless()] if "guarded" in sys.argv else super().get_line_filters()

    def compose(self):
        yield Static("count 0 \N{CHECK MARK} 字", id="count")
        yield Static(Text("harmless"), id="text")
        yield Button("press me")

    def on_mount(self):
        self.count = 0
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.exit)
        if "deaf" in sys.argv:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if "flood" in sys.argv:
            self.set_interval(1 / 100, self.flood)

    def flood(self):
        self.count += 1
        self.query_one("#text").update("\n".join(chr(33 + (self.count + y) % 90) * self.size.width for y in range(20)))

    def on_key(self, event):
        match event.key:
            case "n":
                self.count += 1
                self.query_one("#count").update(f"count {self.count} ✓ 字")
            case "h":
                self.query_one("#text").update(Text(HOSTILE))
            case "y":
                self.copy_to_clipboard("hi")
            case "l":
                self._driver.repaint()
            case "r":
                self.query_one("#text").refresh()
            case "q":
                self.exit()

    def on_button_pressed(self):
        self.query_one("#text").update(Text("pressed"))


if __name__ == "__main__":
    app = SampleApp(driver_class=ThinDriver)
    app.run(mouse="mouseless" not in sys.argv)
    if "deaf" not in sys.argv:  # there is nothing left to print to
        print(f"wrote {app._driver.bytes_written} bytes")  # noqa: T201 (for the test that counts them)
