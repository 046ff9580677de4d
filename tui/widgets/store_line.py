"""The line on top of the list of runs: the store, how many runs it has, and what they have cost together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.snapshots.runs import Spending


class Holding(NamedTuple):
    """What the line shows."""

    path: Path
    runs: int
    live: int
    marked: int
    spending: Spending
    read_only: bool


class StoreLine(Lines):
    """One line; what it costs stands at its end, and is whole at any width."""

    DEFAULT_CSS: ClassVar[str] = "StoreLine { height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="store")
        self._holding: Holding | None = None

    def show(self, holding: Holding) -> None:
        """Show what a store holds."""
        self._holding = holding
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The line: as many words as there is room for."""
        del height
        if self._holding is None:
            return [Text("thinktop", "key")]
        path = self._holding.path
        for words in (2, 1, 0):
            counted, money = _counted(self._holding, words), _money(self._holding, words)
            room = width - len("thinktop") - counted.cell_len - money.cell_len - 7
            if room >= min(len(short_path(path, 400)), 16):
                break
        left = Text.assemble(("thinktop", "key"), "  ", no_wrap=True)
        if room > len(path.name):
            left.append(short_path(path, room), "plain").append("   ")
        left.append_text(counted)
        left.truncate(max(width - money.cell_len - 1, 0), overflow="ellipsis")
        return [left.append(" " * (width - left.cell_len - money.cell_len)).append_text(money)]


def short_path(path: Path, cells: int) -> str:
    """A path in so many cells at most: `~` for home, and what stands before the last folders left out."""
    home = Path.home()
    parts = ("~", *path.relative_to(home).parts) if path.is_relative_to(home) else path.parts
    text = visible_line(str(Path(*parts)))
    while len(text) > cells and len(parts) > 1:
        parts = parts[1:]
        text = visible_line(str(Path("…", *parts)))
    return text if len(text) <= cells else visible_line(path.name, cells)


def _counted(holding: Holding, words: int) -> Text:
    text = Text(amounts.counted(holding.runs, "run"), "plain")
    if holding.live:
        text.append(f"  ● {holding.live:,}{' live' if words else ''}", "good")
    if holding.marked:
        text.append(f"  ◆ {holding.marked:,}{' marked' if words else ''}", "key")
    if holding.read_only:
        text.append("  READ-ONLY" if words else "  RO", "label")
    return text


def _money(holding: Holding, words: int) -> Text:
    """Dollars paid, what is simulated apart from them; with all that can be said, less of it, or signs only."""
    spending, text, gap = holding.spending, Text(), "   " if words else "  "
    if spending.simulated:
        text.append(f"{dollars(spending.simulated)} ", "label")
        text.append(" SIMULATED " if words else "SIM", "simulated").append(gap)
    if words > 1 and spending.today:
        text.append(dollars(spending.today), "strong").append(" by today's runs   ", "label")
    if spending.unknown:
        text.append(f"{dollars(spending.unknown)}{' in doubt' if words else '?'}", "bad").append(gap)
    if spending.unpriced and not spending.spent:
        text.append(UNPRICED, "strong")
    else:
        text.append("≥ " if spending.unpriced else "", "warn").append(dollars(spending.spent), "strong")
    return text.append(" spent in all" if words else " spent", "label")
