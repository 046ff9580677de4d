"""Runs into files from the monitor: whatever the shell can write, under a name that is suggested."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from core.interchange.exporting import SUFFIXES
from tui.app import Thinktop
from tui.screens.exporting import _of_runs, ask_export, safe_stem


def test_every_format_of_the_shell_is_among_the_ways(real):
    offered = [suffix for way in _of_runs(real, [1], "real") for suffix in way.suffixes]

    assert sorted(offered) == sorted(SUFFIXES)


def test_a_name_from_outside_becomes_an_honest_beginning_of_a_file():
    assert safe_stem("../../etc/x\x1b[31m y") == "etc-x-31m-y"


@pytest.mark.parametrize(("key", "name"), [("b", "real-bundle.zip"), ("s", "real-samples.json")])
async def test_a_run_goes_into_a_file(real, tmp_path, monkeypatch, key, name):
    monkeypatch.chdir(tmp_path)
    app = Thinktop(real, run_id=1)
    async with app.run_test(size=(100, 30)) as pilot:
        ask_export(app.screen, [1], "real")
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        app.screen.query_one(Input).value = name
        await pilot.press("enter")
        for _ in range(100):
            if list(tmp_path.glob("real-*")):
                break
            await pilot.pause(0.03)
        await app.workers.wait_for_complete()

    files = {one.name for one in tmp_path.glob("real-*")}
    assert files in ({name}, {f"real-samples-o1-mini-{budget}.json" for budget in (16, 256, 2048)})
