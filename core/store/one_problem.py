"""One problem of a run: its question, and what has come of it under each condition, answers counted.

From sums and tallies, so a problem with thirty thousand samples is read like one with three; its draws come a page at
a time from `core.store.draw_rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import ThinktopError
from core.store.grid import answers_by_condition
from core.store.progress import Sums, dicts

if TYPE_CHECKING:
    import sqlite3

    from core.store.grid import Counted
    from core.vocabulary import Budget

PROBLEM = """
    SELECT position, key, question, answer AS truth, cluster FROM problems WHERE id = :problem_id AND run_id = :run_id
"""

CELLS = f"""
    SELECT conditions.id AS condition_id, label, budget, price IS NOT NULL OR billed_pico > 0 AS priced,
           {", ".join(Sums.__slots__)}
      FROM cells JOIN conditions ON conditions.id = cells.condition_id
     WHERE cells.run_id = :run_id AND cells.problem_id = :problem_id
  ORDER BY conditions.position
"""


@dataclass(frozen=True, slots=True)
class ProblemCell:
    """A problem under one condition."""

    condition_id: int
    label: str
    budget: Budget
    priced: bool
    sums: Sums
    answers: tuple[Counted, ...]
    """Those that count, the most frequent first."""

    @property
    def share(self) -> float | None:
        """Share of the graded samples that are right; None before the first."""
        return self.sums.right / self.sums.graded if self.sums.graded else None

    @property
    def unanswered(self) -> int:
        """Graded samples that cast no vote: no answer could be read, or the token cap cut them."""
        return self.sums.graded - self.sums.answered

    @property
    def mean_tokens(self) -> float | None:
        """Completion tokens a sample; None where none are known."""
        return self.sums.completion_tokens / self.sums.kept or None if self.sums.kept else None

    @property
    def overrun(self) -> float | None:
        """Geometric mean of tokens used per token asked for; None without samples or a budget in tokens."""
        if not isinstance(self.budget, int) or self.budget <= 0 or not self.sums.log2_tokens:
            return None
        return float(2 ** (self.sums.log2_tokens / self.sums.kept)) / self.budget


@dataclass(frozen=True, slots=True)
class OneProblem:
    """A problem with its cells."""

    id: int
    """Its row."""
    position: int
    """Its place in the plan, from 0."""
    key: str
    question: str
    truth: str
    cluster: str | None
    cells: tuple[ProblemCell, ...]
    """In the order of the plan."""


def one_problem(connection: sqlite3.Connection, run_id: int, problem_id: int) -> OneProblem:
    """A problem of a run by its row.

    Raises:
        ThinktopError: the run has been deleted.
    """
    key = {"run_id": run_id, "problem_id": problem_id}
    rows = dicts(connection.execute(PROBLEM, key))
    if not rows:
        raise ThinktopError(f"problem {problem_id} of run {run_id} is no longer in the store")
    counted = answers_by_condition(connection, run_id, problem_id)
    cells = []
    for row in dicts(connection.execute(CELLS, key)):
        sums = Sums(**{name: row.pop(name) for name in Sums.__slots__})
        row["priced"] = bool(row["priced"])
        cells.append(ProblemCell(**row, sums=sums, answers=tuple(counted.get(row["condition_id"], ()))))
    return OneProblem(id=problem_id, **rows[0], cells=tuple(cells))
