"""The result files that were published with the o1-mini scaling picture: accuracies without their samples.

A list of `{"token_limit", "accuracy", "avg_tokens_used"}` (hughbzhang/o1_inference_scaling_laws, `results_log*.json`).
Up to 2048 tokens each problem was asked once; a greater limit is the majority vote of limit / 2048 draws that were each
asked for 2048, which is what its tokens add up to. How many problems there were is not in the files: it is taken as the
least number of which all single-draw accuracies are whole parts (30, for the contest that was asked).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from core.interchange.importing.facts import Facts
from core.interchange.importing.foreign import ForeignRun
from core.store.imports import AggregateRow
from core.vocabulary import Control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.interchange.importing.sources import Source

FIELDS = frozenset({"token_limit", "accuracy", "avg_tokens_used"})
MODEL = "o1-mini"
ONE_DRAW = 2048
"""Tokens asked for at most in one draw."""
_MOST_PROBLEMS = 1000


def is_aggregates(document: Any) -> bool:
    """Whether a document has this form."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(row, dict) and FIELDS >= set(row) > {"token_limit"} for row in document)
        and all("accuracy" in row for row in document)
    )


def read_aggregates(source: Source, document: Sequence[Any]) -> ForeignRun:
    """The published points.

    Raises:
        UsageError: a row is not what it should be.
    """
    rows = [_row(Facts.of(row, f"{source.name}: row {number}")) for number, row in enumerate(document, start=1)]
    problems = problems_behind([accuracy for _, votes, accuracy, _ in rows if votes == 1])
    return ForeignRun(
        name=source.stem,
        format="aggregates",
        files=(source.file,),
        aggregates=tuple(
            AggregateRow(MODEL, MODEL, Control.PROMPT.value, budget, votes, problems, accuracy, tokens)
            for budget, votes, accuracy, tokens in rows
        ),
        says={"problems": "not said" if problems is None else f"not said; at least {problems} by its accuracies"},
        notes=(f"published points of {MODEL}: accuracies without samples",),
    )


def problems_behind(accuracies: Sequence[float]) -> int | None:
    """The least number of problems of which all these shares are whole parts; None where it is none of some size."""
    parts = [Fraction(accuracy).limit_denominator(_MOST_PROBLEMS) for accuracy in accuracies]
    if not parts or any(abs(float(part) - share) > 1e-9 for part, share in zip(parts, accuracies, strict=True)):  # noqa: PLR2004 - what is lost in writing a float
        return None
    least = lcm(*(part.denominator for part in parts))
    return least if 1 < least <= _MOST_PROBLEMS else None


def _row(facts: Facts) -> tuple[int, int, float, float | None]:
    """(tokens asked for in each draw, draws, accuracy, mean tokens)."""
    limit, accuracy = facts.tokens("token_limit"), facts.real("accuracy", most=1.0)
    if not limit:
        facts.wrong("token_limit", "a number of tokens")
    if accuracy is None:
        facts.wrong("accuracy", "a number from 0 to 1")
    if limit > ONE_DRAW and limit % ONE_DRAW:
        facts.wrong("token_limit", f"at most {ONE_DRAW}, or a multiple of it: a vote among draws of {ONE_DRAW}")
    votes = max(1, limit // ONE_DRAW)
    return limit // votes, votes, accuracy, facts.real("avg_tokens_used", most=1e12)
