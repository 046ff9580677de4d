"""Figures at full size, on a real store: what a person sees, and what comes to stand in files."""

from __future__ import annotations

import csv
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from core.figures.table import FIGURES
from core.interchange import exporting
from core.reading import read_run
from core.store.opening import reading
from tui.app import Thinktop
from tui.screens.curves import Curves
from tui.screens.dialogs import Amount, Choice
from tui.screens.overlay import Overlay
from tui.snapshots import curves as snapshots
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from core.store.place import Place

ACCURACY = snapshots.Asked("accuracy", "tokens")


def seen(pilot: Pilot[None]) -> str:
    """The lines of all panes on the screen, with the titles of their frames."""
    panes = [pane for pane in pilot.app.screen.query(Lines) if pane.display and pane.content_size.height]
    titles = [str(title) for pane in panes for title in (pane.border_title, pane.border_subtitle) if title]
    return "\n".join([*titles, *(pane.render_line(y).text for pane in panes for y in range(pane.content_size.height))])


async def until(pilot: Pilot[None], *words: str, without: str = "\0") -> str:
    """What is seen, once all these words are and some others are not."""
    for _ in range(200):
        text = seen(pilot)
        if without not in text and all(word in text for word in words):
            return text
        await pilot.pause(0.03)
    raise AssertionError((words, without, text))


@asynccontextmanager
async def curves_of(
    place: Place, *run_ids: int, size: tuple[int, int] = (120, 40), read_only: bool = False
) -> AsyncIterator[Pilot[None]]:
    app = Thinktop(place, run_id=run_ids[0], read_only=read_only)
    async with app.run_test(size=size) as pilot:
        await app.push_screen(Curves(run_ids))
        await pilot.pause()
        yield pilot
        if app.crash:
            raise app.crash


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def second_run(place: Place, book, *, labels: tuple[str, ...] = ("m",)):
    run = book(name="by hand", labels=labels)
    assert run.place.path == place.path
    for draw in range(3):
        for label in labels:
            run.keep("p1", 100, draw, right=draw != 1, label=label)
            run.keep("p2", 400, draw, "2", right=True, label=label, tokens=500)
    return run


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 18)])
async def test_a_run_is_shown_with_its_mark_and_every_sample_counted(real, size):
    async with curves_of(real, 1, size=size) as pilot:
        text = await until(pilot, "72 samples")

    assert "real" in text
    assert " SIMULATED " in text
    assert "accuracy against tokens used" in text
    assert "●" in text


async def test_keys_go_through_figures_axes_and_scales(real):
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples", "x tokens log")
        await press(pilot, "x")
        await until(pilot, "accuracy against cost", "x dollars log", "$")
        await press(pilot, "x", "l")
        await until(pilot, "accuracy against time", "x seconds linear")
        await press(pilot, "f")
        await until(pilot, "tokens used against tokens asked for", "budget 2/11")
        await press(pilot, "F", "right", "1")
        await until(pilot, "accuracy 1/11")


async def test_the_numbers_stand_below_the_figure_or_in_its_place(real):
    with reading(real) as db:
        share = read_run(db, 1).conditions[0].curve.accuracy
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        await press(pilot, "t")
        await until(pilot, "numbers", f"{100 * share:.1f}%", "maj@4", "accuracy against tokens used")
        await pilot.resize_terminal(80, 24)
        await until(pilot, "numbers", f"{100 * share:.1f}%", "maj@4", without="accuracy against tokens used")
        await press(pilot, "t")
        await until(pilot, "accuracy against tokens used")


async def test_runs_are_laid_over_each_other_by_marking_them_in_a_list(real, book):
    run = second_run(real, book)
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples", "asked")
        await press(pilot, "o")
        assert isinstance(pilot.app.screen, Overlay)
        await press(pilot, "k", "space")
        await until(pilot, "by hand", "●")
        await press(pilot, "enter")
        text = await until(pilot, f"{72 + 6} samples", "by hand", "o1-mini", "m votes")
        await press(pilot, "o", "j", "j", "space", "escape")
        await until(pilot, "by hand")
    assert not pilot.app.frozen_since
    assert run.id == 2
    assert "real" in text


async def test_models_are_shown_together_and_one_by_one(real, book):
    run = second_run(real, book, labels=("big", "small"))
    async with curves_of(real, run.id) as pilot:
        await until(pilot, "12 samples", "model all", "big votes", "small votes")
        await press(pilot, "m")
        await until(pilot, "model big", "big · accuracy against tokens used", "asked")
        await press(pilot, "m", "m")
        await until(pilot, "model all")


async def test_a_large_run_is_shown_from_sums_until_somebody_asks_for_its_samples(real, monkeypatch):
    monkeypatch.setattr(snapshots, "AT_ONCE", 10)
    monkeypatch.setattr(snapshots, "MOST", 20)
    async with curves_of(real, 1) as pilot:
        await until(pilot, "from sums of 72 samples", "r reads them", "as of", "votes")
        await press(pilot, "r")
        await until(pilot, "every one of 72 samples")


async def test_what_takes_time_is_announced_before_it_is_read(real):
    announced = snapshots.Readings(lambda: False)
    with reading(real) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "AT_ONCE", 10)
        first = announced.picture(db, [1], frozenset(), ACCURACY)
        second = announced.picture(db, [1], frozenset(), ACCURACY)

    assert (first.reading, first.held) == (72, ())
    assert (second.reading, second.held[0].exact) == (0, True)


def test_what_was_read_is_kept_for_a_while_and_read_again_only_where_more_has_come(book, monkeypatch):
    run, now = book(), [0.0]
    monkeypatch.setattr(snapshots, "monotonic", lambda: now[0])
    run.keep("p1", 100, 0, right=True)
    readings = snapshots.Readings(lambda: False)

    def held(after: float):
        now[0] += after
        with reading(run.place) as db:
            return readings.picture(db, [run.id], frozenset(), ACCURACY).held[0]

    first = held(0)
    run.keep("p1", 100, 1)

    assert held(5).read is first.read
    later = held(6)
    assert later.samples == 2
    assert held(60).read is later.read


def test_a_figure_is_made_once_for_what_was_read(book, monkeypatch):
    run, now = book(), [0.0]
    monkeypatch.setattr(snapshots, "monotonic", lambda: now[0])
    run.keep("p1", 100, 0, right=True)
    readings = snapshots.Readings(lambda: False)

    def drawing(asked: snapshots.Asked):
        with reading(run.place) as db:
            return readings.picture(db, [run.id], frozenset(), asked).drawing

    first = drawing(ACCURACY)
    other = drawing(ACCURACY._replace(linear=True))

    assert drawing(ACCURACY) is first
    assert other.figure != first.figure
    run.keep("p1", 100, 1)
    now[0] += 60
    assert drawing(ACCURACY) is not first


def test_a_label_that_two_runs_have_is_called_by_its_run_too(real, book):
    run = second_run(real, book, labels=("o1-mini",))

    with reading(real) as db:
        made = snapshots.Readings(lambda: False).picture(db, [1, run.id], frozenset(), ACCURACY)

    assert [one.name for one in made.labels] == ["o1-mini (run 1)", "o1-mini (run 2)"]
    assert made.drawing.title.startswith("SIMULATED · real, by hand")


def test_a_label_that_is_gone_leaves_the_figure_of_all(book):
    run = book()
    run.keep("p1", 100, 0)

    with reading(run.place) as db:
        asked = ACCURACY._replace(label="nobody")
        made = snapshots.Readings(lambda: False).picture(db, [run.id], frozenset(), asked)

    assert made.drawing.asked.label is None


async def test_every_figure_is_a_key_away(real):
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        for number, name in enumerate(FIGURES, start=1):
            await until(pilot, f"{name} {number}/{len(FIGURES)}")
            await press(pilot, "f")
        await press(pilot, "6")
        await until(pilot, "problems 6/", "never right", without="no samples yet")
        await press(pilot, "0")
        await until(pilot, "trade 10/", "train_flops")


def test_reading_for_nobody_is_given_up(real):
    with reading(real) as db:
        assert snapshots.Readings(lambda: True).picture(db, [1], frozenset(), ACCURACY).held == ()


async def test_the_figure_the_numbers_and_the_samples_go_into_new_files(real, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        for key in "fns":
            await press(pilot, "e")
            assert isinstance(pilot.app.screen, Choice)
            await press(pilot, key)
            assert isinstance(pilot.app.screen, Amount)
            await press(pilot, "enter")
            await pilot.app.workers.wait_for_complete()

    assert "SIMULATED" in (tmp_path / "real-accuracy.svg").read_text()
    with (tmp_path / "real-curve.csv").open() as file:
        assert [row["budget"] for row in csv.DictReader(file)] == ["16", "256", "2048"]
    with (tmp_path / "real-samples.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 72


async def test_a_file_is_replaced_only_by_who_says_so(real, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "real-curve.json"
    there.write_text("mine")
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        for answer in ("escape", "y"):
            await press(pilot, "e", "n")
            pilot.app.screen.query_one(Input).value = there.name
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, Choice)
            assert there.read_text() == "mine"
            await press(pilot, answer)
            await pilot.app.workers.wait_for_complete()

    assert json.loads(there.read_text())["runs"] == [1]


async def test_a_name_that_cannot_be_written_is_told_so_at_once(real, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    wrong = {
        "f.png": "must end in .csv or .jsonl",
        "f/f.csv": "no folder",
        "": "name a file",
        "folder.csv": "is a folder",
        "f" * 300 + ".csv": "no file can have this name",
    }
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        await press(pilot, "e", "s")
        for typed, words in wrong.items():
            pilot.app.screen.query_one(Input).value = typed
            await press(pilot, "enter")
            await until(pilot, words)
    assert [one.name for one in tmp_path.glob("f*")] == ["folder.csv"]


async def test_read_only_writes_no_file(real, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with curves_of(real, 1, read_only=True) as pilot:
        text = await until(pilot, "72 samples")
        await press(pilot, "e")
        assert isinstance(pilot.app.screen, Curves)
    assert "export" not in text


async def test_the_numbers_are_copied_as_text(real):
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        await press(pilot, "y")
        copied = pilot.app.clipboard

    assert copied.startswith("real (1)  SIMULATED")
    assert "maj@4" in copied


async def test_hostile_names_are_shown_as_symbols(real, book, hostile):
    run = second_run(real, lambda **how: book(**(how | {"name": hostile, "labels": (hostile, "b")})), labels=())
    run.keep("p1", 100, 0, right=True, label=hostile)
    run.keep("p1", 100, 0, right=True, label="b")
    async with curves_of(real, run.id) as pilot:
        text = await until(pilot, "2 samples")
        await press(pilot, "t", "m")
        text += await until(pilot, "numbers")
        text += pilot.app.export_screenshot()

    assert not any(bad in text for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b"))
    assert "[red]x[/red]" in text


async def test_leaving_while_it_reads_leaves(real):
    async with curves_of(real, 1) as pilot:
        await until(pilot, "72 samples")
        pilot.app.screen.action_read()
        await press(pilot, "escape")
        await pilot.pause(0.2)
        assert not isinstance(pilot.app.screen, Curves)


def test_every_figure_and_export_of_the_shell_is_in_the_tables(thinktop, real):
    listed = thinktop("plot", "--list", "--json", store=real).json

    assert [one["figure"] for one in listed] == list(FIGURES)
    for one in FIGURES:
        assert thinktop("plot", "--figure", one, store=real).code == 0
    assert set(exporting.SUFFIXES) >= {".csv", ".jsonl", ".md", ".html", ".zip"}
