"""The columns of the list of runs, and the line above it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from core.store.opening import reading
from core.vocabulary import PICO
from tui.snapshots.runs import Listing
from tui.widgets.run_list import cells_needed, run_columns, short_moment
from tui.widgets.store_line import short_path

TODAY = date(2026, 11, 22)


def line_of(run):
    with reading(run.place) as db:
        return next(line for line in Listing().read(db, run.place) if line.run.id == run.id)


def cells(line, width):
    """By title, what a row shows."""
    return {one.title: one.cell(line).plain for one in run_columns(cells_needed([line], width))}


@pytest.mark.parametrize("width", [58, 78, 118, 160])
def test_name_state_percentage_dollars_and_eta_never_give_way(book, width):
    columns = run_columns(cells_needed([line_of(book(name="a" * 200))], width))

    stay = [one for one in columns if not one.gives_way]

    assert {"run", "state", "done", "ETA"} < {one.title for one in stay}
    assert any(one.title.startswith("$") for one in stay)
    assert 2 + sum(one.width + 2 for one in stay) - 2 <= width


def test_dollars_stand_against_the_cap(book):
    run = book()
    run.keep("p1", 100, 0, pico=9_170_000_000_000)
    with run.writing() as db:
        db.execute("UPDATE runs SET cap_pico = ?", (60 * PICO,))

    assert cells(line_of(run), 118)["$ of cap"] == "9.17/60"
    assert cells(line_of(run), 58)["$"] == "9.17"


def test_what_has_no_price_is_never_shown_as_nothing(book):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)

    assert cells(line_of(run), 118)["$ of cap"] == "unpriced"


def test_not_all_is_not_100_percent(book):
    run = book(budgets=(100,), draws_planned=150)
    for draw in range(150):
        run.keep("p1", 100, draw)
        if draw < 149:
            run.keep("p2", 100, draw)

    assert cells(line_of(run), 78)["done"] == "99%"
    assert cells(line_of(run), 118)["done"].endswith("━  99%")


def test_accuracy_is_that_of_the_best_budget_with_a_block_for_each(book):
    run = book(budgets=(100, 400, 1600), labels=("a", "b"))
    run.keep("p1", 100, 0, right=False, label="a")
    run.keep("p1", 400, 0, right=True, label="a")

    assert cells(line_of(run), 118)["accuracy"] == "100% ▁█· ···"
    assert cells(line_of(run), 160)["at"] == "400"


@pytest.mark.parametrize(
    ("then", "said"),
    [(datetime(2026, 11, 22, 9, 5), "09:05"), (datetime(2026, 3, 4, 9, 5), "Mar 4"), (datetime(2025, 3, 4), "2025-03")],  # noqa: DTZ001 - the tester's own time
)
def test_a_moment_is_as_short_as_it_can_be(then, said):
    assert short_moment(then.astimezone().isoformat(), TODAY) == said


@pytest.mark.parametrize(
    ("cells", "said"), [(40, "~/sweeps/aime/runs.db"), (16, "…/aime/runs.db"), (9, "…/runs.db"), (4, "run…")]
)
def test_a_path_loses_its_first_folders_first(monkeypatch, cells, said):
    monkeypatch.setenv("HOME", "/home/me")

    assert short_path(Path("/home/me/sweeps/aime/runs.db"), cells) == said
