import pytest

from tui.pages import amounts
from tui.pages.amounts import NOTHING, TIMES


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, NOTHING), (0, "0"), (9999, "9,999"), (9999.6, "10,000"), (41_234, "41k"), (999_499, "999k"),
     (999_600, "1.0M"), (1_234_567, "1.2M"), (250_000_000, "250M")],
)  # fmt: skip
def test_tokens(value, shown):
    assert amounts.tokens(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, NOTHING), (0.42, "0.4s"), (45.4, "45s"), (59.6, "1m00s"), (134, "2m14s"), (3599.7, "1h00m"),
     (21_720, "6h02m"), (86_399.9, "1d00h"), (273_600, "3d04h")],
)  # fmt: skip
def test_durations(seconds, shown):
    assert amounts.duration(seconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, NOTHING), (0.5, f"{TIMES}0.50"), (8.61, f"{TIMES}8.6"), (22.66, f"{TIMES}22.7"), (1234.5, f"{TIMES}1,234")],
)
def test_overrun(value, shown):
    assert amounts.times(value) == shown


@pytest.mark.parametrize(("done", "shown"), [(0, "────"), (1, "━━━━"), (0.5, "━━──"), (0.4, "━╸──"), (2, "━━━━")])
def test_bars(done, shown):
    assert amounts.bar(done, 4) == shown


def test_a_bar_is_never_full_before_the_end():
    assert amounts.bar(0.999, 4) == "━━━╸"


def test_sparks_have_a_block_for_each_eighth_and_a_dot_for_nothing():
    assert amounts.spark([0, 0.124, 0.125, 0.5, 0.999, 1, None]) == "▁▁▂▅██·"


def test_a_budget_is_written_as_it_is_typed():
    assert [amounts.budget(one) for one in (2048, "low", None)] == ["2048", "low", "none"]
