from __future__ import annotations

import asyncio
import socket

import openai
import pytest

from core.errors import EndpointError
from core.simulator.faults import Scheduled


async def test_an_outage_refuses_connections_and_ends_on_the_same_port(served):
    outage = Scheduled("outage", from_s=0.3, to_s=0.8)
    async with served(schedule=(outage,)) as simulator:
        await simulator.ask()
        await asyncio.sleep(0.4)
        with pytest.raises(openai.APIConnectionError):
            await simulator.ask()
        await asyncio.sleep(0.6)
        await simulator.ask()
        books = await simulator.ledger()
    assert books["outcomes"] == {"answered": 2}


async def test_an_outage_resets_what_is_in_flight_which_is_billed(served):
    async with served(latency_s=0.5, schedule=(Scheduled("outage", from_s=0.2, to_s=0.4),)) as simulator:
        with pytest.raises(openai.APIConnectionError):
            await simulator.ask()
        await asyncio.sleep(0.5)
        books = await simulator.ledger()
    assert books["outcomes"] == {"client left": 1}
    assert books["billed"]["requests"] == 1


async def test_a_port_that_is_taken_is_refused_with_what_to_do(served):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ExceptionGroup) as seen:
            async with served(port=taken.getsockname()[1]):
                pass
    assert seen.group_contains(EndpointError, match="choose another port, or give none")


async def test_only_loopback_is_served(served):
    async with served() as simulator:
        assert simulator.address.base_url.startswith("http://127.0.0.1:")
