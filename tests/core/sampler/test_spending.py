"""The cap in memory: nobody passes it, nobody waits for nothing, the order is kept."""

from __future__ import annotations

import asyncio

import pytest

from core.sampler.spending import Amount, CapReached, Spending

NOTHING = Amount(0, 0)


def spending(cap_pico=100, cap_tokens=None, committed=NOTHING):
    return Spending(committed, cap_pico, cap_tokens)


async def test_what_fits_is_set_aside_up_to_the_cap():
    money = spending(committed=Amount(40, 0))
    await money.reserve(Amount(60, 1))
    assert money.room == (0, None)


@pytest.mark.parametrize("amount", [Amount(101, 0), Amount(0, 11)])
async def test_what_does_not_fit_beside_nothing_in_flight_reaches_the_cap(amount):
    with pytest.raises(CapReached):
        await spending(cap_tokens=10).reserve(amount)


async def test_what_does_not_fit_beside_others_waits_for_their_replies():
    money = spending()
    await money.reserve(Amount(80, 0))
    waiting = asyncio.create_task(money.reserve(Amount(50, 0)))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    money.release(Amount(80, 0), Amount(10, 0))
    await waiting
    assert money.room == (40, None)


async def test_who_waits_learns_that_the_replies_cost_too_much():
    money = spending()
    await money.reserve(Amount(80, 0))
    waiting = asyncio.create_task(money.reserve(Amount(50, 0)))
    await asyncio.sleep(0.01)
    money.release(Amount(80, 0), Amount(80, 0))
    with pytest.raises(CapReached):
        await waiting


async def test_a_small_request_does_not_overtake_a_large_one_that_waits():
    money, order = spending(), []

    async def reserve(pico):
        await money.reserve(Amount(pico, 0))
        order.append(pico)

    await reserve(60)
    tasks = [asyncio.create_task(reserve(pico)) for pico in (70, 1)]
    await asyncio.sleep(0.01)
    assert order == [60]
    money.release(Amount(60, 0), NOTHING)
    await asyncio.gather(*tasks)
    assert order == [60, 70, 1]


async def test_a_raised_cap_frees_who_waits():
    money = spending()
    await money.reserve(Amount(80, 0))
    waiting = asyncio.create_task(money.reserve(Amount(50, 0)))
    await asyncio.sleep(0.01)
    money.refresh(NOTHING, 1000, None)
    await waiting
    assert money.room == (870, None)


async def test_who_is_cancelled_while_waiting_holds_nobody_up():
    money = spending()
    await money.reserve(Amount(80, 0))
    first = asyncio.create_task(money.reserve(Amount(50, 0)))
    second = asyncio.create_task(money.reserve(Amount(20, 0)))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.wait_for(second, 1)
    assert money.room == (0, None)


async def test_what_is_free_passes_a_dollar_cap_that_is_used_up():
    await spending(committed=Amount(500, 0)).reserve(Amount(0, 10))


async def test_without_caps_there_is_no_end_of_room():
    assert spending(None, None).room == (None, None)
