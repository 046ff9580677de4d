"""What a source says of a sample, as a grade: its own words for right and wrong, and answers that it may not give."""

from __future__ import annotations

from typing import Any

from core.vocabulary import Grade, Verdict

RIGHT = frozenset({"c", "correct", "right", "true", "1", "1.0", "yes", "y", "pass", "passed"})
WRONG = frozenset({"i", "incorrect", "wrong", "false", "0", "0.0", "no", "n", "fail", "failed", "p", "partial"})
"""Inspect's P, partly right, and N, no answer, are not right."""

WRONG_ANSWER = "(wrong)"
"""The one answer of all wrong samples of a source that gives none: taken to agree, so that votes are a lower bound."""
CLEAN = 60
"""Characters of an answer; what is longer, or has several lines, is a text with an answer in it."""

_EXCERPT = 200


def is_right(value: Any) -> bool | None:
    """What a source's word for right or wrong means; None where it is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    word = str(value).strip().lower()
    return True if word in RIGHT else False if word in WRONG or word == "no answer" else None


def is_clean(answer: str) -> bool:
    """Whether a source's answer is one, and no text in which it has to be found."""
    return len(answer) <= CLEAN and "\n" not in answer.strip()


def said(answer: str | None, truth: str, *, right: bool, given: bool = True, note: str = "") -> Grade:
    """What a source says of a sample, as a grade.

    Args:
        answer: Its answer, or the text that it has in place of one; None or empty where it gives none.
        truth: The problem's known answer, which is what a right sample has answered where its own words are missing.
        right: Whether the source holds it right.
        given: Whether the source gives answers at all.
        note: Anything worth keeping with it.
    """
    words = (answer or "").strip()
    clean = is_clean(words)
    if right:
        return Grade((words if words and clean else truth) or "(right)", Verdict.RIGHT, note)
    if not given:
        return Grade(WRONG_ANSWER, Verdict.WRONG, note)
    if not words:
        return Grade(None, Verdict.NO_ANSWER, note)
    return Grade(words if clean else words.splitlines()[-1].strip()[:_EXCERPT], Verdict.WRONG, note)
