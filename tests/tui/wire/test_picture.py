from __future__ import annotations

import io
import re
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from tui.wire.picture import Picture

WIDTH, HEIGHT = 20, 5
STYLES = [
    None,
    *map(Style.parse, ["bold", "dim italic", "red", "#010203 on #040506", "on blue", "underline green", "reverse red"]),
]
CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7]|58)[;m]")

NARROW = "ab   ─⣿é"
WIDE = "ab  字漢カ🫠⚡"

few = settings(max_examples=25, deadline=None)
chances = st.integers(0, 2**32).map(Random)
"""Where an update comes from: built by hypothesis itself, part by part, one would take it a second."""


def strip(chance: Random, width: int, letters: str) -> Strip:
    """A line of some segments, of exactly that width."""
    texts = ["".join(chance.choices(letters, k=chance.randint(1, 8))) for _ in range(chance.randint(1, 4))]
    if letters == WIDE and chance.random() < 0.3:
        texts[0] += "e\u0301"
    return Strip([Segment(text, chance.choice(STYLES)) for text in texts]).adjust_cell_length(width)


def partial(chance: Random) -> str:
    """A partial update of Textual's: some spans of some rows, out of rows cut into strips."""
    cuts = [sorted({0, *chance.sample(range(1, WIDTH), chance.randint(0, 3)), WIDTH}) for _ in range(HEIGHT)]
    rows = [
        {start: strip(chance, end - start, NARROW) if chance.random() < 0.9 else None for start, end in pairwise(row)}
        for row in cuts
    ]
    spans = [
        (y, *sorted(chance.sample(range(WIDTH + 1), 2)))
        for y in sorted(chance.sample(range(HEIGHT), chance.randint(1, HEIGHT)))
    ]
    update = ChopsUpdate(rows, spans, [row[1:] for row in cuts]).render_segments(CONSOLE)
    return update + Control.move_to(*corner(chance)).segment.text


def corner(chance: Random) -> tuple[int, int]:
    return chance.randrange(WIDTH), chance.randrange(HEIGHT)


def same_screen(emulator, updates: list[str]) -> None:
    """Both terminals look the same after each update."""
    # Twice as high: a line end of Textual's may come before any place, and must not scroll the terminal.
    raw, thin = emulator(WIDTH, 2 * HEIGHT), emulator(WIDTH, 2 * HEIGHT)
    picture = Picture(WIDTH, 2 * HEIGHT)
    for data in ["\x1b[?1049h", *updates]:
        raw.feed(data)
        thin.feed(picture.thin(data))
        assert thin.look() == raw.look()
        if data in updates:
            assert picture.thin(data) == ""


# --- The same screen ------------------------------------------------------------------------------------------------


@few
@given(chances)
def test_partial_updates_leave_the_screen_that_textual_means(emulator, chance) -> None:
    same_screen(emulator, [partial(chance) for _ in range(5)])


@few
@given(chances)
def test_wide_characters_leave_the_screen_that_textual_means(emulator, lines, chance) -> None:
    screens = [[strip(chance, WIDTH, WIDE) for _ in range(HEIGHT)] for _ in range(4)]
    same_screen(emulator, [lines(*rows, cursor=corner(chance)) for rows in screens])


@few
@given(chances)
def test_a_wide_character_cut_by_another_strip_leaves_a_blank_behind(emulator, lines, chance) -> None:
    strips = [(strip(chance, 9, WIDE), chance.randint(0, WIDTH - 9), chance.randrange(2)) for _ in range(6)]
    same_screen(emulator, [lines(row, x=x, y=y) for row, x, y in strips])


@few
@given(chances)
def test_updates_that_the_line_was_too_slow_for_are_passed_over(emulator, chance) -> None:
    raw, thin = emulator(WIDTH, 2 * HEIGHT), emulator(WIDTH, 2 * HEIGHT)
    picture = Picture(WIDTH, 2 * HEIGHT)
    thin.feed(picture.thin("\x1b[?1049h"))
    for update in [partial(chance) for _ in range(5)]:
        raw.feed(update)
        picture.take(update)
    thin.feed(picture.give())
    assert thin.look() == raw.look()
    assert picture.give() == ""


@few
@given(chances)
def test_after_forgetting_a_full_update_puts_any_screen_right(emulator, lines, chance) -> None:
    raw, thin = emulator(), emulator()
    picture = Picture(WIDTH, HEIGHT)
    picture.thin(partial(chance))
    thin.feed("\x1b[41;1m" + "garbage" * 14)
    picture.forget()
    full = lines(*(strip(chance, WIDTH, NARROW) for _ in range(HEIGHT)))
    raw.feed(full)
    thin.feed(picture.thin(full))
    assert thin.look() == raw.look()


# --- Not a colour ---------------------------------------------------------------------------------------------------


@few
@given(chances)
def test_without_colour_not_one_colour_code_is_sent_and_all_else_stays(emulator, chance) -> None:
    raw, thin = emulator(WIDTH, 2 * HEIGHT), emulator(WIDTH, 2 * HEIGHT)
    picture = Picture(WIDTH, 2 * HEIGHT, colour=False)
    for update in [partial(chance) for _ in range(4)]:
        raw.feed(update)
        sent = picture.thin(update)
        assert not COLOUR.search(sent)
        thin.feed(sent)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            meant = raw.buffer[y][x]._replace(fg="default", bg="default")
            if meant.data != " " or meant.reverse or meant.underscore:
                assert thin.buffer[y][x] == meant


# --- Hostile text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[?1049l",
        "\x1b[2J",
        "\x1b]0;title\x07",
        "\x1b]52;c;cm0gLXJm\x07",
        "\x1bP1$r\x1b\\",
        "\x1b_Gf=24\x1b\\",
        "\x1bc",
        "\x9b2J",
        "\x90q\x9c",
        "\r\n\t\x08\x7f\x00",
        "\u202egnp.exe\u2066",
        "\u200bx\ufeff",
        "\ud800",
    ],
)
def test_what_a_terminal_would_obey_in_a_cell_reaches_it_as_symbols(lines, hostile: str) -> None:
    sent = Picture(80, HEIGHT).thin(lines([Segment("a" + hostile + "z")]))
    left = re.sub(r"\x1b\[[0-9;]*[HmGCdK]|\r\Z", "", sent)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800]", left)
    assert left[0] == "a"


@settings(deadline=None)
@given(st.text("\x1b[]?;0149hlHmJKPc\\\x07\n\r\x9b\u202eab8", max_size=40))
def test_no_update_says_more_than_places_styles_and_text(data: str) -> None:
    sent = Picture(WIDTH, HEIGHT).thin("\x1b[1;1H" + data + "\x1b[2;2H")
    assert re.fullmatch(r"(?:\x1b\[[0-9;]*[HmGCDABdK]|[\b\r]|[^\x00-\x1f\x7f-\x9f\u202e])*", sent)


def test_a_line_end_within_text_is_a_symbol(emulator) -> None:
    screen = emulator()
    screen.feed(Picture(WIDTH, HEIGHT).thin("\x1b[1;1Ha\nb\x1b[1;1H"))
    assert screen.display[0].rstrip() == "a⏎b"


def test_the_address_of_a_link_is_not_sent(lines) -> None:
    sent = Picture(WIDTH, HEIGHT).thin(lines([Segment("here", Style(link="http://evil.example"))]))
    assert sent == "\x1b[H\x1b[mhere\r"


@pytest.mark.parametrize(
    "command",
    ["\x1b[?25l", "\x1b[?2004h", "\x1b[?1006l", "\x1b[?2026$p", "\x1b[>25u", "\x1b[<u", "\x07", "\x1b]52;c;aGk=\x07"],
)
def test_a_command_of_textuals_passes_as_it_is(command: str) -> None:
    assert Picture(WIDTH, HEIGHT).thin(command) == command


@pytest.mark.parametrize(
    "command",
    ["\x1b[?1003h", "\x1b[?1016h", "\x1b]52;c;?\x07", "\x1b]52;p;aGk=\x07", "\x1b]0;t\x07", "\x1bc", "\x1b]22;x\x07"],
)
def test_any_other_command_is_dropped(command: str) -> None:
    assert Picture(WIDTH, HEIGHT).thin(command) == ""


def test_commands_keep_their_place_among_updates(lines) -> None:
    picture = Picture(WIDTH, HEIGHT)
    picture.take("\x1b[?1049h")
    picture.take(lines([Segment("before")]))
    picture.take("\x1b[?25h")
    picture.take(lines([Segment("behind")]))
    assert re.fullmatch(r".*1049h.*before.*25h.*hind.*", picture.give())


def test_leaving_the_screen_resets_the_pen_and_paints_no_more(lines) -> None:
    picture = Picture(WIDTH, HEIGHT)
    picture.take(lines([Segment("late", Style.parse("red"))]))
    assert picture.thin("\x1b[?1049l") == "\x1b[m\x1b[?1049l"


# --- Whole pictures ------------------------------------------------------------------------------------------------


def test_synchronised_output_surrounds_what_could_be_seen_half_done_and_nothing_less() -> None:
    picture = Picture(600, 2)
    first = [picture.thin(data) for data in ("\x1b[?2026h", "\x1b[1;1H" + "x" * 600, "\x1b[?2026l")]
    second = [picture.thin(data) for data in ("\x1b[?2026h", "\x1b[2;1H" + "x" * 60, "\x1b[?2026l")]
    assert first[0] == first[2] == second[0] == second[2] == ""
    assert re.fullmatch(r"\x1b\[\?2026h[^?]*x{600}\x1b\[\?2026l", first[1])
    assert "2026" not in second[1]


def test_a_terminal_that_knows_no_synchronised_output_is_sent_none() -> None:
    assert "2026" not in Picture(600, 1).thin("\x1b[1;1H" + "x" * 600)


# --- The screen's edges ----------------------------------------------------------------------------------------------


def test_what_lies_outside_the_screen_is_cut_off(emulator) -> None:
    screen = emulator(4, 2)
    screen.feed(Picture(4, 2).thin("\x1b[1;3Habcdef\x1b[2;4H字\x1b[9;1Hbelow\x1b[1;9Hbeyond\x1b[0;0H"))
    assert screen.display == ["  ab", "    "]


def test_after_a_resize_the_next_update_paints_all_that_it_has(emulator, lines) -> None:
    picture, row = Picture(WIDTH, HEIGHT), [Segment("same")]
    picture.thin(lines(row))
    picture.resize(WIDTH + 5, HEIGHT)
    screen = emulator(WIDTH + 5, HEIGHT)
    screen.feed(picture.thin(lines(row)))
    assert screen.display[0].rstrip() == "same"
