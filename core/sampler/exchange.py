"""One attempt, from reservation to record: reserve, send, keep. Asking and judging both go through here.

The order is the guarantee: the reservation is committed before any byte leaves; a slot is held around the request
only; a reply is handed to the writer before anything that could be cancelled. Knows no policy: what a trouble asks
for is the caller's to do.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.clock import monotonic, utc_now
from core.endpoint.outcomes import Trouble
from core.prices import cost, cost_of_time
from core.sampler.requests import bound_of
from core.sampler.spending import Amount
from core.store import draws
from core.store.draws import Ended, Kept, Reservation
from core.vocabulary import Outcome, State, Usage

if TYPE_CHECKING:
    from core.sampler.desk import Desk
    from core.sampler.requests import Request
    from core.vocabulary import Reply

ROW_S = 1.0
"""How long a cancelled request waits for its own row."""
WARM_UP_TOKENS = 1000.0
"""What a request counts towards tokens per minute before any reply has shown better."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Which step a request is for."""

    cell_id: int
    draw: int
    purpose: str
    number: int
    """First, second ... attempt for it."""


async def exchange(
    desk: Desk,
    request: Request,
    errand: Errand,
    record: draws.Record,
    then: draws.Then | None = None,
) -> Reply | Trouble | None:
    """The reply, recorded by `record`; or the trouble, recorded; or None where it was withdrawn before it was sent.

    `then` is called between handing the reply to the writer and waiting for the commit: what it posts goes along.

    Raises:
        CapReached: the request does not fit under a cap with nothing else in flight.
    """
    endpoint = desk.endpoints[request.endpoint]
    amount = bound_of(request, endpoint.timeout_s)
    await desk.spending.reserve(amount)
    charged = Amount(0, 0)
    try:
        attempt_id = await _reserved(desk, errand, amount)
        if attempt_id is None:
            return None
        came, share_s = await _sent(desk, request, attempt_id, endpoint.timeout_s)
        if came is None:
            return None
        if isinstance(came, Trouble):
            if came.outcome is Outcome.UNKNOWN:
                charged = amount
            ended = Ended(came.outcome, came.status, came.message, came.request_id)
            await desk.writer.write(lambda connection: draws.end(connection, attempt_id, ended, utc_now()))
            return came
        kept = _priced(request, came, amount, share_s)
        charged = Amount(kept.billed_pico or 0, kept.usage.prompt_tokens + kept.usage.completion_tokens)
        committed = desk.writer.post(lambda connection: record(connection, attempt_id, kept, utc_now()))
        desk.flow.count(kept.usage.completion_tokens)
        if then is not None:
            then(came)
        await asyncio.shield(committed)
        _stop_if_dearer(desk, request, kept, amount)
        return came
    finally:
        desk.spending.release(amount, charged)


async def _reserved(desk: Desk, errand: Errand, amount: Amount) -> int | None:
    """The row of the attempt, committed; None if the store knows of spending that leaves no room."""
    reservation = Reservation(
        desk.run_id, errand.cell_id, errand.draw, 0, errand.purpose, errand.number, amount.pico, amount.tokens
    )
    committed = desk.writer.post(lambda connection: draws.reserve(connection, reservation, utc_now()))
    try:
        attempt_id = await asyncio.shield(committed)
    except asyncio.CancelledError:
        # Its row tells what to withdraw; a disk that takes nothing is not waited for: then it ends in doubt.
        await asyncio.wait({committed}, timeout=ROW_S)
        if committed.done() and committed.exception() is None:
            _withdraw(desk, committed.result())
        raise
    if attempt_id is None:
        await refresh_spending(desk)
    return attempt_id


async def _sent(
    desk: Desk, request: Request, attempt_id: int, timeout_s: float
) -> tuple[Reply | Trouble | None, float]:
    """What came back and the share of the server's time that it took; None if the course changed before it left."""
    lane = desk.lane(request.endpoint, request.model)
    try:
        entered = await desk.slots.enter(lane, _expected_tokens(desk))
    except asyncio.CancelledError:
        _withdraw(desk, attempt_id)
        raise
    if not entered:
        await _withdraw(desk, attempt_id)
        return None, 0.0
    loop = asyncio.get_running_loop()
    left_at = loop.time()
    shared = desk.shared_time(request.endpoint)
    share = shared.starts(monotonic())
    was_away = lane.away_since is not None
    came: Reply | Trouble | None = None
    try:
        came = await desk.clients[request.endpoint].complete(request.body, timeout_s)
    except asyncio.CancelledError:
        lost = Ended(Outcome.UNKNOWN, message="stopped while it was in flight")
        desk.writer.post(lambda connection: draws.end(connection, attempt_id, lost, utc_now()))
        desk.note("doubt", f"attempt {attempt_id}: {lost.message}; it may have been billed")
        raise
    finally:
        share_s = shared.ends(share, monotonic())
        desk.slots.leave(lane, left_at, came if isinstance(came, Trouble) else None)
    if was_away and lane.away_since is None:
        desk.back.add(request.endpoint)
        desk.recovered.set()
    return came, share_s


def _withdraw(desk: Desk, attempt_id: int | None) -> asyncio.Future[None]:
    ended = Ended(Outcome.WITHDRAWN)
    if attempt_id is None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done
    return desk.writer.post(lambda connection: draws.end(connection, attempt_id, ended, utc_now()))


def _expected_tokens(desk: Desk) -> float:
    mean = desk.flow.mean_tokens
    return WARM_UP_TOKENS if mean is None else mean


def _priced(request: Request, reply: Reply, amount: Amount, share_s: float) -> Kept:
    """The reply with its bill; without usage it is priced at its reservation and marked estimated."""
    usage = reply.usage or Usage(request.prompt_tokens, request.token_cap)
    estimated = reply.usage is None
    if request.price is None:
        billed = None
    elif request.price.per_hour is not None:
        billed = cost_of_time(request.price, share_s)
    else:
        billed = amount.pico if estimated else cost(request.price, usage)
    return Kept(reply, usage, billed, estimated)


def _stop_if_dearer(desk: Desk, request: Request, kept: Kept, amount: Amount) -> None:
    """A bill above its reservation means that the bound, and so the cap, cannot be relied on: stop."""
    tokens = kept.usage.prompt_tokens + kept.usage.completion_tokens
    if (kept.billed_pico or 0) > amount.pico or tokens > amount.tokens:
        over = f"{kept.usage.completion_tokens:,} completion tokens where {request.token_cap:,} were the cap"
        desk.course.end(
            State.STOPPED,
            f"{request.model} billed more than its reservation ({over}): this server does not honour the token cap; "
            "check endpoints' token_cap_field",
        )


async def refresh_spending(desk: Desk) -> None:
    """Take over from the store what has been spent and what the caps are."""
    committed, cap_pico, cap_tokens = await desk.writer.write(
        lambda connection: draws.committed(connection, desk.run_id)
    )
    desk.spending.refresh(Amount(*committed), cap_pico, cap_tokens)
