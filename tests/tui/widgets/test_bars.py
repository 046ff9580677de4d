"""Bars and strips: always as wide as they are to be, and whatever is more than nothing can be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.bars import bar, strip

INKS = ("good", "bad", "asked")


def inked(text):
    """By ink, how many cells."""
    return {str(span.style): span.end - span.start for span in text.spans if span.end > span.start}


@given(
    cells=st.integers(0, 60),
    amounts=st.lists(st.integers(0, 10**15), min_size=3, max_size=3),
    whole=st.integers(0, 10**15),
)
def test_a_bar_has_all_its_cells_whatever_it_shows(cells, amounts, whole):
    assert bar(cells, list(zip(amounts, INKS, strict=True)), whole).cell_len == cells


def test_parts_stand_one_after_the_other_and_the_rest_is_frame():
    text = bar(10, [(3, "good"), (2, "bad")], 10)

    assert text.plain == "━━━━━─────"
    assert inked(text) == {"good": 3, "bad": 2, "frame": 5}


def test_what_is_not_yet_real_is_dotted():
    assert bar(4, [(1, "good"), (2, "asked")], 4, faint=("asked",)).plain == "━┄┄─"


def test_a_little_is_seen_and_nothing_is_not():
    assert inked(bar(10, [(1, "good"), (1, "bad"), (0, "asked")], 1_000_000)) == {"good": 1, "bad": 1, "frame": 8}
    assert bar(10, [(0, "good")], 100).plain == "─" * 10


def test_more_than_the_whole_fills_it():
    assert inked(bar(10, [(20, "good"), (5, "bad")], 10))["good"] == 10


def test_nothing_planned_is_all_done():
    assert bar(3, [(0, "good")], 0).plain == "━━━"


def test_a_strip_has_a_block_for_each_share_and_a_dot_where_nothing_is_known():
    text = strip([0.0, 0.25, 0.5, 0.74, 0.75, 1.0, None])

    assert text.plain == "▁ ▃ ▅ ▆ ▇ █ ·"
    assert [str(span.style) for span in text.spans] == [
        "label", "asked", "asked", "asked", "good", "good", "frame",
    ]  # fmt: skip


def test_a_strip_without_gaps_is_as_long_as_its_shares():
    assert strip([0.0] * 40, "").cell_len == 40
