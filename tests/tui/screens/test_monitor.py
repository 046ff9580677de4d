"""One run on the screen: what a person sees, and what the store holds after each key."""

from __future__ import annotations

import os
import re
import socket

import pytest
from textual.widgets import Input

from core import wishes
from core.deleting import delete
from core.vocabulary import PICO
from core.vocabulary import Problem as Asked
from tui.screens.doubts import Doubts
from tui.screens.help import Help
from tui.screens.monitor import PANES, Monitor
from tui.screens.problem import Problem
from tui.screens.runs import Runs
from tui.widgets.table import Table

TITLES = {
    "budgets": "1 budgets",
    "curve": "2 accuracy",
    "problems": "3 problems",
    "flights": "4 in fli",
    "events": "5 eve",
}
FUTURE = "2999-01-01T00:00:00.000Z"


def at_work(run, state="running", **sampler):
    """Have a sampler work at a run, as far as its signs of life say."""
    sampler = {"in_flight": 3, "slots": 4, "requests_per_s": 12.4, "tokens_per_s": 41_000} | sampler
    with run.writing() as db:
        db.execute("UPDATE runs SET state = ?, started_at = created_at, worked_s = 90 WHERE id = ?", (state, run.id))
        db.execute(
            "INSERT OR REPLACE INTO samplers (run_id, pid, host, started_at, beat_at, in_flight, slots,"
            f" requests_per_s, tokens_per_s) VALUES (?, ?, ?, '{FUTURE}', '{FUTURE}', ?, ?, ?, ?)",
            (run.id, os.getpid(), socket.gethostname(), *sampler.values()),
        )


@pytest.fixture
def halfway(book):
    """A run in the middle of its work."""
    run = book(budgets=(128, 1024))
    for draw in range(2):
        run.keep("p1", 128, draw, "17", tokens=300, pico=PICO)
        run.keep("p1", 1024, draw, "42", right=True, tokens=3000, pico=2 * PICO)
        run.keep("p2", 1024, draw, "2", right=True, tokens=2000, pico=2 * PICO)
    run.fail("p2", 128, 0, "400: refused")
    run.doubt("p2", 128, 1, "reset \x1b[2J")
    at_work(run)
    return run


def store(run, table):
    return sorted(run.read(f"SELECT * FROM {table}"), key=str)


def panes(seen):
    """Which panes are on the screen."""
    return [name for name in PANES if TITLES[name] in seen.text]


async def test_the_overview_says_all_that_matters(halfway, monitored):
    async with monitored(halfway.place) as seen:
        assert seen.line("hand-made", "m · 2⁷…2¹⁰", "● RUNNING", "1m30s", "ETA", "SIMULATED")
        assert seen.line("draws", "6/16", " 37%", "1 failed", "dollars", "$10.00")
        assert seen.line("in flight 3/4", "12.4 req/s", "41k tok/s", "overrun", "in doubt (1)")
        assert seen.line("2⁷", "2/8", "0%", "2.00")
        assert seen.line("2¹⁰", "4/8", "100%", "8.00")
        assert seen.line("p1", "▁ █", "2 tie", "42 ✗", "50%")
        assert seen.line("p2", "· █", "2 ✓", "100%")
        assert seen.line("p pause", "+/- concurrency", "c cap", "D in doubt", "? help", "q leave")
        assert "●" in seen.text
        assert "\x1b" not in seen.text


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_on_a_small_screen_what_must_be_known_and_one_pane_are_whole(halfway, monitored, size):
    async with monitored(halfway.place, size=size) as seen:
        assert seen.line("● RUNNING", "1m30s", "ETA", "SIMULATED")
        assert seen.line("6/16", " 37%", "$10.00")
        assert panes(seen) == ["budgets"]
        assert seen.line("2⁷", "2/8", "0%", "2.00")
        assert "…" not in seen.line("2⁷", "2/8")
        assert seen.line("? help", "q leave")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_number_keys_bring_a_pane_to_full_size_and_back(halfway, monitored, size):
    async with monitored(halfway.place, size=size) as seen:
        before, first = panes(seen), seen.text
        assert before == (["budgets", "curve", "problems"] if size == (120, 40) else ["budgets"])
        for number, name in enumerate(PANES, 1):
            await seen.press(str(number))
            assert panes(seen) == [name]
            if size == (120, 40):
                await seen.press(str(number))
                assert panes(seen) == before

        await seen.press(*(["5", "escape"] if size == (120, 40) else ["1"]))
        assert panes(seen) == before
        assert seen.text.splitlines()[:3] == first.splitlines()[:3]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_no_key_of_a_table_breaks_any_pane(halfway, monitored, size):
    keys = ("s", "S", "down", "end", "pageup", "home", "slash", "x", "[", "enter", "slash", "escape")
    async with monitored(halfway.place, size=size) as seen:
        for number, pane in enumerate(PANES, 1):
            await seen.press(str(number), *keys)

            assert panes(seen) == [pane]


async def test_requests_and_doubts_are_there_with_what_each_may_cost(halfway, monitored):
    with halfway.writing() as db:
        halfway._reserve(db, "p1", "m", 128, 3)
    async with monitored(halfway.place) as seen:
        await seen.press("4")

        assert seen.line("p1", "2⁷", "3", "ask", "1.00")
        assert seen.line("p2", "2⁷", "1", "1.00", "reset ␛[2J")


async def test_the_requests_have_the_cursor_and_lead_to_their_problem(halfway, monitored):
    with halfway.writing() as db:
        halfway._reserve(db, "p1", "m", 128, 3)
    async with monitored(halfway.place) as seen:
        await seen.press("4")
        assert seen.line("▸", "p1")

        await seen.press("enter")
        assert isinstance(seen.app.screen, Problem)


async def test_the_doubts_of_that_pane_lead_to_where_they_are_settled(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("4", "tab")
        assert seen.line("▸", "p2")

        await seen.press("enter")
        assert isinstance(seen.app.screen, Doubts)


async def test_events_are_there_newest_first(halfway, monitored):
    with halfway.writing() as db:
        for number, kind in enumerate(("start", "retry", "outage")):
            db.execute(
                "INSERT INTO events (run_id, at, kind, text) VALUES (1, ?, ?, ?)",
                (f"2026-11-22T10:00:0{number}.000Z", kind, f"{kind} of a test [/x]"),
            )
    async with monitored(halfway.place) as seen:
        line = seen.line("outage of a test [/x]")
        assert line.index("outage of") < line.index("retry of")

        await seen.press("5", "slash", *"retry", "enter")
        assert seen.line("▸", "retry of a test")
        assert "outage of" not in seen.text


async def test_the_filter_is_of_the_problems_and_escape_takes_it_away(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("slash", "p", "2", "enter")
        assert not seen.line("p1 ")
        assert seen.line("▸", "p2")
        assert "/p2" in seen.text

        await seen.press("slash", "escape")
        assert seen.line("p1 ")


async def test_keys_typed_into_the_filter_steer_nothing(halfway, monitored):
    before = store(halfway, "wishes")
    async with monitored(halfway.place) as seen:
        await seen.press("slash", *"pcxRD+-q", "1", "enter")

        assert isinstance(seen.app.screen, Monitor)
        assert "/pcxRD+-q1" in seen.text
    assert store(halfway, "wishes") == before


async def test_problems_are_sorted_by_the_next_column(halfway, monitored):
    async with monitored(halfway.place) as seen:
        order = []
        for keys in (["s"], ["S"]):
            await seen.press(*keys)
            order.append([row.strip.key for row in seen.app.screen.query_one("#problems", Table).in_order])

    assert order == [["p1", "p2"], ["p2", "p1"]]


async def test_enter_opens_the_problem_and_escape_comes_back(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("down", "enter")
        assert isinstance(seen.app.screen, Problem)
        assert "What is 1 + 1?" in seen.text

        await seen.press("escape")
        assert isinstance(seen.app.screen, Monitor)
        assert seen.line("▸", "p2")

        await seen.press("escape")
        assert isinstance(seen.app.screen, Runs)


async def test_below_the_least_size_it_says_so_and_comes_back(halfway, monitored):
    async with monitored(halfway.place) as seen:
        before = seen.text
        for width, height in ((59, 18), (60, 17), (20, 5), (1, 1), (300, 3)):
            await seen.pilot.resize_terminal(width, height)
            await seen.settled()
            assert "2⁷" not in seen.text
            assert width < 34 or "too small: 60x18 is the least" in seen.text

        await seen.pilot.resize_terminal(60, 18)
        await seen.settled()
        assert panes(seen) == ["budgets"]
        await seen.pilot.resize_terminal(120, 40)
        assert await seen.settled() == before


async def test_more_and_fewer_at_once_add_up(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("+", "+", "+", "minus", "=")
        await seen.settled()

        assert halfway.read("SELECT max_concurrency FROM runs") == [(7,)]
        assert seen.told[-1] == "at most 7 requests at once"

        await seen.press(*["minus"] * 10)
        assert halfway.read("SELECT max_concurrency FROM runs") == [(1,)]


async def test_what_somebody_else_set_meanwhile_is_where_the_next_press_begins(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("+")
        wishes.set_live(halfway.place, 1, {"max_concurrency": 4})
        await seen.app.tick(forced=True)
        await seen.press("+")

        assert halfway.read("SELECT max_concurrency FROM runs") == [(5,)]


async def test_a_cap_is_taken_and_a_bad_one_is_refused_in_place(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("c")
        assert seen.line("cap in dollars")
        assert seen.line("$10.00 spent, $1.00 in doubt, $0.00 reserved")

        await seen.press(*"-5", "enter")
        assert "must be above 0 (got -5)" in seen.text
        assert halfway.read("SELECT cap_pico FROM runs") == [(None,)]

        await seen.press(*["backspace"] * 4, *"$20.5", "enter")
        assert halfway.read("SELECT cap_pico FROM runs") == [(20_500_000_000_000,)]
        assert seen.line("$10.00 of $20.50")
        assert "cap in dollars" not in seen.text


async def test_no_cap_that_is_none_closes_the_question(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("c")
        for typed in ("", "abc", "1e999", "nan", "[/x]", "99999999999", "1 2", "--set"):
            seen.app.screen.query_one(Input).value = typed
            await seen.press("enter")
            assert seen.line("cap in dollars"), typed

    assert halfway.read("SELECT cap_pico FROM runs") == [(None,)]


async def test_a_cap_can_be_lifted(halfway, monitored):
    wishes.set_live(halfway.place, 1, {"cap_pico": 50 * PICO})
    async with monitored(halfway.place) as seen:
        await seen.press("c", "delete", *"none", "enter")

        assert halfway.read("SELECT cap_pico FROM runs") == [(None,)]
        assert seen.line("$10.00 no cap")


async def test_failed_draws_are_asked_again_once_it_was_confirmed(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("R")
        assert seen.line("1 draw failed for good", "billed")
        await seen.press("enter", "escape")
        assert halfway.read("SELECT sum(failed) FROM cells") == [(1,)]

        await seen.press("R", "y")
        assert halfway.read("SELECT sum(failed) FROM cells") == [(0,)]
        assert seen.told[-1] == "owed again: 1 draw"

        await seen.press("R")
        assert seen.told[-1] == "no draw has failed for good"


async def test_an_attempt_in_doubt_is_settled_by_hand(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("D")
        assert seen.line("hand-made: 1 attempt, up to $1.00")
        assert seen.line("▸", "p2", "2⁷", "reset ␛[2J")

        await seen.press("enter")
        assert seen.line("p2, budget 128, draw 1, at most $1.00")
        await seen.press(*"x", "enter")
        assert "not an amount of dollars" in seen.text
        await seen.press("backspace", *"0.25", "enter")

        assert halfway.read("SELECT spent_pico, unknown_pico FROM totals") == [(10_250_000_000_000, 0)]
        assert "nothing is in doubt" in seen.text
        assert seen.told[-1] == "settled 1 attempt: $0.25"
        await seen.press("escape")
        assert isinstance(seen.app.screen, Monitor)
        assert seen.line("$10.25")


async def test_all_that_is_in_doubt_is_settled_at_once(halfway, monitored):
    halfway.doubt("p2", 128, 2)
    async with monitored(halfway.place) as seen:
        await seen.press("D", "a")
        assert seen.line("2 attempts in doubt. What did they cost?")
        assert seen.line("m", "the most: $2.00")
        await seen.press("escape")
        assert halfway.read("SELECT spent_pico, unknown_attempts FROM totals") == [(10 * PICO, 2)]

        await seen.press("a")
        halfway.doubt("p2", 128, 3)  # lost while the question stands: it was not asked about
        await seen.app.tick()
        await seen.press("m")
        assert halfway.read("SELECT spent_pico, unknown_attempts FROM totals") == [(12 * PICO, 1)]

        await seen.press("a", "0")
        assert halfway.read("SELECT spent_pico, unknown_attempts FROM totals") == [(12 * PICO, 0)]


async def test_a_stop_asks_how_and_says_what_now_may_cost(halfway, monitored):
    with halfway.writing() as db:
        halfway._reserve(db, "p1", "m", 128, 3)
    async with monitored(halfway.place) as seen:
        for key, stop in (("escape", None), ("d", "drain"), ("n", "now")):
            await seen.press("x")
            assert seen.line("Stop hand-made?")
            assert seen.line("3 requests in flight, $1.00 reserved")
            assert "up to $1.00" in seen.text
            await seen.press("enter")
            assert seen.line("Stop hand-made?")
            await seen.press(key)
            assert halfway.read("SELECT stop FROM runs") == [(stop,)]


async def test_without_a_sampler_there_is_nothing_to_stop(book, monitored):
    async with monitored(book().place) as seen:
        await seen.press("x")

        assert seen.told[-1] == "no sampler has it: there is nothing to stop"


async def test_a_frozen_display_says_since_when_and_does_not_move(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("space")
        assert re.search(r"DISPLAY FROZEN since \d\d:\d\d:\d\d", seen.text)
        frozen = seen.text

        halfway.keep("p2", 128, 2, "2", right=True, pico=5 * PICO)
        await seen.app.tick()
        await seen.pilot.pause(1.2)
        assert seen.text == frozen

        await seen.press("space")
        assert "FROZEN" not in seen.text
        assert seen.line("7/16", "$15.00")


async def test_a_frozen_display_stays_so_when_one_looks_elsewhere(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("space")
        frozen = seen.text
        halfway.keep("p2", 128, 2, "2", right=True, pico=5 * PICO)
        await seen.press("question_mark", "escape")

        assert seen.text == frozen


async def test_read_only_changes_nothing_whatever_is_pressed(halfway, monitored):
    tables = ("wishes", "runs", "cells", "attempts", "totals", "endpoints", "events", "samplers")
    before = [store(halfway, table) for table in tables]
    async with monitored(halfway.place, read_only=True) as seen:
        assert "READ-ONLY" in seen.text
        for keys in (
            ["p", "+", "=", "minus"], ["c", *"5", "enter"], ["R", "y"], ["x", "d"], ["x", "n"], ["D", "enter"],
            [*"5", "enter"], ["D", "a", "m"], ["space"], ["space"], *([str(pane)] for pane in range(1, 6)),
        ):  # fmt: skip
            await seen.press(*keys)
            while not isinstance(seen.app.screen, Monitor):
                await seen.press("escape")

        assert "p pause" not in seen.text
    assert [store(halfway, table) for table in tables] == before


async def test_two_monitors_on_one_store_show_the_same(halfway, monitored, until):
    async with monitored(halfway.place) as one, monitored(halfway.place) as other:
        await one.press("+", "c", *"33", "enter")
        for seen in (one, other):
            await until(seen, lambda text: "of $33" in text)

        assert one.text.splitlines()[:4] == other.text.splitlines()[:4]


async def test_help_says_what_the_keys_and_the_numbers_are(halfway, monitored):
    async with monitored(halfway.place, size=(80, 24)) as seen:
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, Help)
        assert seen.line("p ", "pause, or go on")

        await seen.press("end")
        assert seen.line("ctrl+c", "leave")
        await seen.press("q")
        assert isinstance(seen.app.screen, Monitor)


async def test_the_palette_knows_themes_and_the_way_out(halfway, monitored):
    async with monitored(halfway.place) as seen:
        await seen.press("ctrl+p", *"theme: day", "enter")

        assert seen.app.theme == "day"


async def test_what_comes_in_a_burst_is_all_shown_in_the_end(halfway, monitored, until, monkeypatch):
    monkeypatch.setattr("tui.app.TICK_S", 0.1)
    monkeypatch.setattr("tui.screens.due.TABLES_S", 0.5)
    with halfway.writing() as db:
        db.execute("DELETE FROM samplers")
        db.execute("UPDATE runs SET state = 'finished'")
    async with monitored(halfway.place) as seen:
        for draw in (2, 3):
            halfway.keep("p2", 128, draw, "2", right=True)
            await seen.app.tick()
        assert seen.line("8/16")

        await until(seen, lambda _: seen.line("2⁷", "4/8", "50%"), 8)


async def test_problems_beyond_the_first_hundred_have_their_votes_once_they_are_on_the_screen(book, monitored, until):
    problems = tuple(Asked(f"q{number:03d}", "What?", str(number)) for number in range(150))
    run = book(problems=problems, budgets=(16,), draws_planned=1)
    run.keep("q149", 16, 0, "149", right=True)
    async with monitored(run.place) as seen:
        await seen.press("end")

        await until(seen, lambda _: seen.line("▸", "q149", "149 ✓"))


async def test_a_run_that_was_deleted_leads_to_the_list(halfway, book, monitored, until):
    book(name="other")
    with halfway.writing() as db:
        db.execute("DELETE FROM samplers")
    async with monitored(halfway.place) as seen:
        delete(halfway.place, seen.app.screen.steered.progress)

        await until(seen, lambda _: isinstance(seen.app.screen, Runs))
        await until(seen, lambda _: seen.line("other"))
        assert "run 1 is no longer in the store" in seen.told


async def test_a_finished_run_offers_no_pause(book, monitored):
    run = book(draws_planned=1, budgets=(16,), problems=(Asked("p1", "?", "42"),))
    run.keep("p1", 16, 0, right=True)
    with run.writing() as db:
        db.execute("UPDATE runs SET state = 'finished', started_at = created_at, ended_at = created_at")
    async with monitored(run.place) as seen:
        assert seen.line("✓ FINISHED", "ETA –")  # noqa: RUF001 - the sign for nothing
        assert "100%" in seen.text
        assert "p pause" not in seen.text

        await seen.press("p")
        assert seen.told[-1].startswith("nothing is owed")
    assert run.read("SELECT count(*) FROM wishes") == [(0,)]


async def test_a_name_that_would_drive_a_terminal_is_harmless_on_every_pane_and_dialog(book, monitored, hostile):
    run = book(name=f"n{hostile}", labels=(f"l{hostile}",), problems=(Asked(f"k{hostile}", hostile, hostile),))
    label, key = f"l{hostile}", f"k{hostile}"
    run.keep(key, 100, 0, hostile, label=label)
    run.doubt(key, 100, 1, hostile, label)
    run.fail(key, 100, 2, hostile, label)
    with run.writing() as db:
        db.execute(
            "INSERT INTO events (run_id, at, kind, text) VALUES (1, '2026-11-22T10:00:00.000Z', 'warning', ?)",
            (hostile,),
        )
    at_work(run)
    async with monitored(run.place) as seen:
        for keys in ([], ["1"], ["2"], ["3"], ["4"], ["5"], ["c"], ["x"], ["R"], ["D"], ["D", "enter"], ["D", "a"]):
            await seen.press(*keys)
            assert not [bad for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b") if bad in seen.text], keys
            while not isinstance(seen.app.screen, Monitor):
                await seen.press("escape")
