"""The app around its screens: a store that goes and comes back, errors of every kind, and the way out."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import UsageError
from tui import look
from tui.app import Thinktop
from tui.cli.failing import explained
from tui.screens.monitor import Monitor
from tui.screens.runs import Runs


@pytest.fixture(autouse=True)
def _quick_ticks(monkeypatch):
    monkeypatch.setattr("tui.app.TICK_S", 0.05)


def seen(app):
    """What is on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def until(pilot, holds, within_s=5.0):
    for _ in range(int(within_s / 0.02)):
        if holds(seen(pilot.app)):
            return
        await pilot.pause(0.02)
    raise AssertionError(seen(pilot.app))


@pytest.fixture
def shown(real):
    """The monitor on the one run of a store."""
    return Thinktop(real, run_id=1)


@pytest.mark.parametrize("run_id", [1, None], ids=["the monitor", "the list of runs"])
async def test_a_store_that_is_deleted_is_said_to_be_lost_and_found_again(real, run_id):
    app = Thinktop(real, run_id=run_id)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "real" in text)
        kept = Path(shutil.copy(real.path, real.path.with_name("kept")))
        for file in real.path.parent.glob("runs.db*"):
            if file.is_file():
                file.unlink()

        await until(pilot, lambda text: "STORE LOST, what is shown is old: no store here" in text)
        assert "real" in seen(app)

        kept.rename(real.path)
        await until(pilot, lambda text: "LOST" not in text)
        await pilot.press("down", "s")


async def test_the_reason_of_a_loss_is_on_the_screen_however_long_the_path(real, tmp_path):
    deep = tmp_path / ("a-long-name-of-a-folder" * 8)
    deep.mkdir()
    place = type(real)(Path(shutil.copy(real.path, deep / "runs.db")))
    app = Thinktop(place, run_id=1)
    async with app.run_test(size=(60, 18)) as pilot:
        await until(pilot, lambda text: "FINISHED" in text)
        place.path.unlink()

        await until(pilot, lambda text: "STORE LOST" in text and "no store here" in text)


async def test_another_store_in_its_place_is_shown_instead(shown, real, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Path(shutil.copy(real.path, folder / "runs.db"))
    with sqlite3.connect(other) as db:
        db.execute("UPDATE runs SET name = 'other'")
        db.execute("UPDATE problems SET key = 'other-' || key")
        db.execute("UPDATE cells SET truncated = truncated + 1")
    db.close()
    async with shown.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "real" in text and "c-001" in text)
        other.replace(real.path)

        await until(pilot, lambda text: "other-c-001" in text and "LOST" not in text)
        assert "real" not in seen(shown)


async def test_a_store_of_a_newer_version_is_said_to_be_and_comes_back(shown, real):
    async with shown.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "FINISHED" in text)
        other = Path(shutil.copy(real.path, real.path.with_name("newer")))
        with sqlite3.connect(other) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            db.execute("PRAGMA user_version = 999")
        db.close()
        other.replace(real.path)

        await until(pilot, lambda text: "LOST, what is shown is old: made by a newer thinktop" in text)

        with sqlite3.connect(real.path) as db:
            db.execute(f"PRAGMA user_version = {version}")
        db.close()
        await until(pilot, lambda text: "LOST" not in text)


async def test_a_wish_that_cannot_be_carried_out_is_said_and_no_more(shown):
    def refused():
        raise UsageError("no: [red]\x1b[2J")

    async with shown.run_test(size=(120, 40), notifications=True) as pilot:
        shown.wish(refused)
        await until(pilot, lambda text: "no: [red]␛[2J" in text)
        assert shown.crash is None


async def test_wishes_are_carried_out_in_the_order_in_which_they_were_made(shown):
    done = []

    def slow():
        time.sleep(0.1)
        done.append("first")

    async with shown.run_test(size=(120, 40)) as pilot:
        shown.wish(slow)
        shown.wish(lambda: done.append("second"))
        await shown.workers.wait_for_complete()
        await pilot.pause()

    assert done == ["first", "second"]


async def test_read_only_carries_out_nothing(real):
    app, done = Thinktop(real, run_id=1, read_only=True), []
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.wish(lambda: done.append(1))
        await until(pilot, lambda text: "read-only: nothing is changed from here" in text)

    assert done == []


class Broken(Monitor):
    """A screen that fails where a picture is shown, or where a wish is carried out."""

    where = "show"

    def show(self, picture):
        fake_key = "sk-fake-0123456789"  # noqa: F841 - must not be told
        if self.where == "show":
            raise ZeroDivisionError("of a test")
        super().show(picture)

    def action_pause(self):
        fake_key = "sk-fake-0123456789"  # noqa: F841 - as above

        def act():
            raise ZeroDivisionError("of a test")

        self.thinktop.wish(act)


async def ended(app, *keys):
    """What ended the app."""
    with suppress(Exception):  # raised again by the test's harness
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause(0.1)
            await pilot.press(*keys)
            await pilot.pause(0.3)
    assert app.crash is not None
    return app.crash


@pytest.mark.parametrize("where", ["show", "a later show", "a wish"])
async def test_a_crash_ends_the_app_and_is_told_in_one_line_with_no_value_of_any_variable(
    real, where, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    screen = Broken(1)
    screen.where = "show" if where == "show" else ""
    app = Thinktop(real, run_id=1)
    monkeypatch.setattr(app, "get_default_screen", lambda: screen)
    if where == "a later show":
        asyncio.get_running_loop().call_later(0.3, setattr, screen, "where", "show")
        monkeypatch.setattr("tui.app.PATIENCE_TICKS", 1)
        monkeypatch.setattr(Monitor, "restless", True)

    crash = await ended(app, *(["p"] if where == "a wish" else []))

    def failing(_):
        raise crash

    assert explained(failing, []) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError" in said
    (path,) = re.findall(r"with (\S+)", said)
    told = Path(path).read_text()
    assert "ZeroDivisionError: of a test" in told
    assert "test_app.py" in told
    assert "sk-fake" not in told.replace('fake_key = "sk-fake-0123456789"', "")


async def test_leaving_lets_go_of_the_store(shown):
    async with shown.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "FINISHED" in text)
        await pilot.press("q")
        await pilot.pause()

    assert shown.return_code == 0
    assert shown.feed._reader is None
    assert shown.crash is None


async def test_ctrl_c_leaves_from_a_dialog_too(shown):
    async with shown.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "FINISHED" in text)
        await pilot.press("c", "ctrl+c")
        await pilot.pause()

    assert shown.return_code == 0


async def test_without_a_run_the_list_is_shown(real):
    app = Thinktop(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "real" in text)
        assert isinstance(app.screen, Runs)


async def test_the_palette_offers_every_theme(shown):
    async with shown.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda text: "FINISHED" in text)
        offered = [command.title for command in shown.get_system_commands(shown.screen)]

    assert {f"Theme: {theme.name}" for theme in look.themes()} < set(offered)
    assert "Leave" in offered
