from __future__ import annotations

import pyte.screens
import pytest
from rich.segment import Segment
from rich.style import Style

from tui.wire.picture import Picture

WIDTH, HEIGHT = 20, 5

# --- The fewest bytes -----------------------------------------------------------------------------------------------


@pytest.fixture
def picture(lines):
    """A cleared screen with one row of text, and a hidden cursor."""
    picture = Picture(WIDTH, HEIGHT)
    for data in ("\x1b[?1049h", "\x1b[?25l", lines([Segment("draws 742/1920  39%")], y=2)):
        picture.thin(data)
    return picture


def test_what_is_shown_already_costs_nothing(picture, lines) -> None:
    assert picture.thin(lines([Segment("draws 742/1920  39%")], y=2)) == ""


def test_a_changed_digit_costs_a_move_and_a_digit(picture, lines) -> None:
    assert picture.thin(lines([Segment("draws 743/1920  39%")], y=2)) == "\x1b[9G3"


def test_a_short_way_between_two_changes_is_written_again(picture, lines) -> None:
    assert picture.thin(lines([Segment("draws 842/2920  39%")], y=2)) == "\x1b[7G842/2"


def test_a_long_way_between_two_changes_is_stepped_over(picture, lines) -> None:
    assert picture.thin(lines([Segment("Draws 742/1920  40%")], y=2)) == "\rD\x1b[15C40"


def test_equal_style_is_said_once_and_blanks_need_none(picture, lines) -> None:
    row = [Segment("run", Style.parse("bold red")), Segment(" "), Segment("now", Style.parse("bold red"))]
    assert picture.thin(lines(row)) == "\x1b[H\x1b[1;31mrun now"


def test_a_blank_in_another_letter_colour_is_the_same_blank(picture, lines) -> None:
    assert picture.thin(lines([Segment("        x", Style.parse("bold red"))])) == "\x1b[;9H\x1b[1;31mx"


def test_what_was_never_painted_is_left_alone() -> None:
    assert Picture(WIDTH, HEIGHT).thin("\x1b[1;1Ha\x1b[1;3Hb\x1b[1;1H") == "\x1b[H\x1b[ma\x1b[Cb\r"


def test_behind_the_last_column_the_cursor_is_nowhere(picture) -> None:
    picture.thin("\x1b[1;20Hz\x1b[1;1H")
    assert picture.thin("\x1b[1;19Hy\x1b[1;1H") == "\x1b[;19Hy"


def test_a_row_that_empties_is_erased(picture, lines) -> None:
    assert picture.thin(lines([Segment("draws" + " " * 15)], y=2)) == "\x1b[7G\x1b[K"


def test_a_coloured_background_is_never_made_by_erasing(picture, lines) -> None:
    sent = picture.thin(lines([Segment(" " * WIDTH, Style.parse("on red"))], y=2))
    assert sent == "\r\x1b[41m" + " " * WIDTH


def test_erasing_never_takes_the_background_that_the_pen_has(picture, lines) -> None:
    picture.thin(lines([Segment("x", Style.parse("on red"))], y=4))
    assert picture.thin(lines([Segment(" " * WIDTH)], y=2)).endswith("\x1b[m\x1b[K")


def test_the_hidden_cursor_is_placed_where_textual_has_a_use_for_it(picture, lines) -> None:
    row = [Segment("draws 742/1920  39%")]
    assert picture.thin(lines(row, y=2, cursor=(4, 1))) == "\x1b[2;5H"
    assert picture.thin(lines(row, y=2, cursor=(4, 1))) == ""


def test_a_cursor_that_is_seen_is_placed_in_the_corner_too(picture, lines) -> None:
    picture.thin("\x1b[?25h")
    assert picture.thin(lines([Segment("draws 742/1920  39%")], y=2)) == ""
    assert picture.thin(lines([Segment("Draws 742/1920  39%")], y=2)).endswith("\x1b[H")


# --- Terminals that measure otherwise --------------------------------------------------------------------------------


@pytest.mark.parametrize("emoji", ["🫠", "⚡", "🇫🇷"])
def test_where_an_emoji_is_drawn_narrow_all_else_stays_in_its_place(emulator, lines, monkeypatch, emoji: str) -> None:
    narrow, screen = pyte.screens.wcwidth, emulator()
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda char: 1 if char in emoji else narrow(char))
    picture = Picture(WIDTH, HEIGHT)
    for count in ("8", "9"):
        screen.feed(picture.thin(lines([Segment(f"a {emoji} │ {count} │")])))
    assert [screen.buffer[0][x].data for x in (0, 5, 7, 9)] == ["a", "│", "9", "│"]


def test_a_symbol_drawn_wide_never_hides_its_neighbour(emulator, lines, monkeypatch) -> None:
    narrow, screen = pyte.screens.wcwidth, emulator()
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda char: 2 if char in "\ue0b0\ue0b1" else narrow(char))
    picture = Picture(WIDTH, HEIGHT)
    for symbol in "\ue0b0\ue0b1":
        screen.feed(picture.thin(lines([Segment(f"a{symbol}│ 8")])))
    assert [screen.buffer[0][x].data for x in (0, 2, 4)] == ["a", "│", "8"]


def test_a_joined_family_is_written_whole_and_the_rest_at_its_own_place(lines) -> None:
    sent = Picture(WIDTH, HEIGHT).thin(lines([Segment("👨\u200d👩\u200d👧 ok")]))
    assert sent.startswith("\x1b[H\x1b[m👨\u200d👩\u200d👧\x1b[;3H ok")


def test_an_accent_in_a_style_of_its_own_joins_the_letter_before_it(emulator, lines) -> None:
    screen = emulator()
    screen.feed(Picture(WIDTH, HEIGHT).thin(lines([Segment("e"), Segment("\u0301!", Style.parse("bold"))])))
    assert screen.display[0].rstrip() == "é!"


def test_a_row_is_written_in_full_only_while_something_doubtful_is_in_it(lines) -> None:
    picture = Picture(WIDTH, HEIGHT)
    for text in ("abc 🫠 xyz", "abc  x xyz"):
        picture.thin(lines([Segment(text)]))
    assert len(picture.thin(lines([Segment("abc  y xyz")]))) < len("\x1b[1;6Hy\x1b[H") + 1
