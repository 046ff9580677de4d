"""Whatever texts hold, no command tells the terminal anything but text and styles."""

from __future__ import annotations

import json
import re
import sys

import pytest

from bench.terminal import Terminal

KNOWN = re.compile(r"\x1b\[[0-9;]*m|\r\n|\r(?:\x1b\[K)?(?=[0-9])|\r?\x1b\[K")
"""Styles, ends of lines, and a count that is written over."""
COMMANDS = (
    "status", "status --all", "status 1", "show 1", "show 1 {key}", "show 1 {key} 1 --label [b]LABEL --budget 64",
    "show 1 plain 2", "log 1", "curve 1", "curve 1 2", "plot 1", "plot 1 2 --figure budget --x tokens",
    "export 1 {file}", "regrade 1 --grading kind=exact --dry-run", "rm 1", "doctor {config}",
    # What is wrong, and is said to be:
    "show 1 {any}", "extend 1 --draws {any}", "estimate {config}", "run {config}", "status {any}", "curve 1 --x {any}",
    "settle 1 4 --usd {any}", "set 1 {any}=1", "set 1 cap_usd={any}", "status --store {any}", "plot --figure {any}",
    "{any}",
)  # fmt: skip
ONE_AFTER_THE_OTHER = """
import json, sys
from tui.commands import main
for number, words in enumerate(json.loads(sys.argv[1])):
    print(f"<<{number}>>", flush=True)
    code = main(words)
    print(f"<<ends with {code}>>", flush=True)
"""


@pytest.fixture(scope="module")
def said(hostile_folder, hostile_words):
    """What each command says on a terminal, and its exit code; all of one process, since starting takes the longest."""
    lines = [[_spelt(word, hostile_words) for word in command.split()] for command in COMMANDS]
    program = [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(lines)]
    with Terminal(program, folder=hostile_folder, environment={"THINKTOP_STORE": "runs.db"}) as shown:
        shown.wait_for("[y/N]", 30)  # rm asks
        shown.send("n\n")
        assert shown.wait_for_end(30) == 0
        parts = re.split(r"<<\d+>>\r\n", shown.output.decode())[1:]
    assert len(parts) == len(COMMANDS)
    return dict(zip(COMMANDS, (part.partition("<<ends with ") for part in parts), strict=True))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_says_anything_but_text_and_styles(said, improper, command) -> None:
    words, _, code = said[command]

    assert words.strip()
    assert improper(words, KNOWN) == []
    assert "this is a bug" not in words
    assert code[0] in "012"


def _spelt(word, meanings):
    for name, meaning in meanings.items():
        word = word.replace(name, meaning)
    return word
