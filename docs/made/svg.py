"""A screen as an SVG that a page can carry: small, and with no word of where a font could be fetched.

Textual's own export names fonts on a server of somebody else's, cuts every word off at its line, and fills what is
filled already; all of that goes. What is left is text, rectangles and colours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.markup import escape

if TYPE_CHECKING:
    from textual.app import App

MOST_BYTES = 120_000
"""Of a picture: a page carries several."""
NAMESPACE = "http://www.w3.org/2000/svg"
"""The one address that an SVG has to have: it says what kind of file this is, and nobody fetches it."""

_LEFT_OUT = re.compile(
    r"@font-face \{.*?\}\s*"
    r"|<!--.*?-->\s*"
    r'|<clipPath id="t-line-\d+">.*?</clipPath>\s*'  # each text says how long it is, and none is longer
    r'| clip-path="url\(#t-line-\d+\)"',
    re.DOTALL,
)
_PREFIX = re.compile(r"terminal-\d+-")
_LONG_NUMBER = re.compile(r'(="-?\d+\.\d{2})\d+(?=")')
_WINDOW = re.compile(r'<rect fill="#[0-9a-f]{6}" stroke="rgba\(255,255,255,0\.35\)"')


def svg_of(app: App[None], title: str) -> str:
    """The screen that an app shows, framed as a window in its theme's own colours."""
    theme = app.current_theme
    assert theme.background is not None, "the terminal's own colours are nobody's to draw"
    assert theme.foreground is not None, "as above"
    drawn = app.export_screenshot(title=escape(title), simplify=True)  # titles are taken for markup
    drawn = _LEFT_OUT.sub("", _PREFIX.sub("t-", drawn))
    drawn = _WINDOW.sub(f'<rect fill="{theme.background}" stroke="#7f7f7f73"', drawn)
    drawn = re.sub(rf'<rect fill="{theme.background}" x=[^>]*/>', "", drawn)  # the window has that colour already
    drawn = drawn.replace('class="t-title" fill="#c5c8c6"', f'class="t-title" fill="{theme.foreground}"')
    drawn = _LONG_NUMBER.sub(r"\1", drawn).replace("&#160;", "\N{NO-BREAK SPACE}")
    return "\n".join(line.strip(" ") for line in drawn.split("\n") if line.strip(" ")) + "\n"
