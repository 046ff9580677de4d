"""The draws of one problem a page at a time: samples and failures in one order, by condition and by what they came to.

The only reading for a screen that looks at samples one by one; `core.store.one_problem` has their sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.vocabulary import Fate

if TYPE_CHECKING:
    import sqlite3

    from core.vocabulary import Budget

_FATE = """
    CASE WHEN grades.verdict IS NULL THEN 'ungraded' WHEN samples.finish_reason IS 'length' THEN 'cut'
         ELSE grades.verdict END
"""

# By its sums: a cell that has none is passed over.
_HAS_SUCH = """
    CASE :fate WHEN 'right' THEN cells.right WHEN 'wrong' THEN cells.answered - cells.right
               WHEN 'no answer' THEN cells.graded - cells.answered WHEN 'cut' THEN cells.truncated
               ELSE cells.kept - cells.graded END > 0
"""

_HERE = """
     WHERE cells.run_id = :run_id AND cells.problem_id = :problem_id
       AND (:condition_id IS NULL OR cells.condition_id = :condition_id)
"""

# Everything comes in the order of an index, so that a page is read and no more; a run's conditions have their rows in
# the order of its plan. CROSS JOIN keeps it so.
_SAMPLES = f"""
    SELECT cells.condition_id, samples.draw, samples.step, cells.id AS cell_id, samples.id AS sample_id
      FROM cells CROSS JOIN samples ON samples.cell_id = cells.id
    {_HERE}
"""

_SAMPLES_OF_A_FATE = f"""
    SELECT cells.condition_id, samples.draw, samples.step, cells.id AS cell_id, samples.id AS sample_id
      FROM runs
CROSS JOIN cells ON cells.run_id = runs.id
CROSS JOIN samples ON samples.cell_id = cells.id
      LEFT JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = runs.grader_id
    {_HERE} AND {_HAS_SUCH} AND {_FATE} = :fate
"""

_FAILURES = f"""
    SELECT cells.condition_id, failures.draw, failures.step, cells.id AS cell_id, NULL AS sample_id
      FROM cells CROSS JOIN failures ON failures.cell_id = cells.id
    {_HERE}
"""


def _page_of(found: str) -> str:
    """The query for a page of what was found: what it shows is looked up for its own draws only."""
    return f"""
      WITH page AS ({found} ORDER BY condition_id, draw, step LIMIT :limit OFFSET :offset)
    SELECT page.condition_id, conditions.label, conditions.budget, page.draw, page.sample_id,
           CASE WHEN page.sample_id IS NULL THEN 'failed' ELSE {_FATE} END,
           grades.answer, ifnull(failures.reason, grades.note),
           CASE WHEN samples.estimated AND samples.completion_tokens = 0 THEN NULL ELSE samples.completion_tokens END,
           samples.estimated,
           CASE WHEN runs.imported IS NULL THEN samples.seconds ELSE nullif(samples.seconds, 0) END,
           samples.billed_pico, samples.finish_reason, ifnull(samples.kept_at, failures.failed_at),
           (SELECT count(*) FROM attempts WHERE cell_id = page.cell_id AND draw = page.draw AND step = page.step
               AND purpose = 'ask' AND outcome <> 'withdrawn')
      FROM page
      JOIN conditions ON conditions.id = page.condition_id
      JOIN runs ON runs.id = :run_id
      LEFT JOIN samples ON samples.id = page.sample_id
      LEFT JOIN grades ON grades.sample_id = page.sample_id AND grades.grader_id = runs.grader_id
      LEFT JOIN failures ON page.sample_id IS NULL AND failures.cell_id = page.cell_id
           AND failures.draw = page.draw AND failures.step = page.step
  ORDER BY page.condition_id, page.draw, page.step
"""


PAGE = _page_of(f"{_SAMPLES} UNION ALL {_FAILURES}")

PAGE_OF_FAILURES = _page_of(_FAILURES)

PAGE_OF_A_FATE = _page_of(_SAMPLES_OF_A_FATE)


class DrawRow(NamedTuple):
    """A draw as a table shows it."""

    condition_id: int
    label: str
    budget: Budget
    draw: int
    sample_id: int | None
    """None where it failed."""
    fate: Fate
    answer: str | None
    note: str | None
    """Why there is no answer, or why it failed."""
    completion_tokens: int | None
    """None where it failed, like the next three; where it was imported, also what its source does not say."""
    estimated: bool | None
    seconds: float | None
    billed_pico: int | None
    """None too where it is unpriced."""
    finish_reason: str | None
    at: str
    """When it was kept, or given up."""
    attempts: int
    """Requests for it that were sent, whatever came of them; 0 where it was imported."""


def draw_rows(
    connection: sqlite3.Connection,
    run_id: int,
    problem_id: int,
    *,
    limit: int,
    offset: int = 0,
    condition_id: int | None = None,
    fate: Fate | None = None,
) -> list[DrawRow]:
    """A page of a problem's draws: conditions in the order of the plan, then draws.

    How many there are is `kept + failed` of its sums.

    Args:
        connection: The store.
        run_id: The run's row.
        problem_id: The problem's row.
        limit: Draws on the page.
        offset: Draws before it, of those that match.
        condition_id: Only those under this condition (row).
        fate: Only those that came to this.
    """
    key = {"run_id": run_id, "problem_id": problem_id, "condition_id": condition_id, "limit": limit, "offset": offset}
    if fate is None:
        rows = connection.execute(PAGE, key)
    elif fate is Fate.FAILED:
        rows = connection.execute(PAGE_OF_FAILURES, key)
    else:
        rows = connection.execute(PAGE_OF_A_FATE, {**key, "fate": fate.value})
    found = map(DrawRow._make, rows)
    return [
        one._replace(fate=Fate(one.fate), estimated=None if one.estimated is None else bool(one.estimated))
        for one in found
    ]
