"""Going on: after a kill, after a stop, after an outage; only what is owed is asked. Pausing and steering."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import replace

import pytest

from core import wishes
from core.errors import Refused
from core.sampler.detach import start_detached
from core.sampler.run import Sampler
from core.store import notes
from core.store.opening import reading
from core.vocabulary import State

aside = asyncio.to_thread


async def test_after_kill_9_no_recorded_draw_is_asked_again_and_the_lost_ones_are_listed(bench_with):
    async with bench_with(latency_s=0.1) as bench:
        run_id = bench.new_run(draws=10, max_concurrency=16)
        pid = await aside(start_detached, bench.place, run_id)
        await aside(bench.until, run_id, lambda seen: seen["done"] > 60)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        killed = bench.status(run_id)
        recorded = bench.recorded()
        ending = await bench.sample(run_id)
        status, ledger = bench.status(run_id), bench.ledger()
        unknown = bench.ask("SELECT message FROM attempts WHERE outcome = 'unknown'")

    assert killed["state"] == "interrupted"
    assert not killed["sampler_alive"]
    assert ending.state is State.FINISHED
    assert (status["done"], status["owed"]) == (300, 0)
    assert status["unknown_attempts"] == len(unknown) > 0
    assert all("ended while it was in flight" in message for (message,) in unknown)
    assert ledger["billed"]["requests"] <= 300 + len(unknown)
    assert recorded <= {bill["id"].rpartition("-")[2] for bill in ledger["bills"]}


async def test_a_second_sampler_is_refused_while_the_first_lives(bench_with):
    async with bench_with(latency_s=0.2) as bench:
        run_id = bench.new_run(draws=10, max_concurrency=4)
        first = Sampler(bench.place, run_id)
        working = asyncio.create_task(first.work_off())
        while not first.in_flight:
            await asyncio.sleep(0.02)
        with pytest.raises(Refused, match="another sampler has run"):
            await aside(start_detached, bench.place, run_id)
        first.interrupt()
        await working


async def test_a_pause_sends_nothing_more_within_a_second_and_outlives_the_sampler(bench_with):
    async with bench_with(latency_s=0.05) as bench:
        run_id = bench.new_run(draws=20, max_concurrency=8)
        pid = await aside(start_detached, bench.place, run_id)
        await aside(bench.until, run_id, lambda seen: seen["done"] > 20)
        await aside(wishes.pause, bench.place, run_id)
        await asyncio.sleep(1.0)
        at_pause = bench.ledger()["requests"]
        await asyncio.sleep(1.0)
        later = bench.ledger()["requests"]
        paused = bench.status(run_id)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        pid = await aside(start_detached, bench.place, run_id)
        await asyncio.sleep(1.0)
        after_restart = bench.ledger()["requests"]
        still = bench.status(run_id)
        await aside(wishes.resume, bench.place, run_id)
        done = await aside(bench.until, run_id, lambda seen: seen["state"] == "finished")
        os.waitpid(pid, 0)

    assert at_pause == later == after_restart
    assert paused["state"] == still["state"] == "paused"
    assert paused["reserved_usd"] == "0.000000000000"
    assert done["done"] == 600


async def test_a_server_that_goes_away_is_an_outage_and_no_draw_fails(bench_with):
    async with bench_with(latency_s=0.05, schedule=({"kind": "outage", "from_s": 1.0, "to_s": 6.0},)) as bench:
        run_id = bench.new_run(draws=30, max_concurrency=8)
        working = asyncio.create_task(bench.sample(run_id))
        out = await aside(bench.until, run_id, lambda seen: seen["state"] == "outage")
        ending = await working
        status = bench.status(run_id)
        with reading(bench.place) as db:
            events = notes.events(db, run_id)

    assert "out of reach" in out["reason"]
    assert ending.state is State.FINISHED
    assert (status["done"], status["failed"]) == (900, 0)
    assert [text for _, kind, text in events if kind == "outage"][-1] == "the endpoint answers again"


async def test_more_draws_are_taken_up_by_a_live_sampler(bench_with):
    async with bench_with(latency_s=0.05) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=8)
        working = asyncio.create_task(bench.sample(run_id))
        await aside(bench.until, run_id, lambda seen: seen["done"] > 10)
        bench.runs -= 1
        plan, _ = bench.plan(draws=8, budgets=[64, 256, 1024, 2048])
        await aside(wishes.extend, bench.place, run_id, plan, "to 8 draws and budget 2048")
        await working
        status, ledger = bench.status(run_id), bench.ledger()

    assert (status["planned"], status["done"]) == (320, 320)
    assert ledger["requests"] == 320


async def test_a_wish_to_stop_drains(bench_with):
    async with bench_with(latency_s=0.3) as bench:
        run_id = bench.new_run(draws=20, max_concurrency=8)
        working = asyncio.create_task(bench.sample(run_id))
        await aside(bench.until, run_id, lambda seen: seen["in_flight"] >= 8)
        began = time.monotonic()
        await aside(lambda: wishes.stop(bench.place, run_id, now=False))
        ending = await working
        took = time.monotonic() - began
        status = bench.status(run_id)

    assert (ending.state, ending.by_itself) == (State.STOPPED, False)
    assert took < 3
    assert (status["unknown_attempts"], status["state"]) == (0, "stopped")
    assert status["done"] + status["owed"] == status["planned"]


async def test_concurrency_changes_while_it_runs(bench_with):
    async with bench_with(latency_s=0.3) as bench:
        run_id = bench.new_run(draws=30, max_concurrency=4)
        working = asyncio.create_task(bench.sample(run_id))
        await aside(bench.until, run_id, lambda seen: seen["in_flight"] == 4)
        await aside(wishes.set_live, bench.place, run_id, {"max_concurrency": 40})
        await aside(bench.until, run_id, lambda seen: seen["in_flight"] > 30)
        await working
        peak = bench.ledger()["peak_in_flight"]

    assert peak == 40


async def test_draws_at_an_endpoint_that_the_sampler_has_not_met_are_taken_up_too(bench_with):
    async with bench_with(latency_s=0.05) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=8)
        working = asyncio.create_task(bench.sample(run_id))
        await aside(bench.until, run_id, lambda seen: seen["done"] > 10)
        bench.runs -= 1
        plan, _ = bench.plan(draws=5)
        elsewhere = replace(plan.endpoints[0], name="there")
        added = tuple(
            replace(one, condition=replace(one.condition, label="other", endpoint="there")) for one in plan.planned
        )
        grown = replace(plan, endpoints=(*plan.endpoints, elsewhere), planned=(*plan.planned, *added))
        await aside(wishes.extend, bench.place, run_id, grown, "another endpoint")
        ending = await working
        status = bench.status(run_id)

    assert (ending.state, ending.reason) == (State.FINISHED, "")
    assert (status["planned"], status["done"]) == (300, 300)


async def test_an_endpoint_without_its_key_ends_the_run_and_nothing_in_flight_is_cut_off(bench_with):
    async with bench_with(latency_s=0.05) as bench:
        run_id = bench.new_run(draws=20, max_concurrency=8)
        working = asyncio.create_task(bench.sample(run_id))
        await aside(bench.until, run_id, lambda seen: seen["done"] > 10)
        bench.runs -= 1
        plan, _ = bench.plan(draws=20)
        elsewhere = replace(plan.endpoints[0], name="there", api_key_env="NO_SUCH_KEY")
        await aside(wishes.extend, bench.place, run_id, replace(plan, endpoints=(*plan.endpoints, elsewhere)), "no key")
        ending = await working
        status = bench.status(run_id)

    assert ending.state is State.STOPPED
    assert "NO_SUCH_KEY is not set" in ending.reason
    assert status["unknown_attempts"] == 0


async def test_a_fault_of_the_sampler_is_said_and_cuts_off_nothing_that_was_paid_for(bench_with, monkeypatch):
    async with bench_with(latency_s=0.1) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=8)
        calls = []

        async def stumbles(*call):
            calls.append(call)
            if len(calls) == 20:
                raise KeyError("what is in memory")

        monkeypatch.setattr("core.sampler.life._notice_identity", stumbles)
        with pytest.raises(ExceptionGroup):
            await bench.sample(run_id)
        status = bench.status(run_id)

    assert status["state"] == "stopped"
    assert "KeyError" in status["reason"]
    assert "memory" not in status["reason"]
    assert status["unknown_attempts"] == 0
    assert status["done"] == status["attempts"] >= 20


async def test_another_fingerprint_after_an_outage_pauses_the_run_and_asks(bench_with):
    faults = [{"kind": "outage", "from_s": 1.0, "to_s": 3.0}, {"kind": "fingerprint", "from_s": 3.0}]
    async with bench_with(latency_s=0.05, schedule=faults) as bench:
        run_id = bench.new_run(draws=40, max_concurrency=4)
        working = asyncio.create_task(bench.sample(run_id))
        paused = await aside(bench.until, run_id, lambda seen: seen["state"] == "paused")
        await aside(wishes.resume, bench.place, run_id)
        ending = await working
        status = bench.status(run_id)

    assert "another system fingerprint" in paused["reason"]
    assert ending.state is State.FINISHED
    assert (status["done"], status["failed"]) == (1200, 0)
