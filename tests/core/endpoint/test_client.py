"""A real client against real servers: every way of failing comes to the outcome of the table."""

from __future__ import annotations

import asyncio
import socket
import ssl

import httpx2
import pytest

from core.endpoint.client import Client
from core.endpoint.outcomes import Then, Trouble
from core.errors import EndpointError
from core.simulator.faults import FAULTS, Scheduled, Stage
from core.vocabulary import Endpoint, Outcome, Reply

BODY = {
    "model": "o1-mini",
    "messages": [{"role": "user", "content": "Think for about 64 tokens. What is 1 + 1? Box the answer."}],
    "max_completion_tokens": 4096,
}
CERTIFICATES = ssl.create_default_context()
"""Read once: reading them takes longer than most tests."""
DOUBT = (Outcome.UNKNOWN, Then.DOUBT)
OUTAGE = (Outcome.UNREACHED, Then.OUTAGE)
KEPT = "kept"


@pytest.fixture(autouse=True)
def _certificates_at_hand(monkeypatch):
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda *_, **__: CERTIFICATES)


def client_of(base_url, key="sim", **settings):
    return Client(Endpoint("here", base_url, **settings), base_url, key)


async def asked(address, times=1, timeout_s=5.0, **settings):
    """What came of the last of so many requests."""
    async with client_of(address.base_url, address.api_key, **settings) as client:
        for _ in range(times):
            came = await client.complete(BODY, timeout_s)
    return came


def fate(came):
    return KEPT if isinstance(came, Reply) else (came.outcome, came.then)


async def test_a_whole_reply_is_kept_with_what_was_billed(simulated):
    async with simulated() as address:
        came = await asked(address)
        async with httpx2.AsyncClient() as http:
            ledger = (await http.get(address.base_url.removesuffix("/v1") + "/ledger")).json()
    assert isinstance(came, Reply)
    assert came.usage.completion_tokens == ledger["billed"]["completion_tokens"]
    assert came.request_id.startswith("req_")
    assert 0 < came.seconds < 5


FATES = {
    "400": (Outcome.REFUSED, Then.FAIL),
    "401": (Outcome.REFUSED, Then.STOP),
    "402": (Outcome.REFUSED, Then.STOP),
    "403": (Outcome.REFUSED, Then.STOP),
    "404": (Outcome.REFUSED, Then.STOP),
    "429": (Outcome.BUSY, Then.WAIT),
    "429_reset": (Outcome.BUSY, Then.WAIT),
    "429_bare": (Outcome.BUSY, Then.WAIT),
    "insufficient_quota": (Outcome.BUSY, Then.STOP),
    "500": (Outcome.BROKEN, Then.RETRY),
    "500_billed": (Outcome.BROKEN, Then.RETRY),
    "502": (Outcome.BROKEN, Then.RETRY),
    "503": (Outcome.BROKEN, Then.RETRY),
    "empty": KEPT,
    "content_filter": KEPT,
    "no_usage": KEPT,
    "null_usage_details": KEPT,
    "wrong_model": KEPT,
    "fingerprint": KEPT,
    "overbill": KEPT,
    "huge": KEPT,
    "escapes": KEPT,
    "reset": DOUBT,
    "hang": DOUBT,
    "drip": DOUBT,
    "cut_body": DOUBT,
    "stream_cut": DOUBT,
    "bad_json": DOUBT,
    "bad_utf8": DOUBT,
    "html_200": DOUBT,
}


SENT_WHOLE = [(kind, False) for kind in FATES]
STREAMED = [(kind, True) for kind in FATES if FAULTS[kind].stage is not Stage.REFUSED]


@pytest.mark.parametrize(("kind", "stream"), SENT_WHOLE + STREAMED)
async def test_each_fault_comes_to_its_row_of_the_table(simulated, kind, stream):
    async with simulated(faults={kind: 1.0}) as address:
        came = await asked(address, timeout_s=0.4 if kind in ("hang", "drip") else 5.0, stream=stream)
    assert fate(came) == FATES[kind]


def test_no_fault_of_the_simulator_is_left_out():
    assert set(FATES) == set(FAULTS) - {"outage"}


@pytest.mark.parametrize("kind", ["404", "502", "503"])
async def test_an_endpoint_that_has_answered_before_is_away(simulated, kind):
    async with simulated(schedule=(Scheduled(kind, at=(2, 2)),)) as address:
        assert fate(await asked(address, times=2)) == OUTAGE


async def test_an_error_is_in_doubt_where_errors_are_billed(simulated):
    async with simulated(faults={"500_billed": 1.0}) as address:
        assert fate(await asked(address, errors_billed=True)) == DOUBT


async def test_a_key_that_is_refused_stops_the_run(simulated):
    async with simulated() as address, client_of(address.base_url, "sk-wrong") as client:
        assert fate(await client.complete(BODY, 5)) == (Outcome.REFUSED, Then.STOP)


async def test_a_wait_that_the_server_asks_for_is_passed_on(simulated):
    async with simulated(faults={"429": 1.0}, retry_after_s=7.0) as address:
        assert (await asked(address)).wait_s == 7.0


# ---------------------------------------------------------------------------------------- never sent, or in doubt


async def alone(base_url, timeout_s=5.0, **settings):
    async with client_of(base_url, **settings) as client:
        return await client.complete(BODY, timeout_s)


async def test_a_refused_connection_is_an_outage_and_not_billed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        came = await alone(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
    assert fate(came) == OUTAGE


async def test_a_name_that_does_not_resolve_is_an_outage_and_not_billed():
    assert fate(await alone("http://nowhere.invalid/v1", timeout_s=20)) == OUTAGE


async def test_no_answer_to_a_connection_is_an_outage_and_not_billed_though_the_deadline_is_short():
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for one in (first, second):  # they fill the queue: the next one's packets are dropped
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        came = await alone(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", timeout_s=0.6)
    assert fate(came) == OUTAGE


async def test_a_tunnel_that_a_proxy_refuses_is_an_outage_and_not_billed(canned):
    async with canned(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n") as proxy:
        came = await alone("https://nowhere.invalid/v1", proxy=proxy.removesuffix("/v1"))
    assert fate(came) == OUTAGE
    assert "503" in came.message


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"HTTP/1.1 200",),
        (HEAD,),
        (HEAD + b"content-length: 100\r\n\r\n",),
        (HEAD + b"content-length: 100\r\n\r\n" + b'{"choices": [',),
        (HEAD + b'transfer-encoding: chunked\r\n\r\n5\r\n{"cho',),
        (HEAD + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",),
        (b"nonsense\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n{}",),
        (b"HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\n{",),
        (b"HTTP/1.1 204 No Content\r\n\r\n",),
    ],
)
async def test_whatever_breaks_after_the_request_was_sent_is_in_doubt(canned, parts, reset):
    async with canned(*parts, reset=reset) as base_url:
        assert fate(await alone(base_url)) == DOUBT


async def test_a_redirection_is_not_followed_with_the_key(canned):
    async with canned(b"HTTP/1.1 307 Go\r\nlocation: http://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n") as url:
        came = await alone(url)
    assert fate(came) == (Outcome.REFUSED, Then.STOP)
    assert "elsewhere.invalid" in came.message


async def test_the_client_never_asks_again_by_itself(simulated):
    async with simulated(faults={"500": 1.0}) as address:
        await asked(address)
        async with httpx2.AsyncClient() as http:
            ledger = (await http.get(address.base_url.removesuffix("/v1") + "/ledger")).json()
    assert ledger["requests"] == 1


async def test_as_many_requests_are_out_at_once_as_were_asked_for(simulated):
    async with simulated(latency_s=0.7) as address, client_of(address.base_url, address.api_key) as client:
        came = await asyncio.gather(*(client.complete(BODY, 20) for _ in range(160)))
        async with httpx2.AsyncClient() as http:
            ledger = (await http.get(address.base_url.removesuffix("/v1") + "/ledger")).json()
    assert not any(isinstance(one, Trouble) for one in came)
    assert ledger["peak_in_flight"] == 160


async def test_a_cancelled_request_is_cancelled_and_the_client_lives_on(simulated):
    async with simulated(latency_s=0.3) as address, client_of(address.base_url, address.api_key) as client:
        task = asyncio.create_task(client.complete(BODY, 5))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(await client.complete(BODY, 5), Reply)


# --------------------------------------------------------------------------------------------------- its settings


@pytest.mark.parametrize("key", ["sk-abc\n", "sk-\u2019abc", "sk-abc\r\nx: y"])
def test_a_key_that_cannot_be_sent_is_refused_at_once_and_not_shown(key):
    with pytest.raises(EndpointError) as refused:
        client_of("http://127.0.0.1:9/v1", key, api_key_env="SOME_KEY")
    assert "SOME_KEY" in str(refused.value)
    assert "abc" not in str(refused.value)


@pytest.mark.parametrize("base_url", ["http://[::1/v1", "http://host:port/v1"])
def test_an_address_that_is_none_is_refused_at_once(base_url):
    with pytest.raises(EndpointError, match="here"):
        client_of(base_url)


def test_a_certificate_file_that_is_not_there_is_refused_at_once():
    with pytest.raises(EndpointError, match="here"):
        client_of("https://127.0.0.1:9/v1", ca_bundle="/nowhere/ca.pem")


async def test_the_models_that_a_server_lists(simulated):
    async with simulated(models=("a", "b")) as address, client_of(address.base_url, address.api_key) as client:
        assert await client.model_names() == {"a", "b"}


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n",
        HEAD + b"content-length: 2\r\n\r\n{}",
        HEAD + b"content-length: 2\r\n\r\n[]",
        HEAD + b'content-length: 12\r\n\r\n{"data": [1]}'[:-1],
        b"",
    ],
)
async def test_a_server_that_lists_no_models_is_no_error(canned, said):
    async with canned(said) as base_url, client_of(base_url) as client:
        assert await client.model_names() is None


@pytest.mark.parametrize("told", ["{key}", '{{"error": {{"message": "bad key {key}"}}}}', "x" * 290 + " {key}"])
async def test_a_key_that_a_server_repeats_is_not_in_what_is_kept(canned, told):
    key = "sk-0123456789abcdef"
    body = told.format(key=key).encode()
    head = b"HTTP/1.1 401 No\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with canned(head + body) as base_url, client_of(base_url, key) as client:
        came = await client.complete(BODY, 5.0)
    assert came.then is Then.STOP
    assert "sk-0" not in came.message


async def test_a_list_of_models_in_a_thousand_brackets_is_none(canned):
    body = b'{"data":' + b"[" * 100_000
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with canned(head + body) as base_url, client_of(base_url) as client:
        assert await client.model_names() is None


async def test_a_404_of_a_model_that_never_answered_is_no_outage_though_another_model_has(simulated):
    schedule = (Scheduled("404", (2, 2)),)
    async with simulated(schedule=schedule) as address, client_of(address.base_url, address.api_key) as client:
        assert isinstance(await client.complete(BODY, 5.0), Reply)
        assert fate(await client.complete(BODY | {"model": "o1-mimi"}, 5.0)) == (Outcome.REFUSED, Then.STOP)
