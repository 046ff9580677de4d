"""What every worker of a run shares: the writer, the money, the slots, the clients, the course and the grading."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.clock import monotonic, utc_now
from core.endpoint.pace import Rate
from core.sampler.server_time import ServerTime
from core.store import notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.endpoint.client import Client
    from core.endpoint.pace import Lane, Slots
    from core.grading import Grader, GradingSpec
    from core.grading.workers import GradingPool
    from core.plan import Judge, Live
    from core.sampler.course import Course
    from core.sampler.spending import Spending
    from core.store.writer import Writer
    from core.vocabulary import Endpoint

WINDOW_S = 10.0
"""Rates on screen are means over this many seconds."""


@dataclass(slots=True)
class Flow:
    """Replies of the last seconds, for the rates on screen."""

    replies: deque[tuple[float, int]] = field(default_factory=deque)
    began: float = field(default_factory=monotonic)
    tokens: int = 0
    """Completion tokens of `replies`, kept as a sum: every request asks for their mean."""

    def count(self, tokens: int) -> None:
        """A reply came with this many completion tokens."""
        self.replies.append((monotonic(), tokens))
        self.tokens += tokens

    @property
    def mean_tokens(self) -> float | None:
        """Completion tokens of a reply, over the last seconds; None before the first."""
        return self.tokens / len(self.replies) if self.replies else None

    def rates(self) -> tuple[float, float]:
        """Replies and completion tokens a second, over the last ten seconds."""
        now = monotonic()
        while self.replies and self.replies[0][0] < now - WINDOW_S:
            self.tokens -= self.replies.popleft()[1]
        span = max(0.5, min(WINDOW_S, now - self.began))
        return len(self.replies) / span, self.tokens / span


@dataclass(slots=True)
class Desk:
    """One run's shared things; the workers change them only through what they offer."""

    run_id: int
    live: Live
    endpoints: dict[str, Endpoint]
    clients: dict[str, Client]
    rates: dict[str, tuple[Rate, Rate]]
    writer: Writer
    spending: Spending
    slots: Slots
    course: Course
    spec: GradingSpec
    grader: Grader | None
    """What reads answers at once; None where that takes worker processes or a judge."""
    grading: GradingPool
    judge: Judge | None
    grader_id: int
    attempts_so_far: Mapping[tuple[int, int, str], int]
    simulated: bool
    """Whether the run is marked so."""
    flow: Flow = field(default_factory=Flow)
    server_time: dict[str, ServerTime] = field(default_factory=dict)
    refusals: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    """The last refused requests in a row: five identical ones stop the run."""
    seen_models: dict[str, set[str]] = field(default_factory=dict)
    """By label: the names of models that replies have carried."""
    fingerprints: dict[str, set[str]] = field(default_factory=dict)
    """By endpoint: the system fingerprints that replies have carried, some of them."""
    back: set[str] = field(default_factory=set)
    """Endpoints that answer again after an outage, until their fingerprint has been compared."""
    recovered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an endpoint answers after an outage, for the one who checks that it is still the same."""

    def adopt(self, endpoint: Endpoint) -> None:
        """Take over the settings of an endpoint, new or changed."""
        rates = Rate(endpoint.requests_per_minute), Rate(endpoint.tokens_per_minute)
        self.endpoints[endpoint.name], self.rates[endpoint.name] = endpoint, rates
        for lane in self.slots.lanes.values():
            if lane.endpoint == endpoint.name:
                lane.requests, lane.tokens = rates

    def lane(self, endpoint: str, model: str) -> Lane:
        """The lane of a model at an endpoint."""
        requests, tokens = self.rates[endpoint]
        return self.slots.lane(endpoint, model, self.endpoints[endpoint].max_concurrency, requests, tokens)

    def shared_time(self, endpoint: str) -> ServerTime:
        """The clock of a server that is paid by the hour."""
        return self.server_time.setdefault(endpoint, ServerTime())

    def note(self, kind: str, text: str) -> None:
        """Put an event on record; nobody waits for it."""
        now = utc_now()
        self.writer.post(lambda connection: notes.add_event(connection, self.run_id, kind, text, now))

    def mark_simulated(self) -> None:
        """Mark the run as SIMULATED, once: a simulator answers at an address that looks like any server's."""
        if not self.simulated:
            self.simulated = True
            self.writer.post(lambda connection: notes.mark_simulated(connection, self.run_id))

    async def pause_until_resumed(self, reason: str) -> None:
        """Pause the run until somebody resumes it, as if it had been wished."""
        self.note("pause", reason)
        # Committed first: whoever listens for wishes must not read that nobody wished it, and resume.
        await self.writer.write(lambda connection: notes.set_paused(connection, self.run_id, paused=True))
        self.course.pause(reason)
