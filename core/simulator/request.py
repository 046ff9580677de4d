"""A chat request, read out of a body: what was said, and how the reply is wanted.

Owns the checks that make a server answer 400. What the request asks of the model's thinking is `budget`'s to read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.simulator.budget import BadRequest

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A well-formed chat request."""

    model: str
    texts: tuple[str, ...]
    """Of all messages, in order."""
    asked: tuple[str, ...]
    """Of the user's messages, in order."""
    stream: bool
    include_usage: bool
    """Whether the stream is to end with its usage."""
    body: Mapping[str, Any]

    @property
    def prompt_tokens(self) -> int:
        """Input tokens: a quarter of the messages' UTF-8 bytes, and a few for each message."""
        return 3 + sum(4 + len(text.encode("utf-8", "surrogatepass")) // 4 for text in self.texts)


def read_request(raw: bytes) -> ChatRequest:
    """The request that a body holds.

    Raises:
        BadRequest: With what the server tells the client.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequest("We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise BadRequest("The body of your request must be a JSON object.")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("You must provide a model parameter.")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("Invalid 'messages': expected an array with at least one message.")
    if (body.get("n") or 1) != 1:
        raise BadRequest("Invalid 'n': this server gives one choice a request.")
    spoken = [_message(message) for message in messages]
    options = body.get("stream_options")
    return ChatRequest(
        model=model,
        texts=tuple(text for _, text in spoken),
        asked=tuple(text for role, text in spoken if role == "user"),
        stream=body.get("stream") is True,
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        body=body,
    )


def _message(message: Any) -> tuple[str, str]:
    """A message's role and its text."""
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise BadRequest("Invalid 'messages': each needs a role and a content.")
    content = message.get("content")
    if isinstance(content, str):
        return message["role"], content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return message["role"], "\n".join(str(part.get("text", "")) for part in content)
    if content is None and message["role"] == "assistant":
        return message["role"], ""
    raise BadRequest("Invalid 'messages': a content must be a string or an array of parts.")
