"""Every answer again, from nothing but the words of the question, by another way."""

from __future__ import annotations

import re
from math import factorial

from core.problems import families_sequences


def matrix_power(matrix, exponent):
    size = range(len(matrix))
    result = [[int(i == j) for j in size] for i in size]
    while exponent:
        if exponent & 1:
            result = [[sum(row[k] * matrix[k][j] for k in size) for j in size] for row in result]
        matrix = [[sum(row[k] * matrix[k][j] for k in size) for j in size] for row in matrix]
        exponent >>= 1
    return result


def test_late_terms_are_those_of_a_matrix_power(drawn):
    for exercise in drawn(families_sequences.recurrences):
        index = int(re.search(r"a_(\d+) is divided by 1000", exercise.question)[1])
        if "a_1 =" in exercise.question:
            before, now, factor, older, added = map(
                int,
                re.search(
                    r"a_0 = (\d+) and a_1 = (\d+), .* = (\d+) .* (\d+) a_n \+ (\d+) for", exercise.question
                ).groups(),
            )
        else:
            before, factor, added = map(
                int, re.search(r"a_0 = (\d+), .* = (\d+) a_n \+ (\d+) for", exercise.question).groups()
            )
            now, older = factor * before + added, 0

        row = matrix_power([[factor, older, added], [1, 0, 0], [0, 0, 1]], index - 1)[0]

        assert exercise.answer == (row[0] * now + row[1] * before + row[2]) % 1000, exercise.question


def test_sums_in_two_bases_are_those_of_adding_digit_by_digit(drawn):
    def value_of(numeral, base):
        assert all(int(digit) < base for digit in numeral)
        return sum(int(digit) * base**place for place, digit in enumerate(reversed(numeral)))

    sums = [e for e in drawn(families_sequences.number_bases) if "Add" in e.question]
    for exercise in sums:
        written = re.findall(r"written (\d+) in base (\d+)", exercise.question)
        assert exercise.agrees(sum(value_of(numeral, int(base)) for numeral, base in written)), exercise.question
    assert len(sums) > 20


def test_zeros_at_the_end_of_a_factorial_are_those_of_dividing_it(drawn):
    factorials = [e for e in drawn(families_sequences.number_bases) if "!" in e.question]
    for exercise in factorials:
        number, base = exercise.numbers[:2]
        left, zeros = factorial(number), 0
        while left % base == 0:
            left, zeros = left // base, zeros + 1
        assert exercise.agrees(zeros), exercise.question
    assert len(factorials) > 15
