"""The regex kind: the user's own pattern. Heavy, since a pattern can take forever on a text: see `workers`.

The last match is the answer: its group named `answer`, else its first group, else all of it.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from core.grading.quantity import excerpt
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from core.grading.spec import GradingSpec

_LONGEST = 1000


class PatternGrader:
    """Reads what the pattern's last match caught and compares it with the truth."""

    heavy = True

    def __init__(self, spec: GradingSpec) -> None:
        self.identity = spec.identity
        self._pattern = re.compile(spec.pattern or "")
        self._ignore_case = spec.ignore_case
        self._group: str | int = "answer" if "answer" in self._pattern.groupindex else min(self._pattern.groups, 1)

    def grade(self, text: str, truth: str) -> Grade:
        """Right, wrong, or no answer with the reason. Takes as long as the pattern does."""
        last = deque(self._pattern.finditer(text), maxlen=1)
        if not last:
            return Grade(None, Verdict.NO_ANSWER, "the pattern matches nowhere")
        answer = self._spelled(last[0][self._group] or "")
        if not answer:
            return Grade(None, Verdict.NO_ANSWER, "the pattern's last match is empty")
        if len(answer) > _LONGEST:
            return Grade(None, Verdict.NO_ANSWER, f"the pattern caught {len(answer):,} characters: {excerpt(answer)}")
        return Grade(answer, Verdict.RIGHT if answer == self.canonical(truth) else Verdict.WRONG)

    def canonical(self, truth: str) -> str | None:
        """The truth as answers are spelled, or None where nothing is left of it."""
        return self._spelled(truth) or None

    def refusal(self, truth: str) -> str | None:
        """Why a truth cannot be graded, or None."""
        return None if self.canonical(truth) else "the answer is empty"

    def _spelled(self, answer: str) -> str:
        spelled = " ".join(answer.split())
        return spelled.casefold() if self._ignore_case else spelled
