"""Families about counting: paths, sharing, seatings, draws from an urn.

Each function makes one exercise from a generator and a difficulty; nothing else is read or kept.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

from core.problems.exercise import EASY, HARD, Exercise, asking, listed, scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random


def lattice_paths(rng: Random, difficulty: float) -> Exercise:
    """Monotone lattice paths that keep away from some points; size and number of points grow."""
    width = scaled(difficulty, 4, 10) + rng.randint(0, 2)
    height = scaled(difficulty, 4, 10) + rng.randint(0, 2)
    inner = [(x, y) for x in range(1, width) for y in range(1, height)]  # along the edge there is always a way
    blocked = sorted(rng.sample(inner, scaled(difficulty, 1, 5)))
    points = "the point " if len(blocked) == 1 else "any of the points "
    story = (
        f"A beetle crawls on lattice points from (0, 0) to ({width}, {height}). Every step goes one unit to the right "
        f"or one unit up, and the beetle never visits {points}{listed([f'({x}, {y})' for x, y in blocked], 'or')}."
    )
    return asking(story, "the number of paths that it can take", _paths(width, height, frozenset(blocked)))


def _paths(width: int, height: int, blocked: frozenset[tuple[int, int]]) -> int:
    """Monotone paths from (0, 0) to (width, height) around the blocked points, row by row."""
    row = [1] + [0] * width
    for y in range(height + 1):
        for x in range(width + 1):
            row[x] = 0 if (x, y) in blocked else row[x] + (row[x - 1] if x else 0)
    return row[width]


def bounded_sharing(rng: Random, difficulty: float) -> Exercise:
    """Sharing identical things, where each share has its bounds (stars and bars); shares and bounds grow."""
    widest = scaled(difficulty, 4, 8)
    least = [rng.randint(0, 3) for _ in range(scaled(difficulty, 3, 5))]
    most = [low + rng.randint(widest - 2, widest) for low in least]
    slack = sum(most) - sum(least)
    coins = sum(least) + rng.randint(slack // 3, slack // 2)
    shares = [f"pirate {i} gets from {low} to {high}" for i, (low, high) in enumerate(zip(least, most, strict=True), 1)]
    story = (
        f"A captain hands out {coins} identical coins to {len(shares)} pirates so that {listed(shares)} coins, "
        f"bounds included. All the coins are handed out."
    )
    return asking(story, "the number of ways to do so", _shares(coins, least, most))


def _shares(total: int, least: Sequence[int], most: Sequence[int]) -> int:
    """Whole solutions of x1 + ... + xk = total within bounds: inclusion-exclusion over the bounds that are broken."""
    spare, kinds = total - sum(least), len(least)
    excess = [high - low + 1 for low, high in zip(least, most, strict=True)]
    return sum(
        (-1) ** broken * comb(spare - sum(chosen) + kinds - 1, kinds - 1)
        for broken in range(kinds + 1)
        for chosen in combinations(excess, broken)
        if sum(chosen) <= spare
    )


def seatings(rng: Random, difficulty: float) -> Exercise:
    """Permutations with forbidden places, derangements among them; people and refusals grow."""
    people = scaled(difficulty, 5, 8)
    shy = sorted(rng.sample(range(1, people + 1), rng.randint(2, people - 1)))
    others = [(child, chair) for child in range(1, people + 1) for chair in range(1, people + 1) if child != chair]
    refused = sorted(rng.sample(others, scaled(difficulty, 0, 4)))
    story = (
        f"There are {people} children and {people} chairs, both numbered from 1 to {people}. Each child takes one "
        f"chair. Children {listed(shy)} refuse the chair that bears their own number."
    )
    if refused:
        also = listed([f"child {child} refuses chair {chair}" for child, chair in refused])
        story += f" Besides that, {also}."
    forbidden = frozenset(refused) | {(child, child) for child in shy}
    return asking(story, "the number of ways in which the children can sit", _seatings(people, forbidden))


def _seatings(people: int, forbidden: frozenset[tuple[int, int]]) -> int:
    """Permutations of 1..people without a forbidden (person, place): person by person over the sets of taken places."""
    ways = {0: 1}
    for child in range(1, people + 1):
        then: dict[int, int] = {}
        for taken, count in ways.items():
            for chair in range(1, people + 1):
                place = 1 << chair
                if not taken & place and (child, chair) not in forbidden:
                    then[taken | place] = then.get(taken | place, 0) + count
        ways = then
    return sum(ways.values())


def urns(rng: Random, difficulty: float) -> Exercise:
    """A probability m/n of a draw from an urn, asked for as m + n; the urn grows and the event gets subtler."""
    red, blue, green = (scaled(difficulty, 3, 6) + rng.randint(-1, 2) for _ in range(3))
    drawn = rng.randint(3, scaled(difficulty, 4, 6))
    happens: Callable[[int, int, int], bool]
    if difficulty < EASY:
        wanted = rng.randint(1, min(red, drawn) - 1)
        event, happens = f"the number of red ones among them is {wanted}", lambda r, _b, _g: r == wanted
    elif difficulty < HARD:
        event, happens = "every colour is among them", lambda r, b, g: min(r, b, g) > 0
    else:
        event, happens = "more of them are red than blue", lambda r, b, _g: r > b
    likely = sum(
        comb(red, r) * comb(blue, b) * comb(green, drawn - r - b)
        for r in range(drawn + 1)
        for b in range(drawn + 1 - r)
        if happens(r, b, drawn - r - b)
    )
    chance = Fraction(likely, comb(red + blue + green, drawn))
    story = (
        f"An urn holds {red} red, {blue} blue and {green} green marbles. At random, {drawn} marbles are drawn without "
        f"putting any back. The probability that {event} is m/n, where m and n are coprime positive integers."
    )
    return asking(story, "m + n", chance.numerator + chance.denominator)
