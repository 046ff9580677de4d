"""The run under the cursor in a few lines: what must be known of it, its money, its accuracy by budget, what happened.

Made of what the list has read anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars
from core.plan import height
from core.visible import visible_line
from core.vocabulary import State
from tui.pages import amounts
from tui.widgets.budgets import power
from tui.widgets.events import clock
from tui.widgets.headline import Standing, notice
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.progress import ConditionRow
    from core.vocabulary import Budget
    from tui.snapshots.runs import Noted, RunLine

_LABEL = 9
_LABELS = 16
_BUDGET = 7
"""Cells of a budget's numbers."""
_BAR, _STORIES = 4, 3
"""Cells and lines of a budget's bar."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_BESIDE = 36
"""Cells below which nothing is put beside the budgets."""
_GAP = 4


class RunDetail(Lines):
    """A pane of a fixed height under the list."""

    def __init__(self) -> None:
        super().__init__()
        self._line: RunLine | None = None
        self._noted: Noted | None = None
        self._read_only = False

    def show(self, line: RunLine | None, noted: Noted | None, *, read_only: bool) -> None:
        """Show a run, with what was written down about it as far as that is known."""
        self._line, self._read_only = line, read_only
        self._noted = noted if noted is not None and line is not None and noted.run_id == line.run.id else None
        if line is not None:
            self.border_title = Text(f"{visible_line(line.run.name, 60)} ({line.run.id})")
            self.border_subtitle = Text(visible_line(" · ".join(line.listed.models), 60))
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Standing and money; then the budgets, with warnings and events beside or below them."""
        if self._line is None:
            return []
        width -= 2
        top = [_standing(self._line, read_only=self._read_only), _money(self._line), Text()]
        left = by_budget(self._line, height - len(top))
        cells = max((text.cell_len for text in left), default=0)
        if width - cells - _GAP >= _BESIDE:
            right = self._happened(height - len(top), width - cells - _GAP)
            rows = max(len(left), len(right))
            left += [Text()] * (rows - len(left))
            right += [Text()] * (rows - len(right))
            body = [_beside(one, other, cells + _GAP) for one, other in zip(left, right, strict=True)]
        else:
            body = left + self._happened(height - len(top) - len(left), width)
        lines = [Text.assemble(" ", line) for line in [*top, *body]]
        for line in lines:
            line.truncate(width + 1, overflow="ellipsis")
        return lines

    def _happened(self, rows: int, width: int) -> list[Text]:
        """Warnings, then the latest events, in so many lines."""
        if self._noted is None or rows <= 0:
            return []
        said = [Text.assemble(("! ", "warn"), (visible_line(text, width), "warn")) for text in self._noted.warnings]
        said = said[-max(rows - 2, 1) :]
        for event in self._noted.events:
            if event.kind != "warning":
                said.append(Text.assemble((clock(event.at), "label"), " ", (visible_line(event.text, width), "plain")))
        for text in said:
            text.truncate(width, overflow="ellipsis")
        return said[:rows]


def by_budget(line: RunLine, rows: int) -> list[Text]:
    """Accuracy by budget: bars of one label, or a row of numbers for each of several."""
    conditions = line.listed.progress.conditions
    labels = list(dict.fromkeys(row.label for row in conditions))
    budgets = list(dict.fromkeys(row.budget for row in conditions))
    accuracies = {(row.label, row.budget): share for row, share in zip(conditions, line.listed.accuracies, strict=True)}
    if len(labels) != 1:
        return _matrix(labels, sorted(budgets, key=height), accuracies, rows)
    shares = [accuracies[labels[0], budget] for budget in budgets]
    lines = _bars(shares)
    lines.append(_row("budget", _LABEL, [Text(power(budget), "label") for budget in budgets]))
    lines.append(_row("accuracy", _LABEL, _numbers(shares)))
    lines.append(_row("tokens", _LABEL, [Text(amounts.tokens(_mean_tokens(row)), "plain") for row in conditions]))
    return lines


def _standing(line: RunLine, *, read_only: bool) -> Text:
    """What must be known now, or that all is well."""
    told = notice(Standing(line.status, None, read_only))
    run, status = line.run, line.status
    if told.plain:
        return told
    if status.sampler_alive:
        slots = run.slots or run.max_concurrency
        alive = Text.assemble(("●", "good"), (" sampler ", "label"), (f"{run.pid}", "plain"), (" is alive", "label"))
        return alive.append_text(
            Text.assemble(("   in flight ", "label"), (f"{status.in_flight:,}", "strong"), (f"/{slots:,}", "label"))
        )
    done = Text.assemble(("all that was planned is done", "label"))
    if status.state is State.FINISHED and status.sums.failed:
        done = Text(f"finished but for {status.sums.failed:,} failed draws", "warn")
    if run.imported:
        return done if status.sums.planned else Text("published points without their samples", "label")
    return done.append(f"   {amounts.duration(run.worked_s)} of work", "label")


def _money(line: RunLine) -> Text:
    """Draws and dollars, whole."""
    run, sums = line.run, line.status.sums
    mark = Text.assemble((" SIMULATED ", "simulated"), "   ") if run.simulated else Text()
    if run.imported and not sums.planned:
        return mark.append("imported: nothing was spent", "label")
    text = Text.assemble(mark, (f"{sums.kept:,}", "strong"), (f"/{sums.planned:,} draws", "label"))
    if sums.failed:
        text.append(f"   {sums.failed:,} failed", "bad")
    if run.imported:
        return text.append("   imported: nothing was spent", "label")
    at_least = "" if line.priced or not run.spent_pico else "≥ "
    text.append(f"   {at_least}{_known(line, run.spent_pico)}", "strong").append(" spent", "label")
    if run.cap_pico is not None:
        text.append(f" of {dollars(run.cap_pico)}", "label")
    elif run.cap_tokens is not None:
        text.append(f" {amounts.tokens(run.spent_tokens)} of {amounts.tokens(run.cap_tokens)} tokens", "label")
    else:
        text.append(", no cap", "label")
    if run.reserved_pico:
        text.append(f"   +{dollars(run.reserved_pico)} reserved", "asked")
    if run.unknown_attempts:
        text.append(f"   {_known(line, run.unknown_pico)} in doubt ({run.unknown_attempts:,})", "bad")
    if line.status.overrun is not None:
        text.append("   overrun ", "label").append(amounts.times(line.status.overrun), "votes")
    return text


def _known(line: RunLine, pico: int) -> str:
    """An amount; one that is not known is never $0."""
    return dollars(pico) if pico or line.priced else UNPRICED


def _matrix(
    labels: Sequence[str],
    budgets: Sequence[Budget],
    accuracies: dict[tuple[str, Budget], float | None],
    rows: int,
) -> list[Text]:
    lines = [_row("accuracy", _LABELS, [Text(power(budget), "label") for budget in budgets])]
    room = rows - 1
    shown = labels if len(labels) <= room else labels[: room - 1]
    for label in shown:
        numbers = _numbers([accuracies.get((label, budget)) for budget in budgets])
        lines.append(_row(visible_line(label, _LABELS - 1), _LABELS, numbers))
    if len(shown) < len(labels):
        lines.append(Text(f"and {len(labels) - len(shown)} more", "label"))
    return lines


def _bars(shares: Sequence[float | None]) -> list[Text]:
    """Upright bars, each story an eighth of a line exact; whatever is known has a foot."""
    lines = []
    for story in reversed(range(_STORIES)):
        cells = []
        for share in shares:
            if share is None:
                cells.append(Text(amounts.NOTHING if not story else "", "frame"))
                continue
            eighths = max(round(8 * _STORIES * share), 1) - 8 * story
            cells.append(Text(_EIGHTHS[max(0, min(eighths, 8))] * _BAR, "asked"))
        lines.append(_row("100%" if story == _STORIES - 1 else "", _LABEL, cells))
    return lines


def _numbers(shares: Sequence[float | None]) -> list[Text]:
    """Percentages, the highest bright."""
    best = max((share for share in shares if share is not None), default=None)
    return [
        Text(amounts.share(share), "frame" if share is None else "strong" if share == best else "plain")
        for share in shares
    ]


def _row(name: str, cells: int, numbers: Sequence[Text]) -> Text:
    line = Text.assemble((name.ljust(cells), "label"), no_wrap=True)
    for number in numbers:
        if number.cell_len >= _BUDGET:
            number.truncate(_BUDGET - 1, overflow="ellipsis")
        line.append(" " * (_BUDGET - number.cell_len)).append_text(number)
    return line


def _mean_tokens(row: ConditionRow) -> float | None:
    return row.sums.completion_tokens / row.sums.kept or None if row.sums.kept else None


def _beside(left: Text, right: Text, cells: int) -> Text:
    return Text.assemble(left, " " * (cells - left.cell_len), right, no_wrap=True)
