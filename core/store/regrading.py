"""Grading again, as rows: samples in batches, grades under another grader, and the sums that then count.

Each function is one step inside the caller's transaction. A truncated sample counts as not answered and wrong,
whatever was read out of it: the same rule as the schema's triggers `a_grade_counts` and `an_answer_votes`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.store.draws import grade_values
from core.store.runs import ENDPOINT_ROW, load_endpoints
from core.store.texts import unpack
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.vocabulary import Budget, Endpoint

# CROSS JOIN keeps the samples outermost, in the order of their rows, so that each batch starts where the last one
# ended instead of sorting the whole run again.
BATCH = """
    SELECT samples.id, problems.key, conditions.label, conditions.budget, samples.draw, problems.answer AS truth,
           samples.finish_reason IS 'length', texts.text, grades.answer, grades.verdict, grades.note,
           others.answer, others.verdict, others.note
      FROM samples
CROSS JOIN cells ON cells.id = samples.cell_id
      JOIN problems ON problems.id = cells.problem_id
      JOIN conditions ON conditions.id = cells.condition_id
      JOIN runs ON runs.id = cells.run_id
      JOIN texts ON texts.sample_id = samples.id
      LEFT JOIN grades ON grades.sample_id = samples.id AND grades.grader_id = ifnull(:held, runs.grader_id)
      LEFT JOIN grades AS others ON others.sample_id = samples.id AND others.grader_id = :other
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

FORGET_ANSWERS = "DELETE FROM answers WHERE cell_id IN (SELECT id FROM cells WHERE run_id = :run_id)"

# CROSS JOIN here too: grades and samples side by side in the order of their rows take a fifth of the time that
# samples cell by cell take, which lie all over the file.
_GRADES_OF_A_RUN = """
      FROM grades
CROSS JOIN samples ON samples.id = grades.sample_id
CROSS JOIN cells AS held ON held.id = samples.cell_id
     WHERE grades.grader_id = :grader_id AND held.run_id = :run_id
"""

TALLY_AGAIN = f"""
    INSERT INTO answers (cell_id, answer, votes, right)
    SELECT samples.cell_id, grades.answer, count(*), sum(grades.verdict = 'right')
           {_GRADES_OF_A_RUN} AND grades.answer IS NOT NULL AND samples.finish_reason IS NOT 'length'
  GROUP BY samples.cell_id, grades.answer
"""

COUNT_AGAIN = f"""
    UPDATE cells SET graded = counted.graded
      FROM (SELECT samples.cell_id, count(*) AS graded {_GRADES_OF_A_RUN} GROUP BY samples.cell_id) AS counted
     WHERE cells.id = counted.cell_id
"""

ADD_UP_AGAIN = """
    UPDATE cells SET answered = counted.votes, right = counted.right
      FROM (SELECT cell_id, sum(votes) AS votes, sum(answers.right) AS right
              FROM cells AS held JOIN answers ON answers.cell_id = held.id
             WHERE held.run_id = :run_id
          GROUP BY cell_id) AS counted
     WHERE cells.id = counted.cell_id
"""

ADOPT = "UPDATE runs SET grader_id = :grader_id, config = :config WHERE id = :run_id"


@dataclass(frozen=True, slots=True)
class Regradable:
    """A sample with all that grading it again needs, the grade that counts, and what another grader made of it."""

    id: int
    problem: str
    label: str
    budget: Budget
    draw: int
    truth: str
    truncated: bool
    text: str
    before: Grade | None
    other: Grade | None = None


def batch(
    connection: sqlite3.Connection,
    run_id: int,
    after: int,
    most: int,
    *,
    held: int | None = None,
    other: int | None = None,
) -> list[Regradable]:
    """The next `most` samples of a run whose rows come after `after`; empty at the end.

    Args:
        connection: The store.
        run_id: The run's row.
        after: The last sample's row of the batch before; 0 at first.
        most: How many.
        held: The grader whose grades are `before`; None is the run's current one.
        other: The grader whose grades are `other`; None is nobody.
    """
    key = {"run_id": run_id, "after": after, "most": most, "held": held, "other": other}
    rows = connection.execute(BATCH, key)
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
            before=_grade(*grades[:3]),
            other=_grade(*grades[3:]),
        )
        for row_id, problem, label, budget, draw, truth, cut, packed, *grades in rows
    ]


def grader_named(connection: sqlite3.Connection, identity: str) -> int | None:
    """The row of a grader; None where nothing was ever graded by it."""
    row = connection.execute("SELECT id FROM graders WHERE identity = ?", (identity,)).fetchone()
    return None if row is None else int(row[0])


def meet(connection: sqlite3.Connection, run_id: int, endpoint: Endpoint) -> None:
    """Have a run know an endpoint; one that it knows already stays as it is, live settings included."""
    if endpoint.name not in {one.name for one in load_endpoints(connection, run_id)}:
        settings = json.dumps(asdict(endpoint), sort_keys=True)
        connection.execute(ENDPOINT_ROW, {"run_id": run_id, "name": endpoint.name, "settings": settings})


def grade_again(connection: sqlite3.Connection, grader_id: int, graded: Iterable[tuple[int, Grade]]) -> None:
    """Record what a grader makes of these samples (rows), in place of what it made of them before."""
    connection.executemany(
        GRADE_AGAIN,
        [grade_values(sample_id, grader_id, grade) for sample_id, grade in graded],
    )


def adopt(connection: sqlite3.Connection, run_id: int, grader_id: int, config: str) -> None:
    """Have a run's sums and its tally of answers count the grades of this grader, and going on with the run use it."""
    key = {"run_id": run_id, "grader_id": grader_id}
    connection.execute(ADOPT, {**key, "config": config})
    for statement in (FORGET_SUMS, FORGET_ANSWERS, TALLY_AGAIN, COUNT_AGAIN, ADD_UP_AGAIN):
        connection.execute(statement, key)


def _grade(answer: str | None, verdict: str | None, note: str) -> Grade | None:
    return None if verdict is None else Grade(answer, Verdict(verdict), note)
