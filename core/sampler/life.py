"""The life of a draw: reserve, ask, keep, grade; and what follows where it goes wrong.

`see_through` is to be read top to bottom. One attempt is `exchange`'s; here stands the policy around it: what is asked
again, what fails for good, what stops the run.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from core.clock import utc_now
from core.endpoint.outcomes import Then, Trouble
from core.endpoint.pace import backoff
from core.sampler.exchange import Errand, exchange, refresh_spending
from core.sampler.judging import judge_request, judged
from core.sampler.requests import request_for
from core.sampler.spending import CapReached
from core.store import draws
from core.vocabulary import SIMULATOR_MARK, State

if TYPE_CHECKING:
    import sqlite3

    from core.sampler.desk import Desk
    from core.sampler.requests import Request
    from core.store.draws import Kept
    from core.vocabulary import Draw, Reply

FINGERPRINTS = 100
"""Remembered for each endpoint; a server that makes up more is no reason to run out of memory."""
IDENTICAL_REFUSALS = 5
"""In a row, they stop the run: the request is wrong, not the draw."""


async def see_through(desk: Desk, draw: Draw) -> None:
    """Ask a draw until it is recorded, has failed for good, or the run ends. Its answer is graded if it came."""
    request = request_for(draw.cell.condition, draw.cell.problem)
    sample: list[int] = []

    def keep(connection: sqlite3.Connection, attempt_id: int, kept: Kept, now: str) -> None:
        sample[:] = [draws.keep(connection, attempt_id, kept, now)]  # a group that is rolled back is written again

    def grade_at_once(reply: Reply) -> None:
        if desk.grader is not None:
            graded = desk.grader.grade(reply.text, draw.cell.problem.answer)
            desk.writer.post(lambda connection: draws.grade(connection, sample[0], desk.grader_id, graded))

    reply = await _asked(desk, draw, request, "ask", keep, grade_at_once)
    if reply is None:
        return
    await _notice_identity(desk, draw, reply)
    if desk.grader is None:
        await grade(desk, draw, sample[0], reply.text)


async def grade(desk: Desk, draw: Draw, sample_id: int, text: str) -> None:
    """Read and judge a recorded answer: by worker processes, or by a judge model, which costs."""
    truth = draw.cell.problem.answer
    if desk.judge is None:
        graded = await desk.grading.grade(desk.spec, text, truth)
    else:

        def bill(connection: sqlite3.Connection, attempt_id: int, kept: Kept, now: str) -> None:
            draws.bill(connection, attempt_id, kept, now)

        request = judge_request(desk.judge, draw.cell.problem, text)
        verdict = await _asked(desk, draw, request, "judge", bill)
        if verdict is None:
            return
        _mark_if_simulated(desk, verdict)
        graded = judged(desk.judge, verdict, truth)
    await desk.writer.write(lambda connection: draws.grade(connection, sample_id, desk.grader_id, graded))


async def _asked(
    desk: Desk,
    draw: Draw,
    request: Request,
    purpose: str,
    record: draws.Record,
    then: draws.Then | None = None,
) -> Reply | None:
    """The reply to a request, asked as often as policy allows; None if it failed for good or the run ends."""
    number = desk.attempts_so_far.get((draw.cell.id, draw.number, purpose), 0)
    tries = 0
    while await desk.course.may_send():
        errand = Errand(draw.cell.id, draw.number, purpose, number + 1)
        try:
            came = await exchange(desk, request, errand, record, then)
        except CapReached:
            await _cap_reached(desk, request)
            continue
        if came is None:
            continue  # withdrawn before it was sent
        number += 1
        if not isinstance(came, Trouble):
            desk.refusals.clear()
            return came
        tries += came.then in (Then.RETRY, Then.DOUBT)
        if not await _asks_again(desk, draw, request, purpose, came, tries):
            return None
    return None


async def _asks_again(desk: Desk, draw: Draw, request: Request, purpose: str, came: Trouble, tries: int) -> bool:
    """Whether policy has this trouble asked again; waits as it should be waited."""
    if came.then is Then.OUTAGE:
        _give_up_in_time(desk, request)
        return True  # the lane holds the wait
    if came.then is Then.WAIT:
        await _rest(desk, came.wait_s if came.wait_s is not None else backoff(1))
        return True
    if came.then is Then.STOP:
        desk.course.end(State.STOPPED, came.message)
        return False
    if came.then is Then.DOUBT:
        desk.note("doubt", f"{draw}: {came.message}; it may have been billed")
    if came.then is Then.FAIL:
        desk.refusals.append(came.message)
        if len(desk.refusals) == IDENTICAL_REFUSALS and len(set(desk.refusals)) == 1:
            desk.course.end(State.STOPPED, f"{IDENTICAL_REFUSALS} requests in a row were refused alike: {came.message}")
            return False
    gives_up = (
        came.then is Then.FAIL
        or (came.then is Then.DOUBT and desk.live.on_unknown == "skip")
        or tries >= desk.live.max_attempts
    )
    if gives_up:
        desk.note("failure", f"{draw}: {came.message}; given up after attempt {max(1, tries)}")
        if purpose == "ask":
            cell_id, number = draw.cell.id, draw.number
            await desk.writer.write(lambda db: draws.fail(db, cell_id, number, 0, came.message, utc_now()))
        return False
    desk.note("retry", f"{draw}: {came.message}; asking again")
    await _rest(desk, backoff(tries))
    return True


async def _rest(desk: Desk, seconds: float) -> None:
    """Wait, but not past the end of the run."""
    with suppress(TimeoutError):
        await asyncio.wait_for(desk.course.ended.wait(), seconds)


async def _cap_reached(desk: Desk, request: Request) -> None:
    """End the run as capped, unless the store knows better (a cap was raised, a doubt was settled)."""
    before = desk.spending.room
    await refresh_spending(desk)
    if desk.spending.room == before:
        desk.course.end(
            State.CAPPED, f"the next request of {request.model} does not fit under the cap beside what is spent"
        )


def _give_up_in_time(desk: Desk, request: Request) -> None:
    away_since = desk.lane(request.endpoint, request.model).away_since
    if away_since is not None:
        away_s = asyncio.get_running_loop().time() - away_since
        if away_s > desk.live.give_up_after_s:
            desk.course.end(State.STOPPED, f"{request.endpoint} has been out of reach for {away_s / 3600:.1f} h")


async def _notice_identity(desk: Desk, draw: Draw, reply: Reply) -> None:
    """Say once for each model name that a server reports and that was not asked for; mark what a simulator says.

    A fingerprint that was never seen before an outage may be another model: the run is paused until somebody looks.
    """
    condition = draw.cell.condition
    _mark_if_simulated(desk, reply)
    if reply.fingerprint is not None:
        known = desk.fingerprints.setdefault(condition.endpoint, set())
        is_new = known and reply.fingerprint not in known
        if len(known) < FINGERPRINTS:
            known.add(reply.fingerprint)
        if condition.endpoint in desk.back:
            desk.back.discard(condition.endpoint)
            if is_new:
                text = f"{condition.endpoint} has another system fingerprint than before it was out of reach"
                desk.note("warning", text)
                await desk.pause_until_resumed(f"{text}; look at it, then `thinktop resume`")
    seen = desk.seen_models.setdefault(condition.label, set())
    if reply.model is not None and reply.model not in seen:
        seen.add(reply.model)
        if not reply.model.startswith(condition.model) and not condition.model.endswith(reply.model):
            desk.note("warning", f"{condition.label}: asked for {condition.model}, the server reports {reply.model}")


def _mark_if_simulated(desk: Desk, reply: Reply) -> None:
    if (reply.fingerprint or "").startswith(SIMULATOR_MARK):
        desk.mark_simulated()
