from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from core.config.models import Thinking
from core.controls import STYLES
from core.vocabulary import Control

ANY = ("models.0.name=any", "models.0.endpoint=simulator")
"""A model that nothing is known to refuse."""


def thinking(text):
    return (('control = "prompt"\nbudgets = [16, 32]', text),)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('control = "prompt"\nbudgets = [16, 32]', (16, 32)),
        ('control = "effort"\nbudgets = ["low", "high"]', ("low", "high")),
        ('control = "max_tokens"\nbudgets = [4096]', (4096,)),
        ('control = "thinking_budget"\nstyle = "qwen"\nbudgets = [0, 1024]', (0, 1024)),
        ('control = "extra_body"\nbudgets = [1, 2]\nextra_body = { think = "{budget}" }', (1, 2)),
        ('control = "none"', (None,)),
    ],
)
def test_each_control_takes_budgets_of_its_kind(load, edit, text, asked):
    assert load(edit(*thinking(text)), *ANY).models[0].thinking.asked == asked


@pytest.mark.parametrize(
    "text",
    [
        'control = "prompt"',
        'control = "prompt"\nbudgets = []',
        'control = "prompt"\nbudgets = [0]',
        'control = "prompt"\nbudgets = [-1]',
        'control = "prompt"\nbudgets = [16, 16]',
        'control = "prompt"\nbudgets = ["low"]',
        'control = "prompt"\nbudgets = [1.5]',
        'control = "prompt"\nbudgets = [true]',
        'control = "prompt"\nbudgets = 16',
        'control = "effort"\nbudgets = [16]',
        'control = "effort"\nbudgets = ["hihg"]',
        'control = "none"\nbudgets = [16]',
        'control = "max_tokens"\nbudgets = [16, 5000]',
        'control = "thinking_budget"\nbudgets = [1024]',
        'control = "extra_body"\nbudgets = [1]',
        'control = "extra_body"\nbudgets = [1]\nextra_body = { think = 1 }',
        'control = "prompt"\nbudgets = [16]\nstyle = "qwen"',
        'control = "prompt"\nbudgets = [16]\nprompt = "{problem}"',
        'control = "prompt"\nbudgets = [16]\nprompt = "{budget}"',
        'control = "sprint"\nbudgets = [16]',
        "budgets = [16]",
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(refusal, edit, text):
    said = refusal(edit(*thinking(text)))
    assert said.startswith("config.toml:")
    assert "models.0" in said
    assert "\n" not in said


def test_a_token_cap_has_room_for_the_largest_budget(refusal, edit):
    said = refusal(edit(*thinking('control = "max_tokens"\nbudgets = [16, 5000]')))
    assert said == "config.toml:17: models.0.token_cap: must be at least the largest budget, 5000 (got 4096)"


def test_draws_at_has_the_budgets_themselves_as_keys(load, edit):
    config = load(edit(("[16, 32]", "[16, 32]\ndraws_at = { 32 = 128 }")), "models.0.thinking.draws_at.16=4")
    assert config.models[0].thinking.draws_at == {32: 128, 16: 4}


def test_draws_at_a_budget_that_is_not_asked_for_is_refused(refusal, edit):
    said = refusal(edit(("[16, 32]", "[16, 32]\ndraws_at = { 33 = 128 }")))
    assert said == "config.toml:22: models.0.thinking.draws_at.33: is none of the budgets (they are 16, 32)"


def test_draws_at_needs_at_least_one(refusal, edit):
    said = refusal(edit(("[16, 32]", "[16, 32]\ndraws_at = { 32 = 0 }")))
    assert said == "config.toml:22: models.0.thinking.draws_at.32: must be at least 1 (got 0)"


def test_a_model_without_thinking_is_not_asked_to(load, smallest):
    config = load(smallest[: smallest.index("[models.thinking]")])
    assert config.models[0].thinking.control is Control.NONE


def test_request_fields_are_passed_through_as_json(load, smallest):
    config = load(smallest + '[models.request]\ntemperature = 1.0\nstop = ["END"]\nextra_body = { top_k = 5 }\n', *ANY)
    assert config.models[0].request == {"temperature": 1.0, "stop": ["END"], "extra_body": {"top_k": 5}}
    assert type(config.models[0].request["temperature"]) is float


@pytest.mark.parametrize("field", ["x = 2024-01-01", "x = nan", "x = { y = [1, inf] }"])
def test_request_fields_that_json_cannot_say_are_refused(refusal, smallest, field):
    said = refusal(f"{smallest}[models.request]\n{field}\n")
    assert said.startswith("config.toml:23: models.0.request.x")


@pytest.mark.parametrize("field", ["n = 2", "seed = 1", "max_tokens = 5", 'model = "x"', "extra_body = { n = 2 }"])
def test_request_fields_that_are_not_the_configs_to_set_are_refused(refusal, smallest, field):
    said = refusal(f"{smallest}[models.request]\n{field}\n")
    assert said.startswith("config.toml:14: models.0: request may not set ")


def test_prompts_from_files_are_in_the_config_as_text(load, edit, tmp_path):
    Path(tmp_path, "ask.txt").write_text("{problem}\nUse {budget} tokens.\n")
    Path(tmp_path, "system.txt").write_text("Be brief.")
    text = edit(("token_cap", 'system = "file:system.txt"\ntoken_cap'), ("budgets", 'prompt = "file:ask.txt"\nbudgets'))
    model = load(text, *ANY).models[0]
    assert (model.system, model.thinking.prompt) == ("Be brief.", "{problem}\nUse {budget} tokens.\n")


@pytest.mark.parametrize(("content", "said"), [(None, "there is no such file"), (b"\xff", "is not UTF-8 text"),
                                               (b"\0", "holds NUL bytes")])  # fmt: skip
def test_a_prompt_file_that_cannot_be_read_is_said_with_its_name(refusal, edit, tmp_path, content, said):
    if content is not None:
        Path(tmp_path, "ask.txt").write_bytes(content)
    message = refusal(edit(("budgets", 'prompt = "file:ask.txt"\nbudgets')))
    assert message.startswith("config.toml:21: models.0.thinking.prompt: ask.txt")
    assert said in message


def test_the_styles_are_those_that_can_be_sent():
    annotation = Thinking.model_fields["style"].annotation
    assert set(get_args(get_args(annotation)[0])) == set(STYLES)
