"""The simulator's HTTP application, and its life from the first request to the last.

The life of one request reads top to bottom in `_chat` and `_answer`. The Authorization header is compared, and goes no
further: it is neither stored nor logged. Chat requests go around Starlette's routing, which would cost more than they.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.simulator.budget import BadRequest, read_asked
from core.simulator.capacity import Gate
from core.simulator.faults import Stage, choose_fault
from core.simulator.knowledge import Knowledge
from core.simulator.ledger import Asking, Ledger
from core.simulator.listener import HOST, Listener
from core.simulator.model import generate
from core.simulator.refusals import (
    Refusal,
    bad_request,
    refusal,
    refusal_for,
    too_many_requests,
    unknown_model,
    wrong_key,
)
from core.simulator.replies import ChatReply, oddly, plain_body, stream_events
from core.simulator.request import read_request
from core.simulator.settings import Address, SimulatorSettings
from core.simulator.wire import Exchange, send_stream, spoil
from core.vocabulary import SIMULATOR_MARK, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from core.simulator.budget import Asked
    from core.simulator.knowledge import Known
    from core.simulator.model import Generation
    from core.simulator.request import ChatRequest

CHAT = "/v1/chat/completions"
_JSON = (b"content-type", b"application/json")
_CACHE_FROM, _CACHE_BLOCK = 1024, 128
"""Prompt tokens from which on a repeated prompt counts as cached, and the blocks that it is counted in."""
_STREAM_PIECES = 8


@dataclass(frozen=True, slots=True)
class _Order:
    """A proper request, with what the model and the books make of it."""

    request: ChatRequest
    known: Known
    asked: Asked
    asking: Asking
    nth: int
    """Which request of its cell it is, from 0."""


class Simulator:
    """An ASGI application: a stand-in model that speaks OpenAI's API."""

    def __init__(self, settings: SimulatorSettings, api_key: str, clock: Callable[[], float] = time.monotonic) -> None:
        if not settings.problems:
            from core.problems.builtin import competition  # noqa: PLC0415 - only where no problems are given

            problems = tuple(competition(limit=30, seed=0))
        else:
            problems = settings.problems
        self.ledger = Ledger()
        self.started_at = clock()
        self._settings = settings
        self._clock = clock
        self._knowledge = Knowledge(problems)
        self._gate = Gate(settings.capacity, settings.capacity_per_s)
        self._authorization = b"Bearer " + api_key.encode()
        self._fingerprint = f"{SIMULATOR_MARK}-{blake2b(str(settings.seed).encode(), digest_size=5).hexdigest()}"
        self._instance = secrets.token_hex(4)
        self._exchanges = 0
        self._rest = Starlette(
            routes=[
                Route("/v1/models", self._models, methods=["GET"]),
                Route("/ledger", self._ledger, methods=["GET"]),
            ],
            exception_handlers={404: _unknown_path, 405: _unknown_path},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] != CHAT or scope["method"] != "POST":
            await self._rest(scope, receive, send)
            return
        self._exchanges += 1
        request_id = f"req_{self._instance}{self._exchanges:08x}"
        exchange = Exchange(receive, send, scope["state"]["transport"], request_id)
        parts = []
        while (message := await receive())["type"] == "http.request":
            parts.append(message["body"])
            if not message["more_body"]:
                await self._chat(exchange, b"".join(parts), authorized=self._authorized(scope))
                return
        self.ledger.turn_away("client left")

    async def _chat(self, exchange: Exchange, raw: bytes, *, authorized: bool) -> None:
        """Turn away what is no proper request; answer the others, and keep the books."""
        if not authorized:
            await self._turn_away(exchange, "wrong key", wrong_key())
            return
        try:
            request = read_request(raw)
            known = self._knowledge.find(request.asked)
            words = "\n".join(request.texts)
            asked = read_asked(
                request.body, words.replace(known.question, "") if known.question else words, self._settings.ignore
            )
        except BadRequest as error:
            await self._turn_away(exchange, "bad request", bad_request(str(error)))
            return
        if self._settings.models and request.model not in self._settings.models:
            await self._turn_away(exchange, "unknown model", unknown_model(request.model))
            return
        asking = Asking(request.model, known.id, asked.budget, asked.cap)
        order = _Order(request, known, asked, asking, nth=self.ledger.arrive(asking))
        outcome = "cancelled"
        try:
            outcome = await self._answer(exchange, order)
        finally:
            self.ledger.leave(outcome)

    async def _answer(self, exchange: Exchange, order: _Order) -> str:
        """Answer a proper request, or act out its fault; what became of it, for the books."""
        settings, request, asking = self._settings, order.request, order.asking
        # A generator of its own for each request: whole runs repeat, requests do not.
        cell = f"{asking.model!a}|{asking.problem!a}|{asking.budget}|{asking.cap}"
        generator = Random(f"{settings.seed}|{cell}|{order.nth}")
        wait_s = self._gate.refuses(self.ledger.in_flight, self._clock())
        if wait_s is not None:
            await _refuse(exchange, too_many_requests(wait_s or settings.retry_after_s))
            return "over capacity"
        elapsed_s = self._clock() - self.started_at
        fault = choose_fault(
            settings.schedule, settings.faults, self.ledger.received, elapsed_s, lot=generator.random()
        )
        refused = fault is not None and fault.stage is Stage.REFUSED
        if fault is not None and refused and not fault.billed:
            await _refuse(exchange, refusal_for(fault.kind, request.model, settings.retry_after_s))
            return fault.kind

        generation = generate(order.known, order.asked, generator, settings.text_chars)
        latency_s = settings.latency(generation.tokens)
        streamed_s = latency_s * (1 - generation.reasoning_tokens / generation.tokens) if request.stream else 0.0
        if latency_s > streamed_s:
            await asyncio.sleep(latency_s - streamed_s)

        outcome = "answered" if fault is None else fault.kind
        reply = self._reply(exchange.request_id, request, asking, generation)
        if fault is not None and fault.stage is Stage.REPLY:
            reply = oddly(reply, fault.kind, asking.cap)
        if fault is None and exchange.left:
            outcome = "client left"
        self.ledger.bill(reply.id, asking, reply.usage, outcome)

        if fault is not None and refused:
            await _refuse(exchange, refusal_for(fault.kind, request.model, settings.retry_after_s))
        elif fault is not None and fault.stage is Stage.WIRE:
            await spoil(exchange, fault.kind, _body(request, reply), streamed=request.stream)
        elif request.stream:
            events = stream_events(reply, include_usage=request.include_usage, pieces=_STREAM_PIECES)
            await send_stream(exchange, events, streamed_s / _STREAM_PIECES)
        else:
            await exchange.whole(200, plain_body(reply), _JSON)
        return outcome

    def _reply(self, request_id: str, request: ChatRequest, asking: Asking, generation: Generation) -> ChatReply:
        prompt_tokens = request.prompt_tokens
        cached = prompt_tokens >= _CACHE_FROM and self.ledger.seen(asking)
        return ChatReply(
            id=request_id.replace("req_", "chatcmpl-"),
            created=int(time.time()),
            model=request.model,
            fingerprint=self._fingerprint,
            text=generation.text,
            finish_reason="length" if generation.cut else "stop",
            usage=Usage(
                prompt_tokens=prompt_tokens,
                completion_tokens=generation.tokens,
                cached_tokens=prompt_tokens // _CACHE_BLOCK * _CACHE_BLOCK if cached else 0,
                reasoning_tokens=generation.reasoning_tokens,
            ),
        )

    async def _turn_away(self, exchange: Exchange, outcome: str, reply: Refusal) -> None:
        self.ledger.turn_away(outcome)
        await _refuse(exchange, reply)

    def _authorized(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return hmac.compare_digest(given, self._authorization)

    async def _models(self, request: Request) -> Response:
        if not self._authorized(request.scope):
            self.ledger.turn_away("wrong key")
            return Response(wrong_key().body, status_code=401, media_type="application/json")
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "simulator"}
            for name in self._settings.models or ("o1-mini",)
        ]
        return JSONResponse({"object": "list", "data": models})

    async def _ledger(self, request: Request) -> Response:
        """The books; `?bills=0` leaves the single bills out."""
        return JSONResponse(self.ledger.as_json(bills=request.query_params.get("bills") != "0"))


async def serve(settings: SimulatorSettings, announce: Callable[[Address], None], closed: asyncio.Event) -> None:
    """Serve until `closed` is set; `announce` is called once, when the simulator listens.

    Raises:
        EndpointError: It cannot listen on the port.
    """
    api_key = settings.api_key or f"sim-{secrets.token_urlsafe(18)}"
    simulator = Simulator(settings, api_key)
    listener = Listener(simulator, settings.port)
    await listener.open()
    simulator.started_at = time.monotonic()
    try:
        async with asyncio.TaskGroup() as group:
            outages = group.create_task(_outages(settings, listener))
            announce(Address(f"http://{HOST}:{listener.port}/v1", api_key))
            await closed.wait()
            outages.cancel()
    finally:
        await listener.end()


async def _outages(settings: SimulatorSettings, listener: Listener) -> None:
    started = time.monotonic()
    planned = sorted((s for s in settings.schedule if s.kind == "outage"), key=lambda s: s.from_s or 0.0)
    for outage in planned:
        await asyncio.sleep(started + (outage.from_s or 0.0) - time.monotonic())
        await listener.out(None if outage.to_s is None else started + outage.to_s - time.monotonic())


async def _refuse(exchange: Exchange, reply: Refusal) -> None:
    await exchange.whole(reply.status, reply.body, *reply.headers)


async def _unknown_path(request: Request, _error: Exception) -> Response:
    message = f"Invalid URL ({request.method} {request.url.path})"
    reply = refusal(404, message, "invalid_request_error", "unknown_url")
    return Response(reply.body, status_code=404, media_type="application/json")


def _body(request: ChatRequest, reply: ChatReply) -> bytes:
    if request.stream:
        return b"".join(stream_events(reply, include_usage=request.include_usage, pieces=_STREAM_PIECES))
    return plain_body(reply)


def json_line(address: Address) -> str:
    """An address as the one line of JSON that a simulator's starter reads."""
    return json.dumps({"base_url": address.base_url, "api_key": address.api_key})
