from __future__ import annotations

import pytest

from core.config import parse_live
from core.errors import UsageError


@pytest.mark.parametrize(
    ("assignment", "key", "value"),
    [
        ("cap_usd=20", "cap_pico", 20 * 10**12),
        ("cap_usd=0.1", "cap_pico", 10**11),
        ("cap_usd=none", "cap_pico", None),
        ("cap_tokens=5_000_000", "cap_tokens", 5_000_000),
        ("cap_tokens=none", "cap_tokens", None),
        ("max_concurrency=16", "max_concurrency", 16),
        ("max_attempts=3", "max_attempts", 3),
        ("give_up_after=2h", "give_up_after_s", 7200.0),
        ("on_unknown=skip", "on_unknown", "skip"),
        ("timeout_s=600", "timeout_s", 600.0),
        ("requests_per_minute=none", "requests_per_minute", None),
        ("openai.timeout_s=60", "openai.timeout_s", 60.0),
        ("my.own.tokens_per_minute=1e6", "my.own.tokens_per_minute", 1e6),
        ("openai.max_concurrency=none", "openai.max_concurrency", None),
        (" cap_usd = 20 ", "cap_pico", 20 * 10**12),
    ],
)
def test_a_live_key_is_read_with_its_unit(assignment, key, value):
    assert parse_live([assignment]) == {key: value}


def test_several_are_read_together():
    assert parse_live(["cap_usd=1", "max_concurrency=2"]) == {"cap_pico": 10**12, "max_concurrency": 2}


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("cap_us=3", "set: unknown key `cap_us`; did you mean `cap_usd`?"),
        ("openai.timeout=3", "set: unknown key `openai.timeout`; did you mean `timeout_s`?"),
        ("openai.cap_usd=3", ("set: unknown key `openai.cap_usd`; what can be set is timeout_s, requests_per_minute, "
         "tokens_per_minute or max_concurrency")),
        ("cap_usd=0", "cap_usd: must be above 0 (got 0)"),
        ("cap_usd=abc", 'cap_usd: must be an amount in dollars (got "abc")'),
        ("max_concurrency=none", 'max_concurrency: must be a whole number (got "none")'),
        ("timeout_s=none", 'timeout_s: must be a number (got "none")'),
        ("on_unknown=skipp", 'on_unknown: must be retry or skip (got "skipp"); did you mean `skip`?'),
        ("draws=5", "draws: is raised by `thinktop extend RUN --draws +N`, which shows the estimate first"),
        ("cap_usd", 'set: must be KEY=VALUE, such as cap_usd=20 (got "cap_usd")'),
        ("cap_usd=", 'set: must be KEY=VALUE, such as cap_usd=20 (got "cap_usd=")'),
        ("=3", 'set: must be KEY=VALUE, such as cap_usd=20 (got "=3")'),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_what_would_do(assignment, said):
    with pytest.raises(UsageError) as refused:
        parse_live([assignment])
    assert str(refused.value) == said


def test_all_faults_are_said_at_once():
    with pytest.raises(UsageError) as refused:
        parse_live(["cap_usd=0", "max_attempts=0"])
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize("assignments", [["cap_usd=1", "cap_usd=2"], ["cap_usd=none", "cap_usd=2"]])
def test_a_key_given_twice_is_refused(assignments):
    with pytest.raises(UsageError, match="cap_usd: is given twice"):
        parse_live(assignments)


def test_nothing_to_set_says_what_can_be():
    with pytest.raises(UsageError, match="nothing to set: give KEY=VALUE with cap_usd, "):
        parse_live([])


def test_a_key_is_never_repeated():
    with pytest.raises(UsageError) as refused:
        parse_live(["api=sk-q7Fz2LmX9vKb4TnR8wYc"])
    assert "q7Fz" not in str(refused.value)
