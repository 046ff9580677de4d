from __future__ import annotations

import os
import time
from contextlib import suppress
from threading import Event

import pytest

from tui.wire.outlet import Outlet
from tui.wire.picture import Picture


@pytest.fixture
def pipe():
    """A pipe's two ends, closed in the end."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


def test_what_is_said_is_written_and_counted_before_it_closes(pipe) -> None:
    outlet = Outlet(Picture(20, 2), pipe[1], "utf-8", lambda: None)
    outlet.say("\x1b[1;1H字")
    outlet.close()
    assert os.read(pipe[0], 100).decode() == "\x1b[H\x1b[m字"
    assert outlet.bytes_written == len("\x1b[H\x1b[m字".encode())


def test_a_slow_line_gets_the_last_state_alone(pipe) -> None:
    os.set_blocking(pipe[1], False)
    filling = 0
    try:
        while True:
            filling += os.write(pipe[1], b"." * 4096)
    except BlockingIOError:
        os.set_blocking(pipe[1], True)
    outlet = Outlet(Picture(20, 2), pipe[1], "utf-8", lambda: None)
    outlet.say("\x1b[1;1Hfirst")
    for number in range(100_000, 100_500):
        outlet.say(f"\x1b[1;1H{number}")
    while filling:
        filling -= len(os.read(pipe[0], filling))
    outlet.close()
    written = os.read(pipe[0], 1000)
    assert b"499" in written
    assert len(written) < 100


def test_a_reader_that_goes_away_is_said_once_and_nothing_is_raised(pipe) -> None:
    lost = []
    gone = Event()

    def note() -> None:
        lost.append("gone")
        gone.set()

    picture = Picture(20, 2)
    outlet = Outlet(picture, pipe[1], "utf-8", note)
    os.close(pipe[0])
    outlet.say("\x1b[1;1Ha")
    assert gone.wait(5)
    outlet.say("\x1b[1;1Hb")
    outlet.close()
    assert lost == ["gone"]
    assert picture.give() == ""


def test_closed_it_takes_no_more_and_closes_again(pipe) -> None:
    picture = Picture(20, 2)
    outlet = Outlet(picture, pipe[1], "utf-8", lambda: None)
    outlet.close()
    outlet.say("\x1b[1;1Ha")
    outlet.close()
    assert outlet.bytes_written == 0
    assert picture.give() == ""


def test_closing_an_idle_line_takes_no_time(pipe) -> None:
    outlet = Outlet(Picture(20, 2), pipe[1], "utf-8", lambda: None)
    began = time.monotonic()
    outlet.close()
    assert time.monotonic() - began < 0.5


def test_what_an_encoding_lacks_becomes_a_question_mark(pipe) -> None:
    outlet = Outlet(Picture(20, 2), pipe[1], "ascii", lambda: None)
    outlet.say("\x1b[1;1Hé")
    outlet.close()
    assert os.read(pipe[0], 100) == b"\x1b[H\x1b[m?"
