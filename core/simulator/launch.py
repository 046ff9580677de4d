"""Start a simulator as a process of its own, and end it.

The settings, and the key in them, go over the process's standard input and come back over its standard output: never
over a command line, where `ps` would show them. Imports no server.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from contextlib import asynccontextmanager
from typing import IO, TYPE_CHECKING

from core.errors import EndpointError
from core.simulator.settings import Address, SimulatorSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_START_S = 30.0
"""Seconds that a simulator may take to listen; on a busy machine, most of them go into imports."""
_END_S = 5.0
"""Seconds that it may take to end by itself once its input is closed."""


@asynccontextmanager
async def simulator(settings: SimulatorSettings) -> AsyncIterator[Address]:
    """The address of a simulator that lives as long as the context, or as this process, whichever ends first.

    Raises:
        EndpointError: It could not start; with the reason that it gave.
    """
    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "core.simulator",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=complaints,
            # A Ctrl-C in the terminal is for the sampler, which still wants the replies that are in flight.
            start_new_session=True,
        )
        try:
            yield await _address(process, settings, complaints)
        finally:
            await _end(process)


async def _address(process: asyncio.subprocess.Process, settings: SimulatorSettings, complaints: IO[bytes]) -> Address:
    assert process.stdin is not None
    assert process.stdout is not None
    line = b""
    reason = f"it did not listen within {_START_S:g} s"
    try:
        async with asyncio.timeout(_START_S):
            process.stdin.write(settings.to_json().encode() + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
            if not line:
                await process.wait()
    except TimeoutError:
        pass
    except ConnectionError:
        await process.wait()
    if line:
        return Address(**json.loads(line))
    if process.returncode is not None:
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"it ended with exit code {process.returncode}"
    raise EndpointError(f"the simulator did not start: {reason}")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close its input, wait for it, and kill it where that takes too long or nobody can wait."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_END_S):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
