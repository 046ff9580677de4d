"""Without colours nothing is lost; where there are few, none of the many is sent; and by day it is light."""

from __future__ import annotations

import pytest

SIXTEEN = frozenset([*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)])
MANY = frozenset([38, 48, 58])
NIGHT, DAY = b"48;2;17;21;26", b"48;2;251;252;253"
"""The grounds of two themes."""


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


def test_a_terminal_of_sixteen_colours_is_sent_no_others(monitor, real, style_settings) -> None:
    shown = monitor(real, environment={"TERM": "xterm", "COLORTERM": None})

    look_around(shown)

    assert style_settings(shown.output) & MANY == set()
    assert style_settings(shown.output) & SIXTEEN


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


def pointed(shown) -> list[int]:
    """The lines with a cursor."""
    return [row for row, line in enumerate(shown.picture.lines) if "▸" in line]


def underlined(picture) -> list[int]:
    """The lines with something underlined."""
    return [row for row, line in enumerate(picture.cells) if any(cell.underscore for cell in line)]
