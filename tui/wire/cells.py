"""Text cut into what a terminal puts into its cells, with each cell's width as Textual counts it. Knows no colours.

Terminals agree on most widths, not on all: emoji with joiners, with selectors, of last year's Unicode. `is_certain`
tells which are which, so that the picture never trusts the cursor behind a doubtful one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import split_graphemes

from core.visible import visible_line

_NARROW = re.compile(
    "[ -~"
    "\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482"  # Latin, Greek, Cyrillic
    "\u2010-\u2027\u2030-\u205e\u2070-\u20bf"  # dashes, ellipsis, raised and lowered figures, currencies
    "\u2190-\u2319\u2400-\u2426"  # arrows, mathematics, control pictures
    "\u2500-\u25fc\u2605\u2606\u2713-\u2718\u2800-\u28ff"  # boxes, blocks, shapes, ticks, braille
    "]*"
)
"""Text of harmless characters that are one cell each for certain: nearly all there is."""

_CERTAINLY_WIDE = re.compile(
    "[\u2e80-\u2fd5\u3001-\u303e\u3041-\u3163\u3165-\u4dbf\u4e00-\ua48c\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff"
    "\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]"
)
"""Chinese, Japanese and Korean: wide in every table since the first."""

_DOUBTFUL_SINGLES = re.compile("[\ue000-\uf8ff\U0001f000-\U0001faff\U000f0000-\U0010ffff]")
"""Flags' letters, symbols of the emoji blocks, private characters: drawn one wide here and two wide there."""

MOST_IN_A_CELL = 16
"""Code points that one cell can have: a family with skin tones has 10; a thousand accents are an attack."""


def is_narrow(text: str) -> bool:
    """Whether each character is harmless and takes one cell, and can be placed as it is."""
    return _NARROW.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def cells_of(text: str) -> tuple[tuple[str, int], ...]:
    """What goes into each cell and its width: 1 or 2; 0 for what can only be added to the cell before the text.

    A character that a terminal would obey or hide comes out as its symbol.
    """
    shown = visible_line(text)
    spans, _ = split_graphemes(shown)
    return tuple((shown[start : min(end, start + MOST_IN_A_CELL)], width) for start, end, width in spans)


@lru_cache(maxsize=4096)
def is_certain(cell: str) -> bool:
    """Whether every terminal takes this content to be as wide as Textual does."""
    if is_narrow(cell):
        return len(cell) <= 1
    if len(cell) != 1 or _DOUBTFUL_SINGLES.fullmatch(cell):
        return False
    (_, width) = cells_of(cell)[0]
    return width == 1 or _CERTAINLY_WIDE.fullmatch(cell) is not None
