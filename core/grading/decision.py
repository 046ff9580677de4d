r"""Which of a completion's marks is its answer. Knows no kind: a reader says what a mark's content means.

- The last deliberate or stated answer wins: a model that corrects itself is taken at its last word.
- Two different answers side by side (`\boxed{3} or \boxed{5}`, two boxes in a sentence) are no answer: we do not guess.
- The last mark counts even where it cannot be read: `\boxed{25/2}` after `\boxed{12}` is no answer, not 12.
- Only where nothing was stated do the last lines count: a bold answer, or a line that holds nothing else.
- Thought is no answer. After a closed `<think>` only what follows it counts; in thought that was never closed, or that
  nothing follows, only boxes and tags do.
- An answer in a sentence without any mark ("Thus there are 204 ways.") is not read: whether a number in prose is the
  answer or a step towards it cannot be seen from here. The judge kind is for texts that never mark their answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from core.grading.marks import Form, Mark, closing, deliberate, stated
from core.grading.quantity import Reading
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

_THOUGHTS = ("think", "thinking", "thought", "reasoning")
_NEAR = 300
_END_TOKENS = re.compile(r"(?:<[|\uff5c][\w\u2581]{1,40}[|\uff5c]>\s{0,4}|</s>\s{0,4})++\Z")
_CONNECTOR = re.compile(r"(?:or|and|either|and/or|or else|alternatively|或)?")
_AROUND = " \t\r\n$*_`.,;:/&(){}[]\\"
_SENTENCE_BREAK = re.compile(r"[.!?。](?=[\s*_$\\)\"'])|\n")
_GOES_ON = re.compile(
    r"\b(?:wait|actually|no|not|correction|corrected|rather|instead|but|oops|sorry|hmm|so|thus|therefore|hence|giving"
    r"|gives|making|yields|then|final)\b|->|=>|[→⇒]|\\(?:implies|Rightarrow|to)\b",
    re.IGNORECASE,
)


class Reader(Protocol):
    """What a mark's content means to one kind of grader."""

    def __call__(self, mark: Mark) -> Reading | None:
        """The answer, or why there is none; None where the mark marks no answer at all."""


def decide(text: str, read: Reader) -> Reading:
    """The one answer that a completion gives, or in a note why it gives none."""
    answer, thought = _answer_part(text)
    if not answer.strip():
        return Reading(None, "empty")
    marks = deliberate(answer)
    if thought:
        return _settle(answer, marks, read)[0] or Reading(None, "cut off while thinking")
    boxed = [(mark.start, mark.end) for mark in marks]
    marks += (mark for mark in stated(answer) if not any(start <= mark.start < end for start, end in boxed))
    marks.sort(key=lambda mark: mark.start)
    said, until = _settle(answer, marks, read)
    if said is None or said.value is None:
        last, _ = _settle(answer, (mark for mark in closing(answer) if mark.start >= until), read)
        said = said if last is None else last
    return said or Reading(None, "no marked answer")


def judged(said: Reading, truth: str | None) -> Grade:
    """What an answer counts as beside the truth in its one spelling; None is a truth that nothing can equal."""
    if said.value is None:
        return Grade(None, Verdict.NO_ANSWER, said.note)
    return Grade(said.value, Verdict.RIGHT if said.value == truth else Verdict.WRONG)


def _answer_part(text: str) -> tuple[str, bool]:
    """What counts of a text, and whether it is thought that no answer followed."""
    leftover = _END_TOKENS.search(text, max(0, len(text) - _NEAR))
    if leftover is not None:
        text = text[: leftover.start()]
    closed = max(_end_of(text, f"</{name}>") for name in _THOUGHTS)
    rest = text[closed:]
    if closed and not rest.strip():
        return text, True
    return rest, any(f"<{name}>" in rest for name in _THOUGHTS)


def _end_of(text: str, tag: str) -> int:
    at = text.rfind(tag)
    return 0 if at < 0 else at + len(tag)


def _settle(text: str, marks: Iterable[Mark], read: Reader) -> tuple[Reading | None, int]:
    """The last mark's answer unless its neighbours contradict it, and where in the text it ends."""
    answer: Reading | None = None
    nearest, until = None, 0
    for mark in reversed(list(marks)):
        reading = read(mark)
        if reading is None:
            continue
        if answer is None or nearest is None:
            answer, nearest, until = reading, mark, mark.end
        elif not _side_by_side(text, mark, nearest):
            break
        elif reading.value is None:
            return reading, until
        elif reading.value != answer.value:
            return Reading(None, f"several answers: {reading.value} and {answer.value or answer.note}"), until
        else:
            nearest = mark
    return answer, until


def _side_by_side(text: str, earlier: Mark, later: Mark) -> bool:
    """Whether two marks are alternatives: one sentence holds both, or nothing but `or` stands between them."""
    begin = earlier.end if earlier.form in {Form.DELIBERATE, Form.BOLD} else earlier.start
    between = text[begin : later.start]
    if len(between) > _NEAR:
        return False
    words = between.strip(_AROUND).lower()
    if _CONNECTOR.fullmatch(words) and (words or not _SENTENCE_BREAK.match(between.lstrip(" $*)}\\]"))):
        return True
    return not _SENTENCE_BREAK.search(between) and not _GOES_ON.search(between)
