from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import MOST, dollars, exact_dollars, picodollars, usd
from core.vocabulary import PICO

amounts = st.integers(0, MOST)


@given(amounts)
def test_an_amount_survives_being_written_and_read(pico: int) -> None:
    assert picodollars(usd(pico)) == pico


def test_json_amounts_have_twelve_decimals() -> None:
    assert usd(9_170_502_000_000) == "9.170502000000"
    assert usd(1) == "0.000000000001"
    assert usd(0) == "0.000000000000"


@pytest.mark.parametrize(
    ("pico", "said"),
    [(9_170_502_000_000, "$9.170502"), (120 * 10**12, "$120.00"), (1, "$0.000000000001"), (0, "$0.00")],
)
def test_a_report_says_every_digit_and_no_zeros_after_the_cents(pico, said):
    assert exact_dollars(pico) == said
    assert usd(-1_500_000_000_000) == "-1.500000000000"


@pytest.mark.parametrize(
    ("written", "pico"),
    [
        ("0.0000000000001", 1),
        ("0.0000000000010000000000000000000000000000000001", 2),
        ("1e-400", 1),
        ("0.1", 100_000_000_000),
        ("1234567.123456789012", 1_234_567_123_456_789_012),
        (Decimal("60.00"), 60 * PICO),
        ("0e-400", 0),
    ],
)
def test_a_fraction_of_a_picodollar_rounds_up_and_nothing_else_changes(written: Decimal | str, pico: int) -> None:
    assert picodollars(written) == pico


@pytest.mark.parametrize(
    "written", ["", "five", "$5", "5,000", "nan", "-NaN", "inf", "sNaN", "-1", "-1e-30", "1e400", "9223372.1"]
)
def test_what_is_no_amount_the_store_can_hold_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(ValueError, match=r"dollars|at most") as refused:
        picodollars(written)
    assert "\n" not in str(refused.value)


def test_the_most_that_the_store_can_hold_is_taken() -> None:
    assert picodollars(usd(MOST)) == MOST
    with pytest.raises(ValueError, match="at most"):
        picodollars(usd(MOST + 1))


@pytest.mark.parametrize(
    ("pico", "shown"),
    [
        (None, "unpriced"),
        (0, "$0.00"),
        (1, "<$0.0001"),
        (PICO // 10_000 - 1, "<$0.0001"),
        (PICO // 10_000, "$0.0001"),
        (4_200_000_000, "$0.0042"),
        (10_000_000_000, "$0.01"),
        (42_000_000_000, "$0.042"),
        (99_949_999_999, "$0.0999"),
        (99_950_000_000, "$0.10"),
        (133_243_000_000, "$0.13"),
        (9_170_502_000_000, "$9.17"),
        (9_995_000_000_000, "$10.00"),
        (1_234_500_000_000_000, "$1,234.50"),
        (-9_170_502_000_000, "-$9.17"),
    ],
)
def test_people_see_cents_from_ten_cents_up_and_finer_below(pico: int | None, shown: str) -> None:
    assert dollars(pico) == shown


@given(st.integers(1, MOST))
def test_a_non_zero_amount_never_looks_like_nothing(pico: int) -> None:
    assert any(digit in dollars(pico) for digit in "123456789")


@given(st.integers(PICO // 10_000, MOST))
def test_what_people_see_is_within_half_of_the_last_place_shown(pico: int) -> None:
    shown = Decimal(dollars(pico).replace("$", "").replace(",", ""))
    place = Decimal("0.01") if pico >= PICO // 10 else Decimal("0.0001")
    assert abs(shown - Decimal(pico) / PICO) <= place / 2
