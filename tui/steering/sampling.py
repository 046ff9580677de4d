"""Samplers as commands have them: in this process until they end, or as a process of their own that is watched.

Signals are the hard thing here. In this process, the first Ctrl-C (or SIGTERM, or the terminal's end) lets what is in
flight finish, the second gives it up, and a third does not even wait for the store. While watching, it only ends the
watching.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, NoReturn

from core.endpoint.keys import key_of
from core.sampler.run import Sampler
from tui.cli.failing import INTERRUPTED, forget_output
from tui.cli.spelling import spelled
from tui.console import stderr, stdout
from tui.steering.following import follow
from tui.steering.parting import exit_code, in_flight_will_finish, parting
from tui.steering.result import print_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console

    from core.status import Status
    from core.store.place import Place
    from core.vocabulary import Endpoint

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def check_keys(endpoints: Iterable[Endpoint]) -> None:
    """Nothing, where every key that is needed is there: so that nothing starts by half.

    Raises:
        EndpointError: the variable of a key is not set.
    """
    for endpoint in endpoints:
        key_of(endpoint)


def in_a_terminal() -> bool:
    """Whether somebody sits there: both reads and types."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def work_off(place: Place, run_id: int, again: str) -> int:
    """The exit code of a run whose sampler was this process; its result is printed."""
    return conclude(asyncio.run(_work_off(place, run_id, stderr())), place, again)


def watch(place: Place, run_id: int, again: str) -> int:
    """The exit code of a run that another process samples, watched until it is over; its result is printed."""
    console = stderr()
    status, left = asyncio.run(_watch(place, run_id, console))
    if not left:
        return conclude(status, place, again)
    name, sampler = status.progress.run.name, f"the sampler ({status.progress.run.pid})"
    console.print(f"{sampler} goes on without you. Come back: {again}", soft_wrap=True)
    console.print(f"End it: {spelled(place, 'stop', name)}", soft_wrap=True)
    return INTERRUPTED


def conclude(status: Status, place: Place, again: str) -> int:
    """The exit code of a run that is over; its result is printed."""
    console = stderr()
    if status.sums.kept:
        _print_result(place, status.progress.run.id)
    for line in parting(status, place, again):
        console.print(line, soft_wrap=True)
    return exit_code(status)


def _print_result(place: Place, run_id: int) -> None:
    """Print the result; where nobody reads it any more (`| head`), the rest is dropped and the command goes on."""
    console = stdout()
    with console.capture() as printed:
        print_result(console, place, run_id)
    try:
        sys.stdout.write(printed.get())
        sys.stdout.flush()
    except BrokenPipeError:
        forget_output()


async def _work_off(place: Place, run_id: int, console: Console) -> Status:
    sampler, done = Sampler(place, run_id), asyncio.Event()
    following: list[asyncio.Task[Status]] = []
    interrupts = count()

    def interrupt() -> None:
        again, in_flight = next(interrupts), sampler.interrupt()
        if again > 1:
            _quit(console)
        if again:
            console.print(f"stopping now: {in_flight:,} in flight are given up, and may be billed", soft_wrap=True)
        else:
            console.print(f"{in_flight_will_finish(in_flight)}. Again to stop now.", soft_wrap=True)

    def ready() -> None:
        following.append(asyncio.create_task(follow(place, run_id, console, done)))

    with _on_signals(interrupt):
        try:
            await sampler.work_off(ready)
        finally:
            done.set()
            statuses = await asyncio.gather(*following)
    return statuses[0]


def _quit(console: Console) -> NoReturn:
    """End this process as it stands: the store takes nothing more, and somebody will not wait until it does."""
    console.show_cursor(show=True)
    console.print(
        "ended without waiting for the store: what it has not recorded counts as possibly billed", soft_wrap=True
    )
    os._exit(INTERRUPTED)


async def _watch(place: Place, run_id: int, console: Console) -> tuple[Status, bool]:
    """The last status, and whether somebody turned away before the end."""
    stop = asyncio.Event()
    with _on_signals(stop.set):
        status = await follow(place, run_id, console, stop)
    return status, stop.is_set()


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    """Have something done on each signal to end; what was ignored (`nohup`) stays ignored."""
    loop = asyncio.get_running_loop()
    handled = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    for number in handled:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
