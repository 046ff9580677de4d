"""Every answer again, from nothing but the words of the question, by trying all numbers."""

from __future__ import annotations

import re
from itertools import product
from math import gcd, lcm

from core.problems import families_numbers


def divisors_of(number):
    small = [d for d in range(1, int(number**0.5) + 1) if number % d == 0]
    return sorted({*small, *(number // d for d in small)})


def test_divisible_numbers_are_counted_one_by_one(drawn):
    for exercise in drawn(families_numbers.divisibility):
        _, last, *divisors = exercise.numbers
        if exercise.question.endswith("divided by 1000."):
            divisors.pop()
        held = [sum(n % d == 0 for d in divisors) for n in range(1, last + 1)]
        if "at least one" in exercise.question:
            count = sum(n > 0 for n in held)
        elif "exactly one" in exercise.question:
            count = held.count(1)
        else:
            assert "divisible by none" in exercise.question
            count = held.count(0)

        assert exercise.agrees(count), exercise.question


def test_powers_are_those_of_multiplying_again_and_again(drawn):
    def power(base, exponent, modulus):
        value = 1
        for _ in range(exponent):
            value = value * base % modulus
        return value

    for exercise in drawn(families_numbers.powers, 40):
        *terms, modulus = exercise.numbers
        if "^(" in exercise.question:
            base, inner, outer, added = terms
            value = power(base, inner**outer, modulus) + added
        else:
            value = sum(power(*pair, modulus) for pair in zip(terms[::2], terms[1::2], strict=True))

        assert exercise.answer == value % modulus, exercise.question


def test_numbers_by_their_digits_are_counted_one_by_one(drawn):
    for exercise in drawn(families_numbers.digit_sums, 24):
        below, wanted, avoided, *rest = exercise.numbers
        divisor = rest[0] if "multiples" in exercise.question else 1
        count = sum(
            sum(map(int, str(n))) == wanted and str(avoided) not in str(n) for n in range(divisor, below, divisor)
        )

        assert exercise.agrees(count), exercise.question


def coins_of(question):
    return [int(worth) for worth in re.findall(r"\d+", question.split(" cents")[0])]


def test_unpayable_amounts_are_those_that_a_sieve_leaves(drawn):
    for exercise in drawn(families_numbers.coins):
        coins = coins_of(exercise.question)
        bound = min(coins) * max(coins)
        payable = {0}
        for amount in range(1, bound):
            if any(amount - coin in payable for coin in coins):
                payable.add(amount)
        unpayable = set(range(1, bound)) - payable

        value = max(unpayable) if "largest" in exercise.question else len(unpayable)
        assert exercise.agrees(value), exercise.question


def test_two_coins_leave_what_sylvester_and_frobenius_say(drawn):
    for exercise in drawn(families_numbers.coins):
        if len(coins_of(exercise.question)) == 2:
            first, second = coins_of(exercise.question)
            value = (
                first * second - first - second if "largest" in exercise.question else (first - 1) * (second - 1) // 2
            )
            assert exercise.agrees(value), exercise.question


def test_pairs_and_triples_are_those_of_listing_all_of_them(drawn):
    for exercise in drawn(families_numbers.common_multiples):
        first, *rest = exercise.numbers
        if "a + b" in exercise.question:
            count = sum(gcd(a, first - a) == rest[0] for a in range(1, first))
        elif "ordered pairs" in exercise.question:
            count = sum(lcm(a, b) == first for a, b in product(divisors_of(first), repeat=2))
        else:
            assert rest[0] % first == 0
            parts = divisors_of(rest[0] // first)
            if len(parts) > 72:
                continue  # too many triples for a quick test; the smaller ones say the same
            count = sum(gcd(*t) == 1 and lcm(*t) == parts[-1] for t in product(parts, repeat=3))

        assert exercise.agrees(count), exercise.question


def test_divisors_are_those_that_divide(drawn):
    for exercise in drawn(families_numbers.divisors):
        number, inner, *rest = exercise.numbers
        outer = rest[0] if "but not" in exercise.question else None
        fitting = [d for d in divisors_of(number) if d % inner == 0 and not (outer and d % outer == 0)]

        assert inner > 1
        assert exercise.agrees(sum(fitting) if "sum" in exercise.question else len(fitting)), exercise.question


def test_no_divisor_in_a_list_makes_another_one_idle(drawn):
    for exercise in drawn(families_numbers.divisibility):
        listed = exercise.question.split("of the numbers ")[1].split(".")[0]
        divisors = [int(digits) for digits in re.findall(r"\d+", listed)]

        assert not any(a != b and a % b == 0 for a in divisors for b in divisors), exercise.question
