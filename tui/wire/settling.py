"""Waiting until the app has done what a key asks for. Knows the framework's queues, and no keys.

Keys that arrive at once, as they do on a bad line, are handed out by the framework before the first of them has moved
the focus or opened a question: what was typed into a filter would be taken for commands. So each has to wait for the
one before it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

from textual.app import ScreenStackError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from textual.app import App

_ROUNDS = 3
"""A key wakes a widget, which tells its screen, which tells the app: no chain of ours is longer than so many."""
_PATIENCE_S = 0.25
"""Something that takes longer does not hold up the keys."""
_LOOK_S = 0.01


def settle(app: App[Any], loop: AbstractEventLoop, stop: Event) -> None:
    """Return once the app has done what it was told, or takes too long over it, or is told to stop.

    Args:
        app: running on the loop, which is another thread's.
        loop: the app's.
        stop: set by another thread.
    """
    done, until = Event(), time.monotonic() + _PATIENCE_S

    def go_round(left: int) -> None:
        """Through the queues of whatever has the keys, of its screen and of the app, behind all that is in them."""
        try:
            screen = app.screen
        except ScreenStackError:  # it ends
            left = 0
        if not left or not (app.focused or screen).call_later(screen.call_later, app.call_later, go_round, left - 1):
            done.set()

    with suppress(RuntimeError):  # the loop has ended, and the app with it
        loop.call_soon_threadsafe(app.call_later, go_round, _ROUNDS)
    while not done.wait(_LOOK_S) and not stop.is_set() and time.monotonic() < until:
        pass
