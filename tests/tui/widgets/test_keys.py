"""The line of keys: what does not fit is left out whole, and help and the way out never are."""

from __future__ import annotations

import pytest

from tui.widgets.keys import Keys

ALL = [("p", "pause"), ("+/-", "concurrency"), ("c", "cap"), ("enter", "problem"), ("f", "figures")]
LAST = [("?", "help"), ("q", "leave")]


def line(width):
    (only,) = Keys(ALL, LAST).lines(width, 1)
    return only.plain


def test_with_room_all_keys_stand_apart():
    assert line(118) == "p pause   +/- concurrency   c cap   enter problem   f figures   ? help   q leave"


def test_with_less_room_they_stand_closer():
    assert line(74) == "p pause  +/- concurrency  c cap  enter problem  f figures  ? help  q leave"


@pytest.mark.parametrize("width", range(15, 70, 5))
def test_what_does_not_fit_is_left_out_whole_from_the_end(width):
    words = line(width).split("  ")

    assert len(line(width)) <= width
    assert words[-2:] == ["? help", "q leave"]
    assert words[:-2] == [f"{key} {word}" for key, word in ALL][: len(words) - 2]
