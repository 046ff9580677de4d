from __future__ import annotations

import pytest

from core.analysis.wording import counted, in_points, power_of_two, three_digits


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0663, "+6.6"), (-0.003, "-0.3"), (0.0004, "0.0"), (-0.0004, "0.0"), (0, "0.0"), (1, "+100.0")],
)
def test_points_have_a_sign_and_nothing_has_none(share, said):
    assert in_points(share) == said
    assert in_points(share, plus=False) == said.removeprefix("+")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1.23456e-5, "0.0000123"),
        (1.5, "1.5"),
        (48512.3, "48,500"),
        (23.2, "23.2"),
        (64.2, "64.2"),
        (-0.02, "-0.02"),
        (0, "0"),
        (100.0, "100"),
    ],
)
def test_numbers_have_three_digits_and_no_exponent(number, said):
    assert three_digits(number) == said


def test_one_is_one_and_two_are_several():
    assert [counted(n, "problem") for n in (0, 1, 2600)] == ["0 problems", "1 problem", "2,600 problems"]


def test_tokens_are_powers_of_two():
    assert [power_of_two(octaves) for octaves in (17, 13.42, 9.96)] == ["2^17", "2^13.4", "2^10"]
