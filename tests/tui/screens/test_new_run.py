"""A new run as a person plans it: picked, edited, reckoned, saved, started."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from textual.widgets import Input

from core.store.opening import reading
from core.store.progress import run_rows
from core.watching import status
from tui.app import Thinktop
from tui.screens import new_run
from tui.screens.new_run import NewRun
from tui.steering.drafting import file_draft
from tui.widgets.estimate import EstimatePane
from tui.widgets.form import FieldRow

KEY = "sk-abcdefghijklmnopqrstuvwx"


class Planning:
    """The app with a new run on it, and what is seen."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot

    @property
    def text(self):
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in line) for line in lines)

    @property
    def told(self):
        return [one.message for one in self.app._notifications]

    async def press(self, *keys):
        await self.pilot.press(*keys)

    async def type_in(self, label, text):
        """Go to a row and type something else in it."""
        for _ in range(20):
            if any(label in line and "▸" in line for line in self.text.splitlines()):
                break
            await self.pilot.press("tab")
            await self.pilot.pause()
        assert isinstance(self.app.focused, Input), label
        await self.pilot.press("ctrl+u", "ctrl+k", *text)

    async def sees(self, *words, within=15.0):
        """The screen once it has all these words."""
        until = monotonic() + within
        while not all(word in self.text for word in words):
            assert monotonic() < until, f"{words} not in:\n{self.text}\n{self.told}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()
        return self.text

    async def sees_no_more(self, words, within=15.0):
        """Nothing, once these words are gone from the screen."""
        until = monotonic() + within
        while words in self.text:
            assert monotonic() < until, f"{words} is still in:\n{self.text}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()

    async def hears(self, words, within=15.0):
        """What is said in the corner once it has these words."""
        until = monotonic() + within
        while not any(words in one for one in self.told):
            assert monotonic() < until, (words, self.told)
            await asyncio.sleep(0.02)


@pytest.fixture
def planning(sweep_place, monkeypatch):
    """An opener of the screen, on the sweep's config unless it is to be picked."""
    monkeypatch.setattr(new_run, "REST_S", 0.02)

    async def pick(screen):
        await screen.take(lambda: file_draft(Path("config.toml")))

    @asynccontextmanager
    async def opened(*, picks=False, size=(120, 40), read_only=False, **how):
        if not picks:
            monkeypatch.setattr(NewRun, "pick", pick)
        app = Thinktop(sweep_place, read_only=read_only)
        async with app.run_test(size=size) as pilot:
            one = Planning(app, pilot)
            app.push_screen(NewRun(**how))
            if not picks and not how:
                await one.sees("name", "sweep", "expected")
            yield one
        if app.crash is not None:
            raise app.crash

    return opened


def runs(place):
    if not place.path.exists():
        return []
    with reading(place) as db:
        return [(run.name, run.state) for run in run_rows(db)]


@pytest.mark.usefixtures("finished_sweep")
async def test_it_starts_from_a_file_the_demo_or_an_earlier_run(planning):
    async with planning(picks=True) as screen:
        await screen.sees("start from", "config.toml", "built-in simulator", "copy   sweep")
        await screen.press("down", "enter")
        await screen.sees("demo-1", "2048=16", "SIMULATED")

        await screen.press("ctrl+o")
        await screen.sees("start from")
        await screen.press("end", "enter")

        await screen.sees("copy of sweep", "sweep-2")


async def test_nothing_picked_goes_back(planning):
    async with planning(picks=True) as screen:
        await screen.sees("start from")

        await screen.press("escape")

        await screen.pilot.pause()
        assert not isinstance(screen.app.screen, NewRun)


async def test_the_estimate_follows_what_is_typed(planning):
    async with planning() as screen:
        await screen.sees("requests  12", "3 problems, 2 conditions")

        await screen.type_in("budgets", "2^4..2^7")

        await screen.sees("requests  24", "3 problems, 4 conditions", "edited, not saved")


async def test_the_latest_of_what_is_typed_wins_however_long_an_earlier_one_takes(planning, monkeypatch):
    foresee, show, shown = NewRun._foresee, EstimatePane.show, []

    def slowly(screen, propose):
        if propose().draft.shown(("run", "draws")) == "7":
            sleep(0.5)
        return foresee(screen, propose)

    def noted(pane, foresight):
        shown.append(foresight.prospect.estimate.requests if foresight.prospect else None)
        show(pane, foresight)

    monkeypatch.setattr(NewRun, "_foresee", slowly)
    monkeypatch.setattr(EstimatePane, "show", noted)
    async with planning() as screen:
        await screen.type_in("draws", "7")
        await asyncio.sleep(0.2)

        await screen.press("5")

        await screen.sees("requests  450")
    assert 42 not in shown


async def test_a_fault_is_said_in_the_command_lines_words_where_it_is_and_the_estimate_goes(planning):
    async with planning() as screen:
        await screen.type_in("draws", "0")

        text = await screen.sees("config.toml:4: run.draws: must be at least 1 (got 0)")

        assert "expected" not in text


async def test_a_fault_is_marked_at_its_row_though_a_model_before_it_is_off(planning, sweep_folder):
    config = sweep_folder / "config.toml"
    second = '[[models]]\nname = "o3"\nendpoint = "simulator"\ntoken_cap = 9000\n[models.thinking]\n'
    config.write_text(f'{config.read_text()}\n{second}control = "prompt"\nbudgets = [64]\n')
    async with planning() as screen:
        for _ in range(6):
            await screen.press("tab")
        await screen.press("space")
        await screen.sees("[ ] o1-mini", "off", "3 problems, 1 condition")

        await screen.press("tab", "tab", "tab", "0")
        await screen.press("backspace", "backspace", "backspace", "x")

        await screen.sees("models.0.thinking.budgets.0")
        wrong = [row._field.key for row in screen.app.screen.query(FieldRow) if row._label._wrong]
        assert wrong == [("models", 1, "thinking", "budgets")]


async def test_where_there_is_no_store_yet_none_is_called_lost(planning):
    async with planning() as screen:
        await screen.app.tick(forced=True)

        assert "STORE LOST" not in await screen.sees("expected")


async def test_all_of_the_config_can_be_edited_as_text(planning):
    async with planning() as screen:
        await screen.press("ctrl+t")
        await screen.sees("config as text", 'source = "builtin:competition"')
        await screen.press("down", "down", "down", "end", "0")
        await screen.sees("requests  120")

        await screen.press("escape")

        await screen.sees("draws", "20", "at once")


async def test_text_that_is_not_toml_stays_text_until_it_is_mended(planning):
    async with planning() as screen:
        await screen.press("ctrl+t")
        await screen.sees("config as text")
        await screen.press("=")
        await screen.sees("config.toml:1: is not valid TOML")

        await screen.press("ctrl+t")

        await screen.hears("the form needs it mended")


async def test_a_simulated_run_starts_without_asking_and_its_monitor_shows(planning, sweep_place):
    async with planning() as screen:
        await screen.press("ctrl+r")

        await screen.sees("SIMULATED", "FINISHED", within=30)

    assert runs(sweep_place) == [("sweep", "finished")]


@pytest.mark.usefixtures("real_endpoint")
async def test_real_money_is_asked_for_once_with_the_dollars_and_no_leaves_all_as_it_is(
    planning, sweep_place, monkeypatch
):
    monkeypatch.setenv("OWN_KEY", KEY)
    async with planning() as screen:
        await screen.press("f5")
        text = await screen.sees("Start sweep?", "12 requests to real servers", "at worst", "$60")

        await screen.press("enter", "escape")
        await screen.sees("config")

        assert KEY not in text
    assert runs(sweep_place) == []


@pytest.mark.usefixtures("real_endpoint")
async def test_where_a_key_is_missing_nothing_starts(planning, sweep_place, monkeypatch):
    monkeypatch.delenv("OWN_KEY", raising=False)
    async with planning() as screen:
        await screen.press("ctrl+r")

        await screen.hears("the variable OWN_KEY is not set")
    assert runs(sweep_place) == []


@pytest.mark.usefixtures("finished_sweep")
async def test_a_name_that_another_plan_has_can_be_changed_with_one_key(planning, sweep_folder):
    config = sweep_folder / "config.toml"
    config.write_text(config.read_text().replace("8192", "4096"))
    async with planning() as screen:
        await screen.sees("with another plan", "another token_cap", "next free name")

        await screen.press("ctrl+n")

        await screen.sees("sweep-2")
        await screen.sees_no_more("with another plan")
        await screen.sees("3 problems, 2 conditions")


@pytest.mark.usefixtures("finished_sweep")
async def test_a_copy_starts_from_the_stored_config_under_the_next_name(planning, sweep_folder):
    (sweep_folder / "config.toml").unlink()
    async with planning(copy_of=1) as screen:
        text = await screen.sees("copy of sweep", "sweep-2", "12", "6 draws")

        assert "edited" not in text


@pytest.mark.usefixtures("finished_sweep")
async def test_more_draws_are_reckoned_and_added_and_asked(planning, sweep_place):
    async with planning(extend=1) as screen:
        await screen.sees("extend", "sweep (1)", "now 2")
        await screen.type_in("draws", "+3")
        await screen.type_in("at budgets", "1024")
        await screen.sees("added to 12", "adds 9 draws", "are flagged: headline")

        await screen.press("ctrl+r")

        await screen.sees("FINISHED", "21/21", within=30)
    with reading(sweep_place) as db:
        assert status(db, sweep_place, 1).sums.kept == 21


@pytest.mark.usefixtures("finished_sweep")
async def test_what_cannot_be_added_is_said_as_on_the_command_line(planning):
    async with planning(extend=1) as screen:
        await screen.sees("say what to add")
        await screen.type_in("at budgets", "99")

        await screen.sees("--budget 99: the run has 16, 1024")


async def test_a_config_is_saved_and_nothing_is_replaced_unasked(planning, sweep_folder):
    before = (sweep_folder / "config.toml").read_text()
    async with planning() as screen:
        await screen.type_in("draws", "7")
        await screen.press("ctrl+s")
        await screen.sees("Save the config as", "config.toml")
        await screen.press("enter")
        await screen.sees("Replace the file?")
        await screen.press("escape")
        assert (sweep_folder / "config.toml").read_text() == before

        await screen.press("ctrl+s")
        await screen.sees("Save the config as")
        await screen.press("ctrl+u", "ctrl+k", *"mine", "enter")
        await screen.hears("thinktop run mine.toml")

    assert (sweep_folder / "mine.toml").read_text() == before.replace("draws = 2", "draws = 7")


async def test_leaving_asks_where_edits_would_be_lost_and_only_there(planning):
    async with planning() as screen:
        await screen.type_in("draws", "7")
        await screen.press("escape")
        await screen.sees("Throw the edits away?")
        await screen.press("escape")
        await screen.type_in("draws", "2")

        await screen.press("escape")

        await screen.pilot.pause()
        assert not isinstance(screen.app.screen, NewRun)


async def test_a_file_with_a_key_in_it_is_named_and_never_shown(planning, sweep_folder):
    (sweep_folder / "leak.toml").write_text((sweep_folder / "config.toml").read_text() + f"# {KEY}\n")
    async with planning(picks=True) as screen:
        await screen.sees("start from", "leak.toml")
        await screen.press("slash", *"leak", "enter")

        text = await screen.sees("leak.toml:21: looks like a key, and a config must hold none: put it in")
        await screen.press("enter")

        assert KEY not in text + screen.text
        assert "start from" in screen.text


async def test_a_key_that_is_pasted_is_neither_saved_nor_run(planning, sweep_folder, sweep_place):
    async with planning() as screen:
        await screen.type_in("name", KEY)
        await screen.sees("config.toml:3: looks like a key")
        await screen.press("ctrl+s")
        await screen.sees("Save the config as")
        await screen.press("ctrl+u", "ctrl+k", *"leak", "enter")
        await screen.hears("looks like a key")
        await screen.press("ctrl+r")

    assert not (sweep_folder / "leak.toml").exists()
    assert runs(sweep_place) == []


async def test_the_editor_of_the_environment_gets_the_text_in_a_file_of_ones_own(planning, sweep_folder, monkeypatch):
    editor = sweep_folder / "editor"
    editor.write_text('#!/bin/sh\nstat -c %a "$1" > seen\nsed -i "s/draws = 2/draws = 9/" "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    async with planning() as screen:
        monkeypatch.setattr(screen.app, "suspend", lambda: os.scandir("."))  # no terminal to give away here

        await screen.press("ctrl+g")

        await screen.sees("requests  54", "edited, not saved")
    assert (sweep_folder / "seen").read_text().strip() == "600"


async def test_hostile_text_is_shown_and_kept_but_not_obeyed(planning, sweep_folder, hostile):
    config = sweep_folder / "config.toml"
    config.write_text(config.read_text().replace('name = "sweep"', 'name = "a\u202eb"'))
    async with planning(picks=True) as screen:
        await screen.sees("start from", "config.toml")
        await screen.press("enter")
        await screen.sees("a<U+202E>b")
        await screen.press("ctrl+t")
        shown = await screen.sees("config as text", 'name = "a<U+202E>b"')
        await screen.press("x", "escape")
        assert "edited" not in await screen.sees("at once")

        screen.app.focused.insert_text_at_cursor(hostile)
        await screen.press("ctrl+t")
        text = await screen.sees("config as text", "␛]0;owned")

    assert not any(bad in shown + text for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b"))


async def test_a_monitor_that_only_reads_starts_and_saves_nothing(planning, sweep_place):
    async with planning(read_only=True) as screen:
        await screen.press("ctrl+r", "ctrl+s")

        await screen.hears("read-only")
    assert runs(sweep_place) == []


async def test_a_small_terminal_has_the_totals_under_the_form(planning):
    async with planning(size=(80, 24)) as screen:
        text = await screen.sees("requests", "reserved at most")

    money = next(line for line in text.splitlines() if "expected" in line)
    assert all(word in money for word in ("at worst", "cap $60", "SIMULATED"))
    assert text.splitlines()[-1].split() == [
        *("ctrl+r", "start", "ctrl+s", "save", "ctrl+t", "text", "ctrl+g", "$EDITOR"),
        *("f1", "help", "esc", "back"),
    ]
