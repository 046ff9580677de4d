"""What the stand-in model knows of each problem, and how a problem is recognised in a prompt.

Hardness is a problem's rank among the settings' problems, not its own difficulty, so that the model's curve comes out
the same whatever set it is asked. A prompt is the problem between two pieces of template; templates are few and are
remembered, so that the next prompt of the same make costs two string comparisons and a look-up, however many problems.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.vocabulary import Problem

WRONG_ANSWERS = 13
"""Different wrong answers that the model may give to a problem, its favourite among them."""

_COMPETITION_MAX = 999
"""Answers of the kind of competition that the model is calibrated on are 0 to 999."""

_TEMPLATES_KEPT = 256


@dataclass(frozen=True, slots=True)
class Known:
    """A problem as the model sees it."""

    id: str
    question: str
    answer: str
    hardness: float
    """0 easiest .. 1 hardest, by rank."""
    wrong: tuple[str, ...]
    """The wrong answers that it may give, the favourite first."""


class Knowledge:
    """The problems that the model knows, found by their text in a prompt."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        ranked = sorted(problems, key=lambda p: (0.5 if p.difficulty is None else p.difficulty, _digest(p.question)))
        self._by_question = {
            problem.question.strip(): Known(
                problem.id,
                problem.question.strip(),
                problem.answer,
                (rank + 0.5) / len(ranked),
                wrong_answers(problem.answer, _digest(problem.question)),
            )
            for rank, problem in enumerate(ranked)
        }
        self._templates: dict[tuple[str, str], None] = {}
        self._find_cached = lru_cache(maxsize=4096)(self._find)

    def find(self, texts: tuple[str, ...]) -> Known:
        """The problem that these messages ask; one made up from their hash where they ask none that is known."""
        return self._find_cached(texts)

    def _find(self, texts: tuple[str, ...]) -> Known:
        for text in texts:
            known = self._by_template(text) or self._by_search(text)
            if known is not None:
                return known
        return _unknown("\n".join(texts))

    def _by_template(self, text: str) -> Known | None:
        for before, after in self._templates:
            if text.startswith(before) and text.endswith(after):
                known = self._by_question.get(text[len(before) : len(text) - len(after)])
                if known is not None:
                    return known
        return None

    def _by_search(self, text: str) -> Known | None:
        # The longest, since one question may be part of another.
        held = max((question for question in self._by_question if question in text), key=len, default="")
        if not held:
            return None
        if len(self._templates) < _TEMPLATES_KEPT:
            before, _, after = text.partition(held)
            self._templates[before, after] = None
        return self._by_question[held]


def wrong_answers(answer: str, seed: int) -> tuple[str, ...]:
    """Wrong answers of the right one's kind: letters for a letter, else whole numbers; the first is the favourite."""
    generator = Random(seed)
    if len(answer) == 1 and answer.isalpha() and answer.isascii():
        first = "a" if answer.islower() else "A"
        letters = [chr(ord(first) + place) for place in range(max(4, ord(answer) - ord(first) + 1))]
        others = [letter for letter in letters if letter != answer]
        generator.shuffle(others)
        return tuple(others)
    try:
        right = int(answer)
    except ValueError:
        right = 0
    if 0 <= right <= _COMPETITION_MAX:
        low, high = 0, _COMPETITION_MAX
    else:
        reach = max(_COMPETITION_MAX, abs(right)) // 2
        low, high = right - reach, right + reach
    numbers: dict[str, None] = {}
    while len(numbers) < WRONG_ANSWERS:
        number = generator.randint(low, high)
        if number != right:
            numbers[str(number)] = None
    return tuple(numbers)


def _unknown(prompt: str) -> Known:
    digest = _digest(prompt)
    answer = str(digest % 1000)
    return Known(f"unknown:{digest:016x}", "", answer, digest / 2**64, wrong_answers(answer, digest))


def _digest(text: str) -> int:
    """A 64-bit hash that is the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
