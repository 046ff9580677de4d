"""A text as rows: nothing lost, nothing wider than the pane, nothing worked out that nobody looks at."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from core.visible import visible
from tui.pages.document import BLOCK, Document

HOSTILE = "\x1b]0;owned\x07 \x9b31m\u202e [red]x[/red] [/x] \u200b\x00\x7f"
ALPHABET = st.sampled_from("ab cde \n\t\r漢字é\u0301\u200d👨👩☝\ufe0f\x1b\x9b\u202e[/]")


def shown(text: str, width: int | None = 40, rows: int = 100) -> list[str]:
    document = Document(text)
    return ["".join(document.shown(row)) for row in document.rows_from(0, rows, width)]


@given(st.text(ALPHABET, max_size=300), st.integers(9, 30))
@settings(max_examples=200, deadline=None)
def test_rows_hold_every_character_in_order_and_none_is_wider_than_the_pane(text: str, width: int) -> None:
    document = Document(text)
    rows = document.rows_from(0, 10_000, width)
    left_out = "".join(text[one.end : other.start] for one, other in pairwise(rows))
    assert rows[0].start == 0
    assert set(left_out + text[rows[-1].end :]) <= {"\r", "\n"}
    for row in rows:
        assert cell_len("".join(document.shown(row)).rstrip(" ")) <= width


@given(st.text(ALPHABET, max_size=300), st.integers(3, 30), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_as_many_rows_up_as_down_comes_back(text: str, width: int, number: int) -> None:
    document = Document(text)
    rows = document.rows_from(0, number + 1, width)
    assert document.above(rows[-1].start, len(rows) - 1, width) == 0
    assert document.above(rows[-1].start, 0, width) == rows[-1].start


def test_what_a_terminal_would_obey_is_spelt_out_and_markup_stays_as_it_is() -> None:
    line = "".join(shown(HOSTILE, width=200))
    assert line == visible(HOSTILE)
    assert "[red]x[/red] [/x]" in line
    assert not any(bad in line for bad in "\x1b\x07\x9b\u202e\u200b\x00\x7f")


def test_both_kinds_of_line_end_are_line_ends_and_a_lone_return_is_shown() -> None:
    assert shown("one\r\ntwo\nthr\ree\r\n") == ["one", "two", "thr␍ee"]


def test_lines_break_after_words_and_long_words_where_the_pane_ends() -> None:
    assert [line.rstrip() for line in shown("the quick brown fox", width=10)] == ["the quick", "brown fox"]
    assert shown("abcdefghijkl", width=5) == ["abcde", "fghij", "kl"]


def test_tabs_go_to_the_next_stop() -> None:
    assert shown("a\tb\n\tc") == ["a   b", "    c"]


def test_wide_characters_count_twice_and_marks_stay_with_their_letter() -> None:
    assert shown("漢字漢字漢", width=4) == ["漢字", "漢字", "漢"]
    assert shown("e\u0301e\u0301e\u0301", width=2) == ["e\u0301e\u0301", "e\u0301"]


def test_a_mark_without_a_letter_gets_a_carrier() -> None:
    assert shown("\u0301x") == ["◌\u0301x"]


def test_marks_piled_up_cannot_make_a_row_endless() -> None:
    assert max(map(len, shown("z" + "\u0301" * 5000, width=10))) <= 90


@pytest.mark.parametrize("letter", ["x", "漢", "e\u0301", "\x1b", "ab "])
def test_a_megabyte_in_one_line_costs_what_is_shown_of_it(letter: str) -> None:
    text = letter * (1_000_000 // len(letter))
    document = Document(text)
    before = time.perf_counter()
    first = document.rows_from(0, 40, 100)
    document.above(len(text), 39, 100)
    middle = document.rows_from(len(text) // 2, 40, 100)
    assert time.perf_counter() - before < 0.2
    assert first[0].start == 0
    assert middle[0].start <= len(text) // 2 < middle[-1].end
    assert len(document._rows) < 20


def test_unwrapped_lines_are_whole_up_to_a_block() -> None:
    assert [len(line) for line in shown("x" * 3 + "\n" + "y" * (BLOCK + 5), width=None)] == [3, BLOCK, 5]


def test_cuts_divide_a_row_where_its_matches_are() -> None:
    document = Document("a\tmatch\x1b here")
    row = document.rows_from(0, 1, 40)[0]
    assert document.shown(row, [2, 7]) == ["a   ", "match", "␛ here"]
