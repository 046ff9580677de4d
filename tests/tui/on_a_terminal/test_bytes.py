"""What a monitor writes while somebody watches: little, and nothing at all where nothing changes.

A net for what would make it useless over a slow line, not a benchmark: `make bench` measures.
"""

from __future__ import annotations

import re
import time

import pytest

from bench.live import Sweep, live
from core.vocabulary import State

LIVELY = Sweep(problems=20, budgets=[16, 64, 256, 1024], draws=5000, at_once=16, per_s=30.0)
CALM_S = 3.0
MOST = 6000
"""Bytes in that time at 120x40, at thirty samples a second: what a watched run may cost at most."""
LIVE = {
    "the list of runs": [("escape", "─ runs ─")],
    "a run": [],
    "a problem": [("enter", "─ 2 answers ─")],
    "help": [("?", "│  Keys  ")],
}
FINISHED = {
    "a run": [("enter", "votes of")],
    "a draw": [("enter", "votes of"), ("enter", "─ 2 answers ─"), ("enter", "1 text")],
    "figures": [("f", "accuracy 1/")],
}
"""By what is on show, the keys that lead there and what is to be seen then."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run at some thirty samples a second."""
    with live(tmp_path_factory.mktemp("bytes") / "live", LIVELY) as one:
        yield one


def test_a_run_at_work_is_shown_with_few_bytes_and_a_paused_one_with_none(run, monitor) -> None:
    shown = {name: monitor(run.place) for name in LIVE}
    for name, keys in LIVE.items():
        shown[name].wait_for("┤", 30)  # the curve: the last to come
        go(shown[name], keys)
    before = run.status().sums.kept

    began = time.monotonic()
    time.sleep(CALM_S)
    written = {name: one.written(began, began + CALM_S) for name, one in shown.items()}

    assert run.status().sums.kept > before + 10
    assert 0 < written["a run"] < MOST
    assert {name: count for name, count in written.items() if count > 2 * MOST} == {}

    run.pause()
    for one in shown.values():
        one.wait_for_calm(1.5, 30)
    assert written_in_a_while(shown) == {}
    assert "PAUSED" in shown["a run"].text
    assert run.status().state is State.PAUSED


def test_a_finished_run_is_shown_with_no_bytes_and_a_mouse_only_where_it_is_wanted(real, monitor) -> None:
    shown = {
        "the list of runs": monitor(real),
        "without a mouse": monitor(real, "--no-mouse"),
        "without a mouse for good": monitor(real, environment={"THINKTOP_MOUSE": "0"}),
        **{name: monitor(real) for name in FINISHED},
    }
    for name, one in shown.items():
        one.wait_for("FINISHED", 30)
        go(one, FINISHED.get(name, ()))
    for one in shown.values():
        one.wait_for_calm(1.0, 30)

    assert written_in_a_while(shown) == {}
    modes = {name: set(re.findall(rb"\x1b\[\?(9|1\d\d\d)h", one.output)) for name, one in shown.items()}
    assert modes["the list of runs"] == {b"1000", b"1002", b"1004", b"1006", b"1049"}
    assert modes["without a mouse"] == modes["without a mouse for good"] == {b"1004", b"1049"}


def go(shown, keys) -> None:
    """Press keys, each when what the one before it leads to is on show."""
    for key, to in keys:
        shown.press(key)
        shown.wait_for(to, 20)


def written_in_a_while(shown) -> dict[str, bytes]:
    """What comes from now on, by what is on show; nothing for those that are silent."""
    began = time.monotonic()
    time.sleep(CALM_S)
    return {name: one.output_between(began) for name, one in shown.items() if one.written(began)}
