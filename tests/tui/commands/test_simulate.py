from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from tui.commands import main


def served(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tui", "simulate", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_it_prints_where_it_listens_and_ends_when_its_input_closes():
    with served("--fault", "429=0.1", "--ignore", "effort") as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(10) == 0
    assert address["base_url"].startswith("http://127.0.0.1:")
    assert address["api_key"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_without_a_word(number):
    with served() as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)

        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fault", "429"], "must be KIND=PROBABILITY"),
        (["--fault", "4299=0.1"], "did you mean '429'?"),
        (["--key-env", "NO_SUCH_KEY"], "NO_SUCH_KEY is not set"),
        (["--port", "99999"], "port"),
        (["--problems", "gone.jsonl"], "gone.jsonl"),
    ],
)
def test_what_it_cannot_do_is_said_in_one_line(options, words, capsys, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)

    assert main(["simulate", *options]) == 2

    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
