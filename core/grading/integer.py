"""The integer kind: competition answers such as 073, within a range.

A readable number outside the range is **no answer** with the note `out of range: 1234`, not a wrong one: no problem of
the set can have it as its answer, so it is a misreading or an answer to something else, and it must not cast a vote.
Either way it counts as not right. What is read from a mark is decided in `quantity`, which mark counts in `decision`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from core.grading.decision import decide, judged
from core.grading.marks import PLACEHOLDER, Form, Mark, deliberate
from core.grading.notation import plain
from core.grading.quantity import Reading, excerpt, read_bare, read_stated

if TYPE_CHECKING:
    from core.grading.spec import GradingSpec
    from core.vocabulary import Grade

_LETTERS = re.compile(r"[a-z#]|n+|x+", re.IGNORECASE)
"""What stands for a number there: `n`, `XXX`. To other kinds it can be an answer."""

_WITHOUT_ANSWER = re.compile(
    r"(?:i\s+)?(?:can\s?not|can't|unable|could\s?n't|could not|do(?:es)?\s?n't|does not|do not|none|unknown"
    r"|undetermined|undefined|indeterminate|impossible|no (?:answer|solution|integer|such)"
    r"|not (?:possible|determin|enough))",
    re.IGNORECASE,
)
_FIRST_SENTENCE = re.compile(r"(?!\W*1[.):]\s+[*_]*[A-Za-z])(?:[^.!\n]|[.!](?!\s))*+[.!]?", re.DOTALL)
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")


class IntegerGrader:
    """Reads the last marked integer of a text and compares it with the truth."""

    heavy = False

    def __init__(self, spec: GradingSpec) -> None:
        self.identity = spec.identity
        self._low, self._high = spec.low, spec.high

    def grade(self, text: str, truth: str) -> Grade:
        """Right, wrong, or no answer with the reason. Never raises on any text."""
        return judged(decide(text, self._read), self.canonical(truth))

    def canonical(self, truth: str) -> str | None:
        """The truth as answers are spelled (`073` is `73`), or None where it is no integer of the range."""
        found = _known(truth)
        return None if found is None else self._in_range(found).value

    def refusal(self, truth: str) -> str | None:
        """Why a truth cannot be graded, or None."""
        found = _known(truth)
        if found is None or (found.value is None and not found.note.startswith("out of range")):
            return f"the answer {excerpt(truth)!r} is not an integer"
        if self._in_range(found).value is None:
            return f"the answer {excerpt(truth)!r} is outside {self._low}..{self._high}"
        return None

    def _read(self, mark: Mark) -> Reading | None:
        found = _read_integer(mark)
        return None if found is None else self._in_range(found)

    def _in_range(self, found: Reading) -> Reading:
        if found.value is None or self._low <= int(found.value) <= self._high:
            return found
        return Reading(None, f"out of range: {excerpt(found.value)}")


@lru_cache(maxsize=4096)
def _known(truth: str) -> Reading | None:
    """What a data set's answer field says: bare, boxed, or after `####` as GSM8K has it."""
    boxed = deliberate(truth)
    return read_bare(boxed[-1].content if boxed else truth.rpartition("####")[2], most_words=3)


def _read_integer(mark: Mark) -> Reading | None:
    content = mark.content
    if mark.form is Form.DELIBERATE:
        text = plain(content)
        if PLACEHOLDER.fullmatch(text) or _LETTERS.fullmatch(text):
            return None
        found = read_bare(content) if mark.complete else None
        return found or Reading(None, f"cannot read: {excerpt(text)}")
    if mark.form is Form.STATED:
        return read_stated(content) or _declined(content)
    if mark.form is Form.ANNOUNCED:
        # `1. First ...` under a heading is a list and no answer; `204. This is ...` is one.
        first = _FIRST_SENTENCE.match(content)
        return None if first is None else read_bare(first.group(), most_words=4) or _declined(content)
    return _read_closing(mark)


def _read_closing(mark: Mark) -> Reading | None:
    if mark.form is Form.BOLD:
        found = read_bare(mark.content, most_words=3)
    else:
        # `m + n = 204` is an answer where there is nothing else; below other lines it is a step like any other.
        head = plain(mark.content).rpartition("=")[0]
        if head and (mark.form is not Form.WHOLE or _TWO_LETTERS.search(head)):
            return None
        found = read_bare(mark.content, most_words=2, introduced=False)
    # A formula or a sentence with numbers in it, as a closing line, marks no answer.
    return None if found is not None and found.note.startswith("cannot read") else found


def _declined(content: str) -> Reading | None:
    text = plain(content)
    return Reading(None, f"declined: {excerpt(text)}") if _WITHOUT_ANSWER.match(text) else None
