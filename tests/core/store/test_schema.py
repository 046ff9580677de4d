"""What the schema itself forbids and keeps: the cap, each draw once, sums that equal the facts that they sum."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.clock import utc_now
from core.plan import Live, Plan, Planned
from core.store import draws, flights, provenance, regrading, runs, settling
from core.store.draws import Ended, Kept, Reservation
from core.store.opening import _migrate
from core.vocabulary import Condition, Control, Endpoint, Grade, Outcome, Price, Problem, Reply, Usage, Verdict

NEVER_BILLED = (Outcome.WITHDRAWN, Outcome.UNREACHED, Outcome.BUSY, Outcome.REFUSED, Outcome.BROKEN)


def totals(db):
    row = db.execute("SELECT * FROM totals").fetchone()
    names = [column[0] for column in db.execute("SELECT * FROM totals LIMIT 0").description]
    return dict(zip(names, row, strict=True))


@pytest.fixture
def one(db, make):
    """(connection, run, cells) of a run with a cap of 10,000,000 picodollars and 5000 tokens."""
    run_id = make.run(db, make.plan(cap_pico=10_000_000, cap_tokens=5000))
    return db, run_id, [number for (number,) in db.execute("SELECT id FROM cells ORDER BY id")]


# ------------------------------------------------------------------------------------------------------ the cap


def test_a_reservation_may_reach_the_dollar_cap_and_never_pass_it(one, make):
    db, run_id, cells = one
    assert make.reserved(db, run_id, cells[0], pico=10_000_000, tokens=1)
    assert make.reserved(db, run_id, cells[1], pico=1, tokens=1) is None
    assert totals(db)["reserved_pico"] == 10_000_000


def test_a_reservation_may_reach_the_token_cap_and_never_pass_it(one, make):
    db, run_id, cells = one
    assert make.reserved(db, run_id, cells[0], pico=0, tokens=5000)
    assert make.reserved(db, run_id, cells[1], pico=0, tokens=1) is None


def test_what_may_have_been_billed_counts_against_the_cap_in_full(one, make):
    db, run_id, cells = one
    lost = make.reserved(db, run_id, cells[0], pico=9_000_000)
    draws.end(db, lost, Ended(Outcome.UNKNOWN), make.now)
    assert make.reserved(db, run_id, cells[1], pico=1_000_001) is None
    assert make.reserved(db, run_id, cells[1], pico=1_000_000)


def test_settling_a_doubt_at_nothing_makes_room_again(one, make):
    db, run_id, cells = one
    lost = make.reserved(db, run_id, cells[0], pico=9_000_000, tokens=4500)
    draws.end(db, lost, Ended(Outcome.UNKNOWN), make.now)
    assert settling.settle(db, run_id, lost, 0, make.now)
    assert make.reserved(db, run_id, cells[1], pico=10_000_000, tokens=5000)


def test_a_free_request_passes_a_used_up_dollar_cap(one, make):
    db, run_id, cells = one
    make.reserved(db, run_id, cells[0], pico=10_000_000)
    assert make.reserved(db, run_id, cells[1], pico=0)


def test_without_a_cap_anything_goes(db, make):
    run_id = make.run(db, make.plan())
    assert make.reserved(db, run_id, 1, pico=2**62, tokens=10**12)


@pytest.mark.parametrize("outcome", NEVER_BILLED)
def test_an_attempt_that_was_not_billed_gives_its_reservation_back(one, make, outcome):
    db, run_id, cells = one
    attempt = make.reserved(db, run_id, cells[0], pico=10_000_000)
    draws.end(db, attempt, Ended(outcome), make.now)
    assert make.reserved(db, run_id, cells[0], pico=10_000_000)
    assert totals(db)["spent_pico"] == 0


def test_a_bill_above_its_reservation_is_recorded_as_it_is(one, make):
    db, run_id, cells = one
    attempt = make.reserved(db, run_id, cells[0], pico=10_000_000)
    draws.keep(db, attempt, make.kept(billed_pico=50_000_000), make.now)
    assert totals(db)["spent_pico"] == 50_000_000


# ---------------------------------------------------------------------------------------------------- each once


def test_a_recorded_draw_is_never_asked_again(one, make):
    db, run_id, cells = one
    make.recorded(db, run_id, cells[0], 0)
    with pytest.raises(sqlite3.IntegrityError, match="recorded already"):
        make.reserved(db, run_id, cells[0], 0, number=2)
    assert make.reserved(db, run_id, cells[0], 1)


def test_a_recorded_draw_may_still_be_judged(one, make):
    db, run_id, cells = one
    make.recorded(db, run_id, cells[0], 0)
    assert make.reserved(db, run_id, cells[0], 0, purpose="judge")


@pytest.mark.parametrize("first", [*NEVER_BILLED, Outcome.UNKNOWN])
@pytest.mark.parametrize("second", [Outcome.UNKNOWN, Outcome.BUSY, Outcome.WITHDRAWN])
def test_an_attempt_ends_once(one, make, first, second):
    db, run_id, cells = one
    attempt = make.reserved(db, run_id, cells[0])
    draws.end(db, attempt, Ended(first), make.now)
    with pytest.raises(sqlite3.IntegrityError, match="ended already"):
        draws.end(db, attempt, Ended(second), make.now)


def test_a_kept_attempt_is_not_settled(one, make):
    db, run_id, cells = one
    make.recorded(db, run_id, cells[0])
    assert not settling.settle(db, run_id, 1, 0, make.now)


def test_a_doubt_is_settled_once(one, make):
    db, run_id, cells = one
    attempt = make.reserved(db, run_id, cells[0])
    draws.end(db, attempt, Ended(Outcome.UNKNOWN), make.now)
    assert settling.settle(db, run_id, attempt, 7, make.now)
    assert not settling.settle(db, run_id, attempt, 8, make.now)
    assert totals(db)["spent_pico"] == 7
    assert totals(db)["spent_tokens"] == 1000, "nobody knows them, so all that were reserved"


def test_a_doubt_of_another_run_is_not_settled(one, make):
    db, run_id, cells = one
    attempt = make.reserved(db, run_id, cells[0])
    draws.end(db, attempt, Ended(Outcome.UNKNOWN), make.now)
    assert not settling.settle(db, run_id + 1, attempt, 0, make.now)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE samples SET completion_tokens = 1",
        "UPDATE samples SET billed_pico = 0",
        "UPDATE cells SET planned = planned - 1",
        "UPDATE attempts SET billed_pico = 1 WHERE outcome = 'busy'",
        "UPDATE attempts SET billed_pico = -1 WHERE outcome = 'kept'",
        "UPDATE attempts SET reserved_pico = 0 WHERE outcome = 'unknown'",
        "UPDATE attempts SET reserved_tokens = 0",
        "UPDATE texts SET text = x'00'",
        "INSERT INTO grades (sample_id, grader_id, answer, verdict) VALUES (1, 1, NULL, 'right')",
        "INSERT INTO grades (sample_id, grader_id, answer, verdict) VALUES (1, 1, '4', 'no answer')",
    ],
)
def test_facts_and_promises_cannot_be_changed(one, make, statement):
    db, run_id, cells = one
    make.recorded(db, run_id, cells[0])
    for outcome in (Outcome.BUSY, Outcome.UNKNOWN):
        draws.end(db, make.reserved(db, run_id, cells[1]), Ended(outcome), make.now)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)


def test_a_truncated_answer_is_wrong_and_casts_no_vote(one, make):
    db, run_id, cells = one
    sample = make.recorded(db, run_id, cells[0], finish_reason="length")
    draws.grade(db, sample, 1, Grade("4", Verdict.RIGHT))
    assert db.execute("SELECT graded, answered, right, truncated FROM cells WHERE id = 1").fetchone() == (1, 0, 0, 1)
    assert db.execute("SELECT * FROM answers").fetchall() == []


def test_grades_of_another_grader_leave_the_sums_and_the_tally_alone(one, make):
    db, run_id, cells = one
    sample, other = make.recorded(db, run_id, cells[0]), runs.grader_row(db, "integer 2")
    draws.grade(db, sample, other, Grade("4", Verdict.RIGHT))
    assert db.execute("SELECT graded, right FROM cells WHERE id = 1").fetchone() == (0, 0)
    assert db.execute("SELECT * FROM answers").fetchall() == []


def test_the_same_answer_may_be_right_once_and_wrong_once(one, make):
    db, run_id, cells = one
    for draw, verdict in enumerate([Verdict.RIGHT, Verdict.WRONG, Verdict.RIGHT]):
        sample = make.recorded(db, run_id, cells[0], draw)
        draws.grade(db, sample, 1, Grade("4", verdict))
        draws.grade(db, sample, 1, Grade("5", verdict))  # graded already: it changes nothing
    assert db.execute("SELECT answer, votes, right FROM answers").fetchall() == [("4", 3, 2)]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (provenance.DOUBTS, "attempts_in_doubt"),
        (draws.SKIP_WHAT_IS_IN_DOUBT, "attempts_in_doubt"),
        (draws.LOSE_WHAT_WAS_IN_FLIGHT, "attempts_in_flight"),
        (flights.FLIGHTS, "attempts_in_flight"),
        (flights.IN_DOUBT, "attempts_in_doubt"),
    ],
)
def test_requests_that_are_open_are_found_without_looking_at_all_others(db, statement, index):
    key = {"run_id": 1, "now": "", "message": "", "limit": 5}
    steps = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {statement}", key)]
    assert f"SEARCH attempts USING INDEX {index} (run_id=?)" in steps
    assert not any("ORDER BY" in step for step in steps)


# --------------------------------------------------------------------------------------- sums, whatever happens

DRAWS = st.tuples(st.integers(1, 4), st.integers(0, 2))
VERDICTS = st.sampled_from(list(Verdict))
ANSWERS = st.sampled_from(["4", "5", ""])


def graded(verdict, answer):
    return Grade(None if verdict is Verdict.NO_ANSWER else answer, verdict)


class Sums(RuleBasedStateMachine):
    """Anything in any order: the sums equal the facts, and no reservation passes a cap."""

    def __init__(self):
        super().__init__()
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute("PRAGMA foreign_keys = ON")
        _migrate(self.db)
        conditions = [
            Condition("m", "m", "here", Control.PROMPT, budget, 1000, "{problem}", None, "{}", Price("3", "12"))
            for budget in (16, 64)
        ]
        plan = Plan(
            "sweep",
            0,
            (Problem("a", "1+1?", "2"), Problem("b", "2+2?", "4")),
            tuple(Planned(condition, 3) for condition in conditions),
            (Endpoint("here", None),),
            Live(8, cap_pico=5000, cap_tokens=5000),
            "{}",
        )
        self.run_id = runs.create_run(self.db, plan, grader="g", versions="{}", now=utc_now())
        self.other_grader = runs.grader_row(self.db, "h")
        self.grader = 1
        self.open, self.doubts, self.samples = {}, [], []

    def teardown(self):
        self.db.close()

    @rule(
        where=DRAWS,
        pico=st.integers(0, 2000),
        tokens=st.integers(0, 2000),
        purpose=st.sampled_from(["ask", "judge"]),
        number=st.integers(1, 3),
    )
    def reserve(self, where, pico, tokens, purpose, number):
        reservation = Reservation(self.run_id, where[0], where[1], 0, purpose, number, pico, tokens)
        try:
            row = draws.reserve(self.db, reservation, utc_now())
        except sqlite3.IntegrityError:
            assert purpose == "ask"
            assert self.db.execute("SELECT 1 FROM samples WHERE (cell_id, draw) = (?, ?)", where).fetchone()
            return
        if row is None:
            return
        self.open[row] = where, purpose
        spent, cap_pico, cap_tokens = draws.committed(self.db, self.run_id)
        now = totals(self.db)
        assert not pico or cap_pico is None or spent[0] + now["reserved_pico"] <= cap_pico
        assert cap_tokens is None or spent[1] + now["reserved_tokens"] <= cap_tokens

    @precondition(lambda self: self.open)
    @rule(data=st.data(), outcome=st.sampled_from([*NEVER_BILLED, Outcome.UNKNOWN]))
    def end(self, data, outcome):
        row = data.draw(st.sampled_from(sorted(self.open)))
        draws.end(self.db, row, Ended(outcome, 500, "it broke"), utc_now())
        del self.open[row]
        if outcome is Outcome.UNKNOWN:
            self.doubts.append(row)

    @precondition(lambda self: self.open)
    @rule(
        data=st.data(),
        tokens=st.integers(0, 5000),
        reasoning=st.none() | st.integers(0, 10),
        billed=st.none() | st.integers(0, 3000),
        finish=st.sampled_from(["stop", "length", None]),
        estimated=st.booleans(),
    )
    def keep(self, data, tokens, reasoning, billed, finish, estimated):
        row = data.draw(st.sampled_from(sorted(self.open)))
        usage = Usage(7, tokens, 0, reasoning)
        kept = Kept(Reply("4", None, finish, usage, "m", None, None, 0.5), usage, billed, estimated)
        record = draws.keep if self.open[row][1] == "ask" else draws.bill
        self.db.execute("SAVEPOINT one")
        try:
            sample = record(self.db, row, kept, utc_now())
        except sqlite3.IntegrityError:  # its twin was recorded first
            self.db.execute("ROLLBACK TO one")
            return
        finally:
            self.db.execute("RELEASE one")
        if sample is not None:
            self.samples.append(sample)
        del self.open[row]

    @precondition(lambda self: self.samples)
    @rule(data=st.data(), verdict=VERDICTS, answer=ANSWERS, current=st.booleans())
    def grade(self, data, verdict, answer, current):
        sample = data.draw(st.sampled_from(self.samples))
        draws.grade(self.db, sample, self.grader if current else self.other_grader, graded(verdict, answer))

    @precondition(lambda self: self.samples)
    @rule(data=st.data(), verdict=VERDICTS, answer=ANSWERS, change=st.booleans())
    def regrade(self, data, verdict, answer, change):
        if change:
            self.grader, self.other_grader = self.other_grader, self.grader
        sample = data.draw(st.sampled_from(self.samples))
        regrading.grade_again(self.db, self.grader, [(sample, graded(verdict, answer))])
        regrading.adopt(self.db, self.run_id, self.grader, "{}")

    @rule(where=DRAWS)
    def fail(self, where):
        draws.fail(self.db, *where, 0, "refused", utc_now())

    @rule()
    def retry(self):
        settling.take_back_failures(self.db, self.run_id)

    @rule()
    def skip(self):
        draws.skip_what_is_in_doubt(self.db, self.run_id, utc_now())

    @rule()
    def die(self):
        assert draws.lose_what_was_in_flight(self.db, self.run_id, "died", utc_now()) == len(self.open)
        self.doubts += sorted(self.open)
        self.open.clear()

    @precondition(lambda self: self.doubts)
    @rule(data=st.data(), pico=st.integers(0, 3000))
    def settle(self, data, pico):
        row = data.draw(st.sampled_from(self.doubts))
        assert settling.settle(self.db, self.run_id, row, pico, utc_now())
        self.doubts.remove(row)

    @rule(cap=st.none() | st.integers(1, 20_000), tokens=st.none() | st.integers(1, 20_000))
    def move_the_caps(self, cap, tokens):
        self.db.execute("UPDATE runs SET cap_pico = ?, cap_tokens = ?", (cap, tokens))

    @invariant()
    def totals_are_recounted(self):
        rows = self.db.execute(
            "SELECT outcome, number, reserved_pico, reserved_tokens, billed_pico, billed_tokens FROM attempts"
        ).fetchall()
        flying = [row for row in rows if row[0] == "in flight"]
        unknown = [row for row in rows if row[0] == "unknown"]
        sent = [row for row in rows if row[0] != "withdrawn"]
        assert totals(self.db) == {
            "run_id": self.run_id,
            "attempts": len(sent),
            "retries": sum(row[1] > 1 for row in sent),
            "in_flight": len(flying),
            "unknown_attempts": len(unknown),
            "spent_pico": sum(row[4] for row in rows),
            "spent_tokens": sum(row[5] for row in rows),
            "reserved_pico": sum(row[2] for row in flying),
            "reserved_tokens": sum(row[3] for row in flying),
            "unknown_pico": sum(row[2] for row in unknown),
            "unknown_tokens": sum(row[3] for row in unknown),
        }

    @invariant()
    def cells_are_recounted(self):
        for (cell,) in self.db.execute("SELECT id FROM cells").fetchall():
            found = self.db.execute("SELECT * FROM cells WHERE id = ?", (cell,))
            row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
            samples = self.db.execute(
                "SELECT id, finish_reason, estimated, prompt_tokens, completion_tokens, reasoning_tokens, billed_pico, "
                "seconds FROM samples WHERE cell_id = ?",
                (cell,),
            ).fetchall()
            grades = self.db.execute(
                "SELECT verdict, finish_reason IS 'length' FROM grades JOIN samples ON samples.id = sample_id "
                "WHERE grader_id = ? AND cell_id = ?",
                (self.grader, cell),
            ).fetchall()
            (failures,) = self.db.execute("SELECT count(*) FROM failures WHERE cell_id = ?", (cell,)).fetchone()
            assert row["kept"] == len(samples)
            assert row["failed"] == failures
            assert row["truncated"] == sum(sample[1] == "length" for sample in samples)
            assert row["estimated"] == sum(sample[2] for sample in samples)
            assert row["prompt_tokens"] == sum(sample[3] for sample in samples)
            assert row["completion_tokens"] == sum(sample[4] for sample in samples)
            reported = [sample[5] for sample in samples if sample[5] is not None]
            assert row["reasoning_tokens"] == (sum(reported) if reported else None)
            assert row["billed_pico"] == sum(sample[6] or 0 for sample in samples)
            assert row["seconds"] == pytest.approx(sum(sample[7] for sample in samples))
            assert row["log2_tokens"] == pytest.approx(sum(math.log2(max(1, sample[4])) for sample in samples))
            assert row["graded"] == len(grades)
            assert row["answered"] == sum(verdict != "no answer" and not cut for verdict, cut in grades)
            assert row["right"] == sum(verdict == "right" and not cut for verdict, cut in grades)

    @invariant()
    def octaves_are_recounted(self):
        held = dict(self.db.execute("SELECT condition_id || '/' || bucket, samples FROM token_octaves").fetchall())
        counted = Counter(
            f"{condition}/{round(16 * math.log2(max(1, tokens)))}"
            for condition, tokens in self.db.execute(
                "SELECT condition_id, samples.completion_tokens FROM samples JOIN cells ON cells.id = cell_id"
            )
        )
        assert held == counted

    @invariant()
    def answers_are_recounted(self):
        grades = self.db.execute(
            "SELECT cell_id, answer, verdict FROM grades JOIN samples ON samples.id = sample_id "
            "WHERE grader_id = ? AND answer IS NOT NULL AND finish_reason IS NOT 'length'",
            (self.grader,),
        ).fetchall()
        votes = Counter((cell, answer) for cell, answer, _ in grades)
        right = Counter((cell, answer) for cell, answer, verdict in grades if verdict == "right")
        held = self.db.execute("SELECT cell_id, answer, votes, right FROM answers ORDER BY cell_id, answer").fetchall()
        assert held == [(*key, votes[key], right[key]) for key in sorted(votes)]


Sums.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSums = Sums.TestCase
