"""One attempt against a real store: what is on record after each way of ending it, and after a stop at any moment."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace

import httpx2
import openai
import pytest

from core.clock import utc_now
from core.endpoint.client import Client
from core.endpoint.outcomes import Then, Trouble
from core.endpoint.pace import Rate, Slots
from core.grading import GradingSpec, grader
from core.plan import Live, Plan, Planned
from core.sampler.course import Course
from core.sampler.desk import Desk
from core.sampler.exchange import Errand, exchange
from core.sampler.life import see_through
from core.sampler.requests import bound_of, request_for
from core.sampler.spending import Amount, CapReached, Spending
from core.store import draws
from core.store.draws import Reservation
from core.store.opening import reading, writing
from core.store.place import Place
from core.store.runs import create_run, load_run
from core.store.writer import Writer
from core.vocabulary import Condition, Control, Draw, Endpoint, Price, Problem, Reply, State

ENDPOINT = Endpoint("here", "http://127.0.0.1:9/v1", timeout_s=5.0)
CONDITION = Condition(
    *("o1-mini", "o1-mini", "here", Control.PROMPT, 64, 1000, "{problem}", None, '{"max_completion_tokens":1000}'),
    Price("3", "12"),
)


def completion(tokens=100, text="So it is \\boxed{4}.", usage=True, **fields):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    whole = {"id": "x", "model": "o1-mini", "choices": [choice], **fields}
    if usage:
        whole["usage"] = {"prompt_tokens": 20, "completion_tokens": tokens, "total_tokens": 20 + tokens}
    return httpx2.Response(200, json=whole)


@pytest.fixture
def at(tmp_path, monkeypatch):
    """A desk with a real writer and a real client whose wire is the given function of a request."""

    @asynccontextmanager
    async def desk_at(wire, condition=CONDITION, **live):
        def on_the_wire(**_):
            return httpx2.AsyncClient(transport=httpx2.MockTransport(wire), timeout=None)

        monkeypatch.setattr(openai, "DefaultAioHttpClient", on_the_wire)
        place = Place.at(tmp_path / "runs.db")
        live = Live(**({"max_concurrency": 4, "max_attempts": 2} | live))
        plan = Plan("r", 0, (Problem("p", "2 + 2?", "4"),), (Planned(condition, 3),), (ENDPOINT,), live, "{}")
        with writing(place) as db:
            run_id = create_run(db, plan, grader="integer", versions="{}", now=utc_now())
            cell = load_run(db, run_id).cells[0]
        spec = GradingSpec("integer", low=0, high=999)
        slots = Slots(live.max_concurrency)
        async with Writer(place) as writer, Client(ENDPOINT, ENDPOINT.base_url, None) as client:
            desk = Desk(
                run_id=run_id,
                live=live,
                endpoints={"here": ENDPOINT},
                clients={"here": client},
                rates={"here": (Rate(None), Rate(None))},
                writer=writer,
                spending=Spending(Amount(0, 0), live.cap_pico, live.cap_tokens),
                slots=slots,
                course=Course(slots),
                spec=spec,
                grader=grader(spec),
                grading=None,
                judge=None,
                grader_id=1,
                attempts_so_far={},
                simulated=True,
            )
            request = request_for(condition, plan.problems[0])
            yield SimpleNamespace(
                desk=desk, cell=cell, draw=Draw(cell, 0), request=request, bound=bound_of(request, 5.0), place=place
            )

    return desk_at


def books(here):
    with reading(here.place) as db:
        outcomes = [one for (one,) in db.execute("SELECT outcome FROM attempts ORDER BY id")]
        names = ("spent_pico", "reserved_pico", "unknown_pico", "in_flight")
        totals = db.execute(f"SELECT {', '.join(names)} FROM totals").fetchone()
        kept, failed, right = db.execute("SELECT kept, failed, right FROM cells").fetchone()
    return SimpleNamespace(
        outcomes=outcomes, kept=kept, failed=failed, right=right, **dict(zip(names, totals, strict=True))
    )


async def once(here):
    return await exchange(here.desk, here.request, Errand(here.cell.id, 0, "ask", 1), draws.keep)


async def settled(here):
    """Wait until all that was posted is committed."""
    await here.desk.writer.write(lambda _: None)


def owes_nothing(desk):
    return desk.spending._reserved == Amount(0, 0) and desk.spending._holders == 0 and desk.slots.out == 0


async def test_the_reservation_is_committed_before_any_byte_leaves(at):
    seen = []

    def wire(_):
        seen.append(books(here))
        return completion()

    async with at(wire) as here:
        await once(here)
        assert seen[0].outcomes == ["in flight"]
        assert seen[0].reserved_pico == here.bound.pico > 0
        after = books(here)
    assert after.outcomes == ["kept"]
    assert (after.spent_pico, after.reserved_pico) == (20 * 3_000_000 + 100 * 12_000_000, 0)


async def test_a_reply_without_usage_is_priced_at_its_reservation_and_marked(at):
    async with at(lambda _: completion(usage=False)) as here:
        await once(here)
        with reading(here.place) as db:
            assert db.execute("SELECT billed_pico, estimated FROM samples").fetchone() == (here.bound.pico, 1)
        assert books(here).spent_pico == here.bound.pico


@pytest.mark.parametrize("text", ["", None, "\ud800 half a character"])
async def test_whatever_the_text_a_billed_reply_is_kept(at, text):
    raw = json.dumps(json.loads(completion().content) | {"model": "\ud800", "system_fingerprint": "\udfff"})
    raw = raw.replace(json.dumps("So it is \\boxed{4}."), json.dumps(text))
    async with at(lambda _: httpx2.Response(200, content=raw.encode())) as here:
        assert isinstance(await once(here), Reply)
        assert books(here).kept == 1


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "refused"), (401, "refused"), (429, "busy"), (500, "broken"), (302, "refused")]
)
async def test_a_refusal_gives_the_reservation_back(at, status, outcome):
    async with at(lambda _: httpx2.Response(status, content=b'{"error": {"message": "no \\ud800"}}')) as here:
        assert isinstance(await once(here), Trouble)
        after = books(here)
        assert owes_nothing(here.desk)
        assert here.desk.spending._committed == Amount(0, 0)
    assert (after.outcomes, after.spent_pico, after.reserved_pico) == ([outcome], 0, 0)


def loses_the_reply(request):
    raise httpx2.ReadError("reset", request=request)


async def test_a_lost_reply_keeps_the_reservation_as_unknown_in_the_store_and_in_memory(at):
    async with at(loses_the_reply) as here:
        came = await once(here)
        assert came.then is Then.DOUBT
        after = books(here)
        assert here.desk.spending._committed == here.bound
        assert owes_nothing(here.desk)
    assert (after.outcomes, after.unknown_pico, after.reserved_pico) == (["unknown"], here.bound.pico, 0)


async def test_a_bill_above_its_reservation_is_recorded_and_stops_the_run(at):
    async with at(lambda _: completion(tokens=50_000)) as here:
        assert isinstance(await once(here), Reply)
        assert books(here).spent_pico == 20 * 3_000_000 + 50_000 * 12_000_000
        assert here.desk.course.ending.state is State.STOPPED


async def test_a_request_that_does_not_fit_under_the_cap_is_never_sent(at):
    asked = []
    async with at(lambda request: asked.append(request) or completion(), cap_pico=1000) as here:
        with pytest.raises(CapReached):
            await once(here)
        assert books(here).outcomes == []
    assert not asked


async def test_the_stores_own_cap_is_the_last_word(at):
    asked = []
    async with at(lambda request: asked.append(request) or completion(), cap_pico=10**12) as here:
        with writing(here.place) as db:
            db.execute("UPDATE runs SET cap_pico = 1000")
        assert await once(here) is None
        assert owes_nothing(here.desk)
        assert here.desk.spending.room[0] == 1000, "and the sampler knows it from then on"
    assert not asked


async def test_a_pause_while_it_waits_for_a_slot_withdraws_it_unbilled(at):
    async with at(lambda _: completion()) as here:
        lane = here.desk.lane("here", "o1-mini")
        for _ in range(4):
            await here.desk.slots.enter(lane, 1)
        task = asyncio.create_task(once(here))
        await asyncio.sleep(0.1)
        assert books(here).outcomes == ["in flight"]
        here.desk.course.pause()
        assert await task is None
        after = books(here)
    assert (after.outcomes, after.reserved_pico, after.unknown_pico) == (["withdrawn"], 0, 0)


async def test_a_stop_in_flight_leaves_it_in_doubt(at):
    async def wire(_):
        await asyncio.sleep(10)

    async with at(wire) as here:
        task = asyncio.create_task(once(here))
        await asyncio.sleep(0.1)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await settled(here)
        after = books(here)
        assert here.desk.slots.out == 0
    assert (after.outcomes, after.unknown_pico) == (["unknown"], here.bound.pico)


@pytest.mark.parametrize("ticks", [*range(1, 40, 2)])
async def test_a_stop_at_any_moment_leaves_books_that_add_up(at, ticks):
    """Whatever was sent is kept or in doubt; whatever was not is withdrawn or was never reserved."""
    sent = []

    async def wire(_):
        sent.append(1)
        for _ in range(6):
            await asyncio.sleep(0)
        return completion()

    async with at(wire) as here:
        task = asyncio.create_task(see_through(here.desk, here.draw))
        for _ in range(ticks):
            await asyncio.sleep(0.0005)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await settled(here)
        after = books(here)
        assert here.desk.slots.out == 0
        assert here.desk.spending._holders == 0
    assert after.outcomes in ([["kept"], ["unknown"]] if sent else [[], ["withdrawn"]])
    assert after.kept == (after.outcomes == ["kept"])
    assert after.in_flight == after.reserved_pico == 0


# --------------------------------------------------------------------------------------------- the life of a draw


def in_turn(*replies):
    """A wire that answers with one after the other, and with the last for ever."""
    left = list(replies)

    def wire(_):
        came = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(came, Exception):
            raise came
        return came

    return wire


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr("core.sampler.life.backoff", lambda _: 0.0)


async def test_a_draw_is_asked_kept_and_graded(at):
    async with at(lambda _: completion()) as here:
        await see_through(here.desk, here.draw)
        await settled(here)
        after = books(here)
    assert (after.outcomes, after.kept, after.right) == (["kept"], 1, 1)


async def test_a_broken_server_is_asked_again(at):
    async with at(in_turn(httpx2.Response(500), completion())) as here:
        await see_through(here.desk, here.draw)
        after = books(here)
    assert (after.outcomes, after.kept, after.failed) == (["broken", "kept"], 1, 0)


async def test_a_draw_fails_for_good_after_its_last_attempt(at):
    async with at(lambda _: httpx2.Response(500)) as here:
        await see_through(here.desk, here.draw)
        after = books(here)
    assert (after.outcomes, after.kept, after.failed) == (["broken", "broken"], 0, 1)


@pytest.mark.parametrize(("policy", "outcomes"), [("retry", ["unknown", "kept"]), ("skip", ["unknown"])])
async def test_a_lost_reply_is_treated_by_policy(at, policy, outcomes):
    wire = in_turn(httpx2.ReadError("reset"), completion())
    async with at(wire, on_unknown=policy) as here:
        await see_through(here.desk, here.draw)
        after = books(here)
    assert after.outcomes == outcomes
    assert after.failed == (policy == "skip")
    assert after.unknown_pico == here.bound.pico


async def test_429s_are_waited_out_and_count_as_no_attempt(at):
    wire = in_turn(*[httpx2.Response(429, headers={"retry-after": "0"})] * 6, completion())
    async with at(wire) as here:
        here.desk.slots._block = lambda *_: None
        await see_through(here.desk, here.draw)
        after = books(here)
    assert (after.outcomes, after.kept) == (["busy"] * 6 + ["kept"], 1)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
async def test_what_no_request_can_pass_stops_the_run_and_fails_no_draw(at, status):
    async with at(lambda _: httpx2.Response(status)) as here:
        await see_through(here.desk, here.draw)
        after = books(here)
        assert here.desk.course.ending.state is State.STOPPED
    assert (after.outcomes, after.failed) == (["refused"], 0)


async def test_five_identical_refusals_in_a_row_stop_the_run(at):
    async with at(lambda _: httpx2.Response(400, json={"error": {"message": "too long"}})) as here:
        for number in range(5):
            assert here.desk.course.ending is None
            await see_through(here.desk, Draw(here.cell, number))
        assert here.desk.course.ending.state is State.STOPPED
        assert "too long" in here.desk.course.ending.reason


async def test_a_cap_that_is_reached_ends_the_run_and_one_that_was_raised_does_not(at):
    async with at(lambda _: completion(), cap_pico=1000) as here:
        with writing(here.place) as db:
            db.execute("UPDATE runs SET cap_pico = 1000000000000")
        await see_through(here.desk, here.draw)
        assert here.desk.course.ending is None
        with writing(here.place) as db:
            db.execute("UPDATE runs SET cap_pico = 1")
        await see_through(here.desk, Draw(here.cell, 1))
        assert here.desk.course.ending.state is State.CAPPED
        assert books(here).outcomes == ["kept"]


async def test_an_unpriced_reply_is_unpriced_and_never_free(at):
    unpriced = Condition(*(getattr(CONDITION, name) for name in list(Condition.__slots__)[:-1]), None)
    async with at(lambda _: completion(), condition=unpriced) as here:
        await see_through(here.desk, here.draw)
        with reading(here.place) as db:
            assert db.execute("SELECT billed_pico FROM samples").fetchone() == (None,)


async def test_a_group_that_is_written_again_grades_the_sample_that_was_kept(at, monkeypatch):
    """A commit that the disk refused is repeated; another process may have taken the first try's row meanwhile."""
    monkeypatch.setattr("core.store.writer.RETRY_S", 0.01)
    keeps, grades = [], []

    def keep(connection, attempt_id, kept, now):
        keeps.append(attempt_id)
        if len(keeps) == 2:
            taken = Reservation(1, 1, 2, 0, "ask", 1, 0, 0)
            draws_keep(connection, draws.reserve(connection, taken, now), kept, now)
        return draws_keep(connection, attempt_id, kept, now)

    def grade(connection, *rest):
        grades.append(rest)
        if len(grades) == 1:
            raise disk_error
        draws_grade(connection, *rest)

    disk_error = sqlite3.OperationalError("disk I/O error")
    disk_error.sqlite_errorcode, disk_error.sqlite_errorname = sqlite3.SQLITE_IOERR, "SQLITE_IOERR"
    draws_keep, draws_grade = draws.keep, draws.grade
    monkeypatch.setattr(draws, "keep", keep)
    monkeypatch.setattr(draws, "grade", grade)
    async with at(lambda _: completion()) as here:
        await see_through(here.desk, here.draw)
        await settled(here)
        with reading(here.place) as db:
            graded = db.execute("SELECT draw FROM grades JOIN samples ON samples.id = sample_id").fetchall()
    assert graded == [(0,)]
