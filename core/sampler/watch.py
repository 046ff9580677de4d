"""The sampler's ear and its sign of life: obeys wishes within a second, tells the store each second how it goes.

Nothing here asks a model. The course, the slots and the crew are told; they decide for themselves.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from core.clock import monotonic, utc_now
from core.errors import StoreError
from core.sampler.exchange import refresh_spending
from core.store import notes
from core.store.notes import Beat
from core.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.sampler.crew import Crew
    from core.sampler.desk import Desk
    from core.store.notes import Wished
    from core.store.reader import Reader

log = logging.getLogger(__name__)

PATIENCE_S = 30.0
"""How long the store may be unreadable before the run is given up."""
LISTEN_S = 0.2
BEAT_S = 1.0
OUTAGE_AFTER_S = 2.0
"""An endpoint out of reach for longer is an outage; a single refused connection is not."""


class Watch:
    """Runs beside the crew until it is cancelled."""

    def __init__(self, desk: Desk, crew: Crew, reader: Reader, replan: Callable[[], Awaitable[None]]) -> None:
        self._desk = desk
        self._crew = crew
        self._reader = reader
        self._replan = replan
        self._beaten_at = monotonic()
        self._busy_replies = 0
        self._said = (State.RUNNING, "")
        self._waiting_since: str | None = None
        self._stall_said = False

    async def keep(self) -> None:
        """Listen and beat, for as long as the run goes on."""
        unread_since: float | None = None
        while True:
            try:
                if await self._reader.changed():
                    await self.obey(await self._reader.read(lambda db: notes.wished(db, self._desk.run_id)))
                unread_since = None
            except StoreError:
                # What is in flight is paid for: a store that is away for a moment must not cut it off.
                unread_since = monotonic() if unread_since is None else unread_since
                if monotonic() - unread_since > PATIENCE_S:
                    raise
            self._say_state()
            if monotonic() - self._beaten_at >= BEAT_S:
                self.beat()
            await asyncio.sleep(LISTEN_S)

    async def obey(self, wished: Wished) -> None:
        """Make the run what people want it to be."""
        course, live = self._desk.course, wished.live
        if wished.stop is not None:
            course.end(State.STOPPED, "stopped by a wish", by_itself=False, now=wished.stop == "now")
        kinds = {kind for _, kind, _ in wished.wishes}
        if wished.paused and not course.paused:
            course.pause("paused by a wish")
        elif course.paused and not wished.paused:
            course.resume()
        if live.max_concurrency != self._desk.live.max_concurrency:
            self._desk.slots.set_total(live.max_concurrency)
            self._crew.resize(live.max_concurrency)
        self._desk.live = live
        self._adopt(wished)
        if kinds & {"set", "settle", "regrade"}:
            await refresh_spending(self._desk)
        if kinds & {"extend", "retry"}:
            await self._replan()
            self._crew.hire()
        if wished.wishes:
            last = wished.wishes[-1][0]
            for _, kind, detail in wished.wishes:
                self._desk.note("wish", f"{kind} {detail}".strip())
            await self._desk.writer.write(lambda db: notes.take_wishes(db, self._desk.run_id, last, utc_now()))

    def beat(self) -> None:
        """Tell the store how it goes."""
        desk, now = self._desk, monotonic()
        requests_per_s, tokens_per_s = desk.flow.rates()
        busy = sum(lane.busy_replies for lane in desk.slots.lanes.values())
        waiting = desk.slots.waiting(asyncio.get_running_loop().time())
        stalled = desk.writer.stalled
        text = f"the store cannot be written: {stalled}" if stalled else "" if waiting is None else waiting[0]
        if stalled and not self._stall_said:
            log.warning("run %s: the store cannot be written: %s", desk.run_id, stalled)
        self._stall_said = bool(stalled)
        self._waiting_since = (self._waiting_since or utc_now()) if text else None
        beaten = Beat(
            in_flight=desk.slots.out,
            slots=min(desk.slots.total, sum(lane.allowed() for lane in desk.slots.lanes.values())),
            requests_per_s=0.0 if desk.course.paused else requests_per_s,
            tokens_per_s=0.0 if desk.course.paused else tokens_per_s,
            more_busy_replies=busy - self._busy_replies,
            waiting=text,
            waiting_since=self._waiting_since,
        )
        worked_s = 0.0 if self._said[0] is State.PAUSED else now - self._beaten_at
        self._beaten_at, self._busy_replies = now, busy
        desk.writer.post(lambda db: notes.beat(db, desk.run_id, beaten, worked_s, utc_now()))

    def _say_state(self) -> None:
        desk = self._desk
        state, reason = desk.course.state(desk.slots.out), desk.course.pause_reason
        away = [lane for lane in desk.slots.lanes.values() if lane.away_since is not None]
        now = asyncio.get_running_loop().time()
        if state is State.RUNNING and away and now - min(lane.away_since or now for lane in away) > OUTAGE_AFTER_S:
            state, reason = State.OUTAGE, f"{away[0].name} is out of reach: {away[0].reason}"
        if desk.course.ending is not None:
            reason = desk.course.ending.reason
        if (state, reason) == self._said:
            return
        if (state is State.OUTAGE) != (self._said[0] is State.OUTAGE):
            desk.note("outage", reason if state is State.OUTAGE else "the endpoint answers again")
        self._said = (state, reason)
        desk.writer.post(lambda db: notes.set_state(db, desk.run_id, state, reason, utc_now()))

    def _adopt(self, wished: Wished) -> None:
        """Take over changed settings of endpoints; a new one comes with its plan."""
        for endpoint in wished.endpoints:
            if self._desk.endpoints.get(endpoint.name, endpoint) != endpoint:
                self._desk.adopt(endpoint)
