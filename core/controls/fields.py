"""The request fields that each control and style sends for a budget.

Bodies are raw JSON, as the `openai` client would put them on the wire: what it calls `extra_body` stands at the top
level. Owns the fields' names and shapes; whether a certain model takes them is `providers.py`'s question. Sources of
the names: `docs/controls.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from core.controls.wording import BUDGET
from core.errors import UsageError
from core.vocabulary import Budget, Control, Json

Fields = Mapping[str, Json]

EFFORT_LEVELS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""All values of `reasoning_effort`, as the `openai` package 3.54 lists them; models take some of them."""
_ADAPTIVE_LEVELS: Final = ("low", "medium", "high", "xhigh", "max")
_GEMINI_LEVELS: Final = ("minimal", "low", "medium", "high")
_DEEPSEEK_LEVELS: Final = ("off", "on", "low", "high", "max")


def control_fields(control: Control, budget: Budget, style: str | None, template: Fields | None) -> Fields:
    """The fields with which this control asks for this budget; none for `prompt`, `max_tokens` and `none`.

    The token cap is not among them.

    Raises:
        UsageError: the budget is not of the kind that the control or the style takes, or a setting is missing.
    """
    if style is not None and control is not Control.THINKING_BUDGET:
        raise UsageError(f"style = {style!r} belongs to control = 'thinking_budget', not to {control.value!r}: drop it")
    if template is not None and control is not Control.EXTRA_BODY:
        raise UsageError(
            f"thinking.extra_body belongs to control = 'extra_body', not to {control.value!r}: "
            "put fixed fields in the model's request.extra_body"
        )
    match control:
        case Control.NONE:
            if budget is not None:
                raise UsageError(f"control = 'none' asks for nothing, but has the budget {budget!r}: drop the budgets")
            return {}
        case Control.PROMPT | Control.MAX_TOKENS:
            _tokens(budget, f"control = {control.value!r}")
            return {}
        case Control.EFFORT:
            return {"reasoning_effort": _level(budget, EFFORT_LEVELS, "control = 'effort'")}
        case Control.THINKING_BUDGET:
            return _thinking(style)(budget)
        case Control.EXTRA_BODY:
            return _templated(template, budget)


def field_name(control: Control, style: str | None = None) -> str:
    """What carries the budget, in words for messages: "`reasoning_effort`", "the budget in the prompt"."""
    match control:
        case Control.PROMPT:
            return "the budget in the prompt"
        case Control.EFFORT:
            return "`reasoning_effort`"
        case Control.MAX_TOKENS:
            return "the token cap"
        case Control.THINKING_BUDGET:
            return f"`{_CARRIER[style]}`" if style in _CARRIER else "the thinking budget"
        case Control.EXTRA_BODY:
            return "`extra_body`"
        case Control.NONE:
            return "nothing"


def _tokens(budget: Budget, asker: str, least: int = 1) -> int:
    """The budget as tokens, or a UsageError that says who asked for a number."""
    if isinstance(budget, bool) or not isinstance(budget, int) or budget < least:
        raise UsageError(f"{asker} takes budgets in tokens, whole numbers from {least} up (got {budget!r})")
    return budget


def _level(budget: Budget, levels: Sequence[str], asker: str) -> str:
    """The budget as one of these levels, or a UsageError that lists them."""
    if not isinstance(budget, str) or budget not in levels:
        raise UsageError(
            f"{asker} takes one of {', '.join(levels)} (got {budget!r}); "
            "control = 'extra_body' sends any other value of a field"
        )
    return budget


def _openrouter(budget: Budget) -> Fields:
    if isinstance(budget, str):
        return {"reasoning": {"effort": _level(budget, EFFORT_LEVELS, "style = 'openrouter'")}}
    return {"reasoning": {"max_tokens": _tokens(budget, "style = 'openrouter'")}}


def _anthropic(budget: Budget) -> Fields:
    if isinstance(budget, str):
        level = _level(budget, _ADAPTIVE_LEVELS, "style = 'anthropic'")
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": level}}
    return {"thinking": {"type": "enabled", "budget_tokens": _tokens(budget, "style = 'anthropic'")}}


def _gemini(budget: Budget) -> Fields:
    config: Fields
    if isinstance(budget, str):
        config = {"thinking_level": _level(budget, _GEMINI_LEVELS, "style = 'gemini'")}
    else:
        # -1 (as much as the model likes) is no budget: there would be nothing to compare its tokens with.
        config = {"thinking_budget": _tokens(budget, "style = 'gemini'", least=0)}
    # Google reads its own options from a field of the body that is itself called `extra_body`.
    return {"extra_body": {"google": {"thinking_config": config}}}


def _deepseek(budget: Budget) -> Fields:
    level = _level(budget, _DEEPSEEK_LEVELS, "style = 'deepseek' has switches and levels, no budget in tokens: it")
    match level:
        case "off":
            return {"thinking": {"type": "disabled"}}
        case "on":
            return {"thinking": {"type": "enabled"}}
        case _:
            return {"thinking": {"type": "enabled"}, "reasoning_effort": level}


def _qwen(budget: Budget) -> Fields:
    tokens = _tokens(budget, "style = 'qwen'", least=0)
    # The server refuses a budget of 0; not thinking is a switch of its own.
    return {"enable_thinking": True, "thinking_budget": tokens} if tokens else {"enable_thinking": False}


def _vllm(budget: Budget) -> Fields:
    return {"thinking_token_budget": _tokens(budget, "style = 'vllm'", least=0)}


_ASKERS: Final[Mapping[str, Callable[[Budget], Fields]]] = {
    "openrouter": _openrouter,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "deepseek": _deepseek,
    "qwen": _qwen,
    "vllm": _vllm,
}
_CARRIER: Final[Mapping[str | None, str]] = {
    "openrouter": "reasoning",
    "anthropic": "thinking",
    "gemini": "thinking_config",
    "deepseek": "thinking",
    "qwen": "thinking_budget",
    "vllm": "thinking_token_budget",
}

STYLES: Final = tuple(_ASKERS)
"""The styles of control `thinking_budget`."""


def _thinking(style: str | None) -> Callable[[Budget], Fields]:
    """What asks in this style, or a UsageError that lists the styles."""
    if style is None or style not in _ASKERS:
        given = "none was given" if style is None else f"got {style!r}"
        raise UsageError(f"control = 'thinking_budget' needs a style, one of {', '.join(STYLES)} ({given})")
    return _ASKERS[style]


def _templated(template: Fields | None, budget: Budget) -> Fields:
    """The template with the budget in place of `{budget}`."""
    if budget is None or isinstance(budget, bool):
        raise UsageError("control = 'extra_body' needs budgets, numbers or words: give thinking.budgets")
    filled = {key: _put(value, budget) for key, value in (template or {}).items()}
    if filled == (template or {}):
        raise UsageError("control = 'extra_body' needs \"{budget}\" somewhere in thinking.extra_body: add it")
    return filled


def _put(value: Json, budget: int | str) -> Json:
    """A template's value with the budget filled in: "{budget}" alone keeps the budget's type, else it is text."""
    if isinstance(value, str):
        return budget if value == BUDGET else value.replace(BUDGET, str(budget))
    if isinstance(value, Mapping):
        return {key: _put(inner, budget) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_put(inner, budget) for inner in value]
    return value
