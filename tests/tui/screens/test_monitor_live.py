"""The monitor beside a real sampler in a process of its own, on the simulator: what a person sees after each key."""

from __future__ import annotations

import os
import re
import signal
from contextlib import closing, contextmanager

import pytest

from bench.live import Sweep, live
from core.store.opening import open_reader
from core.vocabulary import State

AT_ONCE = 8
SWEEP = Sweep(problems=6, budgets=[16, 64], draws=2000, at_once=AT_ONCE, per_s=40.0)


@pytest.fixture
def sweep(tmp_path):
    """A run with a sampler at work, which ends with the test."""
    with live(tmp_path / "live", SWEEP) as run:
        run.wait_for(State.RUNNING, 20)
        yield run


@contextmanager
def store(run):
    with closing(open_reader(run.place)) as db:
        yield lambda query: db.execute(query).fetchone()


def done(text):
    found = re.search(r"([\d,]+)/24,000", text)
    return int(found[1].replace(",", "")) if found else 0


async def test_a_run_is_paused_goes_on_is_frozen_and_takes_more_at_once(sweep, monitored, until):
    async with monitored(sweep.place) as seen:
        await until(seen, lambda text: "● RUNNING" in text and "req/s" in text and done(text))

        await seen.pilot.press("p")
        assert await until(seen, lambda text: "PAUSING" in text or "PAUSED" in text) < 1.5
        await until(seen, lambda text: "PAUSED: nothing is sent, the clocks stand still; p goes on" in text)
        await until(seen, lambda text: "in flight 0/" in text and "0.0 req/s" in text, 10)  # the last seconds' rates
        still = await seen.settled()
        await seen.pilot.pause(1.5)
        assert seen.text == still

        await seen.pilot.press("p")
        assert await until(seen, lambda text: "● RUNNING" in text) < 1.5
        await until(seen, lambda text: done(text) > done(still))

        await seen.pilot.press("+", "+", "+")
        await until(seen, lambda text: "/15  " in text)  # 8, 9, 10, and from there in steps of 5
        with store(sweep) as one:
            assert one("SELECT max_concurrency FROM runs") == (15,)

        await seen.pilot.press("space")
        frozen = await seen.settled()
        await seen.pilot.pause(1.2)
        assert "DISPLAY FROZEN since" in frozen
        assert seen.text == frozen
        await seen.pilot.press("space")
        await until(seen, lambda text: done(text) > done(frozen))

        await seen.press("4")
        await until(seen, lambda _: seen.line("▸", "ask"))


async def test_a_sampler_that_was_killed_is_said_to_be_gone_and_p_goes_on(sweep, monitored, until):
    async with monitored(sweep.place) as seen:
        await until(seen, lambda text: "● RUNNING" in text and done(text))
        os.kill(sweep.pid, signal.SIGKILL)

        await until(seen, lambda text: "! INTERRUPTED" in text, 8)
        assert re.search(r"INTERRUPTED: its sampler is gone with \d+ in flight, up to \$[\d.]+; p goes on", seen.text)
        assert "req/s" not in seen.text
        before = done(seen.text)

        await seen.pilot.press("p")
        await until(seen, lambda text: "● RUNNING" in text and done(text) > before, 10)
        assert re.search(r"sampler \d+ has it and goes on", " ".join(seen.told))
        assert re.search(r"in doubt \(\d+\)", seen.text)
        await seen.press("D")
        assert seen.line("▸", "$") or seen.line("▸", "0.")


async def test_a_stop_now_ends_the_sampler_and_says_what_may_be_billed(sweep, monitored, until):
    async with monitored(sweep.place) as seen:
        await until(seen, lambda text: "● RUNNING" in text and done(text))
        await seen.press("x")
        assert re.search(r"\d requests? in flight, \$[\d.]+ reserved", seen.text)
        await seen.pilot.press("n")

        await until(seen, lambda text: "■ STOPPED" in text, 8)
        assert "STOPPED: stopped by a wish; p goes on" in seen.text
        with store(sweep) as one:
            assert one("SELECT state FROM runs") == ("stopped",)


async def test_an_end_within_the_cap_is_said_and_a_higher_one_goes_on(sweep, monitored, until):
    async with monitored(sweep.place) as seen:
        await until(seen, lambda text: "● RUNNING" in text and done(text))
        await seen.press("c", *"0.01", "enter")

        await until(seen, lambda text: "■ CAPPED" in text, 10)
        assert "c raises the cap" in seen.text

        await seen.press("c", *"50", "enter")
        assert seen.told[-1] == "cap_usd=50; p goes on"
        await seen.pilot.press("p")
        await until(seen, lambda text: "● RUNNING" in text, 8)
