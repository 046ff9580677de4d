"""What is sent for a draw, and the most that it can cost. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.controls import fill
from core.prices import prompt_bound, reservation
from core.sampler.spending import Amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.vocabulary import Condition, Json, Price, Problem


@dataclass(frozen=True, slots=True)
class Request:
    """A body to send to an endpoint, with its bound."""

    endpoint: str
    model: str
    body: Mapping[str, Json]
    price: Price | None
    prompt_bytes: int
    """UTF-8 bytes of all messages."""
    messages: int
    token_cap: int

    @property
    def prompt_tokens(self) -> int:
        """Input tokens at most."""
        return prompt_bound(self.prompt_bytes, self.messages)


def request_for(condition: Condition, problem: Problem) -> Request:
    """The request that asks a problem under a condition."""
    messages = [] if condition.system is None else [{"role": "system", "content": sendable(condition.system)}]
    messages.append({"role": "user", "content": sendable(fill(condition.prompt, problem.question))})
    return Request(
        endpoint=condition.endpoint,
        model=condition.model,
        body={"model": condition.model, "messages": messages, **_fields(condition.body)},
        price=condition.price,
        prompt_bytes=sum(len(message["content"].encode()) for message in messages),
        messages=len(messages),
        token_cap=condition.token_cap,
    )


def sendable(text: str) -> str:
    """The text without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def bound_of(request: Request, timeout_s: float) -> Amount:
    """The most that a request can cost; 0 picodollars where the model is unpriced."""
    tokens = request.prompt_tokens + request.token_cap
    if request.price is None:
        return Amount(0, tokens)
    pico = reservation(request.price, request.prompt_bytes, request.messages, request.token_cap, timeout_s=timeout_s)
    return Amount(pico, tokens)


@lru_cache(maxsize=4096)
def _fields(body: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(body)
    return fields
