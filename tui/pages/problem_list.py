"""A run's problems, a line each: how far, accuracy over the budgets, what most samples answer, what it took."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars, usd
from core.store.grid import answers, grid
from core.store.progress import problems
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, RIGHT, VOTES, WRONG, numbers, one_line, plain_table, word, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from rich.table import Table

    from core.store.grid import Counted, GridCell
    from core.store.progress import ConditionRow, ProblemRow, Progress
    from core.vocabulary import Json

_BAR = 6
_MOST_OF_A_WORD = 14


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with what its samples come to."""

    row: ProblemRow
    cells: tuple[tuple[ConditionRow, GridCell], ...]
    """In the order of the plan."""
    leaders: tuple[Counted, ...]
    """The most frequent answer over all its samples; several where they tie, none where nothing could be read."""

    @property
    def solved(self) -> float | None:
        """Share of its graded samples that are right."""
        sums = self.row.sums
        return sums.right / sums.graded if sums.graded else None

    @property
    def overrun(self) -> float | None:
        """Geometric mean of tokens used per token asked for; None without budgets in tokens."""
        logs, samples = 0.0, 0
        for condition, cell in self.cells:
            if isinstance(condition.budget, int) and condition.budget > 0 and cell.log2_tokens:
                logs += cell.log2_tokens - cell.kept * math.log2(condition.budget)
                samples += cell.kept
        return 2 ** (logs / samples) if samples else None

    @property
    def priced(self) -> bool:
        """Whether all that was asked about it has a price."""
        return all(condition.priced for condition, _ in self.cells)

    def to_json(self) -> dict[str, Json]:
        """The problem as `thinktop show RUN --json` lists it."""
        row, sums = self.row, self.row.sums
        return {
            "problem": row.key,
            "cluster": row.cluster,
            "truth": row.answer,
            "planned": sums.planned,
            "done": sums.kept,
            "failed": sums.failed,
            "graded": sums.graded,
            "answered": sums.answered,
            "right": sums.right,
            "solved": self.solved,
            "leading": [{"answer": one.answer, "votes": one.votes, "right": one.right} for one in self.leaders],
            "completion_tokens": sums.completion_tokens,
            "overrun": self.overrun,
            "cost_usd": usd(sums.billed_pico) if self.priced else None,
            "conditions": [
                {
                    "label": condition.label,
                    "budget": condition.budget,
                    "planned": cell.planned,
                    "done": cell.kept,
                    "failed": cell.failed,
                    "accuracy": cell.share,
                }
                for condition, cell in self.cells
            ],
        }


def problem_lines(connection: sqlite3.Connection, progress: Progress) -> list[ProblemLine]:
    """A run's problems in the order of the plan."""
    run_id = progress.run.id
    conditions = {row.id: row for row in progress.conditions}
    cells: dict[int, list[tuple[ConditionRow, GridCell]]] = {}
    for cell in grid(connection, run_id):
        cells.setdefault(cell.problem_id, []).append((conditions[cell.condition_id], cell))
    counted = answers(connection, run_id)
    return [
        ProblemLine(row, tuple(cells.get(row.id, ())), leaders_of(counted.get(row.id, [])))
        for row in problems(connection, run_id)
    ]


def leaders_of(counted: Sequence[Counted]) -> tuple[Counted, ...]:
    """The answers with the most votes."""
    most = max((one.votes for one in counted), default=0)
    return tuple(one for one in counted if one.votes == most)


def problem_table(lines: Sequence[ProblemLine], *, width: int) -> Table:
    """A row for each problem; where the terminal is narrow, the bar goes first."""
    with_bar = width >= 90  # noqa: PLR2004 - cells that all columns need together
    table = plain_table()
    words(table, "problem", most=_MOST_OF_A_WORD if not with_bar else 24)
    if with_bar:
        table.add_column("progress", no_wrap=True)
    numbers(table, ["draws"])
    table.add_column(_strip_name(lines), no_wrap=True)
    words(table, "leads", most=_MOST_OF_A_WORD, justify="right")
    words(table, "truth", most=_MOST_OF_A_WORD, justify="right")
    numbers(table, ["solved", "tokens"])
    numbers(table, ["overrun"], VOTES)
    numbers(table, ["$"])
    for line in lines:
        sums = line.row.sums
        done = sums.kept / sums.planned if sums.planned else 0.0
        bar = [Text(amounts.bar(done, _BAR), RIGHT)] if with_bar else []
        table.add_row(
            word(line.row.key),
            *bar,
            Text(f"{sums.kept:,}/{sums.planned:,}", WRONG if sums.failed else ""),
            _strip(line),
            _leading(line),
            word(line.row.answer or amounts.NOTHING),
            amounts.share(line.solved),
            amounts.tokens(sums.completion_tokens / sums.kept or None if sums.kept else None),
            amounts.times(line.overrun),
            dollars(sums.billed_pico).removeprefix("$") if line.priced else UNPRICED,
        )
    return table


def _strip_name(lines: Sequence[ProblemLine]) -> str:
    """The first and the last budget, as far as they fit over the strip; nothing with several labels."""
    if not lines or len({condition.label for condition, _ in lines[0].cells}) != 1:
        return "accuracy"
    budgets = [plain(amounts.budget(condition.budget)).plain for condition, _ in lines[0].cells]
    named = f"{budgets[0]}…{budgets[-1]}" if len(budgets) > 1 else budgets[0]
    return named if len(named) <= max(len(budgets), 8) else "accuracy"


def _strip(line: ProblemLine) -> str:
    """A block for each budget's accuracy, the labels apart."""
    by_label: dict[str, list[float | None]] = {}
    for condition, cell in line.cells:
        by_label.setdefault(condition.label, []).append(cell.share)
    return " ".join(amounts.spark(shares) for shares in by_label.values())


def _leading(line: ProblemLine) -> Text:
    """The leading answer with whether it is right; `=` before one that shares the lead."""
    if not line.leaders:
        return Text(amounts.NOTHING, LABEL)
    right = any(one.right for one in line.leaders)
    shown = next((one for one in line.leaders if one.right), line.leaders[0])
    tied = "=" if len(line.leaders) > 1 else ""
    mark = Text(" ✓", RIGHT) if right else Text(" ✗", WRONG)
    return one_line(Text.assemble(tied, plain(shown.answer, limit=_MOST_OF_A_WORD - 3), mark))
