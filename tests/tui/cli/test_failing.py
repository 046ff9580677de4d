from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from core.errors import Refused, UsageError
from tui.cli.failing import explained


def raising(error: BaseException):
    def command(_):
        secret = "sk-hidden"  # noqa: F841 - must not turn up anywhere
        raise error

    return command


def test_an_error_for_a_person_is_one_line_and_its_exit_code(capsys):
    assert explained(raising(Refused("somebody else has it")), []) == 5

    assert capsys.readouterr().err == "thinktop: somebody else has it\n"


def test_each_fault_of_a_config_is_a_line_of_its_own(capsys):
    assert explained(raising(UsageError("a.toml:1: bad\na.toml:2: worse")), []) == 2

    assert capsys.readouterr().err == "thinktop: a.toml:1: bad\nthinktop: a.toml:2: worse\n"


def test_an_error_cannot_drive_the_terminal(capsys):
    explained(raising(UsageError("\x1b[2Jgone")), [])

    assert capsys.readouterr().err == "thinktop: ␛[2Jgone\n"


def test_an_error_out_of_a_group_of_tasks_is_found(capsys):
    group = ExceptionGroup("tasks", [ExceptionGroup("more", [Refused("not now")])])

    assert explained(raising(group), []) == 5
    assert capsys.readouterr().err == "thinktop: not now\n"


def test_a_bug_is_admitted_in_one_line_and_described_in_a_file_without_values(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert explained(raising(ZeroDivisionError("oh")), []) == 1

    said = capsys.readouterr().err
    (file,) = tmp_path.iterdir()
    assert said.count("\n") == 1
    assert "bug in thinktop" in said
    assert str(file) in said
    written = file.read_text()
    assert "ZeroDivisionError: oh" in written
    assert "sk-hidden" not in written.replace('secret = "sk-hidden"', "")
    assert file.stat().st_mode & 0o077 == 0


def test_an_interrupt_is_130(capsys):
    assert explained(raising(KeyboardInterrupt()), []) == 130
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_one_line(capsys):
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out.csv")

    assert explained(raising(error), []) == 1
    assert capsys.readouterr().err == "thinktop: out.csv: No space left on device; free some space and try again\n"


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    whole = line.replace("thinktop", f"{sys.executable} -m tui")
    root = str(Path(__file__).parents[3])
    return subprocess.run(
        ["bash", "-c", whole], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": root},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("thinktop --help | true; exit ${PIPESTATUS[0]}", (0, 141), ""),
        ("thinktop --help > /dev/full", (1,), "No space left on device"),
        ("thinktop --help >&-", (1,), "standard output is closed"),
        ("thinktop nonsense 2>&-", (2,), ""),
    ],
)
def test_whatever_the_output_is_there_is_no_traceback(line, code, words, tmp_path):
    done = shell(line, tmp_path)

    assert done.returncode in code
    assert words in done.stderr
    assert done.stderr.count("\n") <= 1
