from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLE_APP = Path(__file__).with_name("sample_app.py")
ROOT = Path(__file__).parents[3]
ALLOWED = re.compile(
    rb"\x1b\[[0-9;]*[HmGCDABdKJ]|\x1b\[\?[0-9]+[hl]|\x1b\[\?2026\$p|\x1b\[>[0-9]+u|\x1b\[<u|[\b\r\n]|\x1b\]52;c;aGk=\x07"
)
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7]|58)[;m]")


@pytest.fixture
def started(terminal):
    """The sample app on a terminal of its own, once it shows itself."""

    def start(*options: str, **environment: str):
        screen = terminal(
            sys.executable,
            SAMPLE_APP,
            *options,
            columns=60,
            lines=12,
            environment={"PYTHONPATH": str(ROOT), **environment},
        )
        screen.wait_for("press me")
        if "flood" not in options:
            screen.wait_for_calm(0.2)
        return screen

    return start


def signalled(screen, number: signal.Signals) -> None:
    os.kill(screen.pid, number)


def stopped(screen) -> bool:
    """Whether its process stands still."""
    return Path(f"/proc/{screen.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_until(holds) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_app_is_shown_changed_and_left_with_the_terminal_as_it_was(started) -> None:
    screen = started()
    assert screen.picture.lines[0].startswith("count 0 ✓ 字")

    screen.press("n")
    screen.wait_for("count 1 ✓ 字")

    screen.press("q")
    assert screen.wait_for_end() == 0
    assert screen.left_behind() == []


def test_nothing_is_written_while_nothing_changes_and_a_digit_for_a_digit(started) -> None:
    screen = started()
    before = len(screen.output)
    screen.press("r")
    time.sleep(0.3)
    assert len(screen.output) == before

    screen.press("n")
    screen.wait_for("count 1")
    assert len(screen.output) - before <= 40


def test_the_bytes_are_counted_to_the_last(started) -> None:
    screen = started()
    screen.press("n", "q")
    screen.wait_for_end()
    written, _, said = screen.output.partition(b"wrote ")
    assert int(said.split()[0]) == len(written)


def test_after_a_resize_there_and_back_the_whole_screen_is_right(started) -> None:
    screen = started()
    lines = screen.picture.lines
    for columns, rows in ((30, 8), (100, 20), (60, 12)):
        screen.resize(columns, rows)
        screen.wait_for(lambda picture: "press me" in picture.lines[3])
    screen.wait_for(lambda picture: picture.lines == lines)


def test_a_screen_that_something_else_wrote_over_can_be_had_again(started) -> None:
    screen = started()
    lines = screen.picture.lines
    tty = os.open(Path(f"/proc/{screen.pid}/fd/2").readlink(), os.O_WRONLY | os.O_NOCTTY)
    os.write(tty, b"\x1b[1;1H\x1b[41mBroadcast message from root")
    os.close(tty)
    screen.wait_for("Broadcast")
    screen.press("l")
    screen.wait_for(lambda picture: picture.lines == lines)


def test_the_mouse_clicks_and_is_never_asked_for_bare_motion(started) -> None:
    screen = started()
    row = next(y for y, line in enumerate(screen.picture.lines) if "press me" in line)
    screen.send(f"\x1b[<0;5;{row + 1}M\x1b[<0;5;{row + 1}m")
    screen.wait_for("pressed")
    assert b"\x1b[?1006h" in screen.output
    assert not re.search(rb"\x1b\[\?(?:1003|1015|1016|2048)", screen.output)


def test_an_app_without_a_mouse_asks_for_none(started) -> None:
    assert not re.search(rb"\x1b\[\?100[0236]h", started("mouseless").output)


def test_a_copy_reaches_the_clipboard(started) -> None:
    screen = started()
    screen.press("y")
    wait_until(lambda: b"\x1b]52;c;aGk=\x07" in screen.output)


def test_without_colour_not_one_colour_code_is_sent(started) -> None:
    screen = started(NO_COLOR="1")
    screen.press("n", "tab", "q")
    screen.wait_for_end()
    assert not COLOUR.search(screen.output)


def test_hostile_text_reaches_the_terminal_as_symbols_only(started) -> None:
    screen = started()
    screen.press("h")
    screen.wait_for("␛[?1049l")
    screen.press("y")
    wait_until(lambda: b"\x1b]52;" in screen.output)
    left = ALLOWED.sub(b"", screen.output).decode()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u202e]", left)
    assert screen.modes.alternate


def test_text_made_visible_in_its_own_line_cannot_even_move_the_cursor(started) -> None:
    screen = started("guarded")
    screen.press("h")
    screen.wait_for("␛[?1049l␛]0;owned␛[5;5H<U+009B>2J")


def test_a_stop_and_a_continue_give_the_terminal_back_and_take_it_again(started) -> None:
    screen = started()
    signalled(screen, signal.SIGTSTP)
    wait_until(lambda: stopped(screen))
    wait_until(lambda: screen.left_behind() == [])

    signalled(screen, signal.SIGCONT)
    screen.wait_for("count 0 ✓ 字")
    screen.press("n")
    screen.wait_for("count 1 ✓ 字")


def test_a_stop_that_nobody_announced_spoils_neither_the_screen_nor_the_exit(started) -> None:
    screen = started()
    lines = screen.picture.lines
    signalled(screen, signal.SIGSTOP)
    wait_until(lambda: stopped(screen))
    signalled(screen, signal.SIGCONT)
    screen.wait_for(lambda picture: picture.lines == lines)
    wait_until(lambda: screen.output.count(b"\x1b[?1049h") == 2)

    screen.press("q")
    assert screen.wait_for_end() == 0
    assert screen.left_behind() == []


def test_a_signal_that_ends_the_app_leaves_the_terminal_as_it_was(started) -> None:
    screen = started()
    signalled(screen, signal.SIGTERM)
    assert screen.wait_for_end() == 0
    assert screen.left_behind() == []


def test_bytes_that_are_no_text_are_no_reason_to_end(started) -> None:
    screen = started()
    screen.send(b"\xff\xfe")
    screen.press("n")
    screen.wait_for("count 1")


@pytest.mark.parametrize("options", [("deaf",), ("deaf", "flood")])
def test_an_app_whose_terminal_goes_away_ends_by_itself_even_deaf_to_the_hangup(started, options) -> None:
    screen = started(*options)
    screen.hang_up()
    assert screen.wait_for_end() == 0


def test_a_terminal_that_takes_nothing_holds_up_neither_the_app_nor_its_end() -> None:
    leader, follower = pty.openpty()
    app = subprocess.Popen(
        [sys.executable, SAMPLE_APP, "flood"],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(follower)
    assert os.read(leader, 1)
    time.sleep(1.5)  # far more than a terminal's buffer is painted meanwhile

    began = time.monotonic()
    app.terminate()
    said, _ = app.communicate(timeout=10)
    os.close(leader)

    assert time.monotonic() - began < 4
    assert app.returncode == 0
    assert said.startswith(b"wrote ")
