"""The list of runs, as a person sees and uses it."""

from __future__ import annotations

import os
import socket
from contextlib import asynccontextmanager

import pytest

from core.sampler.ownership import owned
from core.store.opening import reading
from core.store.place import Place
from core.store.progress import run_ids
from core.vocabulary import PICO
from tui.app import Thinktop
from tui.screens import curves, new_run
from tui.screens.runs import Runs
from tui.widgets.table import Table


@asynccontextmanager
async def showing(place, size=(120, 40), **how):
    """The monitor on a store, once its first picture is there."""
    app = Thinktop(place, **how)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
    if app.crash:
        raise app.crash


def seen(app):
    """What is on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def names(app):
    """Runs from the top."""
    return [line.run.name for line in app.screen.query_one("#runs", Table).rows_on_show]


async def until(pilot, holds):
    for _ in range(100):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError(seen(pilot.app))


def alive(run, state="running"):
    """Have a sampler work at a run, as far as its signs of life say."""
    with run.writing() as db:
        db.execute("UPDATE runs SET state = ?, started_at = created_at, worked_s = 10 WHERE id = ?", (state, run.id))
        db.execute(
            "INSERT INTO samplers (run_id, pid, host, started_at, beat_at, requests_per_s)"
            " VALUES (?, ?, ?, '2026-11-22T10:00:00.000Z', '2999-01-01T00:00:00.000Z', 12.4)",
            (run.id, os.getpid(), socket.gethostname()),
        )


async def test_a_run_is_shown_with_its_state_progress_accuracy_and_dollars(book):
    run = book(budgets=(128, 1024))
    run.keep("p1", 128, 0, right=False, pico=PICO)
    run.keep("p1", 1024, 0, right=True, pico=PICO)
    run.fail("p2", 128, 0)
    alive(run)

    async with showing(run.place) as (app, _):
        screen = seen(app)

    row = next(line for line in screen.splitlines() if "▸" in line)
    for part in ("hand-made", "● RUNNING", "12%", "2/16", "100% ▁█", "2.00", "12.4", "1.0s"):
        assert part in row
    assert "1 run  ● 1 live" in screen
    assert "$2.00  SIMULATED    $0.00 spent in all" in screen
    assert "2⁷" in screen  # accuracy by budget under the list
    assert "1 failed" in screen


async def test_what_is_unpriced_is_nowhere_shown_as_nothing(book):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)
    run.doubt("p1", 100, 1)
    with run.writing() as db:
        db.execute("UPDATE runs SET simulated = 0, started_at = created_at")

    async with showing(run.place) as (app, _):
        screen = seen(app)

    assert "unpriced spent in all" in screen
    assert "unpriced spent, no cap   unpriced in doubt (1)" in screen
    assert "0.00" not in screen


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_on_a_small_screen_what_must_be_known_is_whole(book, size):
    run = book()
    for draw in range(4):
        run.keep("p1", 100, draw, pico=3 * PICO)
    with run.writing() as db:
        db.execute("UPDATE runs SET state = 'running', started_at = created_at")

    async with showing(run.place, size=size) as (app, _):
        row = next(line for line in seen(app).splitlines() if "▸" in line)

    for part in ("hand-made", "! INTERRUPTED", "SIM", "25%", "12.00"):
        assert part in row


async def test_without_a_store_it_says_how_to_begin_and_shows_what_begins(tmp_path, book):
    place = Place.at(tmp_path / "runs.db")

    async with showing(place) as (app, pilot):
        before = seen(app)
        book(name="first")
        await app.tick()
        await pilot.pause()

        assert "no runs here yet" in before
        assert f"thinktop demo --store {place.path}" in before
        assert "LOST" not in before
        assert names(app) == ["first"]
        assert app.screen.focused is app.screen.query_one("#runs")


async def test_enter_opens_a_run_and_escape_comes_back_to_it(book):
    run = book()
    book(name="newer")

    async with showing(run.place) as (app, pilot):
        await pilot.press("j", "enter")
        await until(pilot, lambda: not isinstance(app.screen, Runs))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Runs))
        await pilot.pause()

        assert app.screen.pointed.run.id == run.id


async def test_a_pinned_run_stays_on_top_in_any_order_and_after_another_screen(book):
    run = book(name="c")
    book(name="b")
    book(name="a")

    async with showing(run.place) as (app, pilot):
        await pilot.press("G", "P", "s")
        by_name = names(app)
        await pilot.press("S")
        backwards = names(app)
        app.show_runs(None)
        await pilot.pause()

        assert by_name == ["c", "a", "b"]
        assert backwards == ["c", "b", "a"]
        assert names(app) == ["c", "a", "b"]


async def test_figures_are_of_the_marked_runs_or_of_the_one_under_the_cursor(book, monkeypatch):
    first, second, third = book(), book(name="second"), book(name="third")
    wanted = []

    async with showing(first.place) as (app, pilot):
        monkeypatch.setattr(curves, "Curves", wanted.append)
        monkeypatch.setattr(app, "push_screen", lambda _: None)
        await pilot.press("j", "f")
        await pilot.press("m", "j", "m", "k", "k", "f")

        assert wanted == [[second.id], [second.id, first.id]]
        assert "◆ 2 marked" in seen(app)
        assert seen(app).count("▸") == 1  # where the cursor was is drawn anew
        await pilot.press("M", "f")
        assert wanted[-1] == [third.id]


async def test_new_copy_and_extend_plan_with_the_run_under_the_cursor(book, monkeypatch):
    run = book()
    wanted = []

    async with showing(run.place) as (app, pilot):
        monkeypatch.setattr(new_run, "NewRun", lambda **how: wanted.append(how))
        monkeypatch.setattr(app, "push_screen", lambda _: None)
        await pilot.press("n", "C", "E")

    none = {"copy_of": None, "extend": None}
    assert wanted == [none, none | {"copy_of": run.id}, none | {"extend": run.id}]


async def test_a_filter_finds_runs_by_name_state_or_mark(book):
    run = book(name="alpha")
    book(name="beta")

    async with showing(run.place) as (app, pilot):
        await pilot.press("m", "slash", *"marked", "enter")
        marked = names(app)
        await pilot.press("slash", *"alp", "enter")

        assert marked == ["beta"]
        assert names(app) == ["alpha"]
        assert app.screen.steered.progress.run.name == "alpha"


async def test_deleting_says_what_is_lost_and_asks(book):
    run, other = book(name="old"), book(name="other")
    run.keep("p1", 100, 0, pico=2 * PICO)

    async with showing(run.place) as (app, pilot):
        await pilot.press("j", "d", "enter")  # a question about loss is not answered by habit
        await pilot.pause()
        asked = seen(app)
        await pilot.press("escape", "d", "y")
        await until(pilot, lambda: names(app) == ["other"])

    assert "1 sample that cost $2.00" in " ".join(asked.split())
    with reading(run.place) as db:
        assert run_ids(db) == [other.id]


async def test_a_run_whose_sampler_lives_is_not_deleted(book):
    run = book()
    alive(run)

    async with showing(run.place) as (app, pilot):
        await pilot.press("d")
        await pilot.pause()
        refused = [one.message for one in app._notifications]

        assert isinstance(app.screen, Runs)
    assert f"hand-made has a sampler (process {os.getpid()}): x stops it; nothing was deleted" in refused


async def test_a_run_that_a_sampler_took_while_it_was_asked_about_stays(book):
    run = book()

    async with showing(run.place) as (app, pilot):
        await pilot.press("d")
        with owned(run.place, run.id, "hand-made"):
            await pilot.press("y")
            await until(pilot, lambda: any("another sampler" in one.message for one in app._notifications))

    with reading(run.place) as db:
        assert run_ids(db) == [run.id]


async def test_a_question_about_a_run_that_goes_meanwhile_is_taken_back(book):
    run, other = book(), book(name="other")
    alive(run)
    alive(other)

    async with showing(run.place) as (app, pilot):
        await pilot.press("x")
        await pilot.pause()
        with run.writing() as db:
            db.execute("DELETE FROM cells WHERE run_id = ?", (other.id,))
            db.execute("DELETE FROM runs WHERE id = ?", (other.id,))
        await app.tick()
        await pilot.press("n")  # would have been: stop now
        await pilot.pause()

    assert run.read("SELECT stop FROM runs") == [(None,)]


async def test_the_steering_keys_work_on_the_run_under_the_cursor(book):
    run, other = book(), book(name="other")
    alive(run)
    alive(other)

    async with showing(run.place) as (_, pilot):
        await pilot.press("j", "p", "k", "plus")
        await until(pilot, lambda: run.read("SELECT count(*) FROM wishes") == [(2,)])

    assert run.read("SELECT run_id, kind, detail FROM wishes ORDER BY run_id") == [
        (run.id, "pause", ""),
        (other.id, "set", "max_concurrency = 5"),
    ]


async def test_an_answer_is_about_the_run_that_was_asked_about_wherever_the_cursor_is_by_then(book):
    run, other = book(), book(name="other")
    alive(run)
    alive(other)

    async with showing(run.place) as (app, pilot):
        await pilot.press("x")
        app.screen_stack[0].query_one("#runs", Table).point_at(run.id)  # as a filter moves it when a state changes
        await pilot.press("d")
        await until(pilot, lambda: run.read("SELECT count(*) FROM wishes") == [(1,)])

    assert run.read("SELECT id, stop FROM runs ORDER BY id") == [(run.id, None), (other.id, "drain")]


async def test_read_only_changes_nothing(book):
    run = book()

    async with showing(run.place, read_only=True) as (app, pilot):
        await pilot.press("d", "n", "E", "C", "p", "plus")
        await pilot.pause(0.1)
        screen = seen(app)

        assert isinstance(app.screen, Runs)
        assert "READ-ONLY" in screen
        assert "delete" not in screen.splitlines()[-1]
    assert run.read("SELECT count(*) FROM wishes") == [(0,)]


async def test_no_name_drives_the_terminal(book, hostile):
    run = book(name=hostile, labels=(hostile,))
    with run.writing() as db:
        db.execute(
            "INSERT INTO events (run_id, at, kind, text) VALUES (1, '2026-11-22T10:00:00Z', 'warning', ?)", (hostile,)
        )
        db.execute("UPDATE conditions SET model = ?", (hostile,))

    async with showing(run.place, size=(160, 40)) as (app, pilot):
        await pilot.press("d")
        await pilot.pause()
        screen = seen(app)

    assert "[red]" in screen
    assert not any(bad in screen for bad in "\x1b\x07\x9b\u202e\u200b")
