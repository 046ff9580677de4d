"""A draw's screen: its text word for word, searched and copied, and everything that is known of how it came."""

from __future__ import annotations

import base64

import pytest

from core.vocabulary import Problem as Asked
from tui.pages.amounts import TIMES
from tui.screens.draw import MOST_COPIED, Draw
from tui.snapshots.draw import DrawKey

LONG = "\n".join(f"line {number}: the prime {number * 7}" for number in range(400))


def key_of(made, problem, budget, draw):
    cell = made.cells[problem, "m", budget]
    return DrawKey(*made.read("SELECT problem_id, condition_id FROM cells WHERE id = ?", cell)[0], draw)


@pytest.fixture
def drawn(book, on_screen):
    """An opener of the draw that was kept with some text."""

    def opened(text, size=(120, 40), **how):
        made = book()
        made.keep("p1", 100, 0, "17", text=text, tokens=250, **how)
        made.keep("p1", 100, 1, "42", right=True, text="another text")
        return on_screen(made.place, Draw(made.id, key_of(made, "p1", 100, 0)), size)

    return opened


async def test_it_says_what_was_answered_what_it_took_and_who_says_so(drawn):
    async with drawn("I think 17.", note="last number of the text") as seen:
        assert seen.line("p1", "draw 0")
        assert seen.line("✗ wrong", "answer 17", "truth 42", "last number of the text")
        assert seen.line("250 tokens out", f"{TIMES}2.5", "<$0.0001", "2.0s", "10 in")
        assert seen.line("ended by stop", "reported as model fp")
        assert "I think 17." in seen.text


async def test_tabs_show_the_thinking_the_prompt_and_the_requests(drawn):
    async with drawn("17", reasoning="Well, six sevens.") as seen:
        assert "Well, six sevens." in await seen.press("2")
        prompt = await seen.press("tab")
        assert "user message" in prompt
        assert "What is 6 x 7?" in prompt
        await seen.press("4")
        assert seen.line("ask", "kept", "1.00")
        assert "req-p1-100-0" in seen.text


async def test_a_request_in_doubt_says_so_with_its_whole_message(book, on_screen):
    made = book()
    made.doubt("p1", 100, 3, "connection reset\nby peer")
    async with on_screen(made.place, Draw(made.id, key_of(made, "p1", 100, 3))) as seen:
        assert "still to be asked" in seen.text
        requests = await seen.press("4")
        assert seen.line("in doubt", "1.00", "connection reset⏎by peer")
        assert any(line.strip("│ ") == "by peer" for line in requests.splitlines())


async def test_a_failed_draw_says_why(book, on_screen):
    made = book()
    made.fail("p1", 100, 0, "400: refused")
    async with on_screen(made.place, Draw(made.id, key_of(made, "p1", 100, 0))) as seen:
        assert seen.line("failed", "400: refused")


async def test_a_search_counts_its_matches_and_goes_round_them(drawn):
    async with drawn(LONG) as seen:
        found = await seen.press("slash", *"line 39", "enter")
        assert "1 of 11" in found
        assert "line 39: the prime 273" in found
        assert "2 of 11" in await seen.press("n")
        assert "line 390: the prime 2730" in seen.text
        assert "11 of 11" in await seen.press("N", "N")
        assert "line 399" in seen.text
        assert "/line 39" not in await seen.press("escape")


async def test_a_match_is_marked_without_any_colour(drawn):
    async with drawn("some prime, another prime") as seen:
        await seen.press("slash", *"prime", "enter")
        strips = seen.app.screen._compositor.render_strips()
        marked = [s for line in strips for s in line if s.text == "prime"]
        assert [bool(s.style.reverse) for s in marked] == [True, False]
        assert marked[1].style.underline


async def test_small_letters_find_capitals_and_capitals_only_themselves(drawn):
    async with drawn("Prime prime PRIME") as seen:
        assert "1 of 3" in await seen.press("slash", *"prime", "enter")
        assert "1 of 1" in await seen.press("slash", *"Prime", "enter")
        assert "not found" in await seen.press("slash", *"composite", "enter")


async def test_a_large_text_is_searched_as_well(drawn):
    async with drawn("x" * 700_000 + "needle" + "x" * 300_000) as seen:
        assert "1 of 1" in await seen.press("slash", *"needle", "enter")
        assert "needle" in seen.text
        assert "100%" in await seen.press("G")
        assert "  0%" in await seen.press("g")


async def test_g_goes_to_the_ends_and_pages_overlap_by_a_line(drawn):
    async with drawn(LONG) as seen:
        assert "line 399:" in await seen.press("G")
        assert "line 0:" in await seen.press("g")
        last = max(n for n in range(60) if f"line {n}:" in seen.text)
        assert f"line {last}:" in await seen.press("pagedown")
        assert f"line {last - 1}:" not in seen.text


async def test_w_lets_lines_go_on_beyond_the_edge(drawn):
    async with drawn("start " + "word " * 60 + "finish") as seen:
        assert "finish" in seen.text
        unwrapped = await seen.press("w")
        assert "finish" not in unwrapped
        assert "›" in seen.line("start")  # noqa: RUF001 - the sign at the edge
        assert "finish" in await seen.press(*["right"] * 20)


async def test_brackets_turn_to_the_draws_of_its_cell_where_no_others_were_named(drawn):
    async with drawn("first text") as seen:
        assert "another text" in await seen.press("right_square_bracket")
        assert "still to be asked" in await seen.press("right_square_bracket")
        assert "another text" in await seen.press("left_square_bracket")


async def test_what_is_copied_cannot_drive_a_terminal_and_it_is_said(drawn, hostile):
    async with drawn(f"{hostile} 漢") as seen:
        written = []
        seen.app._driver.write = written.append
        await seen.press("y")
        copied = base64.b64decode("".join(written).removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
        assert copied.startswith("␛]0;owned␇<U+009B>31m")
        assert copied.endswith(" 漢")
        assert "spelt out" in seen.told[-1]


async def test_of_a_large_text_only_as_much_is_copied_as_terminals_take(drawn):
    async with drawn("漢" * 100_000) as seen:
        await seen.press("y")
        assert "the first 24,998 of 100,000" in seen.told[-1]
        assert len(seen.app.clipboard.encode()) <= MOST_COPIED


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 18)])
async def test_hostile_text_is_shown_and_never_obeyed(book, on_screen, hostile, size):
    made = book(problems=(Asked("p1", hostile, hostile),))
    made.doubt("p1", 100, 0, hostile)
    text = f"a\tb\r\n{hostile}\n漢字e\u0301 " + "\x1b]52;c;AAAA\x07" * 20_000
    made.keep("p1", 100, 0, hostile, text=text, reasoning=hostile, finish=hostile, note=hostile)
    async with on_screen(made.place, Draw(made.id, key_of(made, "p1", 100, 0)), size) as seen:
        assert "a   b" in seen.text
        assert "漢字e\u0301" in seen.text
        for key in ("1", "2", "3", "4"):
            screen = await seen.press(key)
            assert not any(bad in screen for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\r", "\t"))
            assert "[red]x[/red]" in screen


async def test_the_screen_of_a_finished_draw_reads_its_texts_once(drawn, monkeypatch):
    from core.store import samples  # noqa: PLC0415 - to count its readings

    async with drawn("text") as seen:
        monkeypatch.setattr(samples, "text", None)
        await seen.app.tick(forced=True)
        assert seen.app.crash is None
        assert "text" in seen.text
