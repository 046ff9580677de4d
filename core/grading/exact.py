"""The exact kind: the marked answer, or the last line, as a string.

White space is evened out and mark-up, quotes and a closing full stop go; case counts only where the spec says so. A
text without a mark answers with its last line: that is how short answers are asked for, and it is why this kind nearly
always reads something.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from core.grading.decision import decide, judged
from core.grading.marks import PLACEHOLDER, Form, Mark
from core.grading.notation import plain
from core.grading.quantity import Reading

if TYPE_CHECKING:
    from core.grading.spec import GradingSpec
    from core.vocabulary import Grade

_LONGEST = 200


def normalised(answer: str, *, ignore_case: bool) -> str:
    """The one spelling of an answer: NFC, single spaces, no mark-up around it, no full stop after it."""
    text = unicodedata.normalize("NFC", plain(answer)).strip(" .\"'*_`").strip()
    return text.casefold() if ignore_case else text


class ExactGrader:
    """Reads the last marked answer as it stands and compares it with the truth."""

    heavy = False

    def __init__(self, spec: GradingSpec) -> None:
        self.identity = spec.identity
        self._ignore_case = spec.ignore_case

    def grade(self, text: str, truth: str) -> Grade:
        """Right, wrong, or no answer with the reason. Never raises on any text."""
        return judged(decide(text, self._read), self.canonical(truth))

    def canonical(self, truth: str) -> str | None:
        """The truth as answers are spelled, or None where nothing is left of it."""
        return normalised(truth, ignore_case=self._ignore_case)[:_LONGEST] or None

    def refusal(self, truth: str) -> str | None:
        """Why a truth cannot be graded, or None."""
        if len(truth) > _LONGEST:
            return f"the answer is longer than {_LONGEST} characters; no text would match it exactly"
        return None if self.canonical(truth) else "the answer is empty"

    def _read(self, mark: Mark) -> Reading | None:
        answer = normalised(mark.content, ignore_case=self._ignore_case)
        placeholder = mark.form is Form.DELIBERATE and len(answer) != 1 and PLACEHOLDER.fullmatch(answer)
        if not answer or placeholder:
            return None
        if len(answer) > _LONGEST or not mark.complete:
            return Reading(None, f"longer than {_LONGEST} characters")
        return Reading(answer)
