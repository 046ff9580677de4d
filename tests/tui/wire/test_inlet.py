from __future__ import annotations

import os
from threading import Event, Thread

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from tui.wire.inlet import listen


@pytest.fixture
def heard():
    """Everything that arrives when these reads are made of a pipe that then ends, and whether it was still there."""

    def hear(*reads: bytes) -> tuple[bool, list[str]]:
        out, into = os.pipe()
        keys: list[str] = []
        both = Event()

        def deliver(message) -> None:
            if isinstance(message, Key):
                keys.append(message.character or message.key)
            both.set()

        there: list[bool] = []
        listener = Thread(target=lambda: there.append(listen(out, XTermParser(), deliver, Event())))
        listener.start()
        for read in reads:
            os.write(into, read)
            both.wait(0.02)
        os.close(into)
        listener.join(5)
        os.close(out)
        return there[0], keys

    return hear


def test_keys_are_delivered_until_the_input_ends(heard) -> None:
    assert heard(b"ab") == (False, ["a", "b"])


def test_a_character_in_two_reads_is_one_key(heard) -> None:
    assert heard(b"\xc3", b"\xa9") == (False, ["é"])


def test_a_byte_that_is_no_text_is_a_key_like_any_other(heard) -> None:
    assert heard(b"\xffz") == (False, ["\ufffd", "z"])


def test_told_to_stop_it_says_that_the_terminal_is_still_there() -> None:
    out, into = os.pipe()
    stop = Event()
    stop.set()
    assert listen(out, XTermParser(), lambda _: None, stop)
    os.close(out)
    os.close(into)


def test_a_terminal_that_hangs_up_is_gone() -> None:
    leader, follower = os.openpty()
    os.close(leader)
    assert not listen(follower, XTermParser(), lambda _: None, Event())
    os.close(follower)
