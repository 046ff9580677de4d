"""Every answer again, from nothing but the words of the question, by listing all cases."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product

from core.problems import families_counting


def test_lattice_paths_are_counted_as_a_walk_back_from_the_end_counts_them(drawn):
    for exercise in drawn(families_counting.lattice_paths):
        _, _, width, height, *rest = exercise.numbers
        rest = rest[: 2 * (exercise.question.count("(") - 2)]
        blocked = set(zip(rest[::2], rest[1::2], strict=True))

        @cache
        def walks(x, y, blocked=frozenset(blocked)):
            if min(x, y) < 0 or (x, y) in blocked:
                return 0
            return 1 if (x, y) == (0, 0) else walks(x - 1, y) + walks(x, y - 1)

        assert exercise.agrees(walks(width, height)), exercise.question


def test_shares_are_counted_as_listing_every_share_counts_them(drawn):
    for exercise in drawn(families_counting.bounded_sharing):
        coins = exercise.numbers[0]
        bounds = [(int(a), int(b)) for a, b in re.findall(r"gets from (\d+) to (\d+)", exercise.question)]
        shares = product(*(range(low, high + 1) for low, high in bounds))

        assert exercise.agrees(sum(sum(share) == coins for share in shares)), exercise.question


def test_seatings_are_counted_as_listing_every_permutation_counts_them(drawn):
    for exercise in drawn(families_counting.seatings, 25):
        people = exercise.numbers[0]
        shy = re.search(r"Children ([\d, and]+) refuse", exercise.question)
        refused = {(int(child), int(child)) for child in re.findall(r"\d+", shy[1])}
        refused |= {(int(a), int(b)) for a, b in re.findall(r"child (\d+) refuses chair (\d+)", exercise.question)}
        seatings = permutations(range(1, people + 1))

        count = sum(refused.isdisjoint(enumerate(seating, 1)) for seating in seatings)

        assert exercise.agrees(count), exercise.question


def test_chances_are_those_of_listing_every_handful(drawn):
    for exercise in drawn(families_counting.urns, 40):
        red, blue, green, drawn_at_once, *rest = exercise.numbers
        handfuls = list(combinations("r" * red + "b" * blue + "g" * green, drawn_at_once))
        if "number of red ones" in exercise.question:
            likely = sum(handful.count("r") == rest[0] for handful in handfuls)
        elif "every colour" in exercise.question:
            likely = sum(len(set(handful)) == 3 for handful in handfuls)
        else:
            assert "more of them are red than blue" in exercise.question
            likely = sum(handful.count("r") > handful.count("b") for handful in handfuls)
        chance = Fraction(likely, len(handfuls))

        assert 0 < chance < 1
        assert exercise.agrees(chance.numerator + chance.denominator), exercise.question
