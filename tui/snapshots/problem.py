"""One problem as its screen shows it: its cells with their answers counted, and a window of its draws.

A cell can hold tens of thousands of samples; sums and tallies say what they come to, and draws come `WINDOW` at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.store.draw_rows import draw_rows
from core.store.one_problem import one_problem
from core.store.progress import problems, run_row
from core.vocabulary import Fate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from core.store.draw_rows import DrawRow
    from core.store.one_problem import OneProblem, ProblemCell
    from core.store.progress import RunRow

WINDOW = 500
"""Draws that are read at once."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which of a problem's draws are wanted."""

    problem_id: int
    condition_id: int | None = None
    """Only those under this condition (row)."""
    fate: Fate | None = None
    """Only those that came to this."""
    offset: int = 0
    """Draws before the first, of those that match."""

    def moved(self, by: int, matching: int) -> Window:
        """The window so many windows further on, as long as there is anything in it."""
        offset = self.offset + by * WINDOW
        return replace(self, offset=offset) if 0 <= offset < matching else self


@dataclass(frozen=True, slots=True)
class ProblemPicture:
    """A problem, read at one instant."""

    run: RunRow
    problem: OneProblem
    window: Window
    draws: Sequence[DrawRow] | None
    """None where nothing has come since they were read last."""
    matching: int
    """Draws that match, in all windows together."""


def read_problem(db: sqlite3.Connection, run_id: int, window: Window, before: ProblemPicture | None) -> ProblemPicture:
    """A problem, with a window of its draws unless these are as they were.

    Raises:
        ThinktopError: its run has been deleted.
    """
    problem = one_problem(db, run_id, window.problem_id)
    same = before is not None and before.window == window and before.problem.cells == problem.cells
    draws = None
    if not same:
        draws = draw_rows(
            db,
            run_id,
            window.problem_id,
            limit=WINDOW,
            offset=window.offset,
            condition_id=window.condition_id,
            fate=window.fate,
        )
    matching = before.matching if before is not None and draws is None else _matching(problem, window, draws or ())
    return ProblemPicture(run_row(db, run_id), problem, window, draws, matching)


def problem_ids(db: sqlite3.Connection, run_id: int) -> list[int]:
    """The rows of a run's problems in the order of its plan."""
    return [row.id for row in problems(db, run_id)]


def _matching(problem: OneProblem, window: Window, draws: Sequence[DrawRow]) -> int:
    """Draws that match: counted where the window holds the last of them, else by the sums."""
    if len(draws) < WINDOW:
        return window.offset + len(draws)
    cells = [cell for cell in problem.cells if window.condition_id in (None, cell.condition_id)]
    return max(sum(_of_a_fate(cell, window.fate) for cell in cells), window.offset + len(draws))


def _of_a_fate(cell: ProblemCell, fate: Fate | None) -> int:
    """Draws of a cell that came to something; while some wait for their grade, those without an answer are a guess."""
    sums = cell.sums
    match fate:
        case None:
            return sums.kept + sums.failed
        case Fate.RIGHT:
            return sums.right
        case Fate.WRONG:
            return sums.answered - sums.right
        case Fate.CUT:
            return sums.truncated
        case Fate.NO_ANSWER:
            return cell.unanswered - sums.truncated
        case Fate.UNGRADED:
            return sums.kept - sums.graded
        case Fate.FAILED:
            return sums.failed
