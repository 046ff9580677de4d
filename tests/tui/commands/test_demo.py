from __future__ import annotations

import time

import pytest

from tui.commands import main


@pytest.mark.usefixtures("sweep_folder")
def test_a_quick_demo_shows_a_whole_sweep_and_what_to_try_next(capsys):
    began = time.monotonic()

    assert main(["demo", "--quick"]) == 0

    said = capsys.readouterr()
    assert time.monotonic() - began < 20
    assert said.out.count("SIMULATED") == 1
    assert "maj@8" in said.out
    assert "accuracy against tokens used" in said.out
    assert "thinktop plot demo-1" in said.err
    assert all("SIMULATED" in line for line in said.err.splitlines() if "·" in line)
