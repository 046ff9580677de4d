"""The listening socket: uvicorn on loopback, with connections that can be reset and a port that can go deaf.

Owns the socket through an outage, so that no other process can take the port: it stays bound, and does not listen.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.errors import EndpointError
from core.simulator.wire import reset

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
"""Loopback only: nothing outside this machine reaches the simulator."""

_IDLE_S = 24 * 3600
"""Seconds that an idle connection is kept: ending it just as a request arrives would be a fault that nobody set."""


class _Protocol(H11Protocol):
    """HTTP/1.1 whose requests can reach their connection's transport, as `scope["state"]["transport"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn narrows the type
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


class Listener(uvicorn.Server):
    """A server of one application on one loopback port."""

    def __init__(self, app: ASGIApp, port: int | None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=_IDLE_S,
            )
        )
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        self._bound = _bind(port or 0)
        self.port: int = self._bound.getsockname()[1]

    async def open(self) -> None:
        """Listen on the port."""
        await self.startup(sockets=[self._bound])

    def shut(self) -> None:
        """Stop listening and reset every connection."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            reset(connection.transport)

    async def end(self) -> None:
        """Stop listening, and cancel what is in flight."""
        self.shut()
        tasks = list(self.server_state.tasks)
        log = logging.getLogger("uvicorn.error")
        log.disabled = True  # It takes each cancelled request for an error of the application.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        log.disabled = False

    async def out(self, seconds: float | None) -> None:
        """Refuse connections for so many seconds (None: for good), on a port that stays ours."""
        self.shut()
        self._bound = _bind(self.port)
        if seconds is None:
            return
        await asyncio.sleep(seconds)
        await self.open()


def _bind(port: int) -> socket.socket:
    # Named TCP outright: asyncio switches Nagle's delay off (40 ms a reply) for those sockets only.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError as error:
        sock.close()
        raise EndpointError(
            f"the simulator cannot listen on {HOST}:{port} ({error.strerror}): choose another port, or give none"
        ) from error
    sock.setblocking(False)
    return sock
