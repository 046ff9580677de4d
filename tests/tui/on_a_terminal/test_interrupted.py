"""A sampler that dies under the monitor's eyes is seen to be dead, and one key goes on with its run."""

from __future__ import annotations

import os
import signal
import time

import pytest

from bench.live import Sweep, live

SLOW = Sweep(problems=6, budgets=[64, 1024], draws=5000, at_once=4, per_s=10.0)
SEEN_S = 8.0
"""How soon a death is seen: the sampler's sign of life must grow old first."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with live(tmp_path_factory.mktemp("interrupted") / "live", SLOW) as one:
        yield one


def test_a_sampler_that_is_killed_is_seen_to_be_gone_and_p_starts_one_that_outlives_the_terminal(
    run, monitor, until
) -> None:
    wide, narrow = monitor(run.place), monitor(run.place, columns=80, lines=24)
    for shown in (wide, narrow):
        shown.wait_for("RUNNING")
    until(lambda: run.status().progress.run.open_attempts)

    os.kill(run.pid, signal.SIGKILL)
    killed_at = time.monotonic()
    for shown in (wide, narrow):
        assert shown.wait_for("! INTERRUPTED") - killed_at < SEEN_S
        shown.wait_for("p goes on")
    assert "in flight, up to $" in wide.text
    kept = run.status().sums.kept

    wide.press("p")
    for shown in (wide, narrow):
        shown.wait_for("● RUNNING", 30)
    status = run.status()
    assert status.progress.run.pid != run.pid
    assert status.progress.run.unknown_attempts

    wide.hang_up()
    wide.wait_for_end()
    until(lambda: run.status().sums.kept > kept + 10)
    assert run.status().progress.run.pid == status.progress.run.pid
    assert run.status().sampler_alive
    assert os.getsid(status.progress.run.pid) == status.progress.run.pid
