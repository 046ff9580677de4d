from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.visible import visible, visible_line

KEPT = set("\u200c\u200d\ufe0e\ufe0f")
MARKS_WITH_A_SHAPE = set(map(chr, [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD]))
hostile = st.sampled_from(
    "\x00\x07\x08\r\x1b\x7f\x85\x9b\x9d\u061c\u200b\u200e\u2028\u202e\u2066\ufeff\ud800\U000e0041"
)
texts = st.text(st.one_of(st.characters(codec=None), hostile))


@given(texts)
def test_nothing_that_a_terminal_obeys_or_hides_comes_through(text: str) -> None:
    shown = visible(text)
    for character in set(shown) - {"\n", "\t"} - KEPT - MARKS_WITH_A_SHAPE:
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        }


def test_every_control_and_format_character_of_unicode_is_shown_or_named_as_kept() -> None:
    through = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and visible(character) == character
    }
    assert through == {"\n", "\t", "\u200c", "\u200d"} | MARKS_WITH_A_SHAPE


@given(texts, st.none() | st.integers(0, 30))
def test_what_is_visible_stays_as_it_is(text: str, limit: int | None) -> None:
    shown = visible(text, limit)
    assert visible(shown) == shown
    line = visible_line(text, limit)
    assert visible_line(line) == visible(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "plain\n\tcode",
        "数学の問題 \N{IDEOGRAPHIC SPACE} 답",
        "👩\u200d🔬 ❤\ufe0f\u200d🔥",
        "می\u200cخواهم",  # noqa: RUF001 - Persian is the point
        "naïve café e\u0301",
        "∑∫√ \\frac{1}{2} [bold]x[/]",
    ],
)
def test_harmless_text_is_unchanged(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("42\rwrong", "42␍wrong"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202e24", "<U+202E>24"),
        ("4\u200b2", "4<U+200B>2"),
        ("a\U000e0041", "a<U+E0041>"),
        ("a\U000e0101", "a<U+E0101>"),
        ("\ufeff\ud83d", "<U+FEFF><U+D83D>"),
        ("\u3164", "<U+3164>"),
    ],
)
def test_hostile_characters_can_be_read(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_cut_text_says_so_and_has_as_many_characters_as_asked() -> None:
    assert visible("abcdef", 4) == "abc…"
    assert visible("abcd", 4) == "abcd"
    assert visible("ab", 0) == "…"
    assert visible("", 0) == ""


def test_a_text_is_cut_before_its_hostile_characters_are_spelt_out() -> None:
    assert visible("\u202e" * 10, 3) == visible_line("\u202e" * 10, 3) == "<U+202E><U+202E>…"


def test_a_line_has_no_line_breaks() -> None:
    assert visible_line("one\ntwo\tthree\x1b\u2028") == "one⏎two three␛<U+2028>"
    assert visible_line("one\ntwo", 5) == "one⏎…"


@given(texts, st.none() | st.integers(0, 30))
def test_no_text_makes_a_line_of_two(text: str, limit: int | None) -> None:
    assert len(visible_line(text, limit).splitlines()) <= 1


@pytest.mark.parametrize("piece", ["a b\n", "数学", "\x1b[31m", "\U000e0041", "a\u202e"])
def test_a_megabyte_takes_well_under_150_ms(piece: str) -> None:
    text = piece * (10**6 // len(piece))
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        visible(text)
        best = min(best, time.process_time() - started)
    assert best < 0.15


def test_a_limit_makes_a_huge_text_cheap() -> None:
    text = "\x1b" * 10**7
    started = time.process_time()
    for _ in range(100):
        visible(text, 200)
    assert time.process_time() - started < 0.15
