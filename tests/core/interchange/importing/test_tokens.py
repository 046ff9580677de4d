"""Reasoning is inside the output tokens of some providers, and beside those of others."""

import pytest

from core.interchange.importing.facts import Facts
from core.interchange.importing.tokens import reasoning_beside, usage_of
from core.vocabulary import Usage

NAMES = {name: name for name in ("prompt", "completion", "reasoning", "cached", "written", "total")}


def usage(model, **values):
    return usage_of(Facts(values, "row"), model, NAMES)


@pytest.mark.parametrize(
    ("model", "beside"),
    [
        ("openai/gpt-5.2", False),
        ("anthropic/claude-4", False),
        ("google/gemini-2.5-pro", True),
        ("vertex/gemini-2.5-pro", True),
        ("grok/grok-4", True),
        ("openrouter/google/gemini-2.5-pro", False),
        ("gemini-2.5-pro", True),
        ("o3-mini", False),
        ("", False),
    ],
)
def test_the_provider_says_where_reasoning_is_counted(model, beside):
    assert reasoning_beside(model) is beside
    assert usage(model, completion=100, reasoning=60).completion_tokens == (160 if beside else 100)


def test_a_total_says_more_than_the_provider():
    assert usage("openai/o9", prompt=10, completion=100, reasoning=60, total=170).completion_tokens == 160
    assert usage("google/gemini-9", prompt=10, completion=160, reasoning=60, total=170).completion_tokens == 160


def test_a_total_that_fits_neither_reading_says_nothing():
    assert usage("google/gemini-9", prompt=10, completion=100, reasoning=60, total=9).completion_tokens == 160
    assert usage("openai/o9", prompt=10, completion=100, reasoning=60, total=9).completion_tokens == 100


def test_more_reasoning_than_output_is_no_sign_at_a_provider_that_counts_it_inside():
    assert usage("openai/gpt-5.2", completion=15798, reasoning=35705) == Usage(0, 15798, 0, 35705)


def test_what_came_from_a_cache_is_part_of_the_prompt():
    inside = usage("openai/o9", prompt=50, completion=100, cached=40, total=150)
    apart = usage("anthropic/c", prompt=10, completion=100, cached=40, written=5, total=155)
    assert (inside.prompt_tokens, inside.cached_tokens) == (50, 40)
    assert (apart.prompt_tokens, apart.cached_tokens) == (55, 40)


def test_without_generated_tokens_there_is_no_usage():
    assert usage("openai/o9", prompt=50) is None
