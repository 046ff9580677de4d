import pytest

from core.doctor.finding import Level
from core.doctor.sweep import check_keys, check_prices, read_sweep

CONFIG = """
[run]
name = "x"
[problems]
source = "builtin:competition"
limit = 3
[grading]
kind = "integer"
[endpoints.here]
base_url = "http://127.0.0.1:9/v1"
api_key_env = "A_KEY"
[[models]]
name = "own-model"
endpoint = "here"
token_cap = 1000
[models.thinking]
control = "prompt"
budgets = [16, 64]
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "sweep.toml"
    path.write_text(CONFIG)
    return path


def test_a_config_that_is_right_becomes_a_plan(config):
    read, plan, found = read_sweep(config, {})

    assert read is not None
    assert plan is not None
    assert plan.draws == 6
    assert {one.level for one in found} == {Level.GOOD}


def test_a_fault_is_said_with_its_line(config):
    config.write_text(CONFIG.replace("token_cap = 1000", "token_cap = 0"))

    read, plan, found = read_sweep(config, {})

    assert (read, plan) == (None, None)
    assert found[0].level is Level.BAD
    assert "sweep.toml:15" in found[0].text


def test_no_config_is_no_fault_unless_it_was_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert read_sweep(None, {})[2][0].level is Level.NOTE
    assert read_sweep(tmp_path / "no.toml", {})[2][0].level is Level.BAD


def test_problems_that_cannot_be_read_are_in_the_way(config):
    config.write_text(CONFIG.replace("builtin:competition", "no.jsonl"))

    _, plan, found = read_sweep(config, {})

    assert plan is None
    assert (found[-1].check, found[-1].level) == ("problems", Level.BAD)


def test_a_cap_in_dollars_without_a_price_is_in_the_way(config):
    config.write_text(CONFIG.replace('name = "x"', 'name = "x"\ncap_usd = 5.0'))

    found = read_sweep(config, {})[2][-1]

    assert (found.check, found.level) == ("plan", Level.BAD)


def test_a_model_without_a_price_is_said_to_be_unpriced(config):
    plan = read_sweep(config, {})[1]

    (found,) = check_prices(plan)

    assert found.level is Level.NOTE
    assert "unpriced" in found.text


def test_a_key_is_looked_for_and_never_said(config):
    plan = read_sweep(config, {})[1]

    (missing,) = check_keys(plan, {"A_KEY": "  "})
    (there,) = check_keys(plan, {"A_KEY": "very-secret"})

    assert missing.level is Level.BAD
    assert "export A_KEY=" in missing.advice
    assert there.level is Level.GOOD
    assert "secret" not in there.text + there.advice
