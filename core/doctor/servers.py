"""Checks of servers: do they answer, and do they list the models that are asked for? Free of cost."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.doctor.finding import bad, good, note
from core.endpoint.client import Client
from core.planning import simulator_of
from core.simulator.launch import simulator
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from core.config import Config
    from core.doctor.finding import Finding
    from core.plan import Plan
    from core.vocabulary import Endpoint

CONNECT_S = 5.0
_MODELS_NAMED = 6


@asynccontextmanager
async def clients_of(config: Config, plan: Plan, environ: Mapping[str, str]) -> AsyncIterator[dict[str, Client]]:
    """A client for each endpoint of a plan, by name; the built-in simulator is started where it is one of them."""
    async with AsyncExitStack() as stack:
        clients: dict[str, Client] = {}
        for endpoint in plan.endpoints:
            if endpoint.base_url is None:
                address = await stack.enter_async_context(simulator(simulator_of(config, plan.problems)))
                client = Client(endpoint, address.base_url, address.api_key)
            else:
                key = environ.get(endpoint.api_key_env, "").strip() if endpoint.api_key_env else None
                client = Client(endpoint, endpoint.base_url, key)
            clients[endpoint.name] = await stack.enter_async_context(client)
        yield clients


async def check_servers(plan: Plan, clients: Mapping[str, Client]) -> list[Finding]:
    """What each endpoint says of itself."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_check(plan, clients[endpoint.name], endpoint)) for endpoint in plan.endpoints]
    return [finding for task in tasks for finding in task.result()]


async def _check(plan: Plan, client: Client, endpoint: Endpoint) -> list[Finding]:
    listed = await client.model_names()
    if listed is None:
        return [await _silent(endpoint)]
    found = [good("endpoint", f"{endpoint.name} answers at {endpoint.address}")]
    wanted = dict.fromkeys(one.condition.model for one in plan.planned if one.condition.endpoint == endpoint.name)
    for model in wanted:
        name = visible_line(model, 80)
        if model in listed:
            found.append(good("model", f"{endpoint.name} lists {name}"))
        else:
            some = ", ".join(visible_line(one, 40) for one in sorted(listed)[:_MODELS_NAMED]) or "none"
            more = f" and {len(listed) - _MODELS_NAMED} more" if len(listed) > _MODELS_NAMED else ""
            advice = "check its name, and whether the key may use it; some servers serve models that they do not list"
            found.append(note("model", f"{endpoint.name} does not list {name}; it lists {some}{more}", advice))
    return found


async def _silent(endpoint: Endpoint) -> Finding:
    """Why an endpoint lists no models: nobody there, or somebody who does not say."""
    parts = urlsplit(endpoint.base_url or "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    where = f"{endpoint.name} at {endpoint.address}"
    if endpoint.proxy is None and parts.hostname:
        try:
            async with asyncio.timeout(CONNECT_S):
                _, writer = await asyncio.open_connection(parts.hostname, port)
                writer.close()
        except (OSError, TimeoutError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            advice = "check base_url, the network, and whether a proxy is needed"
            return bad("endpoint", f"{where} cannot be reached ({reason})", advice)
    advice = "a wrong key, a wrong path in base_url, or a server without GET /models; --spend tells, for little"
    return note("endpoint", f"{where} is there, but lists no models", advice)
