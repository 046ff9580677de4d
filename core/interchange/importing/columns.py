"""Which column of a table of samples is what: the names that are in use, and those that a person maps.

Each of our fields takes the first of its names that the table has and that no field before it has taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError
from core.interchange.importing.facts import refuse
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMES: dict[str, tuple[str, ...]] = {
    "problem": ("problem_id", "sample_id", "task_id", "question_id", "id", "problem"),
    "draw": ("draw", "epoch", "attempt", "sample_index", "sample_idx", "sample", "trial", "repeat", "rollout", "seed"),
    "run": ("run", "run_id", "eval_id"),
    "label": ("label",),
    "model": ("model", "model_name", "model_id"),
    "budget": (
        "budget",
        "reasoning_effort",
        "effort",
        "token_limit",
        "limit",
        "thinking_budget",
        "budget_tokens",
        "max_thinking_tokens",
    ),
    "control": ("control",),
    "truth": ("truth", "target", "gold", "gold_answer", "ground_truth", "expected", "correct_answer", "reference"),
    "answer": (
        "extracted_answer",
        "parsed_answer",
        "predicted_answer",
        "model_answer",
        "predicted",
        "prediction",
        "pred",
        "final_answer",
        "answer",
    ),
    "graded": ("right", "graded", "correct", "is_correct", "passed", "score", "verdict"),
    "note": ("note",),
    "prompt_tokens": ("prompt_tokens", "input_tokens"),
    "cached_tokens": ("cached_tokens", "cached_input_tokens", "input_tokens_cache_read"),
    "completion_tokens": ("completion_tokens", "output_tokens", "generated_tokens", "tokens_used", "num_tokens"),
    "reasoning_tokens": ("reasoning_tokens", "thinking_tokens", "thoughts_tokens"),
    "total_tokens": ("total_tokens",),
    "cost": ("cost_usd", "cost", "usd", "price_usd", "total_cost"),
    "seconds": ("seconds", "working_time", "total_time", "latency_s", "latency", "duration", "elapsed"),
    "error": ("error", "exception", "failure"),
    "text": ("text", "completion", "response", "output", "generation"),
    "reasoning": ("reasoning", "reasoning_content", "thinking", "thoughts"),
    "finish_reason": ("finish_reason", "stop_reason"),
    "truncated": ("truncated",),
    "estimated": ("estimated",),
    "question": ("question", "problem_text", "problem", "input", "prompt"),
    "cluster": ("cluster", "contest"),
    "kept_at": ("kept_at", "completed_at", "timestamp", "created_at"),
    "reported_model": ("reported_model",),
    "fingerprint": ("fingerprint", "system_fingerprint"),
    "score": ("reward", "reward_score", "rm_score", "verifier_score"),
}
"""Ours, and what others call it, the likeliest first."""

MANY = frozenset({"score"})
"""Fields of which a table may have several columns, each kept under its own name."""


def checked_mapping(words: Sequence[str]) -> dict[str, str]:
    """`FIELD=COLUMN` as a person writes them, by our field.

    Raises:
        UsageError: one is none, or names no field of ours.
    """
    mapping: dict[str, str] = {}
    for word in words:
        ours, equals, theirs = word.partition("=")
        if not equals or not theirs:
            raise UsageError(f"--map {visible_line(word, 80)}: must be FIELD=COLUMN, such as budget=limit")
        if ours not in NAMES:
            raise UsageError(f"--map {visible_line(word, 80)}: there is no field {ours!r}; use {', '.join(NAMES)}")
        if ours in mapping:
            raise UsageError(f"--map {ours}: is given twice")
        mapping[ours] = theirs
    return mapping


def columns_of(found: Sequence[str], mapping: Mapping[str, str], where: str) -> dict[str, str]:
    """Our fields by the columns that hold them.

    Args:
        found: The table's columns.
        mapping: What a person says of them.
        where: The file, for messages.

    Raises:
        UsageError: a column that was named is not there, or none says which problem was answered.
    """
    there, taken = set(found), set(mapping.values())
    for ours, theirs in mapping.items():
        if theirs not in there:
            refuse(where, f"--map {ours}={theirs}: there is no such column; there is {', '.join(found)}")
    columns = dict(mapping)
    for ours, names in NAMES.items():
        if ours in columns:
            continue
        free = [name for name in names if name in there and name not in taken]
        if free:
            columns[ours] = free[0]
            taken.add(free[0])
    _settle_answers(columns, there, taken, mapping)
    if "problem" not in columns and "question" not in columns:
        refuse(
            where, f"no column says which problem was answered; say --map problem=COLUMN; there is {', '.join(found)}"
        )
    return columns


def score_columns(columns: Mapping[str, str], found: Sequence[str]) -> list[str]:
    """The columns that hold what scorers thought of a sample."""
    if "score" not in columns:
        return []
    return list(dict.fromkeys([columns["score"], *(name for name in NAMES["score"] if name in found)]))


def _settle_answers(columns: dict[str, str], there: set[str], taken: set[str], mapping: Mapping[str, str]) -> None:
    """`answer` is the known one where a table has predictions too and nothing else that is known."""
    if "truth" in columns or columns.get("answer") == "answer" or "answer" in taken or "answer" not in there:
        return
    if "answer" not in mapping:
        columns["truth"] = "answer"
