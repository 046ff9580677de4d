"""Colours by meaning: which ink says what, under each theme. Knows no widget and no number.

One accent for each meaning, from the palette of Okabe and Ito (2008), which all kinds of colour vision tell apart:
green is done or right, sky is what was asked for, orange is votes and overrun, vermilion is wrong or in doubt, yellow
is simulated. No meaning rests on colour alone: a sign, a word or a marker always says the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme as Inks
from textual.content import Content, Span
from textual.theme import Theme

from core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Ink = Literal[
    "plain", "strong", "label", "frame", "key", "good", "asked", "votes", "bad", "warn", "simulated", "cursor", "title"
]

NIGHT, DAY, TERMINAL, TERMINAL_LIGHT = "night", "day", "terminal", "terminal-light"
"""Names of the themes; the last two have the terminal's own sixteen colours and its own background."""

_NIGHT: Mapping[Ink, str] = {
    "plain": "#c5ccd3",
    "strong": "bold #f2f5f7",
    "label": "#76808a",
    "frame": "#323b44",
    "title": "#8d98a3",
    "key": "bold #e69f00",
    "good": "#2fbf8b",
    "asked": "#56b4e9",
    "votes": "#e69f00",
    "bad": "#f0724a",
    "warn": "#f0e442",
    "simulated": "bold #11151a on #f0e442",
    "cursor": "on #1f2932",
}
_DAY: Mapping[Ink, str] = {
    "plain": "#2b333b",
    "strong": "bold #000000",
    "label": "#68727c",
    "frame": "#c3cad1",
    "title": "#5d6771",
    "key": "bold #8a5f00",
    "good": "#00785a",
    "asked": "#0072b2",
    "votes": "#9a6700",
    "bad": "#b84a00",
    "warn": "#7a6a00",
    "simulated": "bold #000000 on #f0e442",
    "cursor": "on #e3e9ef",
}
_TERMINAL: dict[Ink, str] = {
    "plain": "default",
    "strong": "bold default",
    "label": "bright_black",
    "frame": "bright_black",
    "title": "bright_black",
    "key": "bold yellow",
    "good": "green",
    "asked": "cyan",
    "votes": "yellow",
    "bad": "red",
    "warn": "bright_yellow",
    "simulated": "bold black on yellow",
    "cursor": "reverse",
}
_INKS: Mapping[str, Mapping[Ink, str]] = {
    NIGHT: _NIGHT,
    DAY: _DAY,
    TERMINAL: _TERMINAL,
    TERMINAL_LIGHT: {**_TERMINAL, "label": "default", "title": "default", "warn": "red"},
}

# What tables and figures of the command line are written in, in our inks.
_SPOKEN: Mapping[str, Ink] = {
    "dim": "label",
    "bright_black": "frame",
    "bold": "strong",
    "green": "good",
    "red": "bad",
    "yellow": "warn",
    "bold yellow": "simulated",
    "color(214)": "votes",
    "color(74)": "asked",
    "color(36)": "good",
    "color(166)": "bad",
    "color(227)": "warn",
    "color(244)": "label",
}
# Two more of that palette, for figures of many models: no meaning of ours has them.
_FIGURE_ONLY: Mapping[str, Mapping[str, str]] = {
    NIGHT: {"color(175)": "#cc79a7", "color(32)": "#4a90d9"},
    DAY: {"color(175)": "#a3487c", "color(32)": "#1f4e9c"},
    TERMINAL: {"color(175)": "magenta", "color(32)": "blue"},
    TERMINAL_LIGHT: {"color(175)": "magenta", "color(32)": "blue"},
}
_IN_FRAMES: Mapping[str, str] = {
    "dim": "$quiet",
    "color(74)": "$primary",
    "color(36)": "$secondary",
    "color(214)": "$accent",
    "color(166)": "$error",
    "color(227)": "$warning",
    "color(244)": "$quiet",
    "color(175)": "$purple",
    "color(32)": "$blue",
}
"""The same where the framework draws, in the titles of frames: by its own names for a theme's colours."""


def themes() -> list[Theme]:
    """The themes for an app to register."""
    return [
        Theme(
            name=NIGHT,
            primary="#56b4e9",
            secondary="#2fbf8b",
            accent="#e69f00",
            warning="#f0e442",
            error="#f0724a",
            success="#2fbf8b",
            foreground="#c5ccd3",
            background="#11151a",
            surface="#11151a",
            panel="#1a2129",
            boost="#1f2932",
            dark=True,
            variables={"rule": "#323b44", "quiet": "#76808a", "purple": "#cc79a7", "blue": "#4a90d9"},
        ),
        Theme(
            name=DAY,
            primary="#0072b2",
            secondary="#00785a",
            accent="#9a6700",
            warning="#7a6a00",
            error="#b84a00",
            success="#00785a",
            foreground="#2b333b",
            background="#fbfcfd",
            surface="#fbfcfd",
            panel="#eef2f5",
            boost="#e3e9ef",
            dark=False,
            variables={"rule": "#c3cad1", "quiet": "#68727c", "purple": "#a3487c", "blue": "#1f4e9c"},
        ),
        _terminal(TERMINAL, dark=True),
        _terminal(TERMINAL_LIGHT, dark=False),
    ]


def ink_of(theme: str, ink: Ink) -> Style:
    """The style that an ink has under a theme."""
    return _console(theme).get_style(ink)


def segments(text: Text, theme: str) -> Iterable[Segment]:
    """A text's segments under a theme, whatever it holds made visible: the door of every line that a pane shows.

    Styles are names of inks, or what the command line's own tables are written in, which is turned into inks.
    """
    console = _console(theme)
    if text.spans:
        # A figure's colours come as styles of their own, not by name.
        if any(isinstance(span.style, Style) for span in text.spans):
            text = text.copy()
            text.spans = [span._replace(style=str(span.style)) for span in text.spans]
        return text.render(console)
    # Rich leaves out the style of a text that has nothing else.
    return [Segment(text.plain, console.get_style(text.style, default=Style.null()))]


def harmless(text: Text) -> Text:
    """The same text with everything that a terminal would obey or hide made visible."""
    if visible(text.plain) == text.plain and "\n" not in text.plain and "\t" not in text.plain:
        return text
    safe = Text(no_wrap=True)
    cuts = sorted({0, len(text), *(end for span in text.spans for end in (span.start, span.end))})
    for part in text.divide(cuts[1:-1]):
        part.plain, spans = visible(part.plain).replace("\n", "⏎").replace("\t", " "), list(part.spans)
        part.spans = [span._replace(start=0, end=len(part.plain)) for span in spans]
        safe.append_text(part)
    return safe


def in_frame(text: Text) -> Content:
    """A text in what the command line's figures are written in, for the title of a frame: it follows the theme."""
    safe = harmless(text)
    return Content(safe.plain, [Span(one.start, one.end, _IN_FRAMES.get(str(one.style), "")) for one in safe.spans])


@cache
def _console(theme: str) -> Console:
    """A console that draws nothing and knows the inks of a theme."""
    inks = _INKS.get(theme, _NIGHT)
    styles: dict[str, str | Style] = {str(ink): style for ink, style in inks.items()}
    styles.update((spoken, inks[ink]) for spoken, ink in _SPOKEN.items())
    styles.update(_FIGURE_ONLY.get(theme, _FIGURE_ONLY[NIGHT]))
    return Console(theme=Inks(styles, inherit=False), force_terminal=False)


def _terminal(name: str, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary="ansi_cyan",
        secondary="ansi_green",
        accent="ansi_yellow",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=dark,
        ansi=True,
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "rule": "ansi_bright_black",
            "quiet": "ansi_bright_black",
            "purple": "ansi_magenta",
            "blue": "ansi_blue",
            "block-cursor-foreground": "ansi_black",
            "block-cursor-background": "ansi_white",
            "input-cursor-background": "ansi_white",
            "input-cursor-foreground": "ansi_black",
            "input-selection-background": "ansi_bright_blue",
            "input-selection-foreground": "ansi_black",
        },
    )
