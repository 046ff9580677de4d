"""The instrument that the monitor is watched with must not say that all is well where it is not."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.terminal import TerminalError
from bench.terminal.modes import Modes
from bench.terminal.stream import Kind, Piece, Splitter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the instrument reads /proc")

KNOWS = """
import os, select, signal, sys, termios, time, tty
def say(*parts): os.write(1, "".join(parts).encode())
def key(): return os.read(0, 1)
"""


@pytest.fixture
def program(terminal: Callable[..., Terminal]) -> Callable[..., Terminal]:
    """A starter of small programs, which can `say` something and wait for a `key`."""

    def start(body: str, **how: object) -> Terminal:
        return terminal(sys.executable, "-I", "-S", "-c", KNOWS + textwrap.dedent(body), **how)

    return start


@pytest.fixture
def stock_app(terminal: Callable[..., Terminal]) -> Terminal:
    """A bare Textual application, on show."""
    body = """
        from textual.app import App
        from textual.widgets import Static

        class Stock(App):
            BINDINGS = [("q", "quit", "Quit")]
            def compose(self): yield Static("on show")

        Stock().run()
    """
    shown = terminal(sys.executable, "-c", textwrap.dedent(body))
    shown.wait_for("on show")
    return shown


def test_modes_are_seen_as_they_are_switched(program) -> None:
    shown = program(r"""
        tty.setcbreak(0)
        say("\x1b[?1049h\x1b[?25l\x1b[?1000;1006h\x1b[?2004h\x1b[>1uready"); key()
        say("\x1b[<u\x1b[?2004l\x1b[?1000;1006l\x1b[?25h\x1b[?1049ldone"); key()
    """)

    shown.wait_for("ready")
    during = (shown.modes.alternate, shown.modes.mouse, 25 in shown.modes.on, 2004 in shown.modes.on)
    shown.press("x")
    shown.wait_for("done")

    assert during == (True, True, False, True)
    assert shown.modes.left_behind() == []


def test_a_program_that_cleans_up_leaves_nothing_behind(program) -> None:
    shown = program(r"""
        before = termios.tcgetattr(0)
        tty.setraw(0)
        say("\x1b[?1049h\x1b[?25l\x1b[1;31m\x1b[2;9r", "x", "\x1b[r\x1b[0m\x1b[?25h\x1b[?1049l")
        termios.tcsetattr(0, termios.TCSANOW, before)
    """)

    assert shown.wait_for_end() == 0
    assert shown.left_behind() == []


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (r"tty.setcbreak(0)", "ECHO left off"),
        (r"tty.setraw(0)", "ISIG left off"),
        (r"say('\x1b[?1049h')", "the alternate screen left on (?1049)"),
        (r"say('\x1b[31mred')", "a colour or style left on"),
        (r"say('\x1b[3;9r')", "a scrolling region left set"),
    ],
)
def test_what_a_program_leaves_behind_is_named(program, left, said) -> None:
    shown = program(left)

    shown.wait_for_end()

    assert said in shown.left_behind()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("\x1b[?25l", ["the cursor left off (?25)"]),
        ("\x1b[?7l", ["line wrap left off (?7)"]),
        ("\x1b[?1000;1006h\x1b[?1000l", ["the mouse left on (?1006)"]),
        ("\x1b[?1003h", ["the mouse left on (?1003)"]),
        ("\x1b[?2004h", ["bracketed paste left on (?2004)"]),
        ("\x1b[?1004h", ["focus reports left on (?1004)"]),
        ("\x1b[?2026h", ["synchronized output left on (?2026)"]),
        ("\x1b[?31337h", ["another mode left on (?31337)"]),
        ("\x1b=", ["application keypad left on"]),
        ("\x1b[>5u", ["kitty keyboard flags [5] left on the primary screen"]),
        ("\x1b[?1049h\x1b[>5u\x1b[?1049l\x1b[<u", ["kitty keyboard flags [5] left on the alternate screen"]),
        ("\x1b[?1049h\x1b[>5u\x1b[<u\x1b[?1049l", []),
        ("\x1b[?25l\x1b[?1003h\x1bc", []),
    ],
)
def test_a_mode_that_is_left_behind_is_named(written, said) -> None:
    modes = Modes()

    for piece in Splitter().feed(written.encode()):
        modes.take(piece)

    assert modes.left_behind() == said


def test_bytes_are_counted_in_their_window(program) -> None:
    shown = program("tty.setraw(0); say('a' * 1000, '!'); key(); say('b' * 345, '?'); key()")
    shown.wait_for("!")

    pressed = shown.press("x")
    shown.wait_for("?")

    assert shown.written(shown.started_at, pressed) == 1001
    assert shown.written(pressed) == 346
    assert shown.output_between(pressed) == b"b" * 345 + b"?"


def test_bytes_that_are_not_remembered_are_counted_all_the_same(program) -> None:
    shown = program("say('b' * 345)", remember=False)

    shown.wait_for_end()

    assert shown.written(shown.started_at) == 345
    assert shown.output == b""


def test_a_wait_says_when_it_came_and_not_when_it_was_looked_at(program) -> None:
    shown = program("say('first'); time.sleep(0.1); say('second'); time.sleep(0.1); say('third'); key()")
    first = shown.wait_for("first")

    def slowly(picture) -> bool:
        time.sleep(0.3)
        return "third" in picture.text

    assert 0.19 < shown.wait_for(slowly) - first < 0.6


def test_a_wait_in_vain_says_what_there_is_to_see_instead(program) -> None:
    shown = program("say('something else'); key()")

    with pytest.raises(TerminalError, match=r"(?s)'wanted': not within 0.3 s.*something else"):
        shown.wait_for("wanted", 0.3)


def test_a_wait_ends_with_the_command(program) -> None:
    shown = program("say('last words'); sys.exit(3)")

    with pytest.raises(TerminalError, match=r"(?s)ended with 3.*last words"):
        shown.wait_for("wanted", 60)


def test_all_that_a_command_wrote_is_there_when_it_has_ended(program) -> None:
    shown = program("say('x' * 200_000, 'end')")

    shown.wait_for_end()

    assert len(shown.output) == 200_003
    assert shown.output.endswith(b"xend")


def test_ctrl_c_interrupts_though_whoever_runs_this_ignores_it(program) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        shown = program("say('up'); key()")
    finally:
        signal.signal(signal.SIGINT, before)
    shown.wait_for("up")

    shown.press("ctrl+c")

    assert shown.wait_for_end() == -signal.SIGINT


def test_a_resize_is_told_by_signal_and_drawn_at_the_new_size(program) -> None:
    shown = program("""
        def told(*_):
            size = os.get_terminal_size(0)
            say(f"{size.columns} by {size.lines}", " " * 10, "." * size.columns)
        signal.signal(signal.SIGWINCH, told)
        say("up\\r\\n")
        while True: signal.pause()
    """)
    shown.wait_for("up")

    shown.resize(33, 12)
    shown.wait_for("33 by 12")

    assert {len(line) for line in shown.picture.lines} == {33}
    assert len(shown.picture.lines) == 12


def test_a_hang_up_reaches_the_command_as_a_lost_line_does(program) -> None:
    shown = program("say('up'); signal.pause()")
    shown.wait_for("up")

    shown.hang_up()

    assert shown.wait_for_end() == -signal.SIGHUP


def test_who_survives_the_hang_up_finds_no_terminal(program, tmp_path) -> None:
    found = tmp_path / "found"
    shown = program(f"""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        say("up")
        try:
            key()  # is at its end, or fails
            say("anybody?")
        except OSError as error: open({str(found)!r}, "w").write(error.strerror)
    """)
    shown.wait_for("up")

    shown.hang_up()
    shown.wait_for_end()

    assert found.read_text() == "Input/output error"


def test_nothing_of_the_command_outlives_its_terminal(program) -> None:
    shown = program("""
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
        child = os.fork()
        if child: say(f"[{child}]")
        while True: time.sleep(60)
    """)
    shown.wait_for("]")
    child = int(shown.text.strip().strip("[]"))

    shown.close()

    assert not _lives(shown.pid)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    """Whether a process does anything yet; one that nobody collects does not."""
    deadline = time.monotonic() + 2
    stat = Path(f"/proc/{pid}/stat")
    while time.monotonic() < deadline:
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.01)
    return True


ASKS = r"""
tty.setraw(0)
say("ab\x1b[?2026$p\x1b[?2048$p\x1b[6n\x1b[c")
heard = b""
while select.select([0], [], [], 0.1)[0]: heard += os.read(0, 100)
say("\r\n", repr(heard), "\r\nend")
"""


def test_questions_are_answered_as_a_terminal_answers_them(program) -> None:
    shown = program(ASKS)

    shown.wait_for("end")

    assert r"\x1b[?2026;2$y\x1b[?2048;0$y\x1b[1;3R\x1b[?62;22c" in shown.text


def test_a_terminal_may_be_deaf(program) -> None:
    shown = program(ASKS, knows=None)

    shown.wait_for("end")

    assert "b''" in shown.text


def test_resizes_are_told_in_band_where_the_command_wants_it(program) -> None:
    shown = program(r"""
        tty.setraw(0)
        say("\x1b[?2048h"); first = os.read(0, 100)
        say("up"); second = os.read(0, 100)
        say(repr(first + second))
    """, knows={2048})  # fmt: skip
    shown.wait_for("up")

    shown.resize(100, 30)

    shown.wait_for(r"b'\x1b[48;40;120;640;960t\x1b[48;30;100;480;800t'")


def test_the_primary_screen_is_as_it_was_after_the_alternate_one(program) -> None:
    shown = program(r"say('before\r\n\x1b[?1049h\x1b[Hinside\x1b[?1049lafter'); key()")

    shown.wait_for("after")

    assert shown.text.split() == ["before", "after"]


def test_the_alternate_screen_is_empty_at_each_entry(program) -> None:
    shown = program(r"say('\x1b[?1049h\x1b[Hold\x1b[?1049l\x1b[?1049h\x1b[2;1Hnew'); key()")

    shown.wait_for("new")

    assert shown.text.split() == ["new"]


def test_time_and_memory_are_those_of_the_command(program) -> None:
    shown = program("""
        kept = bytearray(b"x" * (50 << 20))  # of two such, one is given back
        until = time.process_time() + 0.3
        while time.process_time() < until: pass
        say("done"); key()
    """)
    shown.wait_for("done")

    usage = shown.usage

    assert 0.25 < usage.cpu_s < 1
    assert 50 < (usage.rss_kib or 0) / 1024 < 80
    assert 100 < (usage.peak_kib or 0) / 1024 < 130


def test_processor_time_is_known_after_the_end_too(program) -> None:
    shown = program("""
        until = time.process_time() + 0.1
        while time.process_time() < until: pass
    """)

    shown.wait_for_end()

    assert shown.usage.cpu_s >= 0.1
    assert shown.usage.rss_kib is None


def test_variables_of_the_runner_do_not_show(program, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setenv("TERM", "dumb")
    body = "say(*(f'{name}={os.environ.get(name)};' for name in ('TERM', 'NO_COLOR', 'COLUMNS', 'HOME')), 'end')"

    plain, changed = program(body), program(body, environment={"NO_COLOR": "", "HOME": None})

    plain.wait_for("end")
    changed.wait_for("end")
    assert f"TERM=xterm-256color;NO_COLOR=None;COLUMNS=None;HOME={os.environ['HOME']};" in plain.text
    assert "NO_COLOR=;COLUMNS=None;HOME=None;" in changed.text


def test_a_command_that_is_not_there_is_said_at_once(terminal) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-command: no such program"):
        terminal("no-such-command")


def test_a_stock_application_that_quits_leaves_the_terminal_clean(stock_app) -> None:
    stock_app.press("q")

    assert stock_app.wait_for_end() == 0
    assert stock_app.left_behind() == []


def test_a_stock_application_that_is_terminated_does_not(stock_app) -> None:
    stock_app.signal(signal.SIGTERM)
    stock_app.wait_for_end()

    assert {"ECHO left off", "the alternate screen left on (?1049)"} <= set(stock_app.left_behind())


STREAM = "é\x1b[1;31mx\x1b]0;title\x07y\x1bP1$r0m\x1b\\z\x1b(B\x1b[?1049h\x1b]8;;a\x1b\\end"
PIECES = [
    Piece(Kind.TEXT, "é"), Piece(Kind.CSI, "1;31m"), Piece(Kind.TEXT, "x"), Piece(Kind.OSC, "0;title"),
    Piece(Kind.TEXT, "y"), Piece(Kind.STRING, "1$r0m"), Piece(Kind.TEXT, "z"), Piece(Kind.ESCAPE, "(B"),
    Piece(Kind.CSI, "?1049h"), Piece(Kind.OSC, "8;;a"), Piece(Kind.TEXT, "end"),
]  # fmt: skip


def test_a_stream_is_cut_alike_wherever_its_reads_end() -> None:
    data = STREAM.encode()

    for at in range(len(data) + 1):
        splitter = Splitter()
        pieces = [*splitter.feed(data[:at]), *splitter.feed(data[at:])]
        texts = [piece for piece in pieces if piece.kind is not Kind.TEXT]

        assert texts == [piece for piece in PIECES if piece.kind is not Kind.TEXT]
        assert "".join(piece.body for piece in pieces if piece.kind is Kind.TEXT) == "éxyzend"


def test_a_sequence_that_breaks_off_hides_nothing_that_follows() -> None:
    pieces = list(Splitter().feed(b"\x1b]52;c;\x1b[?25lshown"))

    assert Piece(Kind.CSI, "?25l") in pieces
    assert pieces[-1] == Piece(Kind.TEXT, "shown")
