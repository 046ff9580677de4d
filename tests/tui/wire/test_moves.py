from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.wire.moves import move

places = st.tuples(st.integers(0, 119), st.integers(0, 39))


@settings(deadline=None)
@given(st.none() | places, places)
def test_a_move_ends_where_it_is_to(start: tuple[int, int] | None, end: tuple[int, int]) -> None:
    screen = pyte.Screen(120, 40)
    screen.cursor.x, screen.cursor.y = start or (77, 33)
    pyte.Stream(screen).feed(move(start, end))
    assert (screen.cursor.x, screen.cursor.y) == end


@pytest.mark.parametrize(
    ("start", "end", "sequence"),
    [
        ((4, 4), (4, 4), ""),
        (None, (0, 0), "\x1b[H"),
        (None, (0, 9), "\x1b[10H"),
        (None, (7, 0), "\x1b[;8H"),
        ((9, 4), (0, 4), "\r"),
        ((9, 4), (8, 4), "\b"),
        ((9, 4), (10, 4), "\x1b[C"),
        ((9, 4), (30, 4), "\x1b[21C"),
        ((30, 4), (30, 5), "\x1b[B"),
        ((90, 4), (5, 4), "\x1b[6G"),
        ((30, 2), (30, 30), "\x1b[31d"),
    ],
)
def test_the_shortest_way_is_taken(start: tuple[int, int] | None, end: tuple[int, int], sequence: str) -> None:
    assert len(move(start, end)) == len(sequence)
    assert move(start, end) in {sequence, "\x1b[28B"}
