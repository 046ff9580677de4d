"""A sampler: has a run, loads what is owed from the store, asks it, and says how it ended.

Reads nothing but the store and the environment (for keys): the config file may be gone, the directory another.
One TaskGroup owns everything that runs; leaving the writer's context writes all that was paid for.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from core.clock import utc_now
from core.config import from_resolved
from core.endpoint.client import Client
from core.endpoint.keys import key_of
from core.endpoint.pace import Rate, Slots
from core.errors import StoreError, ThinktopError
from core.grading import grader
from core.grading.workers import GradingPool
from core.planning import grading_of, judge_of, simulator_of
from core.sampler.checks import check_controls, check_identity_after_outages
from core.sampler.course import Course, Ending
from core.sampler.crew import Crew, Todo, crew_size
from core.sampler.desk import Desk
from core.sampler.life import grade, see_through
from core.sampler.ownership import owned
from core.sampler.spending import Amount, Spending
from core.sampler.watch import Watch
from core.simulator.launch import simulator
from core.store import draws, notes, samples
from core.store.imports import refuse_imported
from core.store.opening import reading
from core.store.progress import run_row
from core.store.reader import Reader
from core.store.runs import StoredRun, held_draws, load_run
from core.store.writer import Writer
from core.vocabulary import Draw, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable

    from core.plan import Held
    from core.store.place import Place
    from core.vocabulary import Cell, Endpoint

SEED_STRIDE = 1_000_003
"""Between the seeds of the simulators of one run."""
BATCH = 500
"""Texts in memory at once where answers are graded that an earlier sampler kept."""
LOST = "its sampler ended while it was in flight"


class Sampler:
    """One run's sampler, in this process."""

    def __init__(self, place: Place, run_id: int) -> None:
        self._place = place
        self._run_id = run_id
        self._slots = Slots(1)
        self._course = Course(self._slots)
        self._attempts = 0
        """Requests of earlier samplers."""

    @property
    def in_flight(self) -> int:
        """Requests that are out now."""
        return self._slots.out

    def interrupt(self) -> int:
        """Drain at the first call, stop now at the second; how many calls there were is seen from the course.

        Returns the number of requests in flight.
        """
        again = self._course.ending is not None
        self._course.end(State.STOPPED, "interrupted", by_itself=False, now=again)
        return self._slots.out

    async def work_off(self, on_ready: Callable[[], None] = lambda: None) -> Ending:
        """How the run ended, once all that is owed is recorded, or the cap, a wish or a fault ended it.

        Raises:
            Refused: another sampler has the run.
            UsageError: it is an imported run.
            StoreError: the store cannot be used.
            EndpointError: an endpoint cannot be used as configured; nothing was sent.
        """
        with reading(self._place) as connection:
            name = load_run(connection, self._run_id).plan.name
            refuse_imported(connection, self._run_id, "sampled")
        async with AsyncExitStack() as stack:
            stack.enter_context(owned(self._place, self._run_id, name))
            writer = await stack.enter_async_context(Writer(self._place))
            run, cells, held = await writer.write(self._take_over)
            try:
                reader = await stack.enter_async_context(Reader(self._place))
                desk = await self._desk(stack, writer, reader, run)
                _calm_the_collector()
                on_ready()
                await self._ask(stack, desk, reader, run, cells, held)
            except Exception as error:
                failed = Ending(State.STOPPED, _in_words(error))
                writer.post(lambda db: self._sign_off(db, failed))
                raise
            ending = self._course.ending or Ending(State.FINISHED, "")
            # Not waited for: leaving the writer writes it, or gives up in the end on a disk that takes nothing.
            writer.post(lambda db: self._sign_off(db, ending))
        if writer.lost:
            raise StoreError(
                f"{self._place.path}: {writer.lost} writes were lost because the disk refused them to the end; "
                "what was in flight is counted as possibly billed when the run goes on"
            )
        return ending

    def _take_over(self, db: sqlite3.Connection) -> tuple[StoredRun, tuple[Cell, ...], dict[int, Held]]:
        """Have the run in the store: what an earlier sampler left in flight is in doubt now."""
        load_run(db, self._run_id)  # it may have been deleted since
        now = utc_now()
        lost = draws.lose_what_was_in_flight(db, self._run_id, LOST, now)
        if lost:
            text = f"{lost} requests were in flight when the last sampler ended; they may have been billed"
            notes.add_event(db, self._run_id, "doubt", text, now)
        notes.start(db, self._run_id, os.getpid(), socket.gethostname(), now)
        notes.add_event(db, self._run_id, "start", f"sampler {os.getpid()} on {socket.gethostname()}", now)
        run = load_run(db, self._run_id)
        if run.plan.live.on_unknown == "skip":
            draws.skip_what_is_in_doubt(db, self._run_id, now)
        return run, run.cells, held_draws(db, self._run_id)

    async def _desk(self, stack: AsyncExitStack, writer: Writer, reader: Reader, run: StoredRun) -> Desk:
        plan, config = run.plan, from_resolved(run.plan.config)
        spec = grading_of(config)
        self._attempts = await reader.read(lambda db: run_row(db, run.id).attempts)
        clients = {one.name: await self._client(stack, run, one) for one in plan.endpoints}
        (pico, tokens), cap_pico, cap_tokens = await writer.write(lambda db: draws.committed(db, run.id))
        counts = await reader.read(lambda db: draws.attempts_so_far(db, run.id))
        pool = await stack.enter_async_context(GradingPool())
        reads = None if spec.kind == "judge" else grader(spec)
        assert run.grader_id is not None
        self._slots.set_total(plan.live.max_concurrency)
        return Desk(
            run_id=run.id,
            live=plan.live,
            endpoints={endpoint.name: endpoint for endpoint in plan.endpoints},
            clients=clients,
            rates={one.name: (Rate(one.requests_per_minute), Rate(one.tokens_per_minute)) for one in plan.endpoints},
            writer=writer,
            spending=Spending(Amount(pico, tokens), cap_pico, cap_tokens),
            slots=self._slots,
            course=self._course,
            spec=spec,
            grader=None if reads is None or reads.heavy else reads,
            grading=pool,
            judge=judge_of(config),
            grader_id=run.grader_id,
            attempts_so_far=counts,
            simulated=run.simulated,
        )

    async def _client(self, stack: AsyncExitStack, run: StoredRun, endpoint: Endpoint) -> Client:
        if endpoint.base_url is None:
            settings = simulator_of(from_resolved(run.plan.config), run.plan.problems)
            # It counts its requests from 0 at each start: without this, a second sampler would be given copies.
            settings = replace(settings, seed=settings.seed + self._attempts * SEED_STRIDE)
            address = await stack.enter_async_context(simulator(settings))
            client = Client(endpoint, address.base_url, address.api_key)
        else:
            client = Client(endpoint, endpoint.base_url, key_of(endpoint))
        return await stack.enter_async_context(client)

    async def _meet(self, stack: AsyncExitStack, desk: Desk, run: StoredRun) -> bool:
        """Whether all endpoints of a plan that has grown can be asked; where not, the run ends."""
        for endpoint in run.plan.endpoints:
            if endpoint.name in desk.clients:
                continue
            try:
                desk.clients[endpoint.name] = await self._client(stack, run, endpoint)
            except ThinktopError as error:
                self._course.end(State.STOPPED, str(error))
                return False
            desk.adopt(endpoint)
        return True

    async def _ask(
        self,
        stack: AsyncExitStack,
        desk: Desk,
        reader: Reader,
        run: StoredRun,
        cells: tuple[Cell, ...],
        held: dict[int, Held],
    ) -> None:
        todo = Todo()
        todo.replace(cells, held)
        looking = asyncio.Lock()

        async def replan() -> None:
            async with looking:
                todo.begin_to_replace()
                loaded, now_held = await desk.writer.write(lambda db: (load_run(db, run.id), held_draws(db, run.id)))
                if await self._meet(stack, desk, loaded):
                    todo.replace(loaded.cells, now_held)

        crew = Crew(todo, self._course, lambda draw: see_through(desk, draw), run.plan.live.max_concurrency)
        watch = Watch(desk, crew, reader, replan)
        if run.paused:
            self._course.pause("paused by a wish")
        try:
            async with asyncio.TaskGroup() as beside:
                keeping = [
                    beside.create_task(watch.keep()),
                    beside.create_task(check_controls(desk, reader, run.plan)),
                    beside.create_task(check_identity_after_outages(desk)),
                ]
                try:
                    await self._until_done(desk, crew, cells, replan)
                finally:
                    for task in keeping:
                        task.cancel()
        except BaseExceptionGroup as group:
            known = group.subgroup(ThinktopError)
            if known is None:
                raise
            raise _first(known) from group
        watch.beat()
        copies = await reader.read(lambda db: samples.copies(db, run.id))
        if copies:
            desk.note(
                "warning",
                f"{copies} answers stand more than once among the draws of one cell, to the letter: "
                "draws that are copies are not independent, and votes among them mean nothing",
            )

    async def _until_done(
        self, desk: Desk, crew: Crew, cells: tuple[Cell, ...], replan: Callable[[], Awaitable[None]]
    ) -> None:
        """Work off what is owed; a stop `now` gives up what is in flight, which is then in doubt."""
        working = asyncio.create_task(self._work(desk, crew, cells, replan))
        giving_up = asyncio.create_task(self._course.now.wait())
        try:
            await asyncio.wait({working, giving_up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            giving_up.cancel()
            if not working.done():
                working.cancel()
            await asyncio.wait({working})
        if not working.cancelled():
            working.result()

    async def _work(
        self, desk: Desk, crew: Crew, cells: tuple[Cell, ...], replan: Callable[[], Awaitable[None]]
    ) -> None:
        await self._grade_what_is_owed(desk, cells)
        await crew.work_off()
        while self._course.ending is None:  # a wish for more may have come with the last reply
            await replan()
            if not await crew.work_off():
                return

    async def _grade_what_is_owed(self, desk: Desk, cells: tuple[Cell, ...]) -> None:
        """Grade the samples that were kept and that the run's grader has not seen, some hundreds at a time."""
        by_row = {cell.id: cell for cell in cells}
        room = asyncio.Semaphore(crew_size(desk.live.max_concurrency))

        async def one(sample_id: int, draw: Draw, text: str) -> None:
            async with room:
                await grade(desk, draw, sample_id, text)

        after = 0
        while self._course.ending is None:
            seen = after
            owed = await desk.writer.write(lambda db: draws.ungraded(db, desk.run_id, desk.grader_id, seen, BATCH))  # noqa: B023 - written before the next turn of the loop
            if not owed:
                return
            async with asyncio.TaskGroup() as group:
                for sample_id, cell_id, number, text in owed:
                    group.create_task(one(sample_id, Draw(by_row[cell_id], number), text))
            after = owed[-1][0]

    def _sign_off(self, db: sqlite3.Connection, ending: Ending) -> None:
        now = utc_now()
        draws.lose_what_was_in_flight(db, self._run_id, "stopped while it was in flight", now)
        if ending.state is State.FINISHED and notes.owes(db, self._run_id):
            ending = Ending(State.STOPPED, "more was asked for just as it ended; go on with: thinktop resume")
        notes.set_state(db, self._run_id, ending.state, ending.reason, now)
        notes.add_event(db, self._run_id, "end", f"{ending.state.value}: {ending.reason}".removesuffix(": "), now)


def _calm_the_collector() -> None:
    """Look for garbage seldom: what a run holds lives as long as it does, and each look would walk all of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _in_words(error: Exception) -> str:
    """Why a run ended by an error. One that is not for people is named only: its text could hold anything."""
    if isinstance(error, ThinktopError):
        return str(error)
    name = type(_first(error)).__name__
    return f"a fault of thinktop itself ({name}); its log says where; what was recorded is safe"


def _first(error: BaseException) -> BaseException:
    """The first error in a group of groups; one that is no group itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
