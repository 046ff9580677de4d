"""A server that is never the limit: bare asyncio, one canned completion, and a stopwatch.

`python -m bench.server LATENCY_S` says its port on standard output, serves until its input is closed, then says what
it saw as JSON. It parses no more of HTTP than the client sends; the simulator, which does things properly, costs more
per request than the client does and would hide what is measured here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
TEXT = "Let n be the number of ways. " * 20 + "Adding the cases gives 17 + 56 = 73.\n\nFinal answer: 73"
COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "bench-model",
    "system_fingerprint": "fp_1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
    "usage": {
        "prompt_tokens": 180,
        "completion_tokens": 700,
        "total_tokens": 880,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 512},
    },
}
MODELS = {"object": "list", "data": [{"id": "bench-model", "object": "model", "created": 0, "owned_by": "bench"}]}


@dataclass(slots=True)
class Seen:
    """What came by: from the first request to the last reply."""

    requests: int = 0
    most_at_once: int = 0
    first: float = 0.0
    """Monotonic seconds, like the next one."""
    last: float = 0.0
    cpu_s: float = 0.0
    """Processor seconds of this process between the two."""


def _message(body: Mapping[str, object]) -> bytes:
    payload = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_1\r\ncontent-length: {len(payload)}"
    return head.encode() + b"\r\n\r\n" + payload


class Clerk:
    """Answers all connections and holds the stopwatch."""

    def __init__(self, latency_s: float) -> None:
        self.seen = Seen()
        self._latency_s = latency_s
        self._loop = asyncio.get_running_loop()
        self._completion, self._models = _message(COMPLETION), _message(MODELS)
        self._cpu_at_first = 0.0
        self._out = 0

    def take(self, head: bytes, transport: asyncio.Transport) -> None:
        """Answer one request, at once or after the latency."""
        if head.startswith(b"GET"):
            transport.write(self._models)
            return
        if not self.seen.requests:
            self.seen.first, self._cpu_at_first = time.monotonic(), time.process_time()
        self.seen.requests += 1
        self._out += 1
        self.seen.most_at_once = max(self.seen.most_at_once, self._out)
        if self._latency_s:
            self._loop.call_later(self._latency_s, self._reply, transport)
        else:
            self._reply(transport)

    def _reply(self, transport: asyncio.Transport) -> None:
        transport.write(self._completion)
        self._out -= 1
        self.seen.last = time.monotonic()
        self.seen.cpu_s = time.process_time() - self._cpu_at_first


class Connection(asyncio.Protocol):
    """Cuts one client's bytes into requests."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand over each request that is whole."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            whole = end + 4 + _length(head)
            if len(self._buffer) < whole:
                return
            self._buffer = self._buffer[whole:]
            self._clerk.take(head, self._transport)


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def serve(latency_s: float) -> None:
    """Serve until standard input is closed."""
    loop = asyncio.get_running_loop()
    clerk = Clerk(latency_s)
    server = await loop.create_server(lambda: Connection(clerk), HOST, 0, backlog=2048)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    sys.stdout.write(json.dumps(asdict(clerk.seen)) + "\n")


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
