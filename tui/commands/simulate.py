"""`thinktop simulate`: the built-in simulator as a server for other programs."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.problems import read_problems
from core.simulator.process import serve_while_input_is_open
from core.simulator.settings import SimulatorSettings

if TYPE_CHECKING:
    from collections.abc import Sequence


def simulate(
    *,
    port: Annotated[int | None, Parameter(help="On loopback; default: a free one.")] = None,
    key_env: Annotated[
        str | None, Parameter(metavar="NAME", help="The variable that holds the key to take; default: a random key.")
    ] = None,
    problems: Annotated[
        str | None, Parameter(metavar="FILE", help="What it knows the answers of; default: builtin:competition.")
    ] = None,
    seed: Annotated[int, Parameter(help="Of its answers.")] = 0,
    speed: Annotated[float, Parameter(help="Times faster than life; 0 answers at once.")] = 400.0,
    latency: Annotated[float | None, Parameter(help="Seconds that every reply takes instead.")] = None,
    fault: Annotated[
        list[str] | None,
        Parameter(negative="", metavar="KIND=P", help="A fault and its probability, such as 429=0.05; repeatable."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        Parameter(negative="", metavar="CONTROL", help="A control that it ignores, such as effort; repeatable."),
    ] = None,
    capacity: Annotated[int | None, Parameter(help="Requests in flight at most; 429 above it.")] = None,
) -> None:
    """Serve the built-in simulator, which speaks the OpenAI protocol, until standard input closes.

    Prints one line of JSON with its base_url and api_key once it listens.
    """
    settings = SimulatorSettings(
        problems=() if problems is None else tuple(read_problems(problems, directory=Path.cwd(), seed=seed)),
        seed=seed,
        speed=speed,
        latency_s=latency,
        faults=_chances(fault or ()),
        ignore=tuple(ignore or ()),
        port=port,
        api_key=None if key_env is None else _key(key_env),
        capacity=capacity,
    )
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(settings))


async def _serve(settings: SimulatorSettings) -> None:
    """Serve until the input closes or a signal says to end, which is no fault."""
    serving = asyncio.current_task()
    assert serving is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    await serve_while_input_is_open(settings)


def _key(name: str) -> str:
    key = os.environ.get(name, "").strip()
    if not key:
        raise UsageError(f"--key-env: the variable {name} is not set; put a key there, or leave the option out")
    return key


def _chances(given: Sequence[str]) -> dict[str, float]:
    chances: dict[str, float] = {}
    for one in given:
        kind, _, chance = one.partition("=")
        try:
            chances[kind] = float(chance)
        except ValueError:
            raise UsageError(f"--fault {one}: must be KIND=PROBABILITY, such as 429=0.05") from None
    return chances
