"""The yardstick: the bare `openai` client with as many workers as slots, asking what a run asks and keeping nothing.

`python -m bench.client STORE RUN`. It has the same transport and the same bodies as the sampler, made beforehand.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import openai

from core.plan import owed
from core.sampler.requests import request_for
from core.store.opening import reading
from core.store.place import Place
from core.store.runs import load_run

if TYPE_CHECKING:
    from collections.abc import Iterator


async def ask(base_url: str, bodies: Iterator[dict[str, Any]], workers: int) -> None:
    """Send all bodies, so many at once."""
    client = openai.AsyncOpenAI(
        api_key="none", base_url=base_url, max_retries=0, http_client=openai.DefaultAioHttpClient(timeout=None)
    )

    async def work() -> None:
        for body in bodies:
            await client.chat.completions.create(**body)

    async with client, asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())


def main(store: str, run_id: int) -> None:
    """Ask a whole run."""
    with reading(Place.at(store)) as connection:
        run = load_run(connection, run_id)
    base_url = run.plan.endpoints[0].base_url
    assert base_url is not None
    bodies = [dict(request_for(draw.cell.condition, draw.cell.problem).body) for draw in owed(run.cells, {})]
    asyncio.run(ask(base_url, iter(bodies), run.plan.live.max_concurrency))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
