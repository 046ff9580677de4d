from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tui.cli.listing import COMMANDS, names
from tui.commands import main

HEAVY = "{'cyclopts', 'rich', 'pydantic', 'openai', 'textual', 'numpy', 'sqlite3'}"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def seconds(*arguments: str) -> float:
    began = time.perf_counter()
    python(*arguments)
    return time.perf_counter() - began


def test_help_lists_every_command_with_a_line_of_its_own(capsys):
    assert main(["--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    for name in names():
        assert any(line.split()[:1] == [name] for line in lines), name
    assert max(map(len, lines)) <= 88


def test_help_imports_nothing_that_takes_time():
    done = python("-c", f"import sys, tui.commands as c; c.main(['--help']); print({HEAVY} & set(sys.modules))")

    assert done.stdout.splitlines()[-1] == "set()"


def test_help_takes_at_most_fifteen_times_a_bare_python():
    bare = min(seconds("-c", "pass") for _ in range(5))

    assert min(seconds("-m", "tui", "--help") for _ in range(5)) <= 15 * bare


@pytest.mark.parametrize("name", [command.name for group in COMMANDS.values() for command in group])
def test_the_help_of_a_command_shows_how_it_is_called_and_an_example(name, capsys):
    assert main([name, "--help"]) == 0

    said = capsys.readouterr().out
    assert said.startswith(f"Usage: thinktop {name}")
    assert f"Example: thinktop {name}" in said
    assert "InlineText" not in said


def test_help_with_a_name_is_the_help_of_that_command(capsys):
    assert main(["help", "pause"]) == 0

    assert capsys.readouterr().out.startswith("Usage: thinktop pause")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (["pasue"], "did you mean `thinktop pause`?"),
        (["xyzzy"], "`thinktop --help` lists the commands"),
        (["run", "--headles"], "did you mean --headless?"),
        (["run", "a.toml", "b.toml"], "takes no 'b.toml'"),
        (["set"], "RUN is missing"),
        (["settle", "x", "3"], "--usd is missing"),
        (["simulate", "--speed", "fast"], "--speed"),
    ],
)
def test_a_slip_of_the_fingers_gets_one_line_and_exit_2(line, hint, capsys):
    assert main(line) == 2

    said = capsys.readouterr()
    assert hint in said.err
    assert said.err.startswith("thinktop: ")
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_the_version_is_one_line(capsys):
    assert main(["--version"]) == 0

    assert capsys.readouterr().out.split()[0] == "thinktop"


@pytest.mark.usefixtures("finished_sweep")
def test_without_a_command_the_runs_are_listed(capsys):
    assert main([]) == 0

    said = capsys.readouterr()
    assert "sweep" in said.out
    assert "thinktop --help" in said.err


@pytest.mark.usefixtures("sweep_folder")
def test_without_a_command_and_without_a_store_it_says_how_to_begin(capsys):
    assert main([]) == 1

    assert "thinktop demo" in capsys.readouterr().err
