from __future__ import annotations

import pyte
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.wire.styles import PLAIN, Style, after, on_blank, turn

SETTINGS = ["1", "2", "3", "4", "5", "7", "9", "31", "97", "39", "42", "107", "49", "22", "24", "27", "0", "21", "53"]
EXTENDED = ["38;5;208", "48;5;17", "38;2;1;2;3", "48;2;250;251;255"]
sequences = st.lists(st.sampled_from(SETTINGS + EXTENDED), max_size=5).map(";".join)


def style(parameters: str) -> Style:
    return after(PLAIN, parameters, colour=True)


def test_a_style_is_all_that_its_sequence_sets() -> None:
    assert style("1;38;2;1;2;3;48;5;9") == Style(style("1").attributes, "38;2;1;2;3", "48;5;9")


def test_no_parameters_are_a_reset() -> None:
    assert after(style("1;31;42"), "", colour=True) == PLAIN


def test_a_second_kind_of_underline_replaces_the_first() -> None:
    assert style("4;21") == style("21")


@pytest.mark.parametrize("parameters", ["38", "38;5", "38;2;300;0;0", "48;2;1", "77", ";"])
def test_what_is_no_colour_colours_nothing(parameters: str) -> None:
    assert style(parameters)[1:] == PLAIN[1:]


@settings(deadline=None)
@given(sequences)
def test_without_colour_only_attributes_remain(parameters: str) -> None:
    assert after(PLAIN, parameters, colour=False) == Style(style(parameters).attributes)


@settings(deadline=None)
@given(sequences, sequences)
def test_a_turn_ends_in_the_style_turned_to(before: str, wanted: str) -> None:
    sequence = turn(style(before), style(wanted))
    reached = after(style(before), sequence[2:-1], colour=True) if sequence else style(before)
    assert reached == style(wanted)


@settings(deadline=None)
@given(sequences, sequences)
def test_a_terminal_agrees_on_where_a_turn_ends(before: str, wanted: str) -> None:
    assume("21" not in before.split(";") + wanted.split(";"))  # pyte knows no double underline
    turned, afresh = pyte.Screen(2, 1), pyte.Screen(2, 1)
    pyte.Stream(turned).feed(turn(None, style(before)) + turn(style(before), style(wanted)))
    pyte.Stream(afresh).feed(f"\x1b[0;{wanted}m")
    assert turned.cursor.attrs == afresh.cursor.attrs


@settings(deadline=None)
@given(sequences, sequences)
def test_a_turn_is_never_longer_than_starting_afresh(before: str, wanted: str) -> None:
    assert len(turn(style(before), style(wanted))) <= len(turn(None, style(wanted)))


@pytest.mark.parametrize(
    ("before", "wanted", "sequence"),
    [
        ("1;31", "1;31", ""),
        ("1;31", "31", "\x1b[22m"),
        ("1;31", "1;32", "\x1b[32m"),
        ("1;3;31;42", "3", "\x1b[0;3m"),
        ("1;38;2;1;2;3", "38;2;1;2;3", "\x1b[22m"),
        ("31;42", "", "\x1b[m"),
        ("1;2;31;42", "1;31;42", "\x1b[22;1m"),
    ],
)
def test_a_turn_says_only_what_differs(before: str, wanted: str, sequence: str) -> None:
    assert turn(style(before), style(wanted)) == sequence


def test_a_blank_shows_its_background_alone() -> None:
    assert on_blank(style("1;3;31;42")) == style("42")


@pytest.mark.parametrize("line", ["4", "7", "9", "21", "53"])
def test_a_line_through_a_blank_is_seen_with_its_colour(line: str) -> None:
    assert on_blank(style(f"{line};31")) == style(f"{line};31")
