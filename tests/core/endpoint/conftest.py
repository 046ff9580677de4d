"""Time that passes in no time, and servers on real ports: the simulator, and one that says whatever it is told."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import asynccontextmanager

import pytest

from core.simulator.server import serve
from core.simulator.settings import SimulatorSettings
from core.vocabulary import Problem

PROBLEMS = (Problem("p", "What is 1 + 1?", "2"),)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs coroutines that only sleep and wait for each other; a deadlock is an error instead of a silence."""

    def __init__(self):
        super().__init__()
        self._virtual_s = 1000.0

    def time(self):
        return self._virtual_s

    def _run_once(self):
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1
        if not self._ready:
            if not self._scheduled:
                raise RuntimeError("everybody waits and nothing is due: a wake-up was lost")
            self._virtual_s = max(self._virtual_s, self._scheduled[0]._when)
        super()._run_once()


@pytest.fixture
def virtually():
    """Run a coroutine in virtual time."""

    def run(coroutine):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(coroutine)

    return run


@asynccontextmanager
async def _simulated(**settings):
    """The address of a simulator in this loop."""
    closed, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        group.create_task(
            serve(SimulatorSettings(**{"problems": PROBLEMS, "speed": 0.0, **settings}), listening.set_result, closed)
        )
        try:
            yield await listening
        finally:
            closed.set()


@asynccontextmanager
async def _canned(*parts, reset=False):
    """The address of a server that reads a request, sends these bytes, and hangs up (or resets the connection)."""

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await reader.readexactly(int(line.split(b":")[1]))
        for part in parts:
            writer.write(part)
            await writer.drain()
        if reset:
            writer.transport.abort()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@pytest.fixture
def simulated():
    return _simulated


@pytest.fixture
def canned():
    return _canned
