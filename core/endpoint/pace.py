"""How many requests may be out at once: a total for the run, and a moving limit per endpoint and model (a lane).

Only 429s lower a lane's limit, once per episode (replies to requests that left before the cut say nothing new), and
only once they are no strays: two in a row, or three that are a fifth of the replies since the last cut. A limit that
has served a whole round since the last cut was right, so it goes back by one request; another is cut to 0.8 of what was
out. A 5xx never lowers it. It grows by a 500th with each good reply, and once 28 s have passed without a 429 the storm
is over: it grows to its ceiling within 25 s more. A 429 makes its own request wait as told; several with no good reply
between them make the whole lane wait. A lane whose server cannot be reached lets one request out at a time, after waits
that double up to a minute. Every wait has a reason that screens can show. Time is the event loop's, so tests can run it
in virtual time. Knows no money.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

from core.endpoint.outcomes import Then, Trouble
from core.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

CUT = 0.8
"""What a 429 leaves of the limit."""
RUN = 2
"""429s without a good reply between them that are no strays: at a wall, the next in line is refused at once."""
STRAYS = 2
"""429s since the last cut that prove nothing otherwise."""
STRAY_SHARE = 0.2
"""Of the replies since the last cut: 429s up to this share prove nothing either."""
IN_A_ROW = 4
"""429s without a good reply between them after which the whole lane waits."""
GROWTH = 1 / 500
"""Of the limit, with each good reply."""
CALM_S = 28.0
"""Without a 429 for so long, a storm is over."""
RECOVERY_S = 25.0
"""From nothing back to the ceiling after that."""
LONGEST_STEP_S = 1.5
"""How much of that recovery one reply may make up for, where replies are rare."""
UNLIMITED = 10**6
EARLY_S = 0.001
"""How much before its time an event loop may call: a wake-up that came too early would be the last."""
LONGEST_WAIT_S = 60.0
"""Between two tries at a server that is away."""


def backoff(tries: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds before try `tries` + 1: doubling from 1 s to a minute, with jitter so that many do not come at once."""
    return min(LONGEST_WAIT_S, 2.0 ** min(tries - 1, 10)) * (0.5 + 0.5 * chance())


@dataclass(slots=True)
class Lane:
    """Requests to one model at one endpoint."""

    endpoint: str
    model: str
    ceiling: int
    limit: float
    requests: Rate
    tokens: Rate
    out: int = 0
    """Requests that have left and are not back."""
    blocked_until: float = 0.0
    reason: str = ""
    """Why it is blocked, for a person."""
    away_since: float | None = None
    """When its server was found out of reach; None while it answers."""
    tries: int = 0
    busy_replies: int = 0
    cut_at: float = -1.0
    busy_at: float = -CALM_S
    """When the last 429 came."""
    in_a_row: int = 0
    """429s since the last good reply."""
    peak: int = 0
    """Most requests that were out since the last cut, like the next two."""
    good_since_cut: int = 0
    busy_since_cut: int = 0
    grown_at: float = 0.0
    waiters: deque[asyncio.Future[bool]] = field(default_factory=deque)

    @property
    def name(self) -> str:
        """`openai o1-mini`, for messages."""
        return f"{self.endpoint} {self.model}"

    def allowed(self) -> int:
        """Requests that may be out now."""
        return 1 if self.away_since is not None else max(1, int(self.limit))


class Rate:
    """A ceiling per minute, spread over its seconds; None is no ceiling."""

    def __init__(self, per_minute: float | None) -> None:
        self.per_minute = per_minute
        self._queue = asyncio.Lock()
        self._limiter: AsyncLimiter | None = None
        if per_minute is not None:
            # At least one whole acquisition has to fit in, so the period stretches for less than one a second.
            per_second = per_minute / 60
            self._limiter = AsyncLimiter(max(1.0, per_second), max(1.0, 1 / per_second))

    async def take(self, amount: float, still_open: Callable[[], bool]) -> bool:
        """Whether the amount was taken; waits for it, but not past the closing of the run."""
        if self._limiter is None:
            return still_open()
        async with self._queue:  # first come, first served; and one who looks at the clock is enough
            left = amount
            while left > 0:
                part = min(left, self._limiter.max_rate)
                while not self._limiter.has_capacity(part):
                    if not still_open():
                        return False
                    await asyncio.sleep(0.02)
                await self._limiter.acquire(part)
                left -= part
        return still_open()


class Slots:
    """The run's slots and its lanes. `enter` before a request, `leave` after it; nothing else is ever out."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.out = 0
        self.lanes: dict[tuple[str, str], Lane] = {}
        self.open = True

    def lane(self, endpoint: str, model: str, ceiling: int | None, requests: Rate, tokens: Rate) -> Lane:
        """The lane of a model at an endpoint, made at its first use.

        The ceiling, which may have changed since, and the rates are the endpoint's: its lanes share them.
        """
        top = ceiling or UNLIMITED
        lane = self.lanes.get((endpoint, model))
        if lane is None:
            lane = Lane(endpoint, model, top, float(min(top, self.total)), requests, tokens)
            self.lanes[endpoint, model] = lane
        elif lane.ceiling != top:
            self._follow(lane, top, self.total)
            lane.ceiling = top
            self._wake()
        return lane

    def set_total(self, total: int) -> None:
        """Change how many may be out in all; a lane's limit follows unless a 429 holds it down."""
        for lane in self.lanes.values():
            self._follow(lane, lane.ceiling, total)
        self.total = total
        self._wake()

    def close(self) -> None:
        """Let nothing more out: everybody who waits is told so at once."""
        self.open = False
        for lane in self.lanes.values():
            while lane.waiters:
                waiter = lane.waiters.popleft()
                if not waiter.done():
                    waiter.set_result(False)

    def reopen(self) -> None:
        """Let requests out again."""
        self.open = True

    async def enter(self, lane: Lane, tokens: float) -> bool:
        """True when a request may leave now (then `leave` must follow); False when the run was closed meanwhile."""
        if not self.open:
            return False
        if lane.waiters or not self._free(lane):
            waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            lane.waiters.append(waiter)
            try:
                if not await waiter:
                    return False
            except asyncio.CancelledError:
                if waiter in lane.waiters:
                    lane.waiters.remove(waiter)
                elif not waiter.cancelled() and waiter.result():
                    self._give_back(lane)
                raise
        else:
            self._take(lane)
        try:
            if await lane.requests.take(1, self._is_open) and await lane.tokens.take(tokens, self._is_open):
                return True
        except asyncio.CancelledError:
            self._give_back(lane)
            raise
        self._give_back(lane)
        return False

    def leave(self, lane: Lane, left_at: float, trouble: Trouble | None) -> None:
        """A request that left at `left_at` (loop time) is back, whole or with a trouble."""
        now = asyncio.get_running_loop().time()
        if trouble is not None and trouble.outcome is Outcome.UNREACHED:
            self._away(lane, left_at, now, trouble)
        elif trouble is not None and trouble.then is Then.WAIT:
            self._busy(lane, left_at, now, trouble)
        else:
            self._back(lane, left_at)
            if trouble is None:
                self._grow(lane, now)
        self._give_back(lane)

    def waiting(self, now: float) -> tuple[str, float] | None:
        """What the run waits for and since when (loop time), for a person; None where it does not."""
        for lane in self.lanes.values():
            left = max(0.0, lane.blocked_until - now)
            if lane.away_since is not None:
                return f"{lane.name} is out of reach ({lane.reason}); next try in {left:.0f} s", lane.away_since
            if left > 0:
                return f"{left:.0f} s: {lane.name} says {lane.reason}", now
        return None

    def _away(self, lane: Lane, left_at: float, now: float, trouble: Trouble) -> None:
        if lane.away_since is None:
            lane.away_since = now
        if left_at >= lane.cut_at:
            lane.cut_at = now
            lane.tries += 1
            self._block(lane, now + backoff(lane.tries), trouble.message)

    def _back(self, lane: Lane, left_at: float) -> None:
        """Something came back: the outage is over, unless the request had left before it began."""
        if lane.away_since is not None and left_at > lane.away_since:
            lane.away_since, lane.tries, lane.reason = None, 0, ""

    def _follow(self, lane: Lane, ceiling: int, total: int) -> None:
        """Move a lane's limit to a new ceiling or total, unless 429s hold it below the old one."""
        top = float(min(ceiling, total))
        if lane.limit >= min(lane.ceiling, self.total):
            lane.limit = top
        lane.limit = min(lane.limit, top)

    def _busy(self, lane: Lane, left_at: float, now: float, trouble: Trouble) -> None:
        lane.busy_replies += 1
        lane.in_a_row += 1
        lane.busy_at = now
        self._back(lane, left_at)
        if left_at >= lane.cut_at:
            lane.busy_since_cut += 1
            replies = lane.busy_since_cut + lane.good_since_cut
            if lane.in_a_row >= RUN or lane.busy_since_cut > max(STRAYS, STRAY_SHARE * replies):
                was_right = lane.good_since_cut >= lane.limit
                lane.limit = max(1.0, lane.peak - 1 if was_right else CUT * min(lane.limit, lane.peak))
                lane.cut_at = lane.grown_at = now
                lane.peak, lane.good_since_cut, lane.busy_since_cut = lane.out, 0, 0
                lane.tries += 1
        if lane.in_a_row >= IN_A_ROW:
            wait = trouble.wait_s if trouble.wait_s is not None else min(5.0, backoff(lane.tries))
            self._block(lane, max(lane.blocked_until, now + wait), trouble.message)

    def _grow(self, lane: Lane, now: float) -> None:
        lane.in_a_row = 0
        if lane.away_since is None:
            lane.tries = 0
        lane.good_since_cut += 1
        top = float(min(lane.ceiling, self.total))
        calm = now - lane.busy_at > CALM_S
        since = min(LONGEST_STEP_S, now - lane.grown_at)
        lane.limit = min(top, lane.limit + (top / RECOVERY_S * since if calm else lane.limit * GROWTH))
        lane.grown_at = now

    def _block(self, lane: Lane, until: float, reason: str) -> None:
        lane.blocked_until, lane.reason = until, reason
        asyncio.get_running_loop().call_at(until, self._wake)

    def _free(self, lane: Lane) -> bool:
        if self.out >= self.total or lane.out >= lane.allowed():
            return False
        if asyncio.get_running_loop().time() < lane.blocked_until - EARLY_S:
            return False
        at_the_endpoint = sum(other.out for other in self.lanes.values() if other.endpoint == lane.endpoint)
        return at_the_endpoint < lane.ceiling

    def _take(self, lane: Lane) -> None:
        lane.out += 1
        lane.peak = max(lane.peak, lane.out)
        self.out += 1

    def _give_back(self, lane: Lane) -> None:
        lane.out -= 1
        self.out -= 1
        self._wake()

    def _wake(self) -> None:
        for lane in self.lanes.values():
            while lane.waiters and self._free(lane):
                waiter = lane.waiters.popleft()
                if not waiter.done():
                    self._take(lane)
                    waiter.set_result(True)

    def _is_open(self) -> bool:
        return self.open
