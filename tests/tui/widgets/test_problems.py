"""The table of problems: what most samples answer against the truth, and a strip of accuracy over budgets."""

from __future__ import annotations

import pytest

from core.store.grid import Counted
from core.store.strips import Strip
from core.vocabulary import PICO
from tui.pages.amounts import DASH, TIMES
from tui.snapshots.run import ProblemStanding
from tui.widgets.problems import problem_columns
from tui.widgets.table import Table

STRIP = Strip(
    id=1, position=0, key="2024-I-1", truth="574", cluster=None, planned=16, kept=8, failed=0, graded=8, right=6,
    truncated=0, completion_tokens=50_300, billed_pico=49 * PICO // 100, log2_over=16.0, budgeted=8,
    shares=((0, 1), (1, 2), (1, 1), (0, 0), (2, 2), (1, 2), (1, 1), (0, 0)),
)  # fmt: skip
RIGHT, WRONG = Counted(1, "574", right=True, votes=6), Counted(1, "575", right=False, votes=2)


def row(leaders=(RIGHT,), priced=True, **facts):
    return ProblemStanding(STRIP._replace(**facts), leaders, priced)


def shown(one, status):
    return {column.title or "strip": column.cell(one).plain for column in problem_columns(status.progress.conditions)}


def ink(one, status, title):
    (column,) = (column for column in problem_columns(status.progress.conditions) if column.title == title)
    return str(column.cell(one).style)


def test_a_row_says_how_far_how_well_and_at_what_price(stands):
    assert shown(row(), stands()) == {
        "problem": "2024-I-1",
        "progress": "━━━━────",
        "strip": "▁ ▅ █ · █ ▅ █ ·",
        "leads": "574",
        "truth": "574 ✓",
        "solved": "75%",
        "tokens": "50k",
        "overrun": f"{TIMES}4.0",
        "$": "0.49",
        "fail": DASH,
    }


@pytest.mark.parametrize(
    ("leaders", "leads", "truth", "colour"),
    [
        ((RIGHT,), "574", "574 ✓", "good"),
        ((WRONG,), "575", "574 ✗", "bad"),
        ((RIGHT, WRONG), "2 tie", "574 ✗", "label"),
        ((), DASH, "574  ", "frame"),
        (None, "", "574  ", "frame"),
    ],
    ids=["right", "wrong", "a tie", "no votes", "not read yet"],
)
def test_the_leading_vote_stands_against_the_truth(stands, leaders, leads, truth, colour):
    one, status = row(leaders), stands()

    assert (shown(one, status)["leads"], shown(one, status)["truth"]) == (leads, truth)
    assert ink(one, status, "leads") == colour


def test_before_any_sample_nothing_is_claimed(stands):
    one = row((), kept=0, graded=0, right=0, completion_tokens=0, billed_pico=0, budgeted=0, shares=((0, 0),) * 8)

    assert shown(one, stands()) | {"progress": ""} == {
        "problem": "2024-I-1", "progress": "", "strip": "· · · · · · · ·", "leads": DASH, "truth": "574  ",
        "solved": DASH, "tokens": "0", "overrun": DASH, "$": "0.00", "fail": DASH,
    }  # fmt: skip


def test_what_has_no_price_is_unpriced(stands):
    assert shown(row(priced=False), stands())["$"] == "unpriced"


def test_the_strip_is_headed_by_the_ends_of_its_budgets(stands):
    (column,) = (one for one in problem_columns(stands().progress.conditions) if one.head)

    assert column.head.plain == "2⁴ ───────▸ 2¹¹"
    assert column.head.cell_len == column.width == 15


@pytest.mark.parametrize("conditions", [1, 2, 16, 17, 40])
def test_a_strip_has_a_cell_for_each_condition_however_many(stands, conditions):
    status = stands(budgets=range(1, conditions + 1))
    (column,) = (one for one in problem_columns(status.progress.conditions) if one.head)

    assert column.cell(row(shares=((1, 1),) * conditions)).cell_len <= column.width
    assert column.head.cell_len <= column.width


async def test_hostile_keys_answers_and_truths_stay_in_their_columns(alone, stands):
    hostile = "\x1b]52;c;x\x07\u202e[red]\n" * 9
    table = Table(problem_columns(stands().progress.conditions), identity=lambda one: one.strip.id)
    async with alone(table, size=(118, 8)) as seen:
        table.set_rows([row(), row((Counted(2, hostile, False, 3),), id=2, key=hostile, truth=hostile)])
        await seen.pilot.pause()

        assert seen.lines[1].index("75%") == seen.lines[2].index("75%")
        assert "␛]52" in seen.lines[2]


@pytest.mark.parametrize("width", [58, 78, 118])
async def test_the_problem_the_truth_and_what_is_solved_never_give_way(alone, stands, width):
    table = Table(problem_columns(stands().progress.conditions), identity=lambda one: one.strip.id)
    async with alone(table, size=(width, 8)) as seen:
        table.set_rows([row()])
        await seen.pilot.pause()

        for whole in ("2024-I-1", "574 ✓", "75%"):
            assert whole in seen.lines[1]
