"""Reading what a terminal sends until it is gone. Knows a file descriptor and Textual's parser, and no app.

Textual's own reader never notices the end of its input (it spins), and stops the app with a traceback on a byte that is
not UTF-8 and on a terminal that hangs up.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from tui.wire.pastes import Pastes

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from textual._xterm_parser import XTermParser
    from textual.message import Message

_TICK_SECONDS = 0.1
"""How soon a lone ESC is taken for the key, and a stop is noticed."""
_MOST_BYTES = 4096


def listen(fileno: int, parser: XTermParser, deliver: Callable[[Message], None], stop: Event) -> bool:
    """Deliver all that arrives until told to stop; whether the terminal is still there then.

    Args:
        fileno: where to read.
        parser: makes messages of what is read.
        deliver: called with each message, on this thread.
        stop: set by another thread.
    """
    decode, pastes = getincrementaldecoder("utf-8")("replace").decode, Pastes()
    with selectors.SelectSelector() as selector:  # the one that knows terminals on macOS too
        selector.register(fileno, selectors.EVENT_READ)
        while not stop.is_set():
            if selector.select(_TICK_SECONDS):
                try:
                    data = os.read(fileno, _MOST_BYTES)
                except OSError:
                    return False
                if not data:
                    return False
                # To the parser an empty text means the end; it can be the first half of a character.
                if text := pastes.tamed(decode(data)):
                    for message in parser.feed(text):
                        deliver(message)
            for message in parser.tick():
                deliver(message)
    return True
