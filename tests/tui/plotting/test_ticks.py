from __future__ import annotations

import pytest

from core.figures.model import Axis
from tui.plotting.ticks import across, upwards

PERCENT = Axis("accuracy", "percent", 0.0, 1.0)


@pytest.mark.parametrize("rows", range(5, 80))
def test_percent_ticks_stand_on_the_very_rows_of_their_values(rows):
    ruler = upwards(PERCENT, rows)

    assert ruler.ticks[0].label == "0%"
    assert ruler.ticks[-1].label == "100%"
    for tick in ruler.ticks:
        assert ruler.place(int(tick.label[:-1]) / 100) == pytest.approx(tick.at)
        assert 0 <= tick.at < rows


@pytest.mark.parametrize("rows", range(8, 60))
def test_powers_of_two_stand_on_rows_and_the_ends_fit(rows):
    axis = Axis("tokens", "log2", 13.0, 19_000.0)

    ruler = upwards(axis, rows)

    assert len({b.at - a.at for a, b in zip(ruler.ticks, ruler.ticks[1:], strict=False)}) <= 1
    assert ruler.place(axis.low) >= -0.001
    assert ruler.place(axis.high) <= rows - 0.999
    assert len(ruler.ticks) >= 2


def test_a_row_more_or_less_does_not_matter_for_the_middle():
    ruler = upwards(PERCENT, 12)

    assert ruler.place(0.5) == pytest.approx((ruler.place(0) + ruler.place(1)) / 2)


def test_across_labels_powers_of_two_with_superscripts():
    ruler = across(Axis("tokens", "log2", 2**7.5, 2**18.5), 60)

    assert [tick.label for tick in ruler.ticks] == ["2⁸", "2¹⁰", "2¹²", "2¹⁴", "2¹⁶", "2¹⁸"]
    assert all(abs(ruler.place(2.0 ** (8 + 2 * i)) - tick.at) <= 0.5 for i, tick in enumerate(ruler.ticks))


def test_dollars_go_by_one_two_five_and_thin_out_where_there_is_no_room():
    axis = Axis("dollars", "log10", 0.004, 1.1, "$")

    wide, narrow = across(axis, 80), across(axis, 24)

    assert [tick.label for tick in wide.ticks] == ["$0.005", "$0.01", "$0.02", "$0.05", "$0.10", "$0.20", "$0.50", "$1"]
    assert [tick.label for tick in narrow.ticks] == ["$0.01", "$0.10", "$1"]


def test_linear_axes_count_in_round_numbers():
    labels = [tick.label for tick in across(Axis("tokens", "linear", 0, 90_000), 70).ticks]

    assert labels == ["0", "10k", "20k", "30k", "40k", "50k", "60k", "70k", "80k", "90k"]
    assert [tick.label for tick in across(Axis("seconds", "linear", 0, 2500, "s"), 60).ticks] == [
        "0 s",
        "500 s",
        "1000 s",
        "1500 s",
        "2000 s",
        "2500 s",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0, -3.0])
def test_a_value_that_no_logarithm_can_show_has_no_place(value):
    assert across(Axis("tokens", "log2", 16, 2048), 40).place(value) is None


def test_an_axis_of_one_value_still_has_room():
    ruler = across(Axis("tokens", "log2", 300, 300), 41)

    assert ruler.place(300) == pytest.approx(20)
