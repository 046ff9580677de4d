"""Whatever ends the monitor, the sampler goes on, and the terminal is as it was."""

from __future__ import annotations

import os
import shlex
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.live import Sweep, live
from bench.terminal import Terminal

SLOW = Sweep(problems=6, budgets=[64, 1024], draws=5000, at_once=4, per_s=10.0)
"""More than any of these tests waits for."""
WAYS = {
    "q": (lambda shown: shown.press("q"), 0),
    "ctrl+c": (lambda shown: shown.press("ctrl+c"), 0),
    "SIGINT": (lambda shown: shown.signal(signal.SIGINT), 130),
    "SIGTERM": (lambda shown: shown.signal(signal.SIGTERM), 143),
    "SIGHUP": (lambda shown: shown.signal(signal.SIGHUP), 129),
    "SIGKILL": (lambda shown: shown.signal(signal.SIGKILL), -9),
    "hang-up": (lambda shown: shown.hang_up(), 129),
}
"""How a monitor is left, and the exit code that a shell sees then."""
SPEECHLESS = {"SIGHUP", "SIGKILL", "hang-up"}
"""Those after which nobody is there to be told anything, or nobody to tell it."""
GONE_S = 3.0


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with a sampler at work, slowly, for as long as these tests take."""
    with live(tmp_path_factory.mktemp("leaving") / "live", SLOW) as one:
        yield one


@pytest.fixture(scope="module")
def opened(run, thinktop_path):
    """A monitor for each way to leave one, all on the same run at the same time."""
    with ExitStack() as open_ones:
        command = [thinktop_path, "--store", str(run.place.path)]
        yield {way: open_ones.enter_context(Terminal(command)) for way in WAYS}


@pytest.mark.parametrize("way", WAYS)
def test_the_sampler_goes_on_and_the_terminal_is_clean_however_the_monitor_is_left(
    run, opened, last_words, until, way
) -> None:
    shown = opened[way]
    leave, code = WAYS[way]
    shown.wait_for("RUNNING", 30)
    before = run.status()

    at = time.monotonic()
    leave(shown)

    assert shown.wait_for_end() == code
    assert shown.ended_at - at < GONE_S
    until(lambda: run.status().sums.kept > before.sums.kept)
    now = run.status()
    assert (now.progress.run.pid, now.sampler_alive, now.state) == (run.pid, True, before.state)
    if way not in ("SIGKILL", "hang-up"):
        assert shown.left_behind() == []
    if way not in SPEECHLESS:
        assert last_words(shown).splitlines() == [
            f"live (1) goes on without you: sampler {run.pid}; end it: thinktop stop live --store {run.place.path}",
            f"come back: thinktop --store {run.place.path}",
        ]
    elif way == "SIGHUP":
        assert last_words(shown) == ""


def test_nothing_of_a_monitor_is_left_but_the_sampler(run, opened, until) -> None:
    until(lambda: all(shown.exit_code is not None for shown in opened.values()))

    assert _at_work_on(run.place) == {run.pid}


def test_a_monitor_whose_terminal_hangs_up_under_a_question_ends_too(run, monitor) -> None:
    shown = monitor(run.place)
    shown.wait_for("RUNNING")
    shown.press("c")
    shown.wait_for("cap in dollars")

    at = time.monotonic()
    shown.hang_up()

    shown.wait_for_end()
    assert shown.ended_at - at < GONE_S


@pytest.mark.parametrize("ms", [0, 20, 80])
def test_a_signal_while_it_starts_leaves_the_terminal_clean_as_well(run, monitor, until, last_words, ms) -> None:
    shown = monitor(run.place)
    until(lambda: shown.modes.alternate)
    time.sleep(ms / 1000)

    shown.signal(signal.SIGTERM)

    assert shown.wait_for_end() == 143
    assert shown.left_behind() == []
    assert len(last_words(shown).splitlines()) == 2


def test_stopped_it_gives_the_terminal_back_and_continued_it_paints_it_again(run, monitor, until) -> None:
    shown = monitor(run.place)
    shown.wait_for("RUNNING")

    shown.signal(signal.SIGTSTP)
    until(lambda: _state_of(shown.pid) == "T")
    until(lambda: shown.left_behind() == [])
    stopped_at = time.monotonic()
    shown.signal(signal.SIGCONT)

    shown.wait_for("RUNNING")
    shown.wait_for(lambda picture: "q leave" in picture.lines[-1])
    assert shown.modes.alternate
    assert shown.written(stopped_at) > 1000
    shown.press("q")
    assert shown.wait_for_end() == 0
    assert shown.left_behind() == []


def test_what_it_says_at_the_end_can_be_typed_to_come_back_and_to_end_the_sampler(
    run, terminal, monitor, last_words, thinktop_path
) -> None:
    shown = monitor(run.place)
    shown.wait_for("RUNNING")
    shown.press("q")
    shown.wait_for_end()
    who_goes_on, how_to_return = last_words(shown).splitlines()
    path = {"PATH": f"{thinktop_path.parent}:{os.environ['PATH']}"}

    again = terminal(*shlex.split(how_to_return.partition(": ")[2]), environment=path)
    again.wait_for("RUNNING")
    assert again.picture.lines[0].split()[0] == "live"
    ended = terminal(*shlex.split(who_goes_on.partition("end it: ")[2]), environment=path)

    assert ended.wait_for_end() == 0
    again.wait_for("STOPPED", 30)


def _state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _at_work_on(place) -> set[int]:
    """The processes that have the store on their command line, but for the terminals' own and for dead ones."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            if bytes(place.path) in words and b"leader.py" not in words:
                found.add(int(folder.name))
        except OSError:  # it has ended
            continue
    return found
