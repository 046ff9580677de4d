from __future__ import annotations

import re
from typing import Any

import pytest

from core.controls import STYLES, Asking, asking, default_prompt, effective_cap, field_name, fill, warnings
from core.errors import UsageError
from core.vocabulary import Control

OPENAI = "https://api.openai.com/v1"
ANTHROPIC = "https://api.anthropic.com/v1/"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"
OPENROUTER = "https://openrouter.ai/api/v1"
DEEPSEEK = "https://api.deepseek.com"
QWEN = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
OWN = "http://gpu-7:8000/v1"

TWO_CAPS = ["max_tokens", "max_completion_tokens"]


def ask(control: str, budget: Any, **settings: Any) -> Asking:
    defaults = {"model": "m", "base_url": OWN, "token_cap": 32_768, "token_cap_field": "max_completion_tokens"}
    return asking(Control(control), budget, **(defaults | settings))


def fields(control: str, budget: Any, **settings: Any) -> dict[str, Any]:
    """What is sent besides the token cap."""
    return {name: value for name, value in ask(control, budget, **settings).fields.items() if name not in TWO_CAPS}


def refused(control: str, budget: Any, **settings: Any) -> str:
    with pytest.raises(UsageError) as caught:
        ask(control, budget, **settings)
    message = str(caught.value)
    assert "\n" not in message
    return message


def warned(control: str, budget: Any, **settings: Any) -> str:
    defaults = {"model": "m", "base_url": OWN, "token_cap": 32_768}
    return " | ".join(warnings(Control(control), budget, **(defaults | settings)))


# The words


def test_the_built_in_prompt_asks_for_about_so_many_tokens_and_keeps_the_problem_open() -> None:
    prompt = ask("prompt", 512).prompt

    assert "about 512 tokens" in prompt
    assert "{problem}" in prompt
    assert r"\boxed{}" in prompt.splitlines()[-1]


@pytest.mark.parametrize("control", [control for control in Control if control is not Control.PROMPT])
def test_no_other_control_speaks_of_tokens(control: Control) -> None:
    assert "token" not in default_prompt(control, "integer")


@pytest.mark.parametrize(
    ("kind", "wording"),
    [("integer", "integer"), ("math", "expression"), ("choice", "letter"), ("exact", "short"), ("judge", "short")],
)
def test_the_last_sentence_fits_how_answers_are_read(kind: str, wording: str) -> None:
    assert wording in default_prompt(Control.PROMPT, kind).splitlines()[-1]


def test_a_prompt_of_ones_own_keeps_its_other_braces() -> None:
    prompt = ask("prompt", 64, prompt=r"{budget} tokens, {x} and \frac{a}{b}: {problem} {{").prompt

    assert prompt == r"64 tokens, {x} and \frac{a}{b}: {problem} {{"


def test_placeholders_inside_a_problem_are_left_alone() -> None:
    assert fill("Q: {problem}", "What is {problem} with {budget}?") == "Q: What is {problem} with {budget}?"


def test_filling_in_the_problem_keeps_the_template_s_other_braces() -> None:
    assert (
        fill(r"{problem} End with \boxed{}, not {x}.", r"\frac{1}{2}?") == r"\frac{1}{2}? End with \boxed{}, not {x}."
    )


def test_a_prompt_without_the_problem_is_refused() -> None:
    assert "{problem}" in refused("none", None, prompt="Solve it.")


def test_a_prompt_that_should_carry_the_budget_and_does_not_is_refused() -> None:
    assert "{budget}" in refused("prompt", 64, prompt="{problem}")


def test_the_budget_may_stand_in_the_system_message_instead() -> None:
    asked = ask("prompt", 64, prompt="{problem}", system="Use {budget} tokens.")

    assert (asked.prompt, asked.system) == ("{problem}", "Use 64 tokens.")


def test_the_problem_may_not_stand_in_the_system_message() -> None:
    assert "system message" in refused("none", None, system="{problem}")


def test_a_budget_in_the_prompt_where_there_is_none_is_refused() -> None:
    assert "{budget}" in refused("none", None, prompt="{budget}: {problem}")


# What each control sends


@pytest.mark.parametrize(
    ("control", "budget", "style", "sent"),
    [
        ("prompt", 64, None, {}),
        ("none", None, None, {}),
        ("max_tokens", 64, None, {}),
        ("effort", "low", None, {"reasoning_effort": "low"}),
        ("thinking_budget", 2048, "openrouter", {"reasoning": {"max_tokens": 2048}}),
        ("thinking_budget", "high", "openrouter", {"reasoning": {"effort": "high"}}),
        ("thinking_budget", 2048, "anthropic", {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        (
            "thinking_budget",
            "max",
            "anthropic",
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        ),
        (
            "thinking_budget",
            0,
            "gemini",
            {"extra_body": {"google": {"thinking_config": {"thinking_budget": 0}}}},
        ),
        (
            "thinking_budget",
            "low",
            "gemini",
            {"extra_body": {"google": {"thinking_config": {"thinking_level": "low"}}}},
        ),
        ("thinking_budget", "off", "deepseek", {"thinking": {"type": "disabled"}}),
        ("thinking_budget", "on", "deepseek", {"thinking": {"type": "enabled"}}),
        ("thinking_budget", "max", "deepseek", {"thinking": {"type": "enabled"}, "reasoning_effort": "max"}),
        ("thinking_budget", 2048, "qwen", {"enable_thinking": True, "thinking_budget": 2048}),
        ("thinking_budget", 0, "qwen", {"enable_thinking": False}),
        ("thinking_budget", 2048, "vllm", {"thinking_token_budget": 2048}),
    ],
)
def test_each_control_and_style_sends_its_own_fields(control: str, budget: Any, style: Any, sent: Any) -> None:
    assert fields(control, budget, style=style) == sent


def test_every_request_carries_the_cap_under_the_endpoint_s_name_for_it() -> None:
    assert ask("effort", "low", token_cap=900, token_cap_field="max_tokens").fields == {
        "reasoning_effort": "low",
        "max_tokens": 900,
    }


def test_the_control_max_tokens_sends_its_budget_as_the_cap_and_is_reserved_at_it() -> None:
    assert ask("max_tokens", 256).fields == {"max_completion_tokens": 256}
    assert effective_cap(Control.MAX_TOKENS, 256, 32_768) == 256
    assert effective_cap(Control.PROMPT, 256, 32_768) == 32_768


def test_extra_body_puts_in_the_number_itself_where_it_stands_alone_and_digits_inside_text() -> None:
    template = {"think": {"tokens": "{budget}", "hint": "use {budget}", "list": [1, "{budget}"]}, "keep": None}

    assert fields("extra_body", 64, extra_body=template) == {
        "think": {"tokens": 64, "hint": "use 64", "list": [1, 64]},
        "keep": None,
    }


def test_the_config_s_fields_are_sent_with_their_extra_body_at_the_top_level() -> None:
    request = {"temperature": 0.6, "extra_body": {"top_k": 20}}

    assert fields("none", None, request=request) == {"temperature": 0.6, "top_k": 20}


def test_tables_of_the_config_and_of_the_control_are_joined() -> None:
    request = {"reasoning": {"exclude": True}}

    assert fields("thinking_budget", 2048, style="openrouter", request=request) == {
        "reasoning": {"exclude": True, "max_tokens": 2048}
    }


def test_the_caller_s_settings_are_not_changed() -> None:
    request = {"reasoning": {"exclude": True}, "extra_body": {"reasoning": {"enabled": True}}}

    ask("thinking_budget", 2048, style="openrouter", request=request)

    assert request == {"reasoning": {"exclude": True}, "extra_body": {"reasoning": {"enabled": True}}}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_a_name_for_what_carries_its_budget(style: str) -> None:
    assert field_name(Control.THINKING_BUDGET, style).startswith("`")


def test_the_effort_control_s_field_is_named_as_it_is_sent() -> None:
    assert field_name(Control.EFFORT) == "`reasoning_effort`"


# What no request may hold


@pytest.mark.parametrize("name", ["n", "best_of", "seed", "stream", "stream_options", "model", "messages"])
def test_fields_that_are_not_the_config_s_are_refused(name: str) -> None:
    assert repr(name) in refused("none", None, request={name: 1}, base_url=None)
    assert repr(name) in refused("none", None, request={"extra_body": {name: 1}}, base_url=None)


def test_a_seed_is_refused_with_its_reason() -> None:
    assert "votes" in refused("none", None, request={"seed": 7})


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "max_output"])
def test_a_second_cap_is_refused(name: str) -> None:
    message = refused("none", None, request={name: 5}, token_cap_field="max_output")

    assert "token_cap" in message


def test_an_extra_body_template_cannot_set_the_cap_either() -> None:
    assert "max_tokens" in refused("extra_body", 64, extra_body={"max_tokens": "{budget}"})


def test_a_field_that_both_config_and_control_set_is_refused() -> None:
    message = refused("effort", "low", request={"reasoning_effort": "high"})

    assert "reasoning_effort is set twice" in message


def test_a_clash_deep_inside_a_table_is_named_by_its_path() -> None:
    message = refused("thinking_budget", 2048, style="openrouter", request={"reasoning": {"max_tokens": 1}})

    assert "reasoning.max_tokens is set twice" in message


@pytest.mark.parametrize(
    ("control", "budget", "settings", "hint"),
    [
        ("prompt", "low", {}, "whole numbers"),
        ("prompt", 0, {}, "whole numbers"),
        ("prompt", True, {}, "whole numbers"),
        ("prompt", None, {}, "whole numbers"),
        ("max_tokens", "low", {}, "whole numbers"),
        ("effort", "huge", {}, "minimal, low, medium"),
        ("effort", 512, {}, "one of"),
        ("none", 512, {}, "drop the budgets"),
        ("thinking_budget", 512, {}, "needs a style"),
        ("thinking_budget", 512, {"style": "palm"}, "'palm'"),
        ("thinking_budget", 512, {"style": "deepseek"}, "no budget in tokens"),
        ("thinking_budget", -1, {"style": "gemini"}, "whole numbers"),
        ("thinking_budget", "low", {"style": "qwen"}, "whole numbers"),
        ("thinking_budget", "medium", {"style": "deepseek"}, "off, on, low, high, max"),
        ("effort", "low", {"style": "vllm"}, "belongs to"),
        ("extra_body", 512, {}, "{budget}"),
        ("extra_body", 512, {"extra_body": {"a": 1}}, "{budget}"),
        ("extra_body", None, {"extra_body": {"a": "{budget}"}}, "budgets"),
        ("effort", "low", {"extra_body": {"a": "{budget}"}}, "belongs to"),
        ("none", None, {"request": {"extra_body": 3}}, "table"),
    ],
)
def test_settings_that_make_no_sense_are_refused_even_at_the_simulator(
    control: str, budget: Any, settings: Any, hint: str
) -> None:
    assert hint in refused(control, budget, base_url=None, **settings)


# What providers are known to refuse or to ignore

REFUSALS = [
    (OPENAI, "o1-mini", "effort", "low", {}, "reasoning_effort"),
    (OPENAI, "o1-preview-2024-09-12", "effort", "low", {}, "reasoning_effort"),
    (OPENAI, "gpt-4o", "effort", "low", {}, "reasoning_effort"),
    (OPENAI, "o1-mini", "prompt", 16, {"system": "Be brief."}, "system messages"),
    (OPENAI, "o1-mini", "prompt", 16, {"request": {"temperature": 0.7}}, "temperature"),
    (OPENAI, "o3-mini", "effort", "low", {"request": {"top_p": 0.9}}, "top_p"),
    (OPENAI, "o3", "effort", "minimal", {}, "low, medium, high"),
    (OPENAI, "o3", "effort", "low", {"token_cap_field": "max_tokens"}, "max_completion_tokens"),
    (OPENAI, "gpt-5-mini", "none", None, {"token_cap_field": "max_tokens"}, "max_completion_tokens"),
    (OPENAI, "gpt-5", "effort", "none", {}, "minimal, low, medium, high"),
    (OPENAI, "gpt-5", "effort", "low", {"request": {"temperature": 0.2}}, "temperature"),
    (OPENAI, "gpt-5-pro", "effort", "low", {}, "it takes high"),
    (OPENAI, "gpt-5.1", "effort", "minimal", {}, "none, low, medium, high"),
    (OPENAI, "gpt-5.1-2025-11-13", "effort", "xhigh", {}, "none, low, medium, high"),
    (OPENAI, "gpt-5.2", "effort", "minimal", {}, "xhigh"),
    (OPENAI, "gpt-5.2", "effort", "low", {"request": {"temperature": 0.2}}, "temperature"),
    (OPENAI, "gpt-5.5", "effort", "max", {}, "xhigh"),
    (OPENAI, "o3", "thinking_budget", 2048, {"style": "openrouter"}, "control = 'effort'"),
    (ANTHROPIC, "claude-opus-4-6", "effort", "low", {}, "ignores reasoning_effort"),
    (ANTHROPIC, "claude-sonnet-4-5", "thinking_budget", 1023, {"style": "anthropic"}, "at least 1024"),
    (OWN, "claude-sonnet-4-5", "thinking_budget", 512, {"style": "anthropic"}, "at least 1024"),
    (ANTHROPIC, "claude-sonnet-4-5", "thinking_budget", 32_768, {"style": "anthropic"}, "below token_cap"),
    (
        ANTHROPIC,
        "claude-sonnet-4-5",
        "thinking_budget",
        2048,
        {"style": "anthropic", "request": {"temperature": 0.5}},
        "temperature",
    ),
    (ANTHROPIC, "claude-opus-4-7", "thinking_budget", 2048, {"style": "anthropic"}, "levels"),
    (ANTHROPIC, "claude-sonnet-5", "thinking_budget", 2048, {"style": "anthropic"}, "levels"),
    (ANTHROPIC, "claude-opus-4-5-20251101", "thinking_budget", "low", {"style": "anthropic"}, "no adaptive"),
    (ANTHROPIC, "claude-sonnet-4-20250514", "thinking_budget", "low", {"style": "anthropic"}, "no adaptive"),
    (ANTHROPIC, "claude-opus-4-6", "thinking_budget", "xhigh", {"style": "anthropic"}, "xhigh"),
    (ANTHROPIC, "claude-opus-4-6", "thinking_budget", 2048, {"style": "gemini"}, "style = 'anthropic'"),
    (GEMINI, "gemini-2.5-pro", "thinking_budget", 0, {"style": "gemini"}, "128 to 32768"),
    (GEMINI, "gemini-2.5-flash", "thinking_budget", 24_577, {"style": "gemini"}, "24576"),
    (GEMINI, "models/gemini-2.5-flash-lite", "thinking_budget", 100, {"style": "gemini"}, "512 to 24576"),
    (GEMINI, "gemini-2.5-flash", "thinking_budget", "low", {"style": "gemini"}, "Gemini 3"),
    (GEMINI, "gemini-3.1-pro-preview", "thinking_budget", "minimal", {"style": "gemini"}, "minimal"),
    (GEMINI, "gemini-3-pro-preview", "thinking_budget", "medium", {"style": "gemini"}, "medium"),
    (GEMINI, "gemini-2.5-pro", "effort", "none", {}, "cannot stop thinking"),
    (GEMINI, "gemini-2.5-pro", "effort", "xhigh", {}, "xhigh"),
    (
        GEMINI,
        "gemini-2.5-pro",
        "thinking_budget",
        2048,
        {"style": "gemini", "request": {"reasoning_effort": "low"}},
        "two controls",
    ),
    (
        OPENROUTER,
        "openai/o3",
        "thinking_budget",
        2048,
        {"style": "openrouter", "request": {"reasoning": {"effort": "low"}}},
        "either",
    ),
    (OPENROUTER, "anthropic/claude-sonnet-4.5", "thinking_budget", 40_000, {"style": "openrouter"}, "below token_cap"),
]


@pytest.mark.parametrize(("base_url", "model", "control", "budget", "settings", "reason"), REFUSALS)
def test_what_a_provider_is_known_to_refuse_or_ignore_is_refused_before_anything_is_spent(
    *, base_url: str, model: str, control: str, budget: Any, settings: Any, reason: str
) -> None:
    message = refused(control, budget, base_url=base_url, model=model, **settings)

    assert message.startswith(f"{model}: ")
    assert reason in message


@pytest.mark.parametrize(("_", "model", "control", "budget", "settings", "reason"), REFUSALS)
def test_the_simulator_takes_all_of_it(
    _: str, model: str, control: str, budget: Any, settings: Any, reason: str
) -> None:
    assert ask(control, budget, base_url=None, model=model, **settings).fields, reason


@pytest.mark.parametrize(
    ("base_url", "model", "control", "budget", "settings"),
    [
        (OPENAI, "o1-mini", "prompt", 16, {}),
        (OPENAI, "o1", "effort", "high", {"system": "Be brief."}),
        (OPENAI, "gpt-5", "effort", "minimal", {"request": {"temperature": 1}}),
        (OPENAI, "gpt-5.1", "effort", "none", {"request": {"temperature": 0.2}}),
        (OPENAI, "gpt-5.2-2025-12-11", "effort", "xhigh", {}),
        (OPENAI, "gpt-5.6-sol", "effort", "max", {}),
        (OPENAI, "gpt-9", "effort", "max", {"request": {"temperature": 0.2}}),
        (OPENAI, "gpt-4o", "prompt", 64, {"token_cap_field": "max_tokens", "request": {"temperature": 0.7}}),
        (ANTHROPIC, "claude-opus-4-6", "thinking_budget", 1024, {"style": "anthropic"}),
        (ANTHROPIC, "claude-opus-4-7", "thinking_budget", "xhigh", {"style": "anthropic"}),
        (ANTHROPIC, "claude-haiku-7", "thinking_budget", "xhigh", {"style": "anthropic"}),
        (GEMINI, "gemini-2.5-flash", "thinking_budget", 0, {"style": "gemini"}),
        (GEMINI, "gemini-2.5-pro-preview-06-05", "thinking_budget", 128, {"style": "gemini"}),
        (GEMINI, "gemini-3.1-pro-preview", "thinking_budget", "medium", {"style": "gemini"}),
        (GEMINI, "gemini-3-flash-preview", "thinking_budget", "minimal", {"style": "gemini"}),
        (OPENROUTER, "openai/o1", "effort", "minimal", {}),
        (QWEN, "qwen-plus", "thinking_budget", 100, {"style": "qwen"}),
        (DEEPSEEK, "deepseek-flash", "thinking_budget", "max", {"style": "deepseek"}),
        (OWN, "o1-mini", "effort", "low", {"system": "Be brief.", "request": {"temperature": 0.1}}),
        ("https://api.openai.com.example.org/v1", "o1-mini", "effort", "low", {}),
    ],
)
def test_what_is_allowed_or_unknown_is_let_through(
    base_url: str, model: str, control: str, budget: Any, settings: Any
) -> None:
    assert ask(control, budget, base_url=base_url, model=model, **settings).fields


@pytest.mark.parametrize("value", [{"a": 1}, [1], None, "warm", True])
@pytest.mark.parametrize("base_url", [OPENAI, ANTHROPIC, GEMINI, OPENROUTER, DEEPSEEK, QWEN, OWN])
def test_odd_values_in_the_config_never_end_in_a_traceback(base_url: str, value: Any) -> None:
    names = ("temperature", "reasoning_effort", "thinking", "reasoning", "extra_body", "enable_thinking")
    for name in names:
        request = {name: value}
        try:
            ask("none", None, base_url=base_url, model="gpt-5.2", request=request)
            warned("none", None, base_url=base_url, model="gpt-5.2", request=request, draws=4)
        except UsageError as error:
            assert re.search(r"request|refuses|ignores|takes", str(error))  # noqa: PT017 - either end is fine


# What is allowed, but likely not meant


def test_temperature_zero_is_a_warning_only_where_several_draws_are_planned() -> None:
    request = {"temperature": 0}

    assert "temperature = 0" in warned("prompt", 64, request=request, draws=8)
    assert warned("prompt", 64, request=request, draws=1) == ""


@pytest.mark.parametrize(
    ("base_url", "model", "control", "budget", "settings", "hint"),
    [
        (OWN, "m", "prompt", 40_000, {}, "cuts the answer off"),
        (DEEPSEEK, "deepseek-reasoner", "prompt", 64, {"request": {"temperature": 0.6}}, "ignores temperature"),
        (DEEPSEEK, "deepseek-flash", "effort", "medium", {}, "'medium'"),
        (QWEN, "qwen3-32b", "thinking_budget", 512, {"style": "qwen", "stream": False}, "stream = true"),
        (QWEN, "qwen-plus", "extra_body", 512, {"extra_body": {"thinking_budget": "{budget}"}}, "enable_thinking"),
        (OPENROUTER, "anthropic/claude-sonnet-4.5", "thinking_budget", 256, {"style": "openrouter"}, "1024"),
        (OPENROUTER, "anthropic/claude-opus-4.7", "thinking_budget", "high", {"style": "openrouter"}, "ignore efforts"),
        (GEMINI, "gemini-3-flash-preview", "thinking_budget", 512, {"style": "gemini"}, "deprecates"),
        (GEMINI, "gemini-2.5-flash", "thinking_budget", 600, {"style": "gemini", "token_cap": 600}, "no room"),
        (OWN, "m", "thinking_budget", 600, {"style": "vllm", "token_cap": 600}, "no room"),
        (ANTHROPIC, "claude-haiku-4-5", "prompt", 64, {"request": {"temperature": 1.5}}, "caps temperature"),
    ],
)
def test_what_would_quietly_go_otherwise_than_meant_is_a_warning(
    *, base_url: str, model: str, control: str, budget: Any, settings: Any, hint: str
) -> None:
    assert hint in warned(control, budget, base_url=base_url, model=model, **settings)


def test_ordinary_settings_give_no_warning() -> None:
    assert warned("thinking_budget", 512, style="qwen", base_url=QWEN, stream=True, draws=8) == ""
    assert warned("thinking_budget", "off", style="deepseek", base_url=DEEPSEEK, request={"temperature": 0.6}) == ""
