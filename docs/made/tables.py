"""The guide's tables of keys and numbers, from what the screens themselves say with `?`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.screens.curves import Curves
from tui.screens.doubts import Doubts
from tui.screens.draw import Draw
from tui.screens.help import EVERYWHERE
from tui.screens.monitor import Monitor
from tui.screens.new_run import NewRun
from tui.screens.problem import Problem
from tui.screens.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.screens.fed import Fed

GUIDE = Path(__file__).parents[1] / "guide"
SCREENS: Mapping[str, type[Fed[Any]]] = {
    "runs": Runs,
    "monitor": Monitor,
    "doubts": Doubts,
    "problem": Problem,
    "draw": Draw,
    "curves": Curves,
    "new-run": NewRun,
}

_TABLE = re.compile(r"(?<=<!-- made: )([a-z-]+)(?: ([a-z-]+))?( -->\n).*?(?=<!-- /made -->)", re.DOTALL)


def filled(page: str) -> str:
    """A page with its tables as they should be: between `<!-- made: keys -->` or `made: numbers SCREEN` and `/made`."""
    return _TABLE.sub(lambda found: found[0][: found.end(3) - found.start()] + _table(found[1], found[2]), page)


def fill() -> None:
    """Make the tables of every page of the guide anew."""
    for path in sorted(GUIDE.glob("*.md")):
        path.write_text(filled(path.read_text("utf-8")), "utf-8")


def _table(kind: str, screen: str | None) -> str:
    if kind == "numbers" and screen is not None:
        return _rows(("number", "meaning"), SCREENS[screen].HELP_NUMBERS)
    screens = [(one.HELP_TITLE, one.HELP_KEYS) for one in SCREENS.values()]
    keys = [(title, key, does) for title, pairs in [("everywhere", EVERYWHERE), *screens] for key, does in pairs]
    return _rows(("screen", "key", "does"), keys)


def as_cell(text: str) -> str:
    """A text as a table's cell: what a page would take for a tag or for the cell's end stays what it is."""
    return re.sub(r"([|<\\])", r"\\\1", text)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(as_cell, line))} |\n" for line in lines)
