from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
SLOW = ["--set", "simulator.latency_s=0.8", "--set", "run.draws=20"]


def headless(sweep_folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tui", "run", "--headless", *SLOW],
        cwd=sweep_folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)},
        preexec_fn=listen,  # noqa: PLW1509 - it sets signals and touches nothing else
    )  # fmt: skip


def listen() -> None:
    """A shell that runs the tests in the background ignores interrupts, and so would this process."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def wait_until_it_asks(sweep_now) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        time.sleep(0.1)
        try:
            if sweep_now()["in_flight"]:
                return
        except Exception:  # noqa: BLE001 - no store yet
            continue
    raise AssertionError("nothing was asked")


def test_the_first_signal_lets_what_is_in_flight_finish(sweep_folder, sweep_now):
    with headless(sweep_folder) as process:
        wait_until_it_asks(sweep_now)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=15)

    assert process.returncode == 130
    assert "in flight will finish; nothing new is sent. Again to stop now." in said
    assert "go on with: thinktop run --headless --set simulator.latency_s=0.8" in said
    assert 0 < sweep_now()["done"] == sweep_now()["attempts"] < 120
    assert sweep_now()["unknown_attempts"] == 0


def test_the_second_gives_up_what_is_in_flight_and_counts_it_as_possibly_billed(sweep_folder, sweep_now):
    with headless(sweep_folder) as process:
        wait_until_it_asks(sweep_now)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=15)

    assert process.returncode == 130
    assert "stopping now: 8 in flight are given up, and may be billed" in said
    assert sweep_now()["unknown_attempts"] >= 8
    assert "thinktop log sweep --doubts" in said
