from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console

from core.clock import utc_now
from core.config import config_from_mapping
from core.planning import plan_of
from core.store import notes, runs
from core.store.opening import writing
from core.store.place import Place
from core.vocabulary import State
from tui.steering import following
from tui.steering.following import follow


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    monkeypatch.setattr(following, "TICK_S", 0.05)
    where = Place.at(tmp_path / "runs.db")
    config = config_from_mapping(
        {
            "run": {"name": "r"},
            "problems": {"source": "builtin:competition", "limit": 2},
            "grading": {"kind": "integer"},
            "models": [{"name": "m", "endpoint": "simulator", "token_cap": 100}],
        }
    )
    with writing(where) as db:
        runs.create_run(db, plan_of(config), grader="integer-1", versions="{}", now=utc_now())
    return where


def said(place: Place, state: State, reason: str = "") -> None:
    with writing(place) as db:
        notes.set_state(db, 1, state, reason, utc_now())


async def test_it_ends_by_itself_once_the_run_is_over(place):
    out = io.StringIO()
    task = asyncio.create_task(follow(place, 1, Console(file=out, width=200), asyncio.Event()))
    await asyncio.sleep(0.2)
    assert not task.done()

    said(place, State.CAPPED, "no room")

    status = await asyncio.wait_for(task, 5)
    assert status.state is State.CAPPED
    assert [line.split(" · ")[1] for line in out.getvalue().splitlines()] == ["planned", "capped"]


async def test_it_shows_the_last_word_before_it_is_made_to_stop(place):
    out, stop = io.StringIO(), asyncio.Event()
    task = asyncio.create_task(follow(place, 1, Console(file=out, width=200), stop))
    await asyncio.sleep(0.2)

    said(place, State.STOPPED, "by a wish")
    stop.set()

    assert (await task).state is State.STOPPED
    assert "by a wish" in out.getvalue()


async def test_nothing_is_written_where_nothing_changed(place, monkeypatch):
    monkeypatch.setattr(following, "FIRST_S", 0)
    out, stop = io.StringIO(), asyncio.Event()
    task = asyncio.create_task(follow(place, 1, Console(file=out, width=200), stop))
    await asyncio.sleep(0.5)
    stop.set()
    await task

    assert len(out.getvalue().splitlines()) == 1


async def test_a_terminal_gets_a_block_and_its_cursor_back(place):
    out, stop = io.StringIO(), asyncio.Event()
    console = Console(file=out, width=80, force_terminal=True, _environ={"TERM": "xterm-256color"})
    task = asyncio.create_task(follow(place, 1, console, stop))
    await asyncio.sleep(0.3)
    stop.set()
    await task

    written = out.getvalue()
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == 1
    assert "○ PLANNED" in written
    assert written.count("PLANNED") <= 2


async def test_without_colour_there_are_no_colour_codes(place):
    out, stop = io.StringIO(), asyncio.Event()
    stop.set()
    console = Console(file=out, width=80, force_terminal=True, _environ={"TERM": "xterm-256color", "NO_COLOR": "1"})
    await follow(place, 1, console, stop)

    assert "\x1b[3" not in out.getvalue().replace("\x1b[?25", "")
    assert ";3" not in out.getvalue()
