from __future__ import annotations

import pytest

from core.simulator.budget import Asked, BadRequest, read_asked


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Think for about 2048 tokens.", 2048),
        ("Use around 2,048 tokens of thinking.", 2048),
        ("Spend 512 tokens.", 512),
        ("You have ~64 tokens", 64),
        ("A bus takes 12 tokens.\nThink for about 32 tokens.", 32),
        ("A slot machine takes 3 tokens or 5 tokens.", None),
        ("Take your time.", None),
        ("Budget: 1 token", 1),
    ],
)
def test_a_budget_in_words_is_read(text, tokens):
    assert read_asked({}, text).budget == tokens


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"max_tokens": 100}, Asked(cap=100)),
        ({"max_completion_tokens": 100, "max_tokens": 7}, Asked(cap=100)),
        ({"reasoning_effort": "high"}, Asked(effort="high")),
        ({"reasoning_effort": "none"}, Asked(thinking=0)),
        ({"reasoning": {"max_tokens": 2000}}, Asked(thinking=2000)),
        ({"reasoning": {"effort": "low"}}, Asked(effort="low")),
        ({"reasoning": {"enabled": False}}, Asked(thinking=0)),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, Asked(thinking=1024)),
        ({"thinking": {"type": "adaptive", "effort": "high"}}, Asked(effort="high")),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}, Asked(effort="low")),
        ({"thinking": {"type": "disabled"}}, Asked(thinking=0)),
        ({"thinking": {"type": "enabled"}}, Asked()),
        ({"extra_body": {"google": {"thinking_config": {"thinking_budget": 512}}}}, Asked(thinking=512)),
        ({"google": {"thinking_config": {"thinking_budget": 512}}}, Asked(thinking=512)),
        ({"google": {"thinking_config": {"thinking_budget": -1}}}, Asked()),
        ({"enable_thinking": True, "thinking_budget": 256}, Asked(thinking=256)),
        ({"enable_thinking": False, "thinking_budget": 256}, Asked(thinking=0)),
        ({"thinking_token_budget": 128}, Asked(thinking=128)),
        ({"chat_template_kwargs": {"enable_thinking": False}}, Asked(thinking=0)),
        ({"chat_template_kwargs": {"thinking_budget": 64}}, Asked(thinking=64)),
    ],
)
def test_each_server_style_is_read(body, asked):
    assert read_asked(body, "") == asked


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        ("prompt", Asked(effort="low", thinking=64, cap=9)),
        ("effort", Asked(words=32, thinking=64, cap=9)),
        ("reasoning_effort", Asked(words=32, thinking=64, cap=9)),
        ("thinking_budget", Asked(words=32, effort="low", cap=9)),
        ("thinking", Asked(words=32, effort="low", cap=9)),
        ("token_cap", Asked(words=32, effort="low", thinking=64)),
        ("max_completion_tokens", Asked(words=32, effort="low", thinking=64)),
        ("max_tokens", Asked(words=32, effort="low", thinking=64, cap=9)),
    ],
)
def test_an_ignored_control_or_field_is_left_unread(ignored, left):
    body = {
        "reasoning_effort": "low",
        "thinking": {"type": "enabled", "budget_tokens": 64},
        "max_completion_tokens": 9,
    }
    assert read_asked(body, "about 32 tokens", {ignored}) == left


@pytest.mark.parametrize(
    "body",
    [
        {"max_tokens": 0},
        {"max_tokens": "12"},
        {"max_tokens": True},
        {"reasoning_effort": "hardest"},
        {"reasoning_effort": ["low"]},
        {"thinking": "on"},
        {"thinking": {"type": "perhaps"}},
        {"thinking": {"type": []}},
        {"google": {"thinking_config": {"thinking_budget": -2}}},
    ],
)
def test_a_value_that_no_server_takes_is_refused(body):
    with pytest.raises(BadRequest, match="Invalid value for"):
        read_asked(body, "")
