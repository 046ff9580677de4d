"""A configured model: what it is called, what it costs, what is sent to it, how it is asked to think for a budget.

Whether a request can be put together from it, and what providers are known to refuse, is for `core.controls` to say.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from core.config.complaints import shown, wrong
from core.config.fields import (
    Draws,
    JsonTable,
    Name,
    Positive,
    Section,
    Text,
    Tokens,
)
from core.config.price import PriceSection  # noqa: TC001 - pydantic reads annotations at run time
from core.vocabulary import Budget, Control

_MOST_TOKENS = 10**9
_LONGEST_LEVEL = 40


def _budget(value: Any) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= _MOST_TOKENS:
            raise wrong(f"must be from 0 to {_MOST_TOKENS} tokens (got {shown(value)})")
        return value
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_LEVEL and value.isprintable():
        return value
    raise wrong(f"must be a number of tokens, or an effort level in quotes (got {shown(value)})")


class Thinking(Section):
    """How the model is asked to think, and for which budgets."""

    control: Control
    """`prompt`: in words; `effort`: by reasoning_effort; `max_tokens`: by the token cap; `thinking_budget`: by the
    provider's own field, see style; `extra_body`: by a template of one's own; `none`: not at all."""
    budgets: tuple[Annotated[int | str, BeforeValidator(_budget)], ...] = ()
    """Tokens asked for, or effort levels; absent where the control is `none`."""
    draws_at: dict[int | str, Draws] = Field(default_factory=dict)
    """Samples per cell at some budgets instead of run.draws, such as `{ 2048 = 128 }`."""
    prompt: Text | None = None
    """The user message, with {problem} and {budget} filled in; `file:...` reads it from beside the config."""
    style: Literal["openrouter", "anthropic", "gemini", "deepseek", "qwen", "vllm"] | None = None
    """`thinking_budget`: whose field carries the budget."""
    extra_body: JsonTable | None = None
    """`extra_body`: a template of request fields, with "{budget}" where the budget goes."""

    @property
    def asked(self) -> tuple[Budget, ...]:
        """The budgets of its conditions, in order; the one `None` where nothing is asked."""
        return self.budgets or (None,)

    @field_validator("draws_at", mode="before")
    @classmethod
    def _budgets_of_draws_at(cls, value: Any, info: ValidationInfo) -> Any:
        """TOML's keys are texts: each becomes the budget that it spells."""
        budgets = info.data.get("budgets")
        if not isinstance(value, dict) or budgets is None:
            return value
        spelled = {str(budget): budget for budget in budgets}
        for key in value:
            if str(key) not in spelled:
                raise wrong(f"is none of the budgets (they are {', '.join(spelled)})", key)
        return {spelled[str(key)]: draws for key, draws in value.items()}

    @model_validator(mode="after")
    def _budgets_fit_the_control(self) -> Self:
        if self.control is Control.NONE:
            if self.budgets:
                raise wrong('must be absent where control = "none"', "budgets")
            return self
        if not self.budgets:
            raise wrong(f'must name at least one budget for control = "{self.control}"', "budgets")
        for position, budget in enumerate(self.budgets):
            if budget in self.budgets[:position]:
                raise wrong(f"stands there twice (got {shown(budget)})", "budgets", position)
            if self.control is Control.EFFORT and not isinstance(budget, str):
                raise wrong(f'must be an effort level such as "low" (got {shown(budget)})', "budgets", position)
            in_tokens = self.control in (Control.PROMPT, Control.MAX_TOKENS)
            if in_tokens and (isinstance(budget, str) or budget < 1):
                raise wrong(f"must be a number of tokens, at least 1 (got {shown(budget)})", "budgets", position)
        return self


class Model(Section):
    """A model under test; its label times its budgets are the conditions of a run."""

    name: Name
    """What its endpoint calls it."""
    label: Name = ""
    """What curves and tables call it; default: the name. No two models may have the same."""
    endpoint: Name
    """An `[endpoints.NAME]` of this config, or `simulator`."""
    token_cap: Tokens
    """Completion tokens at most, sent with every request: what a request can cost at worst."""
    price: PriceSection | None = None
    """USD per million tokens, or per hour; without it: the price list."""
    system: Text | None = None
    """A system message; `file:...` reads it from beside the config."""
    train_flops: Positive | None = None
    """Compute of its training in FLOP, for figures."""
    params: Positive | None = None
    """Active parameters, for figures of compute."""
    request: JsonTable = Field(default_factory=dict)
    """Passed through unchanged with every request: temperature, top_p, stop, service_tier, extra_body ..."""
    thinking: Thinking = Field(default_factory=lambda: Thinking(control=Control.NONE))
    """How it is asked to think; without it: not at all."""

    @model_validator(mode="before")
    @classmethod
    def _label_is_the_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and "label" not in data and "name" in data:
            return {**data, "label": data["name"]}
        return data

    @model_validator(mode="after")
    def _cap_leaves_room_for_the_budgets(self) -> Self:
        if self.thinking.control in (Control.MAX_TOKENS, Control.THINKING_BUDGET):
            largest = max((budget for budget in self.thinking.budgets if isinstance(budget, int)), default=0)
            if self.token_cap < largest:
                raise wrong(f"must be at least the largest budget, {largest} (got {self.token_cap})", "token_cap")
        return self
