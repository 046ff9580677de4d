"""`thinktop` alone, and `thinktop monitor`, where there is no terminal and where there is one."""

from __future__ import annotations

import pytest

from tui import monitoring


@pytest.fixture
def opened(monkeypatch):
    """A terminal, and what the monitor was opened with."""
    calls = []
    monkeypatch.setattr(monitoring, "usable", lambda: True)
    monkeypatch.setattr(monitoring, "monitor", lambda *what, **how: calls.append((what, how)) or 0)
    return calls


def test_outside_a_terminal_thinktop_alone_lists_the_runs_and_says_what_else_there_is(thinktop, real):
    said = thinktop(store=real)

    assert said.code == 0
    assert "real" in said.out
    assert "FINISHED" in said.out
    assert "status RUN" in said.err
    assert "thinktop --help" in said.err
    assert said.harmless


def test_outside_a_terminal_one_run_is_told_at_length(thinktop, real):
    said = thinktop("monitor", "real", store=real)

    assert said.code == 0
    assert "72" in said.out


def test_in_a_terminal_it_opens_on_the_run_that_was_named(thinktop, real, opened):
    assert thinktop("monitor", "re", "--read-only", "--no-mouse", "--theme", "day", store=real).code == 0

    assert opened == [((real, 1), {"read_only": True, "mouse": False, "theme": "day"})]


def test_in_a_terminal_thinktop_alone_opens_where_it_will(thinktop, real, opened):
    assert thinktop(store=real).code == 0

    assert opened == [((real, None), {"read_only": False, "mouse": True, "theme": None})]


def test_a_run_that_there_is_not_is_refused_before_anything_is_drawn(thinktop, real, opened):
    said = thinktop("monitor", "nobody", store=real)

    assert said.code != 0
    assert "nobody" in said.err
    assert opened == []
