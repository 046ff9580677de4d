r"""The choice kind: one letter of those on offer, as `C`, `(C)`, `\boxed{C}`, `\text{(C)}\ 204`, `answer: C. Paris`.

A small letter counts in a box, a tag or brackets only; a capital that starts a sentence (`A is ...`) is an article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.grading.decision import decide, judged
from core.grading.marks import Form, Mark
from core.grading.notation import plain
from core.grading.quantity import Reading, excerpt

if TYPE_CHECKING:
    from core.grading.spec import GradingSpec
    from core.vocabulary import Grade

_LEAD = re.compile(r"(?:(?:the|final|correct|answer|option|choice|letter|is)\b[\s:]*)*+", re.IGNORECASE)
_LETTER = re.compile(r"\s*(?:\(\s*(?P<inside>[A-Za-z])\s*\)|(?P<bare>[A-Za-z])(?![A-Za-z0-9'])(?P<closed>\))?)")
_ANOTHER = re.compile(r"\s*(?:,|/|&|\bor\b|\band\b)\s*(?:or\s+|and\s+)?\(?\s*([A-Za-z])\s*\)?(?![A-Za-z0-9'])")
_OPTION_TEXT = re.compile(r"\s*(?:$|[.:;,!\"')-])|\s+(?:because|since|as|for|from|which|given)\b")
_ONLY = re.compile(r"[\s.:!)*]*\Z")


class ChoiceGrader:
    """Reads the last marked letter of a text and compares it with the truth."""

    heavy = False

    def __init__(self, spec: GradingSpec) -> None:
        self.identity = spec.identity
        self._choices = spec.choices

    def grade(self, text: str, truth: str) -> Grade:
        """Right, wrong, or no answer with the reason. Never raises on any text."""
        return judged(decide(text, self._read), self.canonical(truth))

    def canonical(self, truth: str) -> str | None:
        """The truth as a capital letter, or None where it is no letter on offer."""
        match = _LETTER.match(plain(truth))
        letter = (match["inside"] or match["bare"]).upper() if match else ""
        return letter if match and letter in self._choices and _ONLY.match(plain(truth), match.end()) else None

    def refusal(self, truth: str) -> str | None:
        """Why a truth cannot be graded, or None."""
        if self.canonical(truth) is not None:
            return None
        return f"the answer {excerpt(truth)!r} is not one of the letters {', '.join(self._choices)}"

    def _read(self, mark: Mark) -> Reading | None:
        text = plain(mark.content)
        text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr] # matches the empty string too
        sure = mark.form is Form.DELIBERATE
        unread = Reading(None, f"cannot read: {excerpt(text)}") if sure and text else None
        match = _LETTER.match(text)
        if match is None:
            return unread
        letter = match["inside"] or match["bare"]
        small = letter.islower() and not (sure or match["inside"])
        if small or letter.upper() not in self._choices:
            return unread
        other = _ANOTHER.match(text, match.end())
        if other is not None and other[1].upper() in self._choices and other[1].upper() != letter.upper():
            return Reading(None, f"several answers: {excerpt(text)}")
        alone = _ONLY.match(text, match.end()) is not None
        followed = bool(match["inside"] or match["closed"]) or _OPTION_TEXT.match(text, match.end()) is not None
        closing = mark.form in {Form.LAST_LINE, Form.WHOLE}
        if alone or (followed and not closing):
            return Reading(letter.upper())
        return unread
