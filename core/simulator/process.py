"""A simulator's life as a process: it says where it listens, and ends when its standard input closes.

So it dies with whoever started it, however that one died: the kernel closes the pipe. Reads no settings.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from core.simulator.server import json_line, serve

if TYPE_CHECKING:
    from core.simulator.settings import Address, SimulatorSettings

_FILES = 16_384
"""Open files wanted, one for each connection; many systems start a process with 256 or 1024."""


async def serve_while_input_is_open(settings: SimulatorSettings) -> None:
    """Serve, and print the address as one line of JSON once it can be asked.

    Raises:
        EndpointError: It cannot listen on the port.
    """
    _raise_file_limit()
    closed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch() -> None:
        # Any kind of input will do (a pipe, a terminal, a file), so a thread, not the event loop.
        with suppress(OSError):  # A terminal that hung up.
            while os.read(sys.stdin.fileno(), 65536):
                pass
        with suppress(RuntimeError):  # The loop is closed already.
            loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=watch, daemon=True).start()
    await serve(settings, _announce, closed)


def _announce(address: Address) -> None:
    sys.stdout.write(json_line(address) + "\n")
    sys.stdout.flush()


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # Fewer connections, then.
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
