"""The table of budgets: numbers whole at every width, and what each says."""

from __future__ import annotations

import pytest

from core.analysis.curve import AtK
from core.analysis.verdicts import Finding, Verdict
from core.vocabulary import PICO
from tui.pages.amounts import DASH, TIMES
from tui.pages.tally import Tally
from tui.snapshots.figure import Votes
from tui.widgets.budgets import DOLLARS, budget_columns, in_dollars, power, ranged, verdict_lines, votes_lines
from tui.widgets.table import Table


def tally(status, at=-1, **facts):
    row = status.progress.conditions[at]
    standing = {"accuracy": 0.57, "ci95": (0.45, 0.68), "overrun": (3.2, 5.0, 6.7), "extended": False}
    return Tally(row, **(standing | facts))


def cells(one, *, labels=False, wide=True):
    """By title, what a row shows."""
    columns = budget_columns(labels=labels, wide=wide)
    return {column.title or "bar": column.cell(one).plain for column in columns}


def inks(one, title):
    (column,) = (column for column in budget_columns(labels=False, wide=True) if column.title == title)
    text = column.cell(one)
    return {str(span.style) for span in text.spans} | ({str(text.style)} - {""})


def test_a_row_says_what_its_condition_came_to(stands):
    assert cells(tally(stands(kept=1920, budgets=(1024, 2048)))) == {
        "budget": "2¹¹",
        "draws": "960/960",
        "accuracy": f"57%  45{DASH}68",
        "bar": "━━━━───",
        "tokens": "16k",
        "overrun": f"{TIMES}5.0",
        "q1–q3": f"3.2{DASH}6.7",  # noqa: RUF001 - a range
        "s/draw": "4.0s",
        "$": "188.74",
        "cut": "24",
        "fail": DASH,
    }


def test_before_the_first_sample_nothing_is_claimed(stands):
    shown = cells(tally(stands(kept=0), accuracy=None, ci95=None, overrun=None))

    assert shown["draws"] == "0/240"
    assert {shown[title] for title in ("accuracy", "tokens", "overrun", "s/draw", "cut", "fail")} == {DASH}


def test_what_has_no_price_is_unpriced_and_never_zero(stands):
    assert cells(tally(stands(priced=False)))["$"] == "unpriced"


@pytest.mark.parametrize(
    ("kept", "planned", "extended", "said"),
    [
        (0, 9, False, "0/9"),
        (120, 120, False, "120/120"),
        (120, 240, True, "120/240+"),
        (8000, 8000, False, "8.0k/8.0k"),
        (7999, 8000, True, "7.9k/8.0k+"),
        (999_999, 1_000_000, True, "999k/1.0M+"),
        (1_999_999, 2_000_000, True, "1.9M/2.0M+"),
        (99_999, 100_000, False, "99k/100k"),
    ],
)
def test_draws_are_whole_in_their_column_and_only_all_look_like_all(stands, kept, planned, extended, said):
    one = tally(stands(kept=kept, planned=planned, budgets=(16,)), extended=extended)

    assert cells(one)["draws"] == said
    assert ("good" in inks(one, "draws")) == (kept == planned)


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (0, "0.00"),
        (0.00000001, "<0.0001"),
        (0.0042, "0.0042"),
        (63.83, "63.83"),
        (1234.56, "1,234.56"),
        (12_345.67, "12,346"),
        (9_000_000, "9.0M"),
    ],
)
def test_dollars_are_whole_in_eight_cells(usd, said):
    assert in_dollars(round(usd * PICO)) == said
    assert len(said) <= DOLLARS


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (1024, "2¹⁰"),
        (1, "1"),
        (1000, "1000"),
        (1_000_000, "1000000"),
        ("minimal", "minimal"),
        (None, "none"),
        ("\x1b[2J", "␛[2J"),
        (0, "0"),
    ],
)
def test_a_budget_is_told_whole(budget, said):
    assert power(budget) == said
    assert len(said) <= budget_columns(labels=False, wide=False)[0].width


def test_a_range_of_one_budget_is_that_budget():
    assert ranged([16]) == "2⁴"
    assert ranged([16, 100, 2048]) == "2⁴…2¹¹"


def test_an_overrun_of_more_than_twice_is_worth_an_eye(stands):
    assert inks(tally(stands(), overrun=(1, 2.0, 3)), "overrun") == {"plain"}
    assert inks(tally(stands(), overrun=(1, 2.1, 3)), "overrun") == {"votes"}


@pytest.mark.parametrize("labels", [False, True], ids=["one model", "several"])
@pytest.mark.parametrize("width", [58, 63, 78, 118, 200])
async def test_at_every_width_what_is_essential_is_whole(alone, stands, labels, width):
    status = stands(kept=1_920_000, planned=1_920_000, budgets=(1_000_000,), labels=("a", "b") if labels else ("a",))
    table = Table(budget_columns(labels=labels, wide=width != 63), identity=id)
    async with alone(table, size=(width, 6)) as seen:
        table.set_rows([tally(status, accuracy=1.0, ci95=(0.99, 1.0))])
        await seen.pilot.pause()

        for whole in ("1000000", f"100% 99{DASH}100", "92.2M" if labels else "184M"):
            assert whole in seen.lines[1], seen.text
        assert "…" not in seen.lines[1]


def test_orders_are_by_number_and_words_come_last(stands):
    (budget,) = (one for one in budget_columns(labels=False, wide=False) if one.title == "budget")

    assert budget.key is not None
    assert budget.key(tally(stands(budgets=(16,)))) == 16
    assert budget.key(tally(stands(budgets=("low",)))) is None


def test_votes_are_a_line_for_each_model():
    one = [Votes("m", 2048, [AtK(2, 0.56, None), AtK(4, 0.66, None)])]

    assert [line.plain for line in votes_lines(one)] == ["votes of 2¹¹   k=2 56%  k=4 66%"]
    assert [line.plain for line in votes_lines([*one, Votes("n\x1b", 64, [AtK(2, 0.5, None)])])] == [
        "votes of m 2¹¹   k=2 56%  k=4 66%",
        "votes of n␛ 2⁶   k=2 50%",
    ]


def verdict(words: str, name: str = "m", per_doubling: float | None = 0.066) -> Verdict:
    return Verdict(
        1, name, "thinking", Finding.GROWING, words, per_doubling, None, None, None, None, 0.02, None, None, None, ()
    )


def test_a_verdict_keeps_its_numbers_in_a_narrow_pane_and_says_that_more_is_to_come():
    growing = verdict("still growing: +6.6 points per doubling [4.9, 8.4]")

    (line,) = verdict_lines([growing], whole=False)

    assert line.plain == "thinking so far still growing: +6.6 a doubling [4.9, 8.4]"
    assert line.cell_len < 60


def test_while_samples_come_in_only_what_can_be_told_is_said():
    early = verdict("not enough to tell: no two problems have a sample at every budget", per_doubling=None)

    assert verdict_lines([early], whole=False) == []
    assert len(verdict_lines([early], whole=True)) == 1


def test_a_finished_run_has_no_so_far_and_the_test_is_not_named_each_time():
    flat = verdict("no more gains beyond 2^17 tokens, within 2 points (equivalence test)")

    assert [line.plain for line in verdict_lines([flat], whole=True)] == [
        "thinking no more gains beyond 2^17 tokens, within 2 points"
    ]


def test_verdicts_of_several_models_are_named_and_a_name_cannot_drive_the_terminal():
    lines = verdict_lines([verdict("falling", "a\x1b[2J"), verdict("falling", "b")], whole=True)

    assert [line.plain for line in lines] == ["thinking a␛[2J: falling", "thinking b: falling"]
