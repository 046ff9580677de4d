from __future__ import annotations

from pathlib import Path

import pytest

from core.config import config_from_mapping, from_resolved, resolved_json
from core.config.copying import config_text
from core.config.draft import Draft
from core.config.load import config_from_text
from core.errors import UsageError
from core.plan import differences
from core.planning import plan_of

DEMO = {
    "run": {"name": "demo-1", "draws": 4, "cap_usd": 120, "tags": ["a", "b"], "give_up_after": "15m"},
    "problems": {"source": "builtin:competition", "limit": 5},
    "grading": {"kind": "integer", "range": [0, 999]},
    "models": [
        {
            "name": "o1-mini",
            "endpoint": "simulator",
            "token_cap": 32768,
            "price": {"input": 3, "output": 12},
            "request": {"temperature": 0.5, "stop": ["END"], "extra_body": {"top_k": 4}},
            "thinking": {"control": "prompt", "budgets": [16, 2048], "draws_at": {2048: 16}},
        },
        {"name": "o1-mini", "label": "unasked", "endpoint": "simulator", "token_cap": 4096},
    ],
    "simulator": {"faults": {"429": 0.01}, "schedule": [{"kind": "429", "at": [10, 20]}]},
}
BUDGETS = ("models", 0, "thinking", "budgets")
CAP = ("run", "cap_usd")


@pytest.fixture
def draft(smallest: str) -> Draft:
    second = smallest[smallest.index("[[models]]") :].replace("o1-mini", "o4-mini")
    text = smallest.replace('name = "try"', 'name = "try"\ncap_usd = 60.0   # never passed') + "\n" + second
    return Draft("try.toml", Path(), text)


def test_what_is_typed_is_what_the_config_says(draft):
    config = draft.typed(BUDGETS, "16, 2^5..2^7 1000").typed(CAP, "$7.50").config()

    assert config.models[0].thinking.budgets == (16, 32, 64, 128, 1000)
    assert config.cap_pico == 7_500_000_000_000


def test_nothing_typed_is_the_default_and_typing_again_keeps_the_comment(draft):
    emptied = draft.typed(CAP, "")

    assert emptied.config().cap_pico is None
    assert "cap_usd = 5   # never passed" in emptied.typed(CAP, "5").text


def test_typing_what_was_there_is_no_change(draft):
    assert draft.typed(CAP, "5").typed(CAP, "60.0") == draft


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        (("run", "draws"), "x", 'try.toml:4: run.draws: must be a whole number (got "x")'),
        (CAP, "0", "try.toml:3: run.cap_usd: must be above 0 (got 0)"),
        (BUDGETS, "16 low", 'models.0.thinking.budgets.1: must be a number of tokens, at least 1 (got "low")'),
        ((*BUDGETS[:3], "draws_at"), "64=2", "draws_at.64: is none of the budgets (they are 16, 32)"),
        (("run", "name"), "", "run.name: is missing"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_and_with_the_line_of_the_command_line(draft, path, typed, said):
    with pytest.raises(UsageError) as refused:
        draft.typed(path, typed).config()

    assert said in str(refused.value)


def test_a_model_switched_off_is_commented_out_and_comes_back_as_it_was(draft):
    off = draft.with_model(0, on=False)

    assert [model.label for model in off.config().models] == ["o4-mini"]
    assert '#off name = "o1-mini"' in off.text
    assert off.with_model(0, on=True) == draft


def test_a_model_that_was_saved_off_can_be_switched_on(draft):
    saved = Draft("try.toml", Path(), draft.with_model(1, on=False).text)

    assert [(model.label, model.on) for model in saved.models()] == [("o1-mini", True), ("o4-mini", False)]
    assert saved.with_model(1, on=True).text == draft.text


def test_a_model_can_be_changed_and_switched_at_once(draft):
    config = draft.with_model(0, on=False).typed(("models", 1, "thinking", "budgets"), "8").config()

    assert config.models[0].thinking.budgets == (8,)


def test_a_config_without_any_model_says_so(draft):
    with pytest.raises(UsageError, match="models: is missing"):
        draft.with_model(0, on=False).with_model(1, on=False).config()


def test_a_key_is_refused_before_anything_of_it_is_shown(draft):
    leaking = Draft("try.toml", Path(), draft.base + "# sk-abcdefghijklmnopqrstuvwx\n")

    for look in (leaking.models, leaking.config, lambda: leaking.shown(CAP)):
        with pytest.raises(UsageError, match="looks like a key") as refused:
            look()
        assert "abcdef" not in str(refused.value)


def test_a_copy_of_a_stored_run_has_its_plan_under_another_name():
    stored = plan_of(config_from_mapping(DEMO))

    text = config_text(from_resolved(stored.config), name="demo-2")
    copied = plan_of(config_from_text(text, "copy", Path(), environ={}))

    assert (copied.name, copied.draws, copied.live) == ("demo-2", stored.draws, stored.live)
    assert differences(stored, copied) == []
    assert "prompt =" not in text


def test_a_copy_keeps_what_is_not_built_in(load):
    config = load().model_copy(update={})
    prompt = "Think for {budget} tokens.\n{problem}"
    thinking = config.models[0].thinking.model_copy(update={"prompt": prompt})
    config = config.model_copy(update={"models": (config.models[0].model_copy(update={"thinking": thinking}),)})

    copied = config_from_text(config_text(config, name="try"), "copy", Path(), environ={})

    assert resolved_json(copied) == resolved_json(config)
