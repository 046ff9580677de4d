"""Sharing the time of a server that is paid by the hour among the requests that it serves at once.

While n requests are out, each second costs every one of them 1/n seconds (processor sharing), so that the shares of
all requests add up to the time in which the server was busy, exactly. Pure: the caller brings the clock.
"""

from __future__ import annotations


class ServerTime:
    """The running share: seconds that a request would have been charged had it been out since the start."""

    def __init__(self) -> None:
        self._share = 0.0
        self._out = 0
        self._at = 0.0

    def starts(self, now: float) -> float:
        """A request leaves at `now` seconds; keep the result and give it to `ends`."""
        self._advance(now)
        self._out += 1
        return self._share

    def ends(self, started: float, now: float) -> float:
        """The request's share of the server's time, in seconds."""
        self._advance(now)
        self._out -= 1
        return self._share - started

    def _advance(self, now: float) -> None:
        if self._out:
            self._share += (now - self._at) / self._out
        self._at = now
