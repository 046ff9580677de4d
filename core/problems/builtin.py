"""`builtin:competition`: any number of competition-style problems with answers 0..999, the same for the same seed.

Owns the order, the grading of difficulty and that no question comes twice; what is asked is the families' business.
Each problem depends on the seed, its number and the questions before it only, so a longer list begins with the shorter
one: raising `limit` adds problems and changes none.
"""

from __future__ import annotations

from itertools import count
from random import Random
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.problems import families_counting, families_geometry, families_numbers, families_sequences
from core.vocabulary import Problem

if TYPE_CHECKING:
    from collections.abc import Container

    from core.problems.exercise import Exercise, Family

DEFAULT_LIMIT = 30
MOST = 10_000
"""Beyond this, the smallest families begin to run out of questions."""

FAMILIES: dict[str, Family] = {
    "lattice paths": families_counting.lattice_paths,
    "bounded sharing": families_counting.bounded_sharing,
    "seatings": families_counting.seatings,
    "urns": families_counting.urns,
    "divisibility": families_numbers.divisibility,
    "powers": families_numbers.powers,
    "digit sums": families_numbers.digit_sums,
    "coins": families_numbers.coins,
    "common multiples": families_numbers.common_multiples,
    "divisors": families_numbers.divisors,
    "recurrences": families_sequences.recurrences,
    "number bases": families_sequences.number_bases,
    "integer triangles": families_geometry.integer_triangles,
    "points on sides": families_geometry.points_on_sides,
    "lattice points": families_geometry.lattice_points,
}

_STREAM = "thinktop competition, seed"
"""Seeds generators as text, which Python hashes alike everywhere; changing it changes every problem."""
_GOLDEN = (5**0.5 - 1) / 2
"""Steps by this, modulo 1, fill 0..1 evenly however many there are (Weyl's sequence)."""
_TRIES_AS_PLANNED = 20
"""Repeats of earlier questions before the difficulty is drawn anew: a family has few questions at one level."""


def competition(limit: int = DEFAULT_LIMIT, seed: int = 0) -> list[Problem]:
    """The first `limit` problems of the seed's endless list; families take turns, each round spans easy to hard.

    Raises:
        UsageError: more problems are asked for than there are.
    """
    if limit > MOST:
        raise UsageError(
            f"builtin:competition: {limit:,} problems were asked for; it has {MOST:,}. Lower problems.limit"
        )
    opening = Random(f"{_STREAM} {seed}")
    names = opening.sample(sorted(FAMILIES), len(FAMILIES))
    levels = opening.sample([(place + 0.5) / len(names) for place in range(len(names))], len(names))
    asked: set[str] = set()
    problems = []
    for number in range(1, limit + 1):
        turn, place = divmod(number - 1, len(names))
        family = names[place]
        planned = (levels[place] + turn * _GOLDEN) % 1
        exercise, difficulty = _not_yet_asked(FAMILIES[family], planned, f"{_STREAM} {seed}, problem {number}", asked)
        asked.add(exercise.question)
        problems.append(
            Problem(
                id=f"c-{number:03d}",
                question=exercise.question,
                answer=str(exercise.answer),
                cluster=family,
                difficulty=difficulty,
            )
        )
    return problems


def _not_yet_asked(family: Family, planned: float, stream: str, asked: Container[str]) -> tuple[Exercise, float]:
    """A family's next exercise with a new question, and its difficulty: as planned, or another where that repeats."""
    rng = Random(stream)
    for attempt in count():
        difficulty = round(planned if attempt < _TRIES_AS_PLANNED else rng.random(), 3)
        exercise = family(rng, difficulty)
        if exercise.question not in asked:
            return exercise, difficulty
    raise AssertionError  # the count is endless
