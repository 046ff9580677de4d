from __future__ import annotations

import sys

from rich.cells import cell_len

from core.visible import visible_line
from tui.wire.cells import MOST_IN_A_CELL, cells_of, is_certain, is_narrow


def test_every_narrow_character_is_harmless_and_one_cell_wide() -> None:
    narrow = [char for char in map(chr, range(sys.maxunicode + 1)) if is_narrow(char)]
    assert [char for char in narrow if visible_line(char) != char or cell_len(char) != 1] == []


def test_a_control_character_comes_out_as_its_symbol() -> None:
    assert cells_of("a\x1b\x9b") == tuple((char, 1) for char in "a␛<U+009B>")


def test_an_accent_shares_the_cell_of_its_letter() -> None:
    assert cells_of("e\u0301x") == (("e\u0301", 1), ("x", 1))


def test_a_cell_holds_no_more_than_a_few_code_points() -> None:
    ((cell, width),) = cells_of("e" + "\u0301" * 1000)
    assert (len(cell), width) == (MOST_IN_A_CELL, 1)


def test_a_family_is_one_wide_cell() -> None:
    assert cells_of("👨\u200d👩\u200d👧") == (("👨\u200d👩\u200d👧", 2),)


def test_widths_add_up_to_what_textual_counts() -> None:
    text = "a字🫠👨🏽\u200d👩🏽\u200d👧🏽 🇫🇷 ❤\ufe0f क्षि \u0301"
    assert sum(width for _, width in cells_of(text)) == cell_len(text)


def test_terminals_agree_on_letters_and_ideographs() -> None:
    assert all(map(is_certain, ["", " ", "a", "─", "⣿", "ж", "字", "한", "カ", "ﷺ", "א"]))


def test_terminals_differ_on_emoji_flags_accents_and_private_characters() -> None:
    assert not any(map(is_certain, ["🫠", "❤\ufe0f", "🇫", "e\u0301", "👨\u200d👩", "\ue0b0", "⚡"]))
