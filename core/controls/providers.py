"""What providers are known to refuse, or to accept and ignore, read off a finished request body.

A refusal by the provider would cost only a failed start; an ignored field costs a whole sweep that comes out flat. Both
are said here before anything is sent. Owns nothing but such knowledge: models and addresses that it has never heard of
are let through, and the check on the first draws (`core/analysis/obedience.py`) catches what it does not know. Every
rule has its source in `docs/controls.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from core.vocabulary import Json

Fields = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A finished body, with what else a rule may look at."""

    body: Fields
    model: str
    cap: int
    system: str | None = None
    stream: bool | None = None

    def at(self, *path: str) -> Json:
        """The value at this path of the body; None where there is none."""
        value: Json = self.body
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def tokens(self, *path: str) -> int | None:
        """The whole number at this path; None where there is none."""
        value = self.at(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def is_model(self, pattern: str) -> bool:
        """Whether the model's name, without a provider's prefix, is one of these (a date may follow)."""
        return re.fullmatch(rf"(?:.*/)?(?:{pattern})(?:-\d{{4}}-\d{{2}}-\d{{2}})?", self.model) is not None


def provider_of(base_url: str | None) -> str | None:
    """Whose address this is; None for the simulator and for addresses that say nothing."""
    host = urlsplit(base_url).hostname if base_url else None
    if not host:
        return None
    for domain, provider in _DOMAINS.items():
        if host == domain or host.endswith(f".{domain}"):
            return provider
    return "qwen" if re.fullmatch(r"dashscope[\w-]*\.aliyuncs\.com", host) else None


_DOMAINS: Final = {
    "api.openai.com": "openai",
    "openrouter.ai": "openrouter",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gemini",
    "api.deepseek.com": "deepseek",
}


def refusals(
    body: Fields, *, model: str, base_url: str | None, style: str | None, system: str | None, cap: int
) -> Iterator[str]:
    """Why this request would be refused, or its control ignored; nothing where no reason is known.

    `cap` is the token cap sent. The simulator (no address) takes everything.
    """
    if base_url is None:
        return
    provider = provider_of(base_url)
    if provider is not None and style not in (None, provider):
        instead = _INSTEAD.get(provider, f"which speaks style = {provider!r}")
        yield f"style = {style!r} is not known at {base_url}, {instead}"
    rule = _REFUSED_BY.get(provider or style or "")
    if rule is not None:
        yield from rule(_Asked(body, model, system=system, cap=cap))


_INSTEAD: Final = {"openai": "which takes no budget in tokens: use control = 'effort'"}


def cautions(
    body: Fields, *, model: str, base_url: str | None, style: str | None, cap: int, stream: bool | None
) -> Iterator[str]:
    """What the provider allows here, but probably does otherwise than meant."""
    if base_url is None:
        return
    rule = _DOUBTED_AT.get(provider_of(base_url) or style or "")
    if rule is not None:
        yield from rule(_Asked(body, model, cap=cap, stream=stream))


# OpenAI ---------------------------------------------------------------------------------------------------------------

_FIRST_O1 = r"o1-mini|o1-preview"
_O_SERIES = rf"{_FIRST_O1}|o1|o1-pro|o3|o3-mini|o3-pro|o4-mini"
_GPT_5 = r"gpt-5|gpt-5-mini|gpt-5-nano"
_OPENAI_LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    rf"{_FIRST_O1}|gpt-4o|gpt-4o-mini|gpt-4-turbo|chatgpt-4o-latest": (),
    r"o1|o1-pro|o3|o3-mini|o3-pro|o4-mini": ("low", "medium", "high"),
    _GPT_5: ("minimal", "low", "medium", "high"),
    r"gpt-5-pro": ("high",),
    r"gpt-5\.[12]-chat-latest": ("medium",),
    r"gpt-5\.1": ("none", "low", "medium", "high"),
    r"gpt-5\.2|gpt-5\.4|gpt-5\.4-mini|gpt-5\.4-nano|gpt-5\.5": ("none", "low", "medium", "high", "xhigh"),
    r"gpt-5\.6-(?:sol|terra|luna)": ("none", "low", "medium", "high", "xhigh", "max"),
    r"gpt-6-astra": ("low", "medium", "high", "xhigh", "max"),
}
_NOT_FOR_O_SERIES = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs")


def _openai_refuses(asked: _Asked) -> Iterator[str]:
    effort = asked.at("reasoning_effort")
    levels = next((levels for names, levels in _OPENAI_LEVELS.items() if asked.is_model(names)), None)
    if effort is not None and levels is not None and effort not in levels:
        known = f"it takes {', '.join(levels)}" if levels else "use control = 'prompt' or 'max_tokens'"
        yield f"this model refuses reasoning_effort = {effort!r}: {known}"
    if asked.system is not None and asked.is_model(_FIRST_O1):
        yield "this model refuses system messages: drop `system`, and say it in the prompt"
    if asked.is_model(_O_SERIES):
        for name in _NOT_FOR_O_SERIES:
            if name in asked.body:
                yield f"this model refuses {name}: drop it from the model's request"
    unset = asked.at("temperature") in (None, 1)
    if not unset and asked.is_model(_GPT_5):
        yield "this model takes no temperature but 1: drop it from the model's request"
    if not unset and effort not in (None, "none") and asked.is_model(r"gpt-5\.[12]"):
        yield "this model takes a temperature only while reasoning_effort is 'none': drop it from the model's request"
    if "max_tokens" in asked.body and asked.is_model(rf"{_O_SERIES}|gpt-[56](?!.*chat)(?:[.-].*)?"):
        yield "this model refuses max_tokens: set the endpoint's token_cap_field = 'max_completion_tokens'"


# Anthropic ------------------------------------------------------------------------------------------------------------

_LEAST_CLAUDE_BUDGET = 1024
_CLAUDE_ADAPTIVE_ONLY = r"claude-(?:opus-4[-.][789]|(?:opus|sonnet|fable|mythos)-5)(?:[-.@:].*)?"
_CLAUDE_BUDGET_ONLY = r"claude-3.*|claude-(?:opus|sonnet|haiku)-4(?:[-.][0-5])?(?:[-@]\d{8}.*|-latest)?"
_CLAUDE_4_6 = r"claude-(?:opus|sonnet)-4[-.]6(?:[-@:].*)?"


def _anthropic_refuses(asked: _Asked) -> Iterator[str]:
    if "reasoning_effort" in asked.body:
        yield "Anthropic ignores reasoning_effort here: use control = 'thinking_budget' with style = 'anthropic'"
    thinking = asked.at("thinking", "type")
    if thinking == "enabled":
        yield from _claude_tokens_refused(asked)
    if thinking == "adaptive":
        yield from _claude_levels_refused(asked)
    if thinking in ("enabled", "adaptive"):
        if asked.at("temperature") not in (None, 1):
            yield "Anthropic refuses a temperature while the model thinks: drop it from the model's request"
        if "top_k" in asked.body:
            yield "Anthropic refuses top_k while the model thinks: drop it from the model's request"


def _claude_tokens_refused(asked: _Asked) -> Iterator[str]:
    if asked.is_model(_CLAUDE_ADAPTIVE_ONLY):
        yield "this model refuses a thinking budget in tokens: ask with levels, budgets = ['low', 'medium', 'high']"
    budget = asked.tokens("thinking", "budget_tokens")
    if budget is not None and budget < _LEAST_CLAUDE_BUDGET:
        yield f"a Claude's thinking budget is at least {_LEAST_CLAUDE_BUDGET} tokens (got {budget}): raise it"
    yield from _claude_needs_room(asked, budget)


def _claude_levels_refused(asked: _Asked) -> Iterator[str]:
    if asked.is_model(_CLAUDE_BUDGET_ONLY):
        yield f"this model has no adaptive thinking: ask with budgets in tokens, from {_LEAST_CLAUDE_BUDGET} up"
    if asked.at("output_config", "effort") == "xhigh" and asked.is_model(_CLAUDE_4_6):
        yield "this model refuses the level 'xhigh': it takes low, medium, high, max"


def _claude_needs_room(asked: _Asked, budget: int | None) -> Iterator[str]:
    if budget is not None and budget >= asked.cap:
        yield f"a Claude's thinking budget must be below token_cap = {asked.cap} (got {budget}): raise token_cap"


def _anthropic_doubts(asked: _Asked) -> Iterator[str]:
    temperature = asked.at("temperature")
    if isinstance(temperature, int | float) and temperature > 1:
        yield f"Anthropic caps temperature at 1 without saying so (got {temperature})"


# Gemini ---------------------------------------------------------------------------------------------------------------

_GEMINI_RANGES: Final[Mapping[str, tuple[int, int, bool]]] = {
    r"gemini-2\.5-pro(?:-.*)?": (128, 32_768, False),
    r"gemini-2\.5-flash-lite(?:-.*)?": (512, 24_576, True),
    r"gemini-2\.5-flash(?:-.*)?": (1, 24_576, True),
}
"""Smallest and largest thinking budget, and whether 0 switches thinking off; the first pattern that fits counts."""
_GEMINI_EFFORTS = ("none", "minimal", "low", "medium", "high")
_CONFIG = ("extra_body", "google", "thinking_config")


def _gemini_refuses(asked: _Asked) -> Iterator[str]:
    effort = asked.at("reasoning_effort")
    if effort is not None and asked.at(*_CONFIG) is not None:
        yield "reasoning_effort and thinking_config are two controls at once: drop one of them"
    if effort is not None and effort not in _GEMINI_EFFORTS:
        yield f"Gemini refuses reasoning_effort = {effort!r}: it takes {', '.join(_GEMINI_EFFORTS)}, by model"
    if effort == "none" and asked.is_model(r"gemini-2\.5-pro(?:-.*)?"):
        yield "this model cannot stop thinking: drop reasoning_effort = 'none'"
    level = asked.at(*_CONFIG, "thinking_level")
    if level is not None and asked.is_model(r"gemini-[12]\..*"):
        yield "this model refuses thinking levels, which came with Gemini 3: ask with budgets in tokens"
    if level == "minimal" and asked.is_model(r"gemini-3(?:\.\d+)?-pro(?:-.*)?|gemini-3\.[78]-flash(?:-.*)?"):
        yield "this model refuses the level 'minimal': the lowest is 'low'"
    if level == "medium" and asked.is_model(r"gemini-3-pro(?:-.*)?"):
        yield "this model refuses the level 'medium': it takes low, high"
    budget = asked.tokens(*_CONFIG, "thinking_budget")
    limits = next((limits for names, limits in _GEMINI_RANGES.items() if asked.is_model(names)), None)
    if budget is not None and limits is not None:
        least, most, stops = limits
        if not (least <= budget <= most or (budget == 0 and stops)):
            zero = "0, or " if stops else ""
            yield f"this model takes thinking budgets of {zero}{least} to {most} tokens (got {budget})"


def _gemini_doubts(asked: _Asked) -> Iterator[str]:
    budget = asked.tokens(*_CONFIG, "thinking_budget")
    if budget is not None and asked.is_model(r"gemini-[3-9].*"):
        yield "Gemini 3 deprecates budgets in tokens: ask with levels, budgets = ['low', 'high']"
    yield from _no_room(asked, budget)


# The others -----------------------------------------------------------------------------------------------------------


def _openrouter_refuses(asked: _Asked) -> Iterator[str]:
    efforts = [value for value in (asked.at("reasoning_effort"), asked.at("reasoning", "effort")) if value is not None]
    if efforts and asked.at("reasoning", "max_tokens") is not None:
        yield "OpenRouter takes either an effort or a budget in tokens: drop one of them"
    if asked.model.startswith("anthropic/"):
        yield from _claude_needs_room(asked, asked.tokens("reasoning", "max_tokens"))


def _openrouter_doubts(asked: _Asked) -> Iterator[str]:
    budget = asked.tokens("reasoning", "max_tokens")
    if budget is not None and budget < _LEAST_CLAUDE_BUDGET and asked.model.startswith("anthropic/"):
        yield f"a Claude's least thinking budget is {_LEAST_CLAUDE_BUDGET}: {budget} may be raised to that, or refused"
    effort = asked.at("reasoning", "effort") or asked.at("reasoning_effort")
    if effort is not None and asked.is_model(rf"{_CLAUDE_ADAPTIVE_ONLY}|{_CLAUDE_4_6}"):
        yield "OpenRouter was seen to ignore efforts for this model: look at whether the run finds them obeyed"
    yield from _no_room(asked, budget)


def _deepseek_doubts(asked: _Asked) -> Iterator[str]:
    effort = asked.at("reasoning_effort")
    if effort is not None and effort not in ("low", "high", "max"):
        yield f"DeepSeek knows the efforts low, high and max, and takes {effort!r} for one of them"
    thinks = asked.at("thinking", "type") != "disabled" and asked.model != "deepseek-chat"
    if thinks and any(name in asked.body for name in ("temperature", "presence_penalty", "frequency_penalty")):
        yield "DeepSeek ignores temperature and penalties while it thinks"


def _qwen_doubts(asked: _Asked) -> Iterator[str]:
    if "thinking_budget" in asked.body and asked.at("enable_thinking") is not True:
        yield "a Qwen that can do without thinking keeps to thinking_budget only beside enable_thinking = true"
    if asked.at("enable_thinking") is True and asked.stream is False:
        yield "many Qwen models think only in streamed replies and refuse others: set the endpoint's stream = true"


def _vllm_doubts(asked: _Asked) -> Iterator[str]:
    yield from _no_room(asked, asked.tokens("thinking_token_budget"))


def _no_room(asked: _Asked, budget: int | None) -> Iterator[str]:
    if budget is not None and budget >= asked.cap:
        yield f"thinking {budget} tokens leaves no room for an answer below token_cap = {asked.cap}: raise token_cap"


_REFUSED_BY: Final[Mapping[str, Callable[[_Asked], Iterator[str]]]] = {
    "openai": _openai_refuses,
    "anthropic": _anthropic_refuses,
    "gemini": _gemini_refuses,
    "openrouter": _openrouter_refuses,
}
_DOUBTED_AT: Final[Mapping[str, Callable[[_Asked], Iterator[str]]]] = {
    "anthropic": _anthropic_doubts,
    "gemini": _gemini_doubts,
    "openrouter": _openrouter_doubts,
    "deepseek": _deepseek_doubts,
    "qwen": _qwen_doubts,
    "vllm": _vllm_doubts,
}
