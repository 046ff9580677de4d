from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.problems.exercise import Family


class Drawn(NamedTuple):
    """An exercise as a solver sees it: all that a second method may use is what the question says."""

    question: str
    numbers: list[int]
    answer: int
    """Full value where it is below 1000; what the question asks for otherwise."""

    def agrees(self, value: int) -> bool:
        """Whether a value found by another way is the answer, read as the question wants it."""
        asks_for_remainder = "divided by 1000" in self.question
        assert asks_for_remainder == (value >= 1000)
        return self.answer == value % 1000


@pytest.fixture
def drawn() -> Callable[..., Iterator[Drawn]]:
    """Many exercises of a family, from easy to hard."""

    def draw(family: Family, count: int = 60) -> Iterator[Drawn]:
        for number in range(count):
            question, answer = family(Random(f"test {number}"), number / (count - 1))
            yield Drawn(question, [int(digits) for digits in re.findall(r"\d+", question)], answer)

    return draw
