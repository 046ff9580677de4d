"""Without colours not one is sent, and nothing is lost; with few, none of the many; and by day it is light."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

SIZES = {"120x40": {"columns": 120, "lines": 40}, "80x24": {"columns": 80, "lines": 24}}
STYLE = re.compile(rb"\x1b\[([0-9;]*)m")
COLOURS = frozenset([*range(30, 50), 58, 59, *range(90, 98), *range(100, 108)])
"""Every setting of a colour: of text, ground and underline, the extended ones (38, 48, 58) and a terminal's own too."""
MANY = frozenset([38, 48, 58])
"""Those of more than sixteen."""
NIGHT, DAY = b"48;2;17;21;26", b"48;2;251;252;253"
"""The grounds of two themes."""


@pytest.fixture(scope="module")
def colourless(walk):
    """A way through every screen without colours, at each size."""
    with ThreadPoolExecutor(len(SIZES)) as pool:
        walked = pool.map(lambda size: walk(**size, environment={"NO_COLOR": "1"}), SIZES.values())
        return dict(zip(SIZES, walked, strict=True))


@pytest.mark.parametrize("size", SIZES)
def test_without_colours_not_one_is_sent_by_any_screen(colourless, size) -> None:
    assert settings_of(colourless[size].output) & COLOURS == set()
    assert {1, 4, 7} <= settings_of(colourless[size].output)  # bold, underlined, reversed
    assert colourless[size].left_behind == []


@pytest.fixture
def plain(monitor, real):
    """A monitor on a finished run, without colours, once it is whole."""
    shown = monitor(real, environment={"NO_COLOR": "1"})
    shown.wait_for("FINISHED")
    shown.press("enter")
    shown.wait_for("2 accuracy")
    shown.wait_for("votes of")
    return shown


def test_without_colours_the_state_is_a_sign_and_a_word_and_the_cursor_a_mark_and_reversed(plain) -> None:
    assert any("✓ FINISHED" in line for line in plain.picture.lines)
    first = pointed(plain)

    plain.press("down")

    plain.wait_for(lambda _: pointed(plain) == [first[0] + 1])
    row = plain.picture.cells[first[0] + 1]
    assert all(cell.reverse for cell in row[2:-2])
    assert not any(cell.reverse for cell in plain.picture.cells[first[0]])


def test_without_colours_what_has_the_keys_can_be_told(plain) -> None:
    problems = pointed(plain)

    plain.press("tab")

    plain.wait_for(lambda _: pointed(plain) and pointed(plain) != problems)
    assert len(pointed(plain)) == 1


def test_without_colours_the_chosen_command_of_the_palette_can_be_told(plain) -> None:
    plain.press("ctrl+p")
    plain.wait_for("Theme: day")
    plain.wait_for(lambda picture: len(underlined(picture)) == 2)
    first = underlined(plain.picture)

    plain.press("down")

    plain.wait_for(lambda picture: len(underlined(picture)) == 2 and underlined(picture)[0] > first[0])


def test_without_colours_the_open_tab_and_the_present_match_can_be_told(plain) -> None:
    for key, to in (("enter", "─ 2 answers ─"), ("enter", "1 text"), ("/", "search"), ("a", "1 of")):
        plain.press(key)
        plain.wait_for(to)
    plain.press("enter")

    def marked(picture) -> bool:
        cells = [cell for row in picture.cells for cell in row if cell.data == "a"]
        return sum(cell.reverse for cell in cells) == 1 and sum(cell.underscore for cell in cells) > 1

    plain.wait_for(marked)
    tabs = next(row for row, line in enumerate(plain.picture.lines) if "1 text" in line)
    assert "".join(cell.data for cell in plain.picture.cells[tabs] if cell.bold).strip() == "1 text"


def test_a_terminal_of_sixteen_colours_is_sent_no_others(monitor, real) -> None:
    shown = monitor(real, environment={"TERM": "xterm", "COLORTERM": None})
    look_around(shown)

    settings = settings_of(shown.output)

    assert settings & MANY == set()
    assert settings & COLOURS


def test_by_day_it_is_light(monitor, real) -> None:
    day, night = monitor(real, "--theme", "day"), monitor(real)
    for shown in (day, night):
        look_around(shown)

    assert DAY in day.output
    assert NIGHT not in day.output
    assert NIGHT in night.output
    assert DAY not in night.output


def look_around(shown) -> None:
    """Have the list of runs, a run, a problem, a draw, its help, and the palette shown."""
    for key, to in (
        ("", "FINISHED"), ("\r", "votes of"), ("\r", "2 answers"), ("\r", "1 text"), ("?", "│  Keys"), ("?", "1 text"),
        ("\x10", "Theme: day"),
    ):  # fmt: skip
        shown.send(key)
        shown.wait_for(to)


def settings_of(output: bytes) -> set[int]:
    """The numbers in all style sequences, but for the colours' own in extended ones."""
    found: set[int] = set()
    for (numbers,) in (match.groups() for match in STYLE.finditer(output)):
        rest = [int(number or 0) for number in numbers.split(b";")]
        while rest:
            found.add(rest[0])
            extended = 0 if rest[0] not in MANY else 3 if rest[1:2] == [5] else 5
            rest = rest[max(extended, 1) :]
    return found


def pointed(shown) -> list[int]:
    """The lines with a cursor."""
    return [row for row, line in enumerate(shown.picture.lines) if "▸" in line]


def underlined(picture) -> list[int]:
    """The lines with something underlined."""
    return [row for row, line in enumerate(picture.cells) if any(cell.underscore for cell in line)]
