"""The life of a draw as rows: reserved, ended, kept, graded, failed.

Each function is one operation for the writer; the sums follow by the schema's triggers in the same transaction.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.store.texts import pack, sha_of, unpack
from core.vocabulary import Outcome

if TYPE_CHECKING:
    from core.vocabulary import Budget, Grade, Reply, Usage

RESERVE = """
    INSERT INTO attempts (run_id, cell_id, draw, step, purpose, number, reserved_at, reserved_pico, reserved_tokens)
    VALUES (:run_id, :cell_id, :draw, :step, :purpose, :number, :now, :pico, :tokens)
"""

END = """
    UPDATE attempts
       SET outcome = :outcome, ended_at = :now, billed_pico = :billed_pico, billed_tokens = :billed_tokens,
           status = :status, message = :message, request_id = :request_id
     WHERE id = :attempt_id
"""

KEEP = """
    INSERT INTO samples (cell_id, draw, step, attempt_id, kept_at, finish_reason, prompt_tokens, cached_tokens,
                         completion_tokens, reasoning_tokens, bucket, log2_tokens, billed_pico, estimated, seconds,
                         model, fingerprint, text_sha)
    SELECT cell_id, draw, step, id, :now, :finish_reason, :prompt_tokens, :cached_tokens,
           :completion_tokens, :reasoning_tokens, :bucket, :log2_tokens, :billed_pico, :estimated, :seconds,
           :model, :fingerprint, :text_sha
      FROM attempts WHERE id = :attempt_id
"""

KEEP_TEXT = "INSERT INTO texts (sample_id, text, reasoning) VALUES (:sample_id, :text, :reasoning)"

GRADE = """
    INSERT INTO grades (sample_id, grader_id, answer, verdict, note)
    VALUES (:sample_id, :grader_id, :answer, :verdict, :note)
    ON CONFLICT (sample_id, grader_id) DO NOTHING
"""

FAIL = """
    INSERT INTO failures (cell_id, draw, step, failed_at, reason) VALUES (:cell_id, :draw, :step, :now, :reason)
    ON CONFLICT DO NOTHING
"""

LOSE_WHAT_WAS_IN_FLIGHT = """
    UPDATE attempts SET outcome = 'unknown', ended_at = :now, message = :message
     WHERE run_id = :run_id AND outcome = 'in flight'
"""

SKIP_WHAT_IS_IN_DOUBT = """
    INSERT INTO failures (cell_id, draw, step, failed_at, reason)
    SELECT DISTINCT attempts.cell_id, attempts.draw, attempts.step, :now, 'may have been billed without a reply'
      FROM attempts LEFT JOIN samples USING (cell_id, draw, step)
     WHERE attempts.run_id = :run_id AND outcome = 'unknown' AND purpose = 'ask' AND samples.id IS NULL
       AND ended_at > ifnull((SELECT max(wished_at) FROM wishes WHERE run_id = :run_id AND kind = 'retry'), '')
    ON CONFLICT DO NOTHING
"""

UNGRADED = """
    SELECT samples.id, samples.cell_id, samples.draw, texts.text
      FROM samples JOIN cells ON cells.id = samples.cell_id JOIN texts ON texts.sample_id = samples.id
     WHERE cells.run_id = :run_id AND cells.graded < cells.kept AND samples.id > :after
       AND NOT EXISTS (SELECT 1 FROM grades WHERE sample_id = samples.id AND grader_id = :grader_id)
  ORDER BY samples.id LIMIT :most
"""

ATTEMPTS_SO_FAR = """
    SELECT cell_id, draw, purpose, max(number) FROM attempts
     WHERE run_id = :run_id AND outcome NOT IN ('kept', 'withdrawn')
  GROUP BY cell_id, draw, purpose
"""

COMMITTED = """
    SELECT spent_pico + unknown_pico, spent_tokens + unknown_tokens, cap_pico, cap_tokens
      FROM totals JOIN runs ON runs.id = totals.run_id WHERE runs.id = :run_id
"""

FIRST_TOKENS = """
    SELECT problems.key, samples.completion_tokens
      FROM conditions
      JOIN cells ON cells.run_id = conditions.run_id AND cells.condition_id = conditions.id
      JOIN problems ON problems.id = cells.problem_id
CROSS JOIN samples ON samples.cell_id = cells.id AND samples.draw < 4     -- CROSS: cells first, by their index
     WHERE conditions.run_id = :run_id AND label = :label AND budget IS :budget
"""

MESSAGE_LIMIT = 500
"""Characters of a server's error message that are kept."""


Record = Callable[[sqlite3.Connection, int, "Kept", str], object]
"""What records a billed reply: (connection, attempt row, what was kept, time)."""
Then = Callable[["Reply"], None]
"""What is done with a reply between handing it to the writer and its commit."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is committed before a request leaves: which step it is for, and the most that it can cost."""

    run_id: int
    cell_id: int
    draw: int
    step: int
    purpose: str
    number: int
    pico: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended that brought no sample."""

    outcome: Outcome
    status: int | None = None
    message: str = ""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole reply with what it cost."""

    reply: Reply
    usage: Usage
    billed_pico: int | None
    """None where the model is unpriced."""
    estimated: bool
    """The server gave no usage: tokens and cost are those of the reservation."""


def reserve(connection: sqlite3.Connection, reservation: Reservation, now: str) -> int | None:
    """The row of a new attempt; None if it does not fit under a cap (the schema refuses it).

    Raises:
        sqlite3.IntegrityError: the draw is recorded already.
    """
    try:
        row = connection.execute(RESERVE, {**_values(reservation), "now": now}).lastrowid
    except sqlite3.IntegrityError as error:
        if "over the cap" in str(error):
            return None
        raise
    return row


def end(connection: sqlite3.Connection, attempt_id: int, ended: Ended, now: str) -> None:
    """End an attempt without a sample."""
    connection.execute(
        END,
        {
            "attempt_id": attempt_id,
            "outcome": ended.outcome.value,
            "now": now,
            "billed_pico": 0,
            "billed_tokens": 0,
            "status": ended.status,
            "message": whole(ended.message[:MESSAGE_LIMIT]),
            "request_id": ended.request_id,
        },
    )


def bill(connection: sqlite3.Connection, attempt_id: int, kept: Kept, now: str) -> None:
    """End an attempt with its bill; its reservation becomes spent."""
    connection.execute(
        END,
        {
            "attempt_id": attempt_id,
            "outcome": Outcome.KEPT.value,
            "now": now,
            "billed_pico": kept.billed_pico or 0,
            "billed_tokens": kept.usage.prompt_tokens + kept.usage.completion_tokens,
            "status": 200,
            "message": "",
            "request_id": kept.reply.request_id,
        },
    )


def keep(connection: sqlite3.Connection, attempt_id: int, kept: Kept, now: str) -> int:
    """The row of the sample that an attempt brought; its reservation becomes spent with it."""
    bill(connection, attempt_id, kept, now)
    reply, usage = kept.reply, kept.usage
    log2_tokens = math.log2(max(1, usage.completion_tokens))
    sample_id = connection.execute(
        KEEP,
        {
            "attempt_id": attempt_id,
            "now": now,
            "finish_reason": reply.finish_reason,
            "prompt_tokens": usage.prompt_tokens,
            "cached_tokens": usage.cached_tokens,
            "completion_tokens": usage.completion_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
            "bucket": round(16 * log2_tokens),
            "log2_tokens": log2_tokens,
            "billed_pico": kept.billed_pico,
            "estimated": kept.estimated,
            "seconds": reply.seconds,
            "model": reply.model,
            "fingerprint": reply.fingerprint,
            "text_sha": sha_of(reply.text),
        },
    ).lastrowid
    assert sample_id is not None
    reasoning = None if reply.reasoning is None else pack(reply.reasoning)
    connection.execute(KEEP_TEXT, {"sample_id": sample_id, "text": pack(reply.text), "reasoning": reasoning})
    return sample_id


def grade(connection: sqlite3.Connection, sample_id: int, grader_id: int, graded: Grade) -> None:
    """Record what a grader made of a sample."""
    connection.execute(GRADE, grade_values(sample_id, grader_id, graded))


def grade_values(sample_id: int, grader_id: int, graded: Grade) -> dict[str, object]:
    """A grade as its row has it."""
    return {
        "sample_id": sample_id,
        "grader_id": grader_id,
        "answer": None if graded.answer is None else whole(graded.answer),
        "verdict": graded.verdict.value,
        "note": whole(graded.note),
    }


def fail(connection: sqlite3.Connection, cell_id: int, draw: int, step: int, reason: str, now: str) -> None:
    """Give a step up: it is not asked again until somebody says `retry`."""
    connection.execute(
        FAIL, {"cell_id": cell_id, "draw": draw, "step": step, "now": now, "reason": whole(reason[:MESSAGE_LIMIT])}
    )


def lose_what_was_in_flight(connection: sqlite3.Connection, run_id: int, message: str, now: str) -> int:
    """How many attempts of a sampler that died are now in doubt, each counted at its full reservation."""
    key = {"run_id": run_id, "message": message, "now": now}
    return connection.execute(LOSE_WHAT_WAS_IN_FLIGHT, key).rowcount


def skip_what_is_in_doubt(connection: sqlite3.Connection, run_id: int, now: str) -> None:
    """Give up the draws whose request may have been billed without a reply (`on_unknown = "skip"`).

    Not those that somebody wished to `retry` since: that wish was for them.
    """
    connection.execute(SKIP_WHAT_IS_IN_DOUBT, {"run_id": run_id, "now": now})


def attempts_so_far(connection: sqlite3.Connection, run_id: int) -> dict[tuple[int, int, str], int]:
    """(cell row, draw, purpose) -> requests that there were for it and that brought nothing."""
    rows = connection.execute(ATTEMPTS_SO_FAR, {"run_id": run_id})
    return {(cell_id, draw, purpose): number for cell_id, draw, purpose, number in rows}


def ungraded(
    connection: sqlite3.Connection, run_id: int, grader_id: int, after: int, most: int
) -> list[tuple[int, int, int, str]]:
    """(sample row, cell row, draw, text) of the next samples that a grader has not seen, by row from `after` on."""
    key = {"run_id": run_id, "grader_id": grader_id, "after": after, "most": most}
    return [(row, cell_id, draw, unpack(text)) for row, cell_id, draw, text in connection.execute(UNGRADED, key)]


def whole(text: str) -> str:
    """A text without halves of surrogate pairs: a model can write them, a column cannot hold them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _values(reservation: Reservation) -> dict[str, object]:
    return {name: getattr(reservation, name) for name in Reservation.__slots__}


def committed(connection: sqlite3.Connection, run_id: int) -> tuple[tuple[int, int], int | None, int | None]:
    """((picodollars, tokens) spent or in doubt, dollar cap in picodollars, token cap) of a run."""
    pico, tokens, cap_pico, cap_tokens = connection.execute(COMMITTED, {"run_id": run_id}).fetchone()
    return (pico, tokens), cap_pico, cap_tokens


def first_tokens(
    connection: sqlite3.Connection, run_id: int, label: str, budgets: tuple[Budget, ...]
) -> dict[Budget, dict[str, list[int]]]:
    """Budget -> problem id -> completion tokens of the first draws, for the budgets of one label."""
    found: dict[Budget, dict[str, list[int]]] = {}
    for budget in budgets:
        rows = connection.execute(FIRST_TOKENS, {"run_id": run_id, "label": label, "budget": budget})
        for problem, tokens in rows:
            found.setdefault(budget, {}).setdefault(problem, []).append(tokens)
    return found
