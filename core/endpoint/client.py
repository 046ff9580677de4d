"""One server through the `openai` client: a request out, a whole reply or a named trouble back.

The client's own retries are off: they would hide attempts that may have been billed. Its aiohttp transport is used,
which costs half the CPU of the default one. Three traps of that pair are handled here: the transport reports a
connection that was reset after the request was sent as a *connect* timeout, so what happened is read from the
underlying error; a slow drip passes every read timeout, so each attempt runs under one true deadline; and "no limit"
on connections means a hundred to it, so that the rest would wait unsent under that deadline.
Holds the key, in memory only. Knows no money and no store.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import aiohttp
import httpx2
import openai

from core.clock import monotonic
from core.endpoint.outcomes import Trouble, in_doubt, refused_by_status, unreached
from core.endpoint.replies import read_reply
from core.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from core.vocabulary import Endpoint, Json, Reply

CONNECT_S = 60.0
"""A storm of a thousand connections to one server takes longer than the client's default of 5 s."""
CONNECT_SHARE = 0.5
"""Of the deadline, at most: who is still connecting then was not sent anything, which the deadline could not tell."""
UNLIMITED = 0
"""Connections, as the transport spells it."""
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Failures before the request could leave: no address, no connection, no tunnel through the proxy."""
LEAST_SECRET = 8
"""Characters of a header's value or a password that is taken for one."""
NOT_FOUND = 404
NO_KEY = "none"
"""What a server without keys is sent: the client insists on a word."""


class Client:
    """An async context manager around one endpoint's connections."""

    def __init__(self, endpoint: Endpoint, base_url: str, key: str | None) -> None:
        self.endpoint = endpoint
        self._answered: set[str] = set()
        """The models of which a good reply has come: decides what a 404 or 503 means."""
        self._secrets = _secrets(endpoint, key)
        if key is not None and not (key.isascii() and key.isprintable()):
            raise EndpointError(
                f"endpoint {endpoint.name}: the key in {endpoint.api_key_env} holds characters that no key has "
                "(a line break, a quotation mark of a word processor?); set the variable again"
            )
        try:
            self._http: httpx2.AsyncClient = openai.DefaultAioHttpClient(
                limits=httpx2.Limits(max_connections=UNLIMITED),
                timeout=httpx2.Timeout(None),
                follow_redirects=False,
                trust_env=True,
                verify=ssl.create_default_context(cafile=endpoint.ca_bundle) if endpoint.ca_bundle else True,
                proxy=endpoint.proxy,
            )
            self._openai = openai.AsyncOpenAI(
                api_key=key or NO_KEY,
                base_url=base_url,
                organization=endpoint.organization,
                project=endpoint.project,
                default_headers=dict(endpoint.headers),
                max_retries=0,
                http_client=self._http,
            )
        except (OSError, ValueError, httpx2.InvalidURL) as error:
            raise EndpointError(f"endpoint {endpoint.name}: cannot be set up ({error}); check its settings") from error

    async def __aenter__(self) -> Self:
        """The client, ready."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        await self._openai.close()

    async def complete(self, body: Mapping[str, Json], timeout_s: float) -> Reply | Trouble:
        """The model's whole reply to a request, or why there is none. Cancelling it leaves the request in doubt."""
        came = await self._sent(body, timeout_s)
        if isinstance(came, Trouble):
            return replace(came, message=self._without_secrets(came.message))
        self._answered.add(str(body.get("model")))
        return came

    async def _sent(self, body: Mapping[str, Json], timeout_s: float) -> Reply | Trouble:
        if self.endpoint.stream:
            body = {**body, "stream": True, "stream_options": {"include_usage": True}}
        began = monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                response: httpx2.Response = await self._openai.post(
                    "/chat/completions",
                    cast_to=httpx2.Response,
                    body=body,
                    options={"max_retries": 0, "timeout": _only_connecting(timeout_s)},
                )
        except TimeoutError:
            return in_doubt(f"no whole reply within {timeout_s:g} s")
        except openai.APIStatusError as error:
            # A name that one model of an endpoint goes by says nothing about another's.
            known = str(body.get("model")) in self._answered if error.status_code == NOT_FOUND else bool(self._answered)
            return refused_by_status(
                error.status_code,
                self._without_secrets(_body_of(error.response)),
                error.response.headers,
                answered_before=known,
                errors_billed=self.endpoint.errors_billed,
            )
        except (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            return what_happened(error)
        return read_reply(
            response.content,
            stream=self.endpoint.stream,
            seconds=monotonic() - began,
            request_id=response.headers.get("x-request-id"),
        )

    def _without_secrets(self, text: str) -> str:
        """A server's words without the keys that it was sent: some repeat them, and these words are kept."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text

    async def model_names(self) -> frozenset[str] | None:
        """The models that the server lists; None where it lists none, or not now. Costs nothing."""
        try:
            async with asyncio.timeout(10):
                response: httpx2.Response = await self._openai.get(
                    "/models", cast_to=httpx2.Response, options={"max_retries": 0}
                )
                listed: Any = response.json()["data"]
                return frozenset(str(model["id"]) for model in listed)
        except (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError, OSError, ValueError, LookupError, TypeError):
            return None
        except RecursionError:
            return None  # brackets, a thousand deep


def what_happened(error: BaseException) -> Trouble:
    """Whether a network error came before the request could have left (no bill) or later (in doubt).

    The chain of causes is searched for the transport's own error: only a failure to connect is free of doubt.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NEVER_SENT):
            return unreached(f"could not connect: {_connecting(cause)}")
        if isinstance(cause, aiohttp.ClientError):
            return in_doubt(f"the connection was lost: {_words(cause)}")
        cause = cause.__cause__ or cause.__context__
    return in_doubt(f"the connection was lost: {_words(error)}")


def _connecting(error: BaseException) -> str:
    """Why there is no connection, briefly: `127.0.0.1:8000: Connection refused`."""
    if isinstance(error, aiohttp.ClientConnectorError) and error.strerror:
        known = error.errno is not None and error.errno > 0  # names that do not resolve have errors of their own
        return f"{error.host}:{error.port}: {os.strerror(error.errno or 0) if known else error.strerror}"
    return _words(error)


def _secrets(endpoint: Endpoint, key: str | None) -> tuple[str, ...]:
    """What an endpoint is sent or reached with that nobody else may read, the longest first."""
    found = {value for _, value in endpoint.headers} | {urlsplit(endpoint.proxy or "").password or ""}
    found = {value for value in found if len(value) >= LEAST_SECRET} | ({key} if key else set())
    return tuple(sorted(found, key=len, reverse=True))


def _only_connecting(timeout_s: float) -> httpx2.Timeout:
    return httpx2.Timeout(None, connect=min(CONNECT_S, CONNECT_SHARE * timeout_s))


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _body_of(response: httpx2.Response) -> str:
    try:
        return response.content[:20_000].decode("utf-8", "replace")
    except httpx2.HTTPError:
        return ""
