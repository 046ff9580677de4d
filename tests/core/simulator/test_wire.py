"""Each fault as a real client sees it, and what the books say of it."""

from __future__ import annotations

import asyncio
import json

import httpx2
import openai
import pytest

from core.simulator.faults import FAULTS, Scheduled, Stage
from core.simulator.replies import HOSTILE

STATUSES = {
    "400": (openai.BadRequestError, 400),
    "401": (openai.AuthenticationError, 401),
    "402": (openai.APIStatusError, 402),
    "403": (openai.PermissionDeniedError, 403),
    "404": (openai.NotFoundError, 404),
    "429": (openai.RateLimitError, 429),
    "429_reset": (openai.RateLimitError, 429),
    "429_bare": (openai.RateLimitError, 429),
    "insufficient_quota": (openai.RateLimitError, 429),
    "500": (openai.InternalServerError, 500),
    "500_billed": (openai.InternalServerError, 500),
    "502": (openai.InternalServerError, 502),
    "503": (openai.InternalServerError, 503),
}


async def books_after(simulator, kind):
    """The books, once nothing is in flight; checked for the one request and for what its fault should cost."""
    for _ in range(100):
        books = await simulator.ledger()
        if not books["in_flight"]:
            break
        await asyncio.sleep(0.02)
    assert books["outcomes"] == {kind: 1}
    assert books["billed"]["requests"] == FAULTS[kind].billed
    assert books["cells"][0]["received"] == 1
    assert books["cells"][0]["billed"] == FAULTS[kind].billed
    return books


def test_every_refusal_is_tried_below():
    assert set(STATUSES) == {kind for kind, fault in FAULTS.items() if fault.stage is Stage.REFUSED}


@pytest.mark.parametrize("kind", STATUSES)
async def test_a_refusal_is_a_whole_error_reply(served, kind):
    expected, status = STATUSES[kind]
    async with served(faults={kind: 1.0}) as simulator:
        with pytest.raises(expected) as seen:
            await simulator.ask()
        await books_after(simulator, kind)
    assert seen.value.status_code == status


@pytest.mark.parametrize(
    ("kind", "hints"),
    [
        ("429", {"retry-after": "90"}),
        ("429_reset", {"x-ratelimit-reset-requests": "1m30s", "x-ratelimit-reset-tokens": "1m30s"}),
        ("429_bare", {}),
        ("insufficient_quota", {}),
    ],
)
async def test_too_many_requests_says_how_long_to_wait_or_does_not(served, kind, hints):
    async with served(faults={kind: 1.0}, retry_after_s=90) as simulator:
        with pytest.raises(openai.RateLimitError) as seen:
            await simulator.ask()
    headers = seen.value.response.headers
    assert {name: headers[name] for name in headers if name.endswith("after") or "-reset-" in name} == hints
    assert (seen.value.code == "insufficient_quota") is (kind == "insufficient_quota")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_reset_is_a_connection_error(served, stream):
    async with served(faults={"reset": 1.0}) as simulator:
        with pytest.raises(openai.APIConnectionError) as seen:
            await simulator.ask(stream=stream)
        await books_after(simulator, "reset")
    assert isinstance(seen.value.__cause__, httpx2.ReadError)


async def test_a_hang_ends_with_the_clients_patience(served):
    async with served(faults={"hang": 1.0}, patience_s=0.2) as simulator:
        with pytest.raises(openai.APITimeoutError):
            await simulator.ask()
        await books_after(simulator, "hang")


async def test_a_drip_passes_the_clients_read_timeout_and_needs_a_deadline(served):
    async with served(faults={"drip": 1.0}, patience_s=0.2) as simulator:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.8):
                await simulator.ask()
        await books_after(simulator, "drip")


async def test_a_cut_body_is_a_connection_error(served):
    async with served(faults={"cut_body": 1.0}) as simulator:
        with pytest.raises(openai.APIConnectionError) as seen:
            await simulator.ask()
        await books_after(simulator, "cut_body")
    assert isinstance(seen.value.__cause__, httpx2.RemoteProtocolError)


async def test_bad_json_raises_what_the_json_module_raises(served):
    async with served(faults={"bad_json": 1.0}) as simulator:
        with pytest.raises(json.JSONDecodeError):
            await simulator.ask()
        await books_after(simulator, "bad_json")


async def test_bad_utf8_raises_a_decoding_error(served):
    async with served(faults={"bad_utf8": 1.0}) as simulator:
        with pytest.raises(UnicodeDecodeError):
            await simulator.ask()
        await books_after(simulator, "bad_utf8")


async def test_html_with_status_200_comes_back_as_a_string(served):
    async with served(faults={"html_200": 1.0}) as simulator:
        reply = await simulator.ask()
        await books_after(simulator, "html_200")
    assert isinstance(reply, str)


async def test_a_cut_stream_looks_like_a_success_without_an_end(served):
    async with served(faults={"stream_cut": 1.0}) as simulator:
        stream = await simulator.ask(stream=True, stream_options={"include_usage": True})
        chunks = [chunk async for chunk in stream]
        await books_after(simulator, "stream_cut")
    assert "".join(chunk.choices[0].delta.content for chunk in chunks)
    assert all(chunk.usage is None and chunk.choices[0].finish_reason is None for chunk in chunks)


async def test_a_stream_whose_connection_breaks_is_an_error(served):
    async with served(faults={"cut_body": 1.0}) as simulator:
        with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
            [chunk async for chunk in await simulator.ask(stream=True)]
        await books_after(simulator, "cut_body")


@pytest.mark.parametrize(("kind", "error"), [("bad_json", json.JSONDecodeError), ("bad_utf8", UnicodeDecodeError)])
async def test_a_mangled_stream_raises_what_mangled_it(served, kind, error):
    async with served(faults={kind: 1.0}) as simulator:
        with pytest.raises(error):
            [chunk async for chunk in await simulator.ask(stream=True)]
        await books_after(simulator, kind)


ODD = {
    "empty": lambda reply: reply.choices[0].message.content == "" and reply.usage.completion_tokens > 0,
    "content_filter": lambda reply: reply.choices[0].finish_reason == "content_filter",
    "no_usage": lambda reply: reply.usage is None and reply.choices[0].message.content,
    "null_usage_details": lambda reply: reply.usage.completion_tokens_details is None,
    "wrong_model": lambda reply: reply.model == "o1-mini-lite-preview",
    "fingerprint": lambda reply: reply.system_fingerprint == "fp_0000000000",
    "overbill": lambda reply: reply.usage.completion_tokens == 1064,
    "huge": lambda reply: len(reply.choices[0].message.content) > 9_900_000,
    "escapes": lambda reply: reply.choices[0].message.content.startswith(HOSTILE),
}


def test_every_odd_reply_is_tried_below():
    assert set(ODD) == {kind for kind, fault in FAULTS.items() if fault.stage is Stage.REPLY}


@pytest.mark.parametrize("kind", ODD)
async def test_an_odd_reply_is_whole_and_billed(served, kind):
    async with served(faults={kind: 1.0}) as simulator:
        reply = await simulator.ask(max_completion_tokens=64)
        books = await books_after(simulator, kind)
    assert ODD[kind](reply)
    if reply.usage is not None:
        assert books["billed"]["completion_tokens"] == reply.usage.completion_tokens


async def test_after_a_fault_the_next_request_is_answered(served):
    kinds = [kind for kind, fault in FAULTS.items() if fault.stage is Stage.WIRE and kind not in {"hang", "drip"}]
    schedule = tuple(Scheduled(kind, at=(2 * place + 1,) * 2) for place, kind in enumerate(kinds))
    async with served(schedule=schedule) as simulator:
        for kind in kinds:
            await asyncio.gather(simulator.ask(), return_exceptions=True)
            assert (await simulator.ask()).choices[0].finish_reason == "stop", kind
        books = await simulator.ledger()
    assert books["outcomes"] == {**dict.fromkeys(kinds, 1), "answered": len(kinds)}
    assert books["billed"]["requests"] == 2 * len(kinds)
