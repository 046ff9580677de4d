"""Every size: what must be known is whole, below the least it says so, and no number of resizes spoils the picture."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle, islice

import pytest

from bench.live import Sweep, live
from bench.terminal import TerminalError

LIVELY = Sweep(problems=6, budgets=[16, 256, 1024], draws=5000, at_once=8, per_s=30.0)
SIZES = [(120, 40), (80, 24), (60, 18), (59, 17), (200, 60), (99, 40), (121, 29), (30, 8), (81, 25), (1, 1), (60, 30)]
STORM, STORM_S = 30, 2.0
"""Resizes, and the seconds in which they come."""
SCREENS = {
    "a run": ((97, 31), []),
    "a run, small": ((80, 24), []),
    "the list of runs": ((130, 45), [("escape", "─ runs ─")]),
    "help over a run": ((120, 40), [("?", "│  Keys  ")]),
}
"""By what is on show, the size that it comes to in the end, and the keys that lead there from a run."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with live(tmp_path_factory.mktemp("sizes") / "live", LIVELY) as one:
        yield one


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 18)])
def test_state_share_dollars_time_left_and_a_pane_are_whole(run, monitor, size) -> None:
    shown = monitor(run.place, columns=size[0], lines=size[1])

    # The last line is painted last.
    shown.wait_for(lambda picture: re.search(r"ETA +\d+\w.*q leave", picture.text, re.DOTALL) is not None, 30)

    text = shown.text
    for pattern in (r"● RUNNING", r"\b\d+%", r"\$\d+\.\d\d\b", r"╭─ 1 budgets ─.*╮", r"\? help +q leave"):
        assert re.search(pattern, text), pattern
    assert sum("╰" in line and "╯" in line for line in shown.picture.lines) >= 1
    assert all(re.search(rf"2{power} +\d+/30,000 ", text) for power in ("⁴", "⁸", "¹⁰"))


def test_below_the_least_size_it_says_so_and_above_it_is_there_again(run, monitor) -> None:
    shown = monitor(run.place, columns=59, lines=17)
    shown.wait_for("too small: 60x18")

    for size, to in (((60, 18), "RUNNING"), ((60, 17), "too small"), ((120, 40), "RUNNING"), ((20, 5), "too small")):
        shown.resize(*size)
        shown.wait_for(to)

    shown.press("q")
    assert shown.wait_for_end() == 0
    assert shown.left_behind() == []


def test_after_a_storm_of_resizes_the_picture_is_that_of_a_monitor_that_saw_none(run, monitor) -> None:
    stormed = {name: _led(monitor(run.place), keys) for name, (_, keys) in SCREENS.items()}

    for size in islice(cycle(SIZES), STORM):
        for one in stormed.values():
            one.resize(*size)
        time.sleep(STORM_S / STORM)
    for name, (size, _) in SCREENS.items():
        stormed[name].resize(*size)
    run.pause()
    fresh = {
        name: _led(monitor(run.place, columns=size[0], lines=size[1]), keys, "PAUSED")
        for name, (size, keys) in SCREENS.items()
    }

    with ThreadPoolExecutor(len(SCREENS)) as pool:
        list(pool.map(lambda name: _wait_until_alike(stormed[name], fresh[name]), SCREENS))
    for one in stormed.values():
        one.press("ctrl+c")
    assert [(one.wait_for_end(), one.left_behind()) for one in stormed.values()] == [(0, [])] * len(SCREENS)


def _led(shown, keys, first="RUNNING"):
    """A monitor, once it shows what some keys lead to."""
    shown.wait_for(first, 30)
    for key, to in keys:
        shown.press(key)
        shown.wait_for(to, 20)
    return shown


def _wait_until_alike(one, other) -> None:
    one.wait_for_calm(0.5, 30)
    other.wait_for_calm(0.5, 30)
    with suppress(TerminalError):
        one.wait_for(lambda picture: _cells(picture) == _cells(other.picture), 10)
    assert one.text == other.text
    assert _cells(one.picture) == _cells(other.picture)


def _cells(picture):
    """What can be seen in each cell; of a blank its ground alone."""
    return [[(cell.data, cell.bg, cell.reverse) if cell.data == " " else cell for cell in row] for row in picture.cells]
