"""Lines: nothing hostile gets through, and nothing is drawn again that did not change."""

from __future__ import annotations

import pytest
from rich.text import Text

from core.visible import visible_line
from tui import look
from tui.look import harmless, ink_of, segments
from tui.widgets.lines import Lines

HOSTILE = {
    "an escape": ("\x1b[2Jgone", "␛[2Jgone"),
    "OSC 52, which would write the clipboard": ("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
    "C1": ("\x9b31m\x90x", "<U+009B>31m<U+0090>x"),
    "bidi": ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
    "markup": ("[red]x[/red] [/x] [@click=app.quit]y", "[red]x[/red] [/x] [@click=app.quit]y"),
    "a newline": ("two\nlines", "two⏎lines"),
    "a carriage return": ("over\rwritten", "over␍written"),
    "a tab": ("a\tb", "a b"),
    "a bell and a backspace": ("\x07\x08", "␇␈"),
    "what hides": ("a\u200bb\ufeffc\u00add", "a<U+200B>b<U+FEFF>c<U+00AD>d"),
}


class Some(Lines):
    """Lines that a test says."""

    DEFAULT_CSS = "Some { height: 1fr; }"

    def __init__(self, *said: Text) -> None:
        super().__init__()
        self.said = list(said)

    def lines(self, width, height):
        del width, height
        return self.said


NEVER = set("\x1b\x07\x08\r\n\t\x90\x9b\u202e\u2066\u200b\ufeff\xad")


@pytest.mark.parametrize(("hostile", "shown"), HOSTILE.values(), ids=HOSTILE)
async def test_hostile_text_is_made_visible(alone, hostile, shown):
    said = visible_line(hostile)
    async with alone(Some(Text(said), Text.assemble(("styled ", "bad"), (said, "good")))) as seen:
        assert seen.lines[:2] == [shown, f"styled {shown}"]


@pytest.mark.parametrize("hostile", [hostile for hostile, _ in HOSTILE.values()], ids=HOSTILE)
async def test_where_a_caller_forgot_to_nothing_hostile_gets_through_all_the_same(alone, hostile):
    by_hand = Text("x")
    by_hand.plain = hostile
    async with alone(Some(Text(hostile), Text.assemble(("styled ", "bad"), (hostile, "good")), by_hand)) as seen:
        assert not NEVER & set("".join(seen.lines))


def test_a_text_made_harmless_keeps_its_inks_where_they_were():
    text = Text.assemble(("a\x1b", "bad"), ("b", "good"), "\x9bc", style="label")

    safe = harmless(text)

    assert safe.plain == "a␛b<U+009B>c"
    assert [(segment.text, segment.style) for segment in segments(safe, "night") if segment.text] == [
        ("a␛", ink_of("night", "label") + ink_of("night", "bad")),
        ("b", ink_of("night", "label") + ink_of("night", "good")),
        ("<U+009B>c", ink_of("night", "label")),
    ]


async def test_only_the_lines_that_changed_are_drawn_again(alone):
    async with alone(Some(*map(Text, "abcd"))) as seen:
        seen.widget.said = [Text("a"), Text("B"), Text("c"), Text("D")]
        seen.widget.redraw()

        assert seen.redrawn == [1, 3]


async def test_what_is_the_same_in_other_objects_is_not_drawn_again(alone):
    async with alone(Some(Text("a", "good"))) as seen:
        seen.widget.said = [Text("a", "good")]
        seen.widget.redraw()

        assert seen.redrawn == []


async def test_another_ink_is_a_change(alone):
    async with alone(Some(Text("a", "good"))) as seen:
        seen.widget.said = [Text("a", "bad")]
        seen.widget.redraw()
        await seen.pilot.pause()

        assert seen.redrawn == [0]
        assert seen.style_of("a").color == ink_of("night", "bad").color


async def test_lines_that_go_are_wiped(alone):
    async with alone(Some(*map(Text, "abc"))) as seen:
        seen.widget.said = [Text("a")]
        seen.widget.redraw()
        await seen.pilot.pause()

        assert seen.redrawn == [1, 2]
        assert seen.lines[:3] == ["a", "", ""]


async def test_lines_beyond_the_last_are_left_out(alone):
    async with alone(Some(*map(Text, "abcdefgh")), size=(20, 4)) as seen:
        assert seen.lines == ["a", "b", "c", "d"]


async def test_another_theme_styles_every_line_anew(alone):
    async with alone(Some(Text("word", "good"))) as seen:
        for theme in look.themes():
            seen.app.theme = theme.name
            await seen.pilot.pause()

            assert seen.style_of("word").color.name == ink_of(theme.name, "good").color.name


async def test_another_size_lays_everything_out_anew(alone):
    class Wide(Some):
        def lines(self, width, height):
            return [Text(f"{width}x{height}")]

    async with alone(Wide(), size=(40, 10)) as seen:
        await seen.pilot.resize_terminal(60, 12)
        await seen.pilot.pause()

        assert seen.lines[0] == "60x12"


async def test_what_changed_while_it_was_hidden_is_there_when_it_is_shown(alone):
    async with alone(Some(Text("before"))) as seen:
        seen.widget.display = False
        await seen.pilot.pause()
        seen.widget.said = [Text("after")]
        seen.widget.redraw()
        seen.widget.display = True
        await seen.pilot.pause()

        assert seen.lines[0] == "after"


async def test_a_line_of_one_ink_has_it(alone):
    async with alone(Some(Text("warned", "warn"))) as seen:
        assert seen.style_of("warned").color.name == ink_of("night", "warn").color.name
