"""Replies in OpenAI's shape, plain and streamed, and the ways in which a whole reply can be odd.

Bytes out, nothing else: knows nothing of sockets, of the ledger or of how the text came about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.vocabulary import Usage

HUGE_CHARS = 10_000_000
"""Length of the text of a `huge` reply, within a few hundred."""
_FILLER = "The same step again, since the case before did not settle it. "

HOSTILE = (
    "\x1b[2J\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]52;c;cHduZWQ=\x07 \x1bP+q\x1b\\ \x9b31m \x9d0;x\x9c "
    "\u202eevil\u202c \u2066x\u2069 \u200f [bold red]markup[/] [@click=app.quit]click[/] [/unopened] \x00\x07\x08\x7f\r"
)
"""What a terminal or a markup parser must never get to see raw: ESC, OSC 52, DCS, C1, bidi controls, markup."""


@dataclass(frozen=True, slots=True)
class ChatReply:
    """A whole reply, before it is put into bytes."""

    id: str
    created: int
    """Unix time, in seconds."""
    model: str
    fingerprint: str
    text: str
    finish_reason: str
    usage: Usage
    """As billed."""
    usage_shown: str = "full"
    """How the reply reports it: `full`, `null details` or `none`."""


def _overbilled(reply: ChatReply, cap: int | None) -> ChatReply:
    over = (cap or reply.usage.completion_tokens) + 1000
    return replace(reply, usage=replace(reply.usage, completion_tokens=over))


_ODDITIES: Mapping[str, Callable[[ChatReply, int | None], ChatReply]] = {
    "empty": lambda reply, _: replace(reply, text=""),
    "content_filter": lambda reply, _: replace(reply, text="", finish_reason="content_filter"),
    "no_usage": lambda reply, _: replace(reply, usage_shown="none"),
    "null_usage_details": lambda reply, _: replace(reply, usage_shown="null details"),
    "wrong_model": lambda reply, _: replace(reply, model=f"{reply.model}-lite-preview"),
    "fingerprint": lambda reply, _: replace(reply, fingerprint="fp_0000000000"),
    "overbill": _overbilled,
    "huge": lambda reply, _: replace(reply, text=_FILLER * (HUGE_CHARS // len(_FILLER)) + reply.text),
    "escapes": lambda reply, _: replace(reply, text=HOSTILE + reply.text),
}


def oddly(reply: ChatReply, kind: str, cap: int | None) -> ChatReply:
    """The reply with one of the faults of the stage REPLY; `cap` is the token cap that was asked for."""
    return _ODDITIES[kind](reply, cap)


def plain_body(reply: ChatReply) -> bytes:
    """The JSON of an unstreamed reply."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason}
    body = {**_head(reply, "chat.completion"), "choices": [choice]}
    if reply.usage_shown != "none":
        body["usage"] = _usage(reply)
    return json.dumps(body).encode()


def stream_events(reply: ChatReply, *, include_usage: bool, pieces: int = 8) -> Iterator[bytes]:
    """The server-sent events of a streamed reply: the role, the text in pieces, the end, the usage if asked."""
    head = _head(reply, "chat.completion.chunk")
    if include_usage:
        head["usage"] = None

    def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**head, "choices": [choice]})

    yield event({"role": "assistant", "content": "", "refusal": None})
    size = max(1, -(-len(reply.text) // pieces))
    for start in range(0, len(reply.text), size):
        yield event({"content": reply.text[start : start + size]})
    yield event({}, reply.finish_reason)
    if include_usage and reply.usage_shown != "none":
        yield _event({**head, "choices": [], "usage": _usage(reply)})
    yield b"data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _head(reply: ChatReply, kind: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "object": kind,
        "created": reply.created,
        "model": reply.model,
        "service_tier": "default",
        "system_fingerprint": reply.fingerprint,
    }


def _usage(reply: ChatReply) -> dict[str, Any]:
    usage = reply.usage
    details = reply.usage_shown == "full"
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens, "audio_tokens": 0} if details else None,
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        }
        if details
        else None,
    }
