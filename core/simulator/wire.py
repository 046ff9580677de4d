"""How a reply goes out, and the ways in which it is lost or mangled on its way.

The one hard thing: HTTP libraries will not send what is not HTTP, so a reset, a cut body and a cut stream go around
them, to the connection's transport, which `listener` puts into the request's scope. After that, the request waits until
the server has seen the connection's end: then nothing more is sent, and nothing is logged as an error.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.simulator.refusals import GATEWAY_PAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

_DRIP_S = 0.02
"""Seconds between the bytes of a drip."""
_NO_LINGER = struct.pack("ii", 1, 0)
_SSE = (b"content-type", b"text/event-stream; charset=utf-8")
_JSON = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request's way to be answered: ASGI's functions, and the transport beneath them."""

    receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]]
    transport: asyncio.Transport
    request_id: str

    async def start(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        """Send status and headers."""
        named = [*headers, (b"x-request-id", self.request_id.encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": named})

    async def part(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": data, "more_body": more})

    async def whole(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        """Send a whole reply."""
        await self.start(status, *headers, (b"content-length", str(len(body)).encode()))
        await self.part(body, more=False)

    async def gone(self) -> None:
        """Wait until the client has gone, or the connection has."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def left(self) -> bool:
        """Whether the client has gone already."""
        return self.transport.is_closing()


def reset(transport: asyncio.Transport) -> None:
    """End a connection at once with a TCP reset."""
    sock = transport.get_extra_info("socket")
    if sock is not None and not transport.is_closing():
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


async def send_stream(exchange: Exchange, events: Iterable[bytes], pause_s: float) -> None:
    """Send server-sent events, `pause_s` seconds before each but the first."""
    await exchange.start(200, _SSE)
    for place, event in enumerate(events):
        if pause_s and place:
            await asyncio.sleep(pause_s)
        await exchange.part(event, more=True)
    await exchange.part(b"", more=False)


async def spoil(exchange: Exchange, kind: str, body: bytes, *, streamed: bool) -> None:
    """Act out a fault of the stage WIRE on a reply that was generated."""
    media = _SSE if streamed else _JSON
    half = body[: len(body) // 2]
    match kind:
        case "reset":
            reset(exchange.transport)
            await exchange.gone()
        case "hang":
            await exchange.gone()
        case "drip":
            await _drip(exchange, body, media)
        case "stream_cut" if streamed:
            # Whole events only and a tidy end: what a proxy sends when it loses the server.
            tidy = half[: half.rfind(b"\n\n") + 2]
            await exchange.start(200, media)
            await exchange.part(tidy, more=False)
        case "cut_body" | "stream_cut":
            length = () if streamed else ((b"content-length", str(len(body)).encode()),)
            await exchange.start(200, media, *length)
            await exchange.part(half, more=True)
            exchange.transport.close()
            await exchange.gone()
        case "bad_json":
            broken = half.rstrip(b"\n") + b"\n\n" if streamed else half
            await exchange.whole(200, broken, media)
        case "bad_utf8":
            await exchange.whole(200, body.replace(b'"content": "', b'"content": "\xff\xfe\x80', 2), media)
        case "html_200":
            await exchange.whole(200, GATEWAY_PAGE, (b"content-type", b"text/html; charset=utf-8"))
        case _:
            raise ValueError(kind)


async def _drip(exchange: Exchange, body: bytes, media: tuple[bytes, bytes]) -> None:
    await exchange.start(200, media, (b"content-length", str(len(body)).encode()))
    for place in range(len(body)):
        if exchange.left:
            return
        await exchange.part(body[place : place + 1], more=place + 1 < len(body))
        await asyncio.sleep(_DRIP_S)
