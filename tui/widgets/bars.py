"""Bars and strips drawn with characters, in inks. Pure: numbers in, text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.look import Ink

_BLOCKS = "▁▂▃▄▅▆▇█"
_FULL, _FAINT, _REST = "━", "┄", "─"
_MOST_OF_IT, _SOME_OF_IT = 0.75, 0.25


def bar(cells: int, parts: Sequence[tuple[float, Ink]], whole: float, *, faint: Sequence[Ink] = ()) -> Text:
    """Parts of a whole, one after the other, then the rest; whatever is more than nothing is at least half visible.

    Args:
        cells: The width.
        parts: Amounts with their inks, from the left.
        whole: What all the cells stand for.
        faint: Inks of parts that are drawn dotted, since they are not yet real.
    """
    text, filled, upto = Text("", no_wrap=True), 0, 0.0
    for amount, ink in parts:
        upto += amount
        end = min(round(cells * upto / whole) if whole else cells, cells)
        if amount > 0 and end <= filled < cells:
            end = filled + 1
        text.append((_FAINT if ink in faint else _FULL) * max(end - filled, 0), ink)
        filled = max(end, filled)
    return text.append(_REST * (cells - filled), "frame")


def strip(shares: Iterable[float | None], gap: str = " ") -> Text:
    """A block for each share of one: green from three quarters up, grey up to one, a dot where nothing is known."""
    text = Text("", no_wrap=True)
    for index, share in enumerate(shares):
        text.append(gap if index else "")
        if share is None:
            text.append("·", "frame")
            continue
        ink: Ink = "good" if share >= _MOST_OF_IT else "asked" if share >= _SOME_OF_IT else "label"
        text.append(_BLOCKS[min(int(share * len(_BLOCKS)), len(_BLOCKS) - 1)], ink)
    return text
