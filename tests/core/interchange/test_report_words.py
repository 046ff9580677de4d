import pytest

from core.interchange.report_words import amount, between, p_value, points, share, signed


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0000123456, "0.0000123"), (0.5, "0.5"), (12.345, "12.3"), (99.9, "99.9"), (1234.4, "1,234")],
)
def test_an_amount_has_three_digits_that_matter(value, said):
    assert amount(value) == said


def test_an_amount_that_nobody_would_count_has_a_power_of_ten():
    assert amount(2.5e20) == "2.5\N{MULTIPLICATION SIGN}10^20"


def test_differences_have_a_sign_unless_they_are_nothing():
    assert [points(value) for value in (0.0123, -0.0123, 0.0001, None)] == ["+1.2", "\N{MINUS SIGN}1.2", "0.0", ""]
    assert (signed(-0.001, 2), signed(1.5, 1, plus=False)) == ("0.00", "1.5")


def test_what_is_not_known_is_left_empty_and_no_p_is_zero():
    assert (share(None), between(None, 1, 1), share(0.5)) == ("", "", "50.0 %")
    assert (p_value(0.0), p_value(0.0423), p_value(1.0)) == ("<0.001", "0.042", "1")
    assert between((-0.01, 0.02), 100, 1) == " [\N{MINUS SIGN}1.0, 2.0]"
