"""Which tokens a foreign usage record counts: whether hidden reasoning is inside its output tokens, or beside them.

Billed completion tokens are all that was generated. OpenAI, Anthropic, DeepSeek, OpenRouter and most servers of open
models report reasoning as a part of the output. Google (`candidates_token_count` leaves `thoughts_token_count` out) and
xAI report it beside the output, and Inspect and many scripts pass that on as it is. Where a record has a total, the
total decides: it is the sum of what is apart. Only where it fits neither reading, or is missing, the provider does: a
record with more reasoning than output is no sign (OpenAI's have it now and then), and bills go by the output.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.vocabulary import Usage

if TYPE_CHECKING:
    from core.interchange.importing.facts import Facts

BESIDE = frozenset({"google", "vertex", "vertexai", "gemini", "grok", "xai", "x-ai"})
"""Providers, as they stand before a model's name, whose reasoning tokens come on top of their output tokens."""
_BESIDE_MODELS = re.compile(r"(gemini|grok)[-_\d]")
_ROUTERS = frozenset({"openrouter", "together", "fireworks", "litellm", "openai-api"})
"""They speak for others, in OpenAI's terms: reasoning is inside, whosever model it is."""


def reasoning_beside(model: str) -> bool:
    """Whether a model's provider reports reasoning tokens beside output tokens; `provider/model`, or a model's name."""
    provider, slash, rest = model.lower().partition("/")
    if not slash:
        return _BESIDE_MODELS.match(provider) is not None
    if provider in _ROUTERS:
        return False
    return provider in BESIDE or (provider == "models" and _BESIDE_MODELS.match(rest) is not None)


def usage_of(facts: Facts, model: str, names: dict[str, str]) -> Usage | None:
    """The tokens of a record, reasoning included; None where it does not say how many were generated.

    Args:
        facts: The record.
        model: Whose usage it is.
        names: What the record calls `prompt`, `completion`, `reasoning`, `cached`, `written` (to a cache) and `total`;
            what it lacks is not there.

    Raises:
        UsageError: a number is none.
    """
    found = {what: facts.tokens(name) for what, name in names.items()}
    output = found.get("completion")
    if output is None:
        return None
    prompt, reasoning = found.get("prompt") or 0, found.get("reasoning")
    cached, written, total = found.get("cached") or 0, found.get("written") or 0, found.get("total")
    inputs = {prompt, prompt + cached, prompt + cached + written}
    if reasoning and _beside(output, reasoning, total, inputs, model):
        output += reasoning
    # What comes from a cache is a part of the prompt here, and beside it at Anthropic: again the total tells.
    apart = total is not None and total != prompt + output and total == prompt + cached + written + output
    whole = prompt + cached + written if apart else max(prompt, cached)
    return Usage(whole, output, cached, reasoning)


def _beside(output: int, reasoning: int, total: int | None, inputs: set[int], model: str) -> bool:
    if total is not None:
        inside, beside = total - output in inputs, total - output - reasoning in inputs
        if inside != beside:
            return beside
    return reasoning_beside(model)
