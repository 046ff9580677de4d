"""A run's samples as flat rows, for files: a value for each of `FIELDS`, one row at a time.

Facts only, as they were kept: exact dollars, the answer as the grader read it. Whether a sample counts as right is a
field of its own, since a truncated one never does. Rows are streamed: a million samples need no more memory than ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.money import usd
from core.store.provenance import grader_of, request_id_of
from core.store.samples import samples, text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.store.progress import RunRow
    from core.store.samples import SampleRow
    from core.vocabulary import Json

FIELDS = (
    "run_id",
    "run",
    "simulated",
    "imported",
    "label",
    "model",
    "control",
    "budget",
    "problem",
    "cluster",
    "draw",
    "answer",
    "truth",
    "verdict",
    "right",
    "truncated",
    "note",
    "grader",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "cost_usd",
    "estimated",
    "seconds",
    "finish_reason",
    "kept_at",
    "reported_model",
    "fingerprint",
    "request_id",
)
TEXT_FIELDS = ("text", "reasoning")


@dataclass(frozen=True, slots=True)
class Rows:
    """The samples of some runs, read from a store as they are asked for."""

    connection: sqlite3.Connection
    runs: tuple[RunRow, ...]
    texts: bool
    """Whether each row has its text and reasoning too."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what each row holds, in order."""
        return FIELDS + TEXT_FIELDS if self.texts else FIELDS

    def __iter__(self) -> Iterator[dict[str, Json]]:
        """The rows: runs outermost, then conditions, problems and draws in the order of the plan."""
        for run in self.runs:
            grader = grader_of(self.connection, run.id)
            for row in samples(self.connection, run.id):
                values = _values(run, row, grader, request_id_of(self.connection, row.id))
                if self.texts:
                    values |= dict(zip(TEXT_FIELDS, text(self.connection, row.id), strict=True))
                yield values


def _values(run: RunRow, row: SampleRow, grader: str | None, request_id: str | None) -> dict[str, Json]:
    cut = row.finish_reason == "length"
    return {
        "run_id": run.id,
        "run": run.name,
        "simulated": run.simulated,
        "imported": run.imported,
        "label": row.label,
        "model": row.model,
        "control": row.control,
        "budget": row.budget,
        "problem": row.problem,
        "cluster": row.cluster,
        "draw": row.draw,
        "answer": row.answer,
        "truth": row.truth,
        "verdict": row.verdict,
        "right": None if row.verdict is None else row.verdict == "right" and not cut,
        "truncated": cut,
        "note": row.note,
        "grader": grader if row.verdict is not None else None,
        "prompt_tokens": row.prompt_tokens,
        "cached_tokens": row.cached_tokens,
        "completion_tokens": row.completion_tokens,
        "reasoning_tokens": row.reasoning_tokens,
        "cost_usd": None if row.billed_pico is None else usd(row.billed_pico),
        "estimated": bool(row.estimated),
        "seconds": row.seconds,
        "finish_reason": row.finish_reason,
        "kept_at": row.kept_at,
        "reported_model": row.reported_model,
        "fingerprint": row.fingerprint,
        "request_id": request_id,
    }
