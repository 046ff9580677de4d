"""What a family of generated problems makes, and how all families turn a difficulty and an answer into words.

Families are pure: the same generator state and difficulty give the same exercise. Knows no family, file or id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

MODULUS = 1000
"""Answers are 0..999: where the quantity is larger, its remainder is asked for."""

EASY, HARD = 1 / 3, 2 / 3
"""The difficulties where families change their task: plain below the first, subtle from the second on."""


class Exercise(NamedTuple):
    """A question in words, whose numbers stand there as digits, and its answer, 0..999."""

    question: str
    answer: int


Family = Callable[[Random, float], Exercise]
"""Makes an exercise of its kind; the difficulty, 0 easy .. 1 hard, decides sizes and steps."""


def scaled(difficulty: float, easy: int, hard: int) -> int:
    """The whole number that lies at the difficulty, 0..1, between the easy and the hard end."""
    return round(easy + (hard - easy) * difficulty)


def asking(story: str, quantity: str, value: int) -> Exercise:
    """The exercise that asks for a quantity, or for its remainder where the value is 1000 or more."""
    if value < MODULUS:
        return Exercise(f"{story} Find {quantity}.", value)
    return Exercise(f"{story} Find the remainder when {quantity} is divided by {MODULUS}.", value % MODULUS)


def listed(parts: Sequence[object], last: str = "and") -> str:
    """`2, 3 and 7`: an enumeration in a sentence."""
    words = [str(part) for part in parts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
