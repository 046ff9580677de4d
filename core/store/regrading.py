"""Grading again, as rows: samples in batches, grades under another grader, and the sums that then count.

Each function is one step inside the caller's transaction. A truncated sample counts as not answered and wrong,
whatever was read out of it: the same rule as the schema's trigger `a_grade_counts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.store.draws import unpack, whole
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.vocabulary import Budget

# CROSS JOIN keeps the samples outermost, in the order of their rows, so that each batch starts where the last one
# ended instead of sorting the whole run again.
BATCH = """
    SELECT samples.id, problems.key, conditions.label, conditions.budget, samples.draw, problems.answer AS truth,
           samples.finish_reason IS 'length', texts.text, grades.answer, grades.verdict, grades.note
      FROM samples
CROSS JOIN cells ON cells.id = samples.cell_id
      JOIN problems ON problems.id = cells.problem_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN runs ON runs.id = cells.run_id
      JOIN texts ON texts.sample_id = samples.id
      LEFT JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = runs.grader_id
     WHERE samples.id > :after AND cells.run_id = :run_id
  ORDER BY samples.id
     LIMIT :most
"""

GRADE_AGAIN = """
    INSERT INTO grades (sample_id, grader_id, answer, verdict, note)
    VALUES (:sample_id, :grader_id, :answer, :verdict, :note)
    ON CONFLICT (sample_id, grader_id) DO UPDATE
       SET answer = excluded.answer, verdict = excluded.verdict, note = excluded.note
"""

FORGET_SUMS = "UPDATE cells SET graded = 0, answered = 0, right = 0 WHERE run_id = :run_id"

COUNT_AGAIN = """
    UPDATE cells
       SET graded = counted.graded, answered = counted.answered, right = counted.right
      FROM (SELECT samples.cell_id,
                   count(*) AS graded,
                   sum(grades.verdict <> 'no answer' AND samples.finish_reason IS NOT 'length') AS answered,
                   sum(grades.verdict = 'right' AND samples.finish_reason IS NOT 'length') AS right
              FROM cells AS held
              JOIN samples ON samples.cell_id = held.id
              JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = :grader_id
             WHERE held.run_id = :run_id
          GROUP BY samples.cell_id) AS counted
     WHERE cells.id = counted.cell_id
"""

ADOPT = "UPDATE runs SET grader_id = :grader_id, config = :config WHERE id = :run_id"


@dataclass(frozen=True, slots=True)
class Regradable:
    """A sample with all that grading it again needs, and the grade that counts now."""

    id: int
    problem: str
    label: str
    budget: Budget
    draw: int
    truth: str
    truncated: bool
    text: str
    before: Grade | None


def batch(connection: sqlite3.Connection, run_id: int, after: int, most: int) -> list[Regradable]:
    """The next `most` samples of a run whose rows come after `after`; empty at the end."""
    rows = connection.execute(BATCH, {"run_id": run_id, "after": after, "most": most})
    return [
        Regradable(
            id=row_id,
            problem=problem,
            label=label,
            budget=budget,
            draw=draw,
            truth=truth,
            truncated=bool(cut),
            text=unpack(packed),
            before=None if verdict is None else Grade(answer, Verdict(verdict), note),
        )
        for row_id, problem, label, budget, draw, truth, cut, packed, answer, verdict, note in rows
    ]


def grade_again(connection: sqlite3.Connection, grader_id: int, graded: Iterable[tuple[int, Grade]]) -> None:
    """Record what a grader makes of these samples (rows), in place of what it made of them before."""
    connection.executemany(
        GRADE_AGAIN,
        [
            {
                "sample_id": sample_id,
                "grader_id": grader_id,
                "answer": None if grade.answer is None else whole(grade.answer),
                "verdict": grade.verdict.value,
                "note": whole(grade.note),
            }
            for sample_id, grade in graded
        ],
    )


def adopt(connection: sqlite3.Connection, run_id: int, grader_id: int, config: str) -> None:
    """Have a run's sums count the grades of this grader, and going on with the run use it."""
    key = {"run_id": run_id, "grader_id": grader_id}
    connection.execute(ADOPT, {**key, "config": config})
    connection.execute(FORGET_SUMS, {"run_id": run_id})
    connection.execute(COUNT_AGAIN, key)
