"""How tables on the command line look: one accent for each meaning, numbers to the right, no frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from tui.console import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, JustifyMethod

RIGHT = "green"
WRONG = "red"
"""Wrong answers, and money in doubt."""
SIMULATED = "bold yellow"
VOTES = "color(214)"
"""Votes, and tokens beyond the budget."""
LABEL = "dim"
STRONG = "bold"


def plain_table(*, title: Text | None = None) -> Table:
    """A table without a frame, two cells between its columns."""
    return Table(
        title=title,
        title_justify="left",
        title_style="",
        box=None,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style=LABEL,
    )


def words(table: Table, name: str, *, most: int | None = None, justify: JustifyMethod = "left") -> None:
    """Add a column of `word`s, `most` cells wide: where the terminal is narrow it gives way before any number does."""
    table.add_column(name, max_width=most, justify=justify)


def word(text: object, style: str = "", limit: int | None = None) -> Text:
    """Foreign text for a column of words, on one line, cut with an ellipsis where there is no room."""
    return one_line(plain(text, style, limit))


def one_line(text: Text) -> Text:
    """A text of several styles for a column of words: never broken into lines."""
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def numbers(table: Table, names: Iterable[str], style: str = "") -> None:
    """Add columns of numbers, to the right and never cut."""
    for name in names:
        table.add_column(name, justify="right", no_wrap=True, style=style)


def labelled(label: str, *parts: Text | str) -> Text:
    """A line of a summary: a dim label, then its parts with dots between them."""
    line = Text(f"{label:<9}", style=LABEL)
    line.append_text(joined(parts))
    return line


def joined(parts: Iterable[Text | str]) -> Text:
    """The parts with dots between them; empty ones are left out."""
    kept = [Text(part) if isinstance(part, str) else part for part in parts]
    whole = Text()
    for part in kept:
        if not part.plain:
            continue
        if whole.plain:
            whole.append(" · ", LABEL)
        whole.append_text(part)
    return whole


def mark(console: Console, *, simulated: bool) -> None:
    """Say first, where it is so, that what follows came from a simulator."""
    if simulated:
        console.print(Text("SIMULATED", SIMULATED))
