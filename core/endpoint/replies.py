"""Reading a chat completion out of the bytes of a 200: plain JSON, or a stream of events.

Foreign bytes: whatever is not a whole completion is `Trouble` in doubt (it may have been billed), never an exception,
never an answer. Knows no socket, no price, no grader.
"""

from __future__ import annotations

import json
import re
from typing import Any

from core.endpoint.outcomes import Trouble, in_doubt, whole_characters
from core.vocabulary import Reply, Usage

LINE_END = re.compile("\r\n|\n|\r")
"""Of an event stream; `splitlines` would also cut at the line separators that a text may hold."""
ABSURD_TOKENS = 10**9
"""More than any model gives: a usage above it is not believed."""


def read_reply(body: bytes, *, stream: bool, seconds: float, request_id: str | None) -> Reply | Trouble:
    """The completion in the body of a 200, or why it cannot be one."""
    try:
        # A server that streams nothing answers in plain JSON, whatever it was asked for.
        completion = _joined_stream(body) if stream and not body.lstrip().startswith(b"{") else json.loads(body)
    except UnicodeDecodeError:
        return in_doubt("the reply was not UTF-8", 200, request_id)
    except (ValueError, RecursionError):
        return in_doubt(_unreadable(body), 200, request_id)
    if completion is None:
        return in_doubt("the stream was cut before its end", 200, request_id)
    choice = _first_choice(completion)
    if choice is None:
        return in_doubt("the reply was JSON, but no chat completion", 200, request_id)
    message = choice["message"]
    return Reply(
        text=_text(message.get("content")),
        reasoning=_text(message.get("reasoning_content") or message.get("reasoning")) or None,
        finish_reason=_short(choice.get("finish_reason")),
        usage=read_usage(completion.get("usage")),
        model=_short(completion.get("model")),
        fingerprint=_short(completion.get("system_fingerprint")),
        request_id=request_id,
        seconds=seconds,
    )


def read_usage(usage: Any) -> Usage | None:
    """Tokens as billed, from the `usage` of a reply; None where it gives none that can be believed.

    Most servers count reasoning within `completion_tokens`; some beside it, which shows where it is the larger number,
    or where `total_tokens` is more than the sum.
    """
    if not isinstance(usage, dict):
        return None
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    reasoning = _detail(usage, "completion_tokens_details", "reasoning_tokens")
    if reasoning is None:
        reasoning = _count(usage.get("reasoning_tokens"))
    if reasoning is not None and reasoning > completion:
        completion += reasoning
    completion = max(completion, (_count(usage.get("total_tokens")) or 0) - prompt)
    cached = _detail(usage, "prompt_tokens_details", "cached_tokens")
    if cached is None:
        cached = _count(usage.get("prompt_cache_hit_tokens")) or 0
    return Usage(prompt, completion, min(cached, prompt), reasoning)


def _joined_stream(body: bytes) -> dict[str, Any] | None:
    """A stream's events as one completion; None if it ended before a finish reason."""
    joined: dict[str, Any] = {}
    content: list[str] = []
    reasoning: list[str] = []
    finish: str | None = None
    for line in LINE_END.split(body.decode("utf-8")):
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data == "[DONE]":
            continue
        chunk = json.loads(data)
        if not isinstance(chunk, dict):
            raise ValueError("an event that is no object")  # noqa: TRY004 - one family for the caller: not a completion
        for key in ("model", "system_fingerprint", "usage"):
            joined[key] = chunk.get(key) or joined.get(key)
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if not isinstance(choice, dict):
                continue
            delta = choice.get("delta")
            if isinstance(delta, dict):
                content.append(_text(delta.get("content")))
                reasoning.append(_text(delta.get("reasoning_content") or delta.get("reasoning")))
            finish = choice.get("finish_reason") or finish
    if finish is None:
        return None
    message = {"content": "".join(content), "reasoning_content": "".join(reasoning)}
    return joined | {"choices": [{"message": message, "finish_reason": finish}]}


def _first_choice(completion: Any) -> dict[str, Any] | None:
    choices = completion.get("choices") if isinstance(completion, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    return choices[0] if isinstance(choices[0].get("message"), dict) else None


def _text(content: Any) -> str:
    """A message's text, whether it is a string, null, or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return ""


def _short(value: Any) -> str | None:
    return whole_characters(value[:200]) if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < ABSURD_TOKENS else None


def _detail(usage: dict[str, Any], group: str, name: str) -> int | None:
    details = usage.get(group)
    return _count(details.get(name)) if isinstance(details, dict) else None


def _unreadable(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return "an HTML page came instead of a completion"
    return "the reply was empty" if not start else "the reply was not whole JSON"
