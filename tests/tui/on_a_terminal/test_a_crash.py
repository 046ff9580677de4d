"""A fault of ours, wherever it strikes: one line that names a file, no variable's value anywhere, a clean terminal."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import pytest

SECRET = "sk-test-5b1e7c0ffee"
ROOT = Path(__file__).parents[3]
SHIM = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})

def fault(*_, **__):
    key = os.environ["OPENAI_API_KEY"]
    its_value = "value-of-a-" + "local"
    raise RuntimeError("a fault " + "of ours")

async def later(*_, **__):
    fault()
"""
PLACES = {
    "while it shows a picture": "from tui.screens.monitor import Monitor; Monitor.show = fault",
    "while a screen is composed": "from tui.screens.monitor import Monitor; Monitor.contents = fault",
    "while a line is painted": "from tui.widgets.lines import Lines; Lines.render_line = fault",
    "at a key": "from tui.screens.monitor import Monitor; Monitor.action_help = fault",
    "in a worker": "from tui.app import Thinktop; Thinktop._wished = later",
    "at a tick": "from tui.app import Thinktop; Thinktop.tick = later",
    "before there is a screen": "from tui.app import Thinktop; Thinktop.get_default_screen = fault",
}
KEYS = {"at a key": "?", "in a worker": "+"}


@pytest.fixture
def crashed(terminal, real, tmp_path):
    """A starter of monitors that have a fault somewhere."""

    def start(place: str):
        lines = [SHIM, PLACES[place], "from tui.commands import main", "sys.exit(main(sys.argv[1:]))"]
        shown = terminal(
            sys.executable,
            "-c",
            textwrap.dedent("\n".join(lines)),
            *("monitor", "1", "--store", real.path),
            environment={"OPENAI_API_KEY": SECRET, "TMPDIR": str(tmp_path)},
        )
        if key := KEYS.get(place):
            shown.wait_for("FINISHED")
            shown.press(key)
        return shown

    return start


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_ends_it_with_one_line_that_names_a_file(crashed, last_words, place) -> None:
    shown = crashed(place)

    assert shown.wait_for_end(20) == 1
    assert shown.left_behind() == []
    said = re.fullmatch(
        r"thinktop: this is a bug in thinktop, not in what you did: RuntimeError; please report it with (\S+\.txt)",
        last_words(shown),
    )
    assert said
    file = Path(said[1])
    told = file.read_text()
    assert told.startswith("Traceback")
    assert "RuntimeError: a fault of ours" in told
    assert "value-of-a-local" not in told
    assert file.stat().st_mode & 0o077 == 0
    assert b"value-of-a-local" not in shown.output


def test_the_value_of_a_key_is_nowhere_after_a_crash(crashed, tmp_path) -> None:
    shown = crashed("while it shows a picture")

    shown.wait_for_end()

    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name.startswith("thinktop-bug-") for file in files)
    assert [file.name for file in files if SECRET.encode() in file.read_bytes()] == []
    assert SECRET.encode() not in shown.output
