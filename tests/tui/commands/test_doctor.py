import json
import re

import pytest

from core.doctor.finding import Level
from tui.pages.terminal_checks import check_terminal

CONFIG = """
[run]
name = "x"
[problems]
source = "builtin:competition"
limit = 2
[grading]
kind = "integer"
[endpoints.gone]
base_url = "http://127.0.0.1:9/v1"
api_key_env = "A_KEY_OF_NOBODY"
[[models]]
name = "o1-mini"
endpoint = "simulator"
token_cap = 4096
[models.thinking]
control = "prompt"
budgets = [16, 1024]
[simulator]
speed = 0
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


@pytest.mark.usefixtures("config")
def test_a_healthy_sweep_is_told_line_by_line(thinktop):
    said = thinktop("doctor")

    assert said.code == 0
    assert "✗" not in said.out
    for check in ("python", "sqlite", "store", "config", "problems", "price", "endpoint", "model", "clock"):
        assert re.search(rf"^[✓!] {check}\b", said.out, re.MULTILINE), check


def test_a_fault_ends_with_1_and_says_what_to_do(thinktop, config, monkeypatch):
    config.write_text(CONFIG.replace('endpoint = "simulator"', 'endpoint = "gone"'))
    monkeypatch.delenv("A_KEY_OF_NOBODY", raising=False)

    said = thinktop("doctor", "--json")

    bad = {one["check"] for one in said.json["checks"] if one["level"] == "bad"}
    assert (said.code, said.json["ok"], bad) == (1, False, {"key", "endpoint"})
    assert all(one["advice"] for one in said.json["checks"] if one["level"] == "bad")


def test_a_key_is_never_said(thinktop, config, monkeypatch):
    config.write_text(CONFIG.replace('endpoint = "simulator"', 'endpoint = "gone"'))
    monkeypatch.setenv("A_KEY_OF_NOBODY", "very-secret-indeed")

    for words in ((), ("--json",)):
        said = thinktop("doctor", *words)
        assert "secret" not in said.out + said.err


@pytest.mark.usefixtures("config")
def test_spending_tells_beforehand_what_it_may_cost(thinktop):
    said = thinktop("doctor", "--spend")

    assert said.code == 0
    assert "sending 3 requests, which cost $" in said.err
    assert "so the cap is honoured" in said.out


def test_without_a_key_nothing_is_sent(thinktop, config, monkeypatch):
    config.write_text(CONFIG.replace('endpoint = "simulator"', 'endpoint = "gone"'))
    monkeypatch.delenv("A_KEY_OF_NOBODY", raising=False)

    said = thinktop("doctor", "--spend")

    assert "no request was sent" in said.out
    assert "requests, which cost" not in said.err


def test_without_a_config_the_machine_is_checked(thinktop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert thinktop("doctor").code == 0
    assert thinktop("doctor", "--spend").code == 2
    assert thinktop("doctor", "named.toml").code == 1
    assert list(tmp_path.iterdir()) == []


def found(environ, **how):
    given = {"isatty": True, "size": (120, 40), "encoding": "utf-8"} | how
    return {one.check: one for one in check_terminal(environ, **given)}


def test_a_good_terminal_through_tmux_and_ssh():
    said = found({"TERM": "tmux-256color", "TMUX": "x", "SSH_CONNECTION": "y"})

    assert {one.level for one in said.values()} == {Level.GOOD}
    assert "tmux and ssh" in said["connection"].text


@pytest.mark.parametrize(
    ("environ", "how", "check"),
    [({"TERM": "dumb"}, {}, "terminal"), ({"TERM": "xterm"}, {"size": (60, 20)}, "terminal"),
     ({"TERM": "xterm"}, {"encoding": "ascii"}, "characters"), ({"TERM": "vt100"}, {}, "colours")],
)  # fmt: skip
def test_what_a_terminal_lacks_is_said_with_what_helps(environ, how, check):
    one = found(environ, **how)[check]

    assert one.level is Level.NOTE
    assert one.advice


def test_no_colour_is_a_choice():
    assert found({"TERM": "xterm", "NO_COLOR": "1"})["colours"].level is Level.GOOD


@pytest.mark.usefixtures("config")
def test_the_json_is_one_object(thinktop):
    assert json.loads(thinktop("doctor", "--json").out)["ok"] is True
