"""Families about sequences and notation: recurrences, number bases.

Each function makes one exercise from a generator and a difficulty; nothing else is read or kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.problems.exercise import EASY, HARD, MODULUS, Exercise, asking, scaled

if TYPE_CHECKING:
    from random import Random

_DIGITS = "0123456789"


def recurrences(rng: Random, difficulty: float) -> Exercise:
    """A late term of a linear recurrence: one step back, then two; the index grows."""
    index = rng.randint(scaled(difficulty, 6, 60), scaled(difficulty, 12, 400))
    before, now = rng.randint(1, 9), rng.randint(1, 9)
    factor, older, added = rng.randint(2, 7), rng.randint(1, 7), rng.randint(1, 30)
    if difficulty < EASY:
        older = 0
        story = f"A sequence starts with a_0 = {before}, and a_(n+1) = {factor} a_n + {added} for every n >= 0."
        now = factor * before + added
    else:
        story = (
            f"A sequence starts with a_0 = {before} and a_1 = {now}, and a_(n+2) = {factor} a_(n+1) + {older} a_n + "
            f"{added} for every n >= 0."
        )
    for _ in range(index - 1):
        before, now = now, factor * now + older * before + added
    return Exercise(f"{story} Find the remainder when a_{index} is divided by {MODULUS}.", now % MODULUS)


def number_bases(rng: Random, difficulty: float) -> Exercise:
    """Numerals in two bases added up, then the zeros that end a factorial in a base; both grow."""
    if difficulty < HARD:
        length = scaled(difficulty, 2, 6)
        first_base, second_base = rng.sample(range(3, 10), 2)
        first, second = _numeral(rng, first_base, length), _numeral(rng, second_base, length)
        story = (
            f"Add the number written {first} in base {first_base} to the number written {second} in base {second_base}."
        )
        return asking(story, "the sum, written in base ten", int(first, first_base) + int(second, second_base))
    number, base = rng.randint(50, scaled(difficulty, 300, 2500)), rng.randint(6, 72)
    story = f"The number {number}! (a factorial) is written in base {base}."
    return asking(story, "the number of zeros at its end", _ending_zeros(number, base))


def _numeral(rng: Random, base: int, length: int) -> str:
    """Digits of a base, the first of them not zero."""
    return rng.choice(_DIGITS[1:base]) + "".join(rng.choices(_DIGITS[:base], k=length - 1))


def _ending_zeros(number: int, base: int) -> int:
    """How often a base divides number!: Legendre's formula for each prime, the scarcest decides."""
    counts, prime = [], 2
    while base > 1:
        wanted = 0
        while base % prime == 0:
            base //= prime
            wanted += 1
        if wanted:
            held, power = 0, prime
            while power <= number:
                held += number // power
                power *= prime
            counts.append(held // wanted)
        prime += 1
    return min(counts)
