"""What was paid for is recorded, once, and equal to the server's own books; the cap holds."""

from __future__ import annotations

import asyncio

from core.sampler.run import Sampler
from core.vocabulary import State
from core.wishes import set_live


def number_of(bill_id):
    return bill_id.rpartition("-")[2]


FAULTS = {"429": 0.05, "500": 0.03, "reset": 0.02, "cut_body": 0.02}


async def test_with_faults_every_draw_is_recorded_once_and_the_books_agree(bench_with):
    async with bench_with(faults=FAULTS, retry_after_s=0.05) as bench:
        run_id = bench.new_run(draws=10, max_attempts=20)
        ending = await bench.sample(run_id)
        ledger, status = bench.ledger(), bench.status(run_id)
        asked_twice = bench.ask("SELECT count(*) FROM samples GROUP BY cell_id, draw, step HAVING count(*) > 1")
        lost = bench.ask("SELECT count(*) FROM attempts WHERE outcome = 'unknown'")[0][0]
        recorded_ids = bench.recorded()

    assert ending.state is State.FINISHED
    assert (status["done"], status["failed"], status["owed"]) == (300, 0, 0)
    assert asked_twice == []
    recorded = [bill for bill in ledger["bills"] if number_of(bill["id"]) in recorded_ids]
    assert status["completion_tokens"] == sum(bill["completion_tokens"] for bill in recorded)
    assert status["prompt_tokens"] == sum(bill["prompt_tokens"] for bill in recorded)
    in_doubt = [bill for bill in ledger["bills"] if number_of(bill["id"]) not in recorded_ids]
    assert status["unknown_attempts"] == lost == len(in_doubt) > 0
    assert status["attempts"] == ledger["requests"]


async def test_dollars_are_exact(bench_with):
    async with bench_with() as bench:
        run_id = bench.new_run(draws=2)
        await bench.sample(run_id)
        ledger, status = bench.ledger(), bench.status(run_id)

    tokens = ledger["billed"]
    pico = tokens["prompt_tokens"] * 3_000_000 + tokens["completion_tokens"] * 12_000_000
    cached = sum(bill["cached_tokens"] for bill in ledger["bills"])
    assert cached == 0 or status["spent_usd"] <= f"{pico / 10**12:.12f}"
    assert status["spent_usd"] == f"{pico // 10**12}.{pico % 10**12:012d}"
    assert (status["reserved_usd"], status["unknown_usd"]) == ("0.000000000000", "0.000000000000")


async def test_a_small_cap_ends_the_run_below_it_and_a_higher_one_goes_on(bench_with):
    async with bench_with(latency_s=0.02) as bench:
        run_id = bench.new_run(draws=20, cap_usd=2.0, max_concurrency=64, token_cap=16384)
        ending = await bench.sample(run_id)
        status, ledger = bench.status(run_id), bench.ledger()
        set_live(bench.place, run_id, {"cap_pico": 40 * 10**12})
        second = await bench.sample(run_id)
        after = bench.status(run_id)

    billed = (ledger["billed"]["prompt_tokens"] * 3 + ledger["billed"]["completion_tokens"] * 12) / 1e6
    one_reservation = (16384 * 12 + 2000 * 3) / 1e6
    assert ending.state is State.CAPPED
    assert status["state"] == "capped"
    assert billed <= 2.0
    assert 2.0 - one_reservation <= float(status["spent_usd"]) + float(status["unknown_usd"]) <= 2.0
    assert second.state is State.FINISHED
    assert after["done"] == 600


async def test_a_bill_above_its_reservation_is_recorded_and_stops_the_run(bench_with):
    async with bench_with(faults={"overbill": 1.0}) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=2)
        ending = await bench.sample(run_id)
        status = bench.status(run_id)

    assert ending.state is State.STOPPED
    assert "does not honour the token cap" in ending.reason
    assert 0 < status["done"] < 150


async def test_a_reply_without_usage_is_priced_at_its_reservation_and_marked(bench_with):
    async with bench_with(faults={"no_usage": 1.0}) as bench:
        run_id = bench.new_run(problems=2, budgets=[64])
        await bench.sample(run_id)
        status = bench.status(run_id)
        reserved = bench.ask("SELECT sum(reserved_pico), sum(billed_pico) FROM attempts")[0]

    assert status["estimated"] == status["done"] == 2
    assert reserved[0] == reserved[1] > 0


async def test_a_refused_key_stops_the_run_with_one_message(bench_with, monkeypatch):
    async with bench_with() as bench:
        monkeypatch.setenv("TEST_KEY", "another")
        run_id = bench.new_run(draws=5)
        ending = await bench.sample(run_id)
        status = bench.status(run_id)

    assert ending.state is State.STOPPED
    assert "key was refused" in ending.reason
    assert (status["done"], status["failed"], status["spent_usd"]) == (0, 0, "0.000000000000")


async def test_five_identical_refusals_stop_the_run(bench_with):
    async with bench_with(faults={"400": 1.0}) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=1)
        ending = await bench.sample(run_id)

    assert ending.state is State.STOPPED
    assert "refused alike" in ending.reason


async def test_a_stop_now_leaves_what_was_in_flight_in_doubt(bench_with):
    async with bench_with(latency_s=30.0) as bench:
        run_id = bench.new_run(draws=5, max_concurrency=8)
        sampler = Sampler(bench.place, run_id)
        working = asyncio.create_task(sampler.work_off())
        while sampler.in_flight < 8:
            await asyncio.sleep(0.02)
        sampler.interrupt()
        await asyncio.sleep(0.1)
        sampler.interrupt()
        await asyncio.wait_for(working, 10)
        status = bench.status(run_id)

    assert status["state"] == "stopped"
    assert status["unknown_attempts"] == 8
    assert status["reserved_usd"] == "0.000000000000"
