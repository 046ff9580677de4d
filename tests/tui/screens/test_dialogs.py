"""Small questions: answered once, by the keys that they name, whatever words they are made of."""

from __future__ import annotations

import pytest
from rich.text import Text

from tui.app import Thinktop
from tui.screens.dialogs import Amount, Choice


@pytest.fixture
async def asked(real):
    """An asker: the dialog shown, and the answers that came."""
    app, answers = Thinktop(real, run_id=1), []
    async with app.run_test(size=(80, 24)) as pilot:

        async def ask(dialog, *keys):
            app.push_screen(dialog, answers.append)
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            lines = app.screen._compositor.render_strips()
            return "\n".join(strip.text for strip in lines), answers

        yield ask


async def test_a_choice_is_one_of_its_keys_and_no_other(asked):
    dialog = Choice("Stop?", Text("how"), [("d", "drain"), ("n", "now")])

    screen, answers = await asked(dialog, "x", "enter", "space", "D")
    assert "n  now" in screen
    assert "esc  no, leave it" in screen
    assert answers == []

    _, answers = await asked(Choice("Again?", Text(), [("y", "yes")]), "y")
    assert answers == ["y"]


async def test_escape_is_always_no(asked):
    await asked(Choice("Stop?", Text("how"), [("d", "drain")]), "escape")
    _, answers = await asked(Amount("Cap", Text("of what"), "1", lambda _: None), "escape")

    assert answers == [None, None]


async def test_an_amount_is_asked_until_it_passes(asked):
    def check(typed):
        return None if typed == "7" else f"not {typed!r} [red]\x1b[2J"

    dialog = Amount("How many?", Text("at most 9"), "5", check)
    screen, answers = await asked(dialog, "enter")
    assert "not '5' [red]␛[2J" in screen
    assert answers == []

    _, answers = await asked(Amount("How many?", Text(), "5", check), "backspace", "7", "enter")
    assert answers == ["7"]


async def test_titles_and_words_cannot_drive_the_terminal_or_be_markup(asked):
    hostile = "[bold]x[/x]\x1b]0;t\x07\u202e"

    screen, _ = await asked(Choice(hostile, Text(hostile), [("y", hostile)]))

    assert not set("\x1b\x07\u202e") & set(screen)
    assert "[bold]x[/x]" in screen


async def test_a_long_question_is_broken_into_lines_and_stays_whole(asked):
    words = " ".join(f"word{number}" for number in range(60))

    screen, _ = await asked(Choice("Long", Text(words), [("y", "yes")]))

    assert all(f"word{number}" in screen for number in range(60))
