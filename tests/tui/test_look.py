"""Inks: every one known under every theme, legible on its background, and told apart by more than taste."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest
from rich.style import Style
from rich.text import Text

from tui import look
from tui.look import Ink, in_frame, ink_of, segments

BACKGROUNDS = {theme.name: theme.background for theme in look.themes() if not theme.ansi}
FAINT = ("frame", "cursor", "simulated")
"""Inks that nothing is read in, or that bring their own background."""


def luminance(colour):
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", BACKGROUNDS)
@pytest.mark.parametrize("ink", [ink for ink in get_args(Ink) if ink not in FAINT])
def test_what_is_to_be_read_can_be_read(theme, ink):
    colour = ink_of(theme, ink).color

    assert contrast(colour.name, BACKGROUNDS[theme]) >= 4.5


@pytest.mark.parametrize("theme", [theme.name for theme in look.themes()])
def test_every_ink_is_known_and_the_accents_differ(theme):
    assert all(isinstance(ink_of(theme, ink), Style) for ink in get_args(Ink))
    for one, other in combinations(("good", "asked", "votes", "bad"), 2):
        assert ink_of(theme, one) != ink_of(theme, other)


@pytest.mark.parametrize("theme", ["terminal", "terminal-light"])
def test_the_terminals_own_themes_have_its_sixteen_colours_only(theme):
    figure = Text.assemble(*((f"{code}", f"color({code})") for code in (74, 214, 36, 175, 166, 32, 227, 244)))
    styles = [ink_of(theme, ink) for ink in get_args(Ink)] + [segment.style for segment in segments(figure, theme)]

    for style in styles:
        for colour in (style.color, style.bgcolor):
            assert colour is None or colour.is_default or (colour.number is not None and colour.number < 16)


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_a_figure_is_drawn_in_colours_that_can_be_seen_on_the_background(theme):
    for code in (74, 214, 36, 175, 166, 32, 227):
        (segment,) = segments(Text.assemble(("x", Style.parse(f"color({code})"))), theme)
        assert segment.style.color.name.startswith("#"), code
        assert contrast(segment.style.color.name, BACKGROUNDS[theme]) >= 3


def test_what_stands_in_a_frame_follows_the_theme_and_is_harmless():
    content = in_frame(Text.assemble(("●", "color(74)"), " ", ("a\x1b[2J", "dim")))

    assert content.plain == "● a␛[2J"
    assert [str(span.style) for span in content.spans] == ["$primary", "$quiet"]
