"""The pace, in virtual time: hours of storms and outages in a moment."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from core.endpoint.outcomes import Then, Trouble, in_doubt, unreached
from core.endpoint.pace import LONGEST_WAIT_S, Rate, Slots, backoff
from core.sampler.crew import crew_size
from core.simulator.capacity import Gate
from core.vocabulary import Outcome

BROKEN = Trouble(Outcome.BROKEN, Then.RETRY, "500: it broke", 500)


def busy(wait_s=None):
    return Trouble(Outcome.BUSY, Then.WAIT, "429: slow down", 429, wait_s)


def away():
    return unreached("could not connect")


def now():
    return asyncio.get_running_loop().time()


def lane_of(slots, endpoint="openai", model="o1-mini", ceiling=None, per_minute=None, tokens_per_minute=None):
    return slots.lane(endpoint, model, ceiling, Rate(per_minute), Rate(tokens_per_minute))


@dataclass
class Server:
    """Takes `capacity` requests at once and answers each after `latency_s`, or refuses with a 429."""

    capacity: float = 10**6
    latency_s: float = 2.0
    wait_s: float | None = 1.0
    stray_share: float = 0.0
    reachable: bool = True
    out: int = 0
    peak: int = 0
    log: list = field(default_factory=list)
    """(time, what came of it) of each request."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def answer(self):
        if not self.reachable:
            self.log.append((now(), "away"))
            return away()
        if self.out >= self.capacity or self.chance.random() < self.stray_share:
            await asyncio.sleep(0.02)
            self.log.append((now(), "busy"))
            return busy(self.wait_s)
        self.out += 1
        self.peak = max(self.peak, self.out)
        await asyncio.sleep(self.latency_s * self.chance.uniform(0.7, 1.3))
        self.out -= 1
        self.log.append((now(), "good"))
        return None

    def count(self, what, since=0.0, until=1e9):
        return sum(1 for at, came in self.log if came == what and since <= at < until)


async def keep_asking(slots, lane, server):
    """One worker of a crew, with the sampler's own policy: a 429 is asked again after the wait that it asks for."""
    while slots.open:
        if not await slots.enter(lane, 1000):
            return
        left_at, trouble = now(), in_doubt("cancelled")
        try:
            trouble = await server.answer()
        finally:
            slots.leave(lane, left_at, trouble)
        if trouble is not None and trouble.then is Then.WAIT:
            await asyncio.sleep(trouble.wait_s if trouble.wait_s is not None else backoff(1, server.chance.random))


class Work:
    """A crew at work on a lane, for as long as the context lasts."""

    def __init__(self, slots, *pairs):
        self._slots, self._pairs = slots, pairs

    async def __aenter__(self):
        self._tasks = [
            asyncio.create_task(keep_asking(self._slots, lane, server))
            for lane, server in self._pairs
            for _ in range(crew_size(self._slots.total))
        ]

    async def __aexit__(self, *_):
        self._slots.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


# ------------------------------------------------------------------------------------------------------ storms


def test_without_429s_the_whole_concurrency_is_used(virtually):
    async def story():
        slots, server = Slots(64), Server()
        lane = lane_of(slots)
        async with Work(slots, (lane, server)):
            await asyncio.sleep(60)
            return server.count("good"), server.peak

    good, peak = virtually(story())
    assert peak == 64
    assert good > 0.95 * 64 * 60 / 2


MOST_REFUSED = {0.5: 0.05, 2.0: 0.1, 20.0: 0.35}
"""Of all requests of the storm, by latency: where a server answers every few seconds, one probe is a large share."""


@pytest.mark.parametrize("wait_s", [None, 0.0, 1.0, 5.0])
@pytest.mark.parametrize("latency_s", MOST_REFUSED)
def test_a_capacity_that_falls_to_a_tenth_is_used_well_and_its_return_is_noticed(virtually, wait_s, latency_s):
    async def story():
        slots, server = Slots(64), Server(wait_s=wait_s, latency_s=latency_s)
        lane = lane_of(slots)
        async with Work(slots, (lane, server)):
            await asyncio.sleep(60)
            server.capacity = 6
            fell = now()
            await asyncio.sleep(600)
            rose = now()
            server.capacity = 10**6
            await asyncio.sleep(60)
            settled = fell + max(60.0, 3 * latency_s)
            good, busy_replies = server.count("good", fell, rose), server.count("busy", fell, rose)
            possible = 6 * (rose - settled) / latency_s
            return server.count("good", settled, rose) / possible, busy_replies / (good + busy_replies), lane.limit

    used, refused, recovered = virtually(story())
    assert used >= 0.8
    assert refused <= MOST_REFUSED[latency_s]
    assert recovered == 64


@pytest.mark.parametrize("wait_s", [None, 1.0])
def test_stray_429s_do_not_make_the_throughput_collapse(virtually, wait_s):
    async def story():
        slots, server = Slots(64), Server(stray_share=0.05, wait_s=wait_s)
        lane = lane_of(slots)
        async with Work(slots, (lane, server)):
            await asyncio.sleep(600)
            return server.count("good") / (64 * 600 / 2)

    assert virtually(story()) > 0.85


def test_a_rate_that_the_server_holds_us_to_is_used_well(virtually):
    class Rationed(Server):
        gate = Gate(None, 5.0)

        async def answer(self):
            if self.gate.refuses(0, now()) is not None:
                self.log.append((now(), "busy"))
                return busy(1.0)
            return await super().answer()

    async def story():
        slots, server = Slots(64), Rationed()
        async with Work(slots, (lane_of(slots), server)):
            await asyncio.sleep(600)
            return server.count("good") / 3000

    assert virtually(story()) > 0.8


def test_a_server_error_never_lowers_the_limit(virtually):
    async def story():
        slots = Slots(8)
        lane = lane_of(slots)
        for _ in range(100):
            assert await slots.enter(lane, 1)
            slots.leave(lane, now(), BROKEN)
        return lane.limit

    assert virtually(story()) == 8


def test_replies_to_requests_that_left_before_a_cut_say_nothing_new(virtually):
    async def story():
        slots = Slots(64)
        lane = lane_of(slots)
        for _ in range(64):
            await slots.enter(lane, 1)
        left_at = now()
        await asyncio.sleep(1)
        for _ in range(64):
            slots.leave(lane, left_at, busy(1.0))
        return lane.limit

    assert virtually(story()) == pytest.approx(0.8 * 64)


def test_while_all_is_refused_the_whole_lane_waits_as_long_as_it_is_told_and_says_so(virtually):
    async def story():
        slots, server = Slots(8), Server(capacity=0, wait_s=30.0)
        lane = lane_of(slots)
        async with Work(slots, (lane, server)):
            await asyncio.sleep(5)
            first, said = len(server.log), slots.waiting(now())
            await asyncio.sleep(24)
            return first, len(server.log), said

    first, later, said = virtually(story())
    assert later == first <= 12
    assert "openai o1-mini says 429: slow down" in said[0]


# ----------------------------------------------------------------------------------------------------- outages


def test_an_outage_lets_one_request_out_at_a_time_after_growing_waits(virtually):
    async def story():
        slots, server = Slots(64), Server()
        lane = lane_of(slots)
        async with Work(slots, (lane, server)):
            await asyncio.sleep(30)
            server.reachable = False
            began = now()
            await asyncio.sleep(900)
            tries = [at for at, came in server.log if came == "away"]
            said = slots.waiting(now())
            server.reachable = True
            await asyncio.sleep(2 * LONGEST_WAIT_S)
            return began, tries, said, server.count("good", now() - 10), slots.waiting(now())

    began, tries, said, good, after = virtually(story())
    probes = [at for at in tries if at > tries[0] + 0.001]
    waits = [later - earlier for earlier, later in pairwise(probes)]
    assert len(tries) < 64 + 25
    assert all(wait >= 0.5 for wait in waits)
    assert max(waits) <= LONGEST_WAIT_S
    assert waits[-1] >= LONGEST_WAIT_S / 2
    assert "out of reach" in said[0]
    assert said[1] == pytest.approx(began, abs=3)
    assert good > 0.8 * 64 * 10 / 2
    assert after is None


@pytest.mark.parametrize("late", [None, in_doubt("reset"), BROKEN, busy(1.0)])
def test_a_reply_to_a_request_from_before_an_outage_does_not_end_it(virtually, late):
    async def story():
        slots = Slots(8)
        lane = lane_of(slots)
        for _ in range(2):
            await slots.enter(lane, 1)
        left_at = now()
        await asyncio.sleep(1)
        slots.leave(lane, left_at, away())
        await asyncio.sleep(0.1)
        slots.leave(lane, left_at, late)
        return lane.away_since, lane.allowed()

    away_since, allowed = virtually(story())
    assert away_since is not None
    assert allowed == 1


def test_waits_between_tries_double_up_to_a_minute_with_jitter():
    assert [backoff(tries, lambda: 1.0) for tries in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]
    assert backoff(3, lambda: 0.0) == 2


# ----------------------------------------------------------------------------------------- totals, lanes, closing


def test_the_total_can_be_raised_and_lowered_while_it_runs(virtually):
    async def story():
        slots, server = Slots(8), Server()
        lane = lane_of(slots)
        async with Work(slots, (lane, server)), Work(slots, *[(lane, server)] * 4):
            peaks = []
            for total in (8, 20, 4, 20):
                slots.set_total(total)
                await asyncio.sleep(5)
                server.peak = 0
                await asyncio.sleep(10)
                peaks.append(server.peak)
            return peaks

    assert virtually(story()) == [8, 20, 4, 20]


def test_a_raised_total_does_not_undo_what_429s_have_taught(virtually):
    async def story():
        slots = Slots(64)
        lane = lane_of(slots)
        lane.limit = 6.0
        slots.set_total(128)
        return lane.limit

    assert virtually(story()) == 6.0


def test_the_lanes_of_an_endpoint_share_its_ceiling_and_those_of_two_do_not(virtually):
    async def story():
        slots, servers = Slots(32), [Server(), Server(), Server()]
        lanes = [
            lane_of(slots, "mine", "a", ceiling=4),
            lane_of(slots, "mine", "b", ceiling=4),
            lane_of(slots, "theirs", "a"),
        ]
        async with Work(slots, *zip(lanes, servers, strict=True)):
            peak = 0
            for _ in range(300):
                await asyncio.sleep(0.1)
                peak = max(peak, servers[0].out + servers[1].out)
            return peak, servers[2].peak

    assert virtually(story()) == (4, 28)


def test_a_ceiling_can_be_changed_while_it_runs(virtually):
    async def story():
        slots, server = Slots(32), Server()
        async with Work(slots, (lane_of(slots, ceiling=4), server)):
            await asyncio.sleep(10)
            before, _ = server.peak, lane_of(slots, ceiling=10)
            await asyncio.sleep(10)
            return before, server.peak

    assert virtually(story()) == (4, 10)


def test_closing_sends_everybody_away_at_once_and_reopening_lets_them_in_again(virtually):
    async def story():
        slots = Slots(1)
        lane = lane_of(slots)
        assert await slots.enter(lane, 1)
        waiting = [asyncio.create_task(slots.enter(lane, 1)) for _ in range(5)]
        await asyncio.sleep(1)
        slots.close()
        assert await asyncio.gather(*waiting) == [False] * 5
        assert not await slots.enter(lane, 1)
        slots.reopen()
        slots.leave(lane, now(), None)
        return await slots.enter(lane, 1), slots.out

    assert virtually(story()) == (True, 1)


def test_closing_frees_who_waits_for_a_rate(virtually):
    async def story():
        slots = Slots(8)
        lane = lane_of(slots, per_minute=1)
        assert await slots.enter(lane, 1)
        waiting = asyncio.create_task(slots.enter(lane, 1))
        await asyncio.sleep(1)
        slots.close()
        began = now()
        return await waiting, now() - began, slots.out

    entered, waited, out = virtually(story())
    assert (entered, out) == (False, 1)
    assert waited < 0.1


@pytest.mark.parametrize("moment", ["while it waits", "just as its turn comes", "while it waits for a rate"])
def test_a_cancelled_entry_leaks_no_slot_and_holds_nobody_up(virtually, moment):
    async def story():
        slots = Slots(2)
        lane = lane_of(slots, per_minute=2 if "rate" in moment else None)
        if "rate" in moment:
            assert await slots.enter(lane, 1)
            slots.leave(lane, now(), None)
        else:
            for _ in range(2):
                assert await slots.enter(lane, 1)
        task = asyncio.create_task(slots.enter(lane, 1))
        await asyncio.sleep(0.5)
        if "turn" in moment:
            slots.leave(lane, now(), None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while slots.out:
            slots.leave(lane, now(), None)
        entered = await asyncio.wait_for(slots.enter(lane, 1), 90)
        return entered, slots.out, lane.out

    assert virtually(story()) == (True, 1, 1)


# ------------------------------------------------------------------------------------------------------- rates


@pytest.mark.parametrize("per_minute", [6, 60, 500])
def test_requests_per_minute_are_held_and_used(virtually, per_minute):
    async def story():
        slots, server = Slots(64), Server(latency_s=0.5)
        async with Work(slots, (lane_of(slots, per_minute=per_minute), server)):
            await asyncio.sleep(600)
        return server.count("good") / 10

    assert 0.95 * per_minute <= virtually(story()) <= 1.05 * per_minute + 1


def test_tokens_per_minute_are_held_and_used_though_one_request_takes_more_than_a_seconds_worth(virtually):
    async def story():
        slots, server = Slots(64), Server(latency_s=0.5)
        async with Work(slots, (lane_of(slots, tokens_per_minute=30_000), server)):  # 1000 tokens a request
            await asyncio.sleep(600)
        return server.count("good") / 10

    assert 26 <= virtually(story()) <= 31
