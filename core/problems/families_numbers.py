"""Families about whole numbers: divisibility, powers, digits, coins, common multiples, divisors.

Each function makes one exercise from a generator and a difficulty; nothing else is read or kept.
"""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import combinations
from math import comb, gcd, lcm, prod
from typing import TYPE_CHECKING

from core.problems.exercise import EASY, HARD, Exercise, asking, listed, scaled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


def divisibility(rng: Random, difficulty: float) -> Exercise:
    """How many numbers up to a bound are divisible by some of a few numbers; divisors and overlaps grow."""
    last = rng.randint(scaled(difficulty, 150, 900), scaled(difficulty, 900, 5000))
    divisors = sorted(rng.sample(range(3, 16), scaled(difficulty, 2, 4)))
    while any(large % small == 0 for small, large in combinations(divisors, 2)):  # one of the two would say nothing
        divisors = sorted(rng.sample(range(3, 16), len(divisors)))
    counts = [_exactly(held, last, divisors) for held in range(len(divisors) + 1)]
    if difficulty < EASY:
        condition, value = "at least one", sum(counts[1:])
    elif difficulty < HARD:
        condition, value = "none", counts[0]
    else:
        condition, value = "exactly one", counts[1]
    story = (
        f"Consider the integers from 1 to {last} inclusive that are divisible by {condition} of the numbers "
        f"{listed(divisors)}."
    )
    return asking(story, "their number", value)


def _exactly(held: int, last: int, divisors: Sequence[int]) -> int:
    """How many of 1..last exactly `held` of the divisors divide: inclusion-exclusion over common multiples."""
    return sum(
        (-1) ** (size - held) * comb(size, held) * (last // lcm(*chosen))
        for size in range(held, len(divisors) + 1)
        for chosen in combinations(divisors, size)
    )


def powers(rng: Random, difficulty: float) -> Exercise:
    """The last remainder of large powers: one power, then a sum of two, then a power of a power."""
    modulus = rng.randint(*((7, 99) if difficulty < EASY else (101, 999)))
    base, exponent = rng.randint(2, 40), rng.randint(scaled(difficulty, 20, 200), scaled(difficulty, 200, 3000))
    if difficulty < EASY:
        term, value = f"{base}^{exponent}", pow(base, exponent, modulus)
    elif difficulty < HARD:
        other, power = rng.randint(2, 40), rng.randint(100, 3000)
        term = f"{base}^{exponent} + {other}^{power}"
        value = (pow(base, exponent, modulus) + pow(other, power, modulus)) % modulus
    else:
        inner, outer = rng.randint(2, 9), rng.randint(4, 6)
        added = rng.randint(1, 99)
        term, value = f"{base}^({inner}^{outer}) + {added}", (pow(base, inner**outer, modulus) + added) % modulus
    return Exercise(f"Find the remainder when {term} is divided by {modulus}.", value)


def digit_sums(rng: Random, difficulty: float) -> Exercise:
    """How many numbers have a digit sum, avoid a digit and, when harder, are multiples; digits grow."""
    digits, value = scaled(difficulty, 3, 5), 0
    while value == 0:  # a sum and a divisor may exclude each other
        wanted, avoided = rng.randint(2 * digits, 6 * digits), rng.randint(1, 9)
        divisor = 1 if difficulty < EASY else rng.randint(2, scaled(difficulty, 8, 13))
        value = _with_digit_sum(digits, wanted, avoided, divisor)
    story = (
        f"Consider the positive integers below {10**digits} whose digits sum to {wanted} and in whose decimal notation "
        f"the digit {avoided} does not occur"
    )
    story += "." if divisor == 1 else f", and which are multiples of {divisor}."
    return asking(story, "the number of such integers", value)


def _with_digit_sum(digits: int, wanted: int, avoided: int, divisor: int) -> int:
    """Numbers of so many digits, leading zeros (never avoided) included, by sum and remainder, digit by digit."""
    ways = Counter({(0, 0): 1})
    for _ in range(digits):
        then: Counter[tuple[int, int]] = Counter()
        for (total, remainder), count in ways.items():
            for digit in range(10):
                if digit != avoided:
                    then[total + digit, (10 * remainder + digit) % divisor] += count
        ways = then
    return ways[wanted, 0]


def coins(rng: Random, difficulty: float) -> Exercise:
    """Amounts that coins cannot pay (Frobenius): the largest, then how many; two coins, then three."""
    worth, kinds = range(scaled(difficulty, 4, 17), scaled(difficulty, 22, 60)), 2 if difficulty < HARD else 3
    values = sorted(rng.sample(worth, kinds))
    while gcd(*values) > 1:  # otherwise no end of amounts cannot be paid
        values = sorted(rng.sample(worth, kinds))
    story = (
        f"A country has only coins worth {listed(values)} cents, as many of each as anyone likes. Some whole amounts "
        f"of cents cannot be paid exactly with them; nobody gives change."
    )
    cheapest = _cheapest_by_remainder(values)
    smallest = values[0]
    if rng.random() < difficulty:
        return asking(story, "the number of positive amounts that cannot be paid", sum(c // smallest for c in cheapest))
    return asking(story, "the largest amount, in cents, that cannot be paid", max(cheapest) - smallest)


def _cheapest_by_remainder(values: Sequence[int]) -> list[int]:
    """For each remainder by the smallest coin, the least amount that can be paid (Apéry set), by Dijkstra's search."""
    smallest, others = values[0], values[1:]
    cheapest: dict[int, int] = {}
    queue = [0]
    while queue:
        amount = heapq.heappop(queue)
        if amount % smallest not in cheapest:
            cheapest[amount % smallest] = amount
            for coin in others:
                heapq.heappush(queue, amount + coin)
    return list(cheapest.values())


def common_multiples(rng: Random, difficulty: float) -> Exercise:
    """Pairs or triples by gcd and lcm, counted prime by prime; from a sum of two to an lcm of three."""
    if difficulty < EASY:
        common, coprime_sum = rng.randint(2, 15), rng.randint(20, 150)
        story = (
            f"Consider the ordered pairs (a, b) of positive integers with a + b = {common * coprime_sum} and "
            f"gcd(a, b) = {common}."
        )
        value = sum(gcd(part, coprime_sum) == 1 for part in range(1, coprime_sum))
        return asking(story, "the number of such pairs", value)
    exponents = _exponents(rng, 2, scaled(difficulty, 2, 4))
    multiple = prod(prime**exponent for prime, exponent in exponents)
    if difficulty < HARD:
        story = f"Consider the ordered pairs (a, b) of positive integers whose least common multiple is {multiple}."
        return asking(story, "the number of such pairs", prod(2 * e + 1 for _, e in exponents))
    common = rng.randint(2, 40)
    story = (
        f"Consider the ordered triples (a, b, c) of positive integers with greatest common divisor {common} and "
        f"least common multiple {common * multiple}."
    )
    # Of three exponents between 0 and e, one is 0 and one is e: inclusion-exclusion leaves 6e triples.
    return asking(story, "the number of such triples", prod(6 * e for _, e in exponents))


def _exponents(rng: Random, fewest: int, most: int) -> list[tuple[int, int]]:
    """A few primes, rising, with their exponents: the smaller the prime, the higher."""
    primes = sorted(rng.sample((2, 3, 5, 7, 11, 13), rng.randint(fewest, most)))
    return [(prime, rng.randint(1, 6 // prime + 2)) for prime in primes]


def divisors(rng: Random, difficulty: float) -> Exercise:
    """Divisors of one number that are multiples of a second, and not of a third: how many, then their sum."""
    exponents = _exponents(rng, 3, scaled(difficulty, 3, 4))
    number = prod(prime**exponent for prime, exponent in exponents)
    (always, _), *others = rng.sample(exponents, len(exponents))
    inner = always * prod(prime ** rng.randint(0, exponent // 2) for prime, exponent in others)
    outer = inner * others[0][0]  # divides the number too: of its exponent, half at most is taken
    power = int(difficulty >= HARD)
    condition, value = f"divisible by {inner}", inner**power * _sigma(number // inner, power)
    if difficulty >= EASY:
        condition += f" but not by {outer}"
        value -= outer**power * _sigma(number // outer, power)
    story = f"Consider the positive divisors of {number} that are {condition}."
    return asking(story, "their sum" if power else "their number", value)


def _sigma(number: int, power: int) -> int:
    """The sum of the divisors' powers (0 counts them), multiplicative over prime powers."""
    total, prime = 1, 2
    while number > 1:
        terms, term = 1, 1
        while number % prime == 0:
            number //= prime
            term *= prime**power
            terms += term
        total *= terms
        prime += 1
    return total
