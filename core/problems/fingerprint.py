"""What makes a problem the same problem: its question and its answer, whatever its id, cluster or source."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.vocabulary import Problem

_ID_DIGITS = 12


def problem_hash(problem: Problem) -> str:
    """64 hex digits of SHA-256 over question and answer: part of a plan's identity."""
    content = json.dumps([problem.question, problem.answer], ensure_ascii=False)  # a list keeps where one text ends
    return hashlib.sha256(content.encode()).hexdigest()


def question_id(question: str) -> str:
    """12 hex digits of the question's SHA-256: the id of a problem that came without one."""
    return hashlib.sha256(question.encode()).hexdigest()[:_ID_DIGITS]
