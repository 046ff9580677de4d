from __future__ import annotations

import json

import pytest

from core.config import from_resolved, resolved_json
from core.errors import StoreError

FULL = """
[simulator]
faults = { 429 = 0.25 }
schedule = [{ kind = "outage", from_s = 1 }]
"""


@pytest.fixture
def full(load, edit):
    return load(
        edit(
            ("[run]", '[run]\ncap_usd = 60.50\ngive_up_after = "1h"'),
            ("[16, 32]", "[16, 32]\ndraws_at = { 32 = 128 }"),
            ("token_cap = 4096", "token_cap = 4096\nprice = { input = 0.10, output = 12 }"),
        )
        + FULL
    )


def test_a_config_comes_back_whole(full):
    back = from_resolved(resolved_json(full))
    assert back.model_dump() == full.model_dump()
    assert resolved_json(back) == resolved_json(full)


def test_money_is_in_it_as_decimal_strings(full):
    plain = json.loads(resolved_json(full))
    assert plain["run"]["cap_usd"] == "60.5"
    assert plain["models"][0]["price"]["input"] == "0.1"


def test_equal_configs_give_equal_texts(load, smallest):
    one = load(smallest, "run.cap_usd=60", "run.give_up_after=1h", "run.seed=0")
    other = load(smallest, "run.cap_usd=60.00", "run.give_up_after=3600")
    assert resolved_json(one) == resolved_json(other)


def test_the_order_of_keys_in_the_file_makes_no_difference(load, smallest):
    one = load(smallest, 'problems.where={url="2024", level="5"}')
    other = load(smallest, 'problems.where={level="5", url="2024"}')
    assert resolved_json(one) == resolved_json(other)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "3", '{"run": {"name": "x", "draws": 0}}', "[" * 100_000])
def test_what_thinktop_did_not_write_is_refused_in_words(text):
    with pytest.raises(StoreError, match="stored config: "):
        from_resolved(text)
