"""A problem's screen: its answers by count, its draws, and the ways from one to the other."""

from __future__ import annotations

import pytest

from core.vocabulary import Problem as Asked
from tui.pages.amounts import DASH, TIMES
from tui.screens import problem as screens
from tui.screens.problem import Problem
from tui.snapshots import problem as snapshots


@pytest.fixture
def sampled(book):
    """Two budgets: one whose answers differ, one with a cut draw and a failed one."""
    made = book(draws_planned=8)
    for draw, answer in enumerate(["42", "42", "17", "42", None]):
        made.keep("p1", 100, draw, answer, right=answer == "42", tokens=300, note="" if answer else "none in the text")
    made.keep("p1", 400, 0, "42", right=True, tokens=800)
    made.keep("p1", 400, 1, "99", finish="length", tokens=1000)
    made.fail("p1", 400, 2, "400: refused")
    return made


def problem_of(made, key="p1"):
    return made.read("SELECT id FROM problems WHERE run_id = ? AND key = ?", made.id, key)[0][0]


async def test_answers_stand_by_count_with_the_right_one_marked(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        assert "What is 6 x 7?" in seen.text
        assert f"42 {TIMES}3 ✓  17 {TIMES}1  no vote {TIMES}1" in seen.line("100", "5/8", "60%", f"{TIMES}3.0")
        assert f"42 {TIMES}1 ✓  no vote {TIMES}1" in seen.line("400", "2/8", "50%")
        assert f"leads 42 {TIMES}4 ✓" in seen.line("draws 7/16", "1 failed")


async def test_every_draw_says_what_it_counts_as(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        assert seen.line("17", "✗ wrong", "stop")
        assert seen.line("✗ no answer", "none in the text")
        assert seen.line("99", "✗ cut", "1,000", "length")
        assert seen.line("failed", "400: refused")


async def test_a_budget_narrows_the_draws_to_its_own_and_once_more_to_all(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        seen.app.screen.query_one("#answers").focus()
        narrowed = await seen.press("down", "enter")
        assert "only 400" in narrowed
        assert "✗ wrong" not in narrowed
        seen.app.screen.query_one("#answers").focus()
        assert "✗ wrong" in await seen.press("enter")


async def test_v_goes_through_the_verdicts_and_a_shows_all(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        await seen.press("v")
        right = await seen.press("v")
        assert "only ✗ wrong" in right
        assert "✓ right" not in right
        assert "✓ right" in await seen.press("a")


async def test_the_filter_reads_answers_and_verdicts(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        filtered = await seen.press("slash", *"cut", "enter")
        assert seen.line("99", "✗ cut")
        assert "✗ wrong" not in filtered


async def test_brackets_turn_to_the_next_problem_and_stop_at_the_last(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        assert "problem 2 of 2" in await seen.press("right_square_bracket")
        assert "What is 1 + 1?" in await seen.press("right_square_bracket")
        assert "What is 6 x 7?" in await seen.press("left_square_bracket")


async def test_draws_come_in_lots_and_it_says_which(sampled, on_screen, monkeypatch):
    for module in (snapshots, screens):
        monkeypatch.setattr(module, "WINDOW", 3)
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        assert f"1{DASH}3 of 8" in seen.text
        assert f"4{DASH}6 of 8" in await seen.press("greater_than_sign")
        assert f"7{DASH}8 of 8" in await seen.press("greater_than_sign", "greater_than_sign")


async def test_coming_back_from_a_draw_the_cursor_is_on_the_one_that_was_read_last(sampled, on_screen):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled))) as seen:
        assert "draw 0" in await seen.press("enter")
        assert "draw 2" in await seen.press("right_square_bracket", "right_square_bracket")
        await seen.press("escape")
        assert seen.line("▸", "17")


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_a_small_terminal_has_one_pane_at_a_time(sampled, on_screen, size):
    async with on_screen(sampled.place, Problem(sampled.id, problem_of(sampled)), size) as seen:
        assert "2 answers" in seen.text
        assert "3 draws" not in seen.text
        draws = await seen.press("enter")
        assert "3 draws" in draws
        assert "2 answers" in await seen.press("escape")


async def test_a_hostile_question_and_a_hostile_answer_are_only_shown(book, on_screen, hostile):
    made = book(problems=(Asked("p\x1b[31m", f"Q {hostile}\r\nnext", hostile),))
    made.keep("p\x1b[31m", 100, 0, hostile, note=hostile)
    async with on_screen(made.place, Problem(made.id, problem_of(made, "p\x1b[31m"))) as seen:
        assert not any(bad in seen.text for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\r"))
        assert "[red]x[/red]" in seen.line("Q ␛]0;owned␇")
        assert "next" in seen.text
