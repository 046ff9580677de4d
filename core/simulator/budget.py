"""What a request asks of the model's thinking: read out of its body, in every style that servers understand.

Owns the names and places of those fields, and which of them a server of this kind may be told to ignore. Knows nothing
of what a model makes of them. The one hard thing: a prompt says how long to think in words, and the problem inside it
may speak of tokens too, so the problem's text is taken out first and marked mentions ("about 2048 tokens") go first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import ThinktopError

_NUMBER = r"([0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]+)[ -]tokens?\b"
_MARKED = re.compile(
    r"(?:about|around|roughly|approximately|exactly|some|most|to|than|of|for|use|using|have|within|under|in|~|≈|:) ?"
    + _NUMBER,
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w,.])" + _NUMBER, re.IGNORECASE)

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""The levels that servers name, from no thinking at all upwards."""


class BadRequest(ThinktopError):  # noqa: N818 - HTTP's own name for it
    """A body that a server answers with 400; the message is what it tells the client."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How much thinking a request asks for; None where it says nothing."""

    words: int | None = None
    """Tokens named in the prompt."""
    effort: str | None = None
    """One of `EFFORTS`."""
    thinking: int | None = None
    """Tokens of thinking at most; 0 is thinking switched off."""
    cap: int | None = None
    """Completion tokens at most."""

    @property
    def budget(self) -> int | str | None:
        """The budget as a sweep names it: tokens, else the effort level, else None."""
        if self.thinking is not None:
            return self.thinking
        return self.words if self.words is not None else self.effort


def read_asked(body: Mapping[str, Any], text: str, ignore: Container[str] = ()) -> Asked:
    """What the body asks for, with the controls and fields in `ignore` left unread.

    Args:
        body: The request's JSON.
        text: Its messages' text, without the problem's.
        ignore: Names out of `IGNORABLE`.

    Raises:
        BadRequest: A field has a value that no server takes.
    """
    found: dict[str, Any] = {}
    for control, field, read in _READERS:
        if field in body and control not in ignore and field not in ignore:
            # The first reader of a kind wins: they stand in order of precedence.
            found = {**read(field, body[field]), **found}
    words = None if "prompt" in ignore else _tokens_in_words(text)
    return Asked(words=words, **found)


def _tokens_in_words(text: str) -> int | None:
    """The tokens that a prompt names: the last marked mention, else the only bare one."""
    if "token" not in text and "Token" not in text and "TOKEN" not in text:
        return None
    mentions = _MARKED.findall(text)
    if not mentions:
        mentions = _BARE.findall(text)
        if len(mentions) != 1:
            return None
    return int(mentions[-1].replace(",", "").replace("_", ""))


def _tokens(field: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BadRequest(f"Invalid value for '{field}': expected an integer of at least {least}.")
    return value


def _effort(field: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if value not in EFFORTS:
        raise BadRequest(f"Invalid value for '{field}': expected one of {', '.join(EFFORTS)}.")
    return {"thinking": 0} if value == "none" else {"effort": value}


def _cap(field: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {"cap": _tokens(field, value, 1)}


def _budget(field: str, value: Any) -> dict[str, Any]:
    """A thinking budget; null and -1 (Gemini: "as much as you like") set none."""
    return {} if value is None or value == -1 else {"thinking": _tokens(field, value, 0)}


def _switch(_field: str, value: Any) -> dict[str, Any]:
    """Qwen's and OpenRouter's switch: only off says something."""
    return {"thinking": 0} if value is False else {}


def _mapping(field: str, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadRequest(f"Invalid value for '{field}': expected an object.")
    return value


def _parts(**readers: Callable[[str, Any], dict[str, Any]]) -> Callable[[str, Any], dict[str, Any]]:
    """A reader for an object, which reads its parts by name, first come first kept."""

    def read(field: str, value: Any) -> dict[str, Any]:
        parts = _mapping(field, value)
        found: dict[str, Any] = {}
        for name, read_part in readers.items():
            if name in parts:
                found = {**read_part(f"{field}.{name}", parts[name]), **found}
        return found

    return read


def _thinking_type(field: str, value: Any) -> dict[str, Any]:
    """Anthropic's and DeepSeek's `type`; `adaptive` leaves the amount to the model and to an effort."""
    if not isinstance(value, str) or value not in {"enabled", "disabled", "adaptive"}:
        raise BadRequest(f"Invalid value for '{field}': expected enabled, disabled or adaptive.")
    return {"thinking": 0} if value == "disabled" else {}


_GOOGLE = _parts(thinking_config=_parts(thinking_budget=_budget, thinking_level=_effort))

_READERS: tuple[tuple[str, str, Callable[[str, Any], dict[str, Any]]], ...] = (
    ("token_cap", "max_completion_tokens", _cap),
    ("token_cap", "max_tokens", _cap),
    ("thinking_budget", "enable_thinking", _switch),
    ("thinking_budget", "thinking_budget", _budget),
    ("thinking_budget", "thinking_token_budget", _budget),
    ("thinking_budget", "thinking", _parts(type=_thinking_type, budget_tokens=_budget, effort=_effort)),
    ("thinking_budget", "reasoning", _parts(enabled=_switch, max_tokens=_budget, effort=_effort)),
    ("thinking_budget", "google", _GOOGLE),
    ("thinking_budget", "extra_body", _parts(google=_GOOGLE)),
    (
        "thinking_budget",
        "chat_template_kwargs",
        _parts(enable_thinking=_switch, thinking=_switch, thinking_budget=_budget, reasoning_effort=_effort),
    ),
    ("effort", "reasoning_effort", _effort),
    ("effort", "output_config", _parts(effort=_effort)),
)

IGNORABLE = ("prompt", *dict.fromkeys(name for control, field, _ in _READERS for name in (control, field)))
"""What a server can be told to ignore: a control with all its fields (`prompt`, `effort`, `thinking_budget`, and
`token_cap` for both names of it), or one field."""
