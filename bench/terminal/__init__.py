"""Commands on a terminal of their own, driven and measured from outside: for the benchmarks and for the tests.

It stands in `bench`, which the tests may import as they import `core`; `bench` itself needs nothing of the tests.
Linux: what a process takes is read from /proc.
"""

from __future__ import annotations

from bench.terminal.connection import TerminalError
from bench.terminal.picture import Picture
from bench.terminal.process import Usage, usage_of
from bench.terminal.session import Terminal

__all__ = ["Picture", "Terminal", "TerminalError", "Usage", "usage_of"]
