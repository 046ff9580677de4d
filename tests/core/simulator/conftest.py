"""A simulator on a real port, in the test's own event loop, with a real client and its books."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from core.simulator.server import serve
from core.simulator.settings import Address, SimulatorSettings
from core.vocabulary import Problem

# Plain HTTP needs no certificates, and loading them takes longer than most tests.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

PROBLEMS = tuple(
    Problem(f"p{number}", f"What is {number} + {number}, modulo 1000?", str(2 * number), difficulty=number / 30)
    for number in range(30)
)


@dataclass
class Served:
    address: Address
    client: AsyncOpenAI

    async def ask(self, problem=PROBLEMS[0], words="Think for about 256 tokens.", model="o1-mini", **fields):
        messages = [{"role": "user", "content": f"{words}\n\n{problem.question}\n\nBox the answer."}]
        return await self.client.chat.completions.create(model=model, messages=messages, **fields)

    async def ledger(self, query=""):
        async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
            reply = await http.get(self.address.base_url.removesuffix("/v1") + "/ledger" + query)
        return reply.json()


@asynccontextmanager
async def _served(patience_s=10.0, **settings):
    closed = asyncio.Event()
    listening = asyncio.get_running_loop().create_future()
    plan = SimulatorSettings(**{"problems": PROBLEMS, "speed": 0.0, **settings})
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(plan, listening.set_result, closed))
        address = await listening
        client = AsyncOpenAI(
            base_url=address.base_url,
            api_key=address.api_key,
            max_retries=0,
            timeout=patience_s,
            http_client=DefaultAsyncHttpxClient(verify=NO_CERTIFICATES),
        )
        async with client:
            try:
                yield Served(address, client)
            finally:
                closed.set()


@pytest.fixture
def served():
    return _served


@pytest.fixture
def problems():
    return PROBLEMS
