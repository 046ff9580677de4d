import json

import pytest

from core.config import config_from_mapping
from core.errors import Refused, UsageError
from core.grading import GradingSpec
from core.judged_regrading import compared, hand_over, prospect
from core.sampler.ownership import owned
from core.store import notes
from core.store.draws import grade
from core.store.opening import reading, writing
from core.store.provenance import grader_of
from core.store.regrading import grader_named, meet
from core.store.runs import load_endpoints
from core.vocabulary import Endpoint, Grade, Verdict

OWN = {"base_url": "http://127.0.0.1:9/v1", "timeout_s": 50}
DEAR = {"input": 1, "output": 2}


def judged_config(run, *, endpoint="own", price=DEAR):
    """The run's config with a judge at an endpoint of its own."""
    judge = {"model": "j", "endpoint": endpoint, "token_cap": 1000} | ({"price": price} if price else {})
    grading = {"kind": "judge", "judge": judge}
    return config_from_mapping(json.loads(run.plan.config) | {"grading": grading, "endpoints": {"own": OWN}})


@pytest.fixture
def run(book):
    """All of its four draws are there: one right, one wrong, one without an answer, one truncated."""
    made = book(budgets=(100,), draws_planned=2)
    made.keep("p1", 100, 0, right=True)
    made.keep("p1", 100, 1, "7")
    made.keep("p2", 100, 0, None)
    made.keep("p2", 100, 1, "2", finish="length")
    return made


def test_a_prospect_expects_less_than_the_reservations_and_writes_nothing(run):
    found = prospect(run.place, run.id, judged_config(run))

    assert (found.samples, found.answers) == (4, 4)
    # At worst, 1000 tokens out at $2 a million, and in at $1 a token for each byte and 64 for the message.
    assert found.worst_pico == (found.worst_tokens + 4 * 1000) * 10**6
    prompt_bytes = found.worst_tokens - 4 * (1000 + 64)
    # Expected are 150 tokens out, and one in for four bytes.
    assert found.expected_pico == pytest.approx((4 * 150 * 2 + prompt_bytes / 4) * 10**6, abs=4 * 10**6)
    assert {one.name for one in found.endpoints} == {"own", "simulator"}
    assert run.read("SELECT count(*) FROM graders") == [(1,)]


def test_what_is_left_under_the_cap_is_what_is_not_spent_or_in_doubt(run):
    with writing(run.place) as db:
        notes.set_live(db, run.id, {"cap_pico": 10**9, "cap_tokens": 10**6})

    found = prospect(run.place, run.id, judged_config(run))

    assert found.left_pico == 10**9 - 4 * 5_000_000
    assert found.left_tokens == 10**6 - 4 * 110


def test_handing_over_makes_the_judge_the_grader_and_its_endpoint_known(run):
    config = judged_config(run)
    found = prospect(run.place, run.id, config)

    held, judge = hand_over(run.place, run.id, config, found)

    with reading(run.place) as db:
        assert grader_of(db, run.id) == found.after
        assert {one.name: one.timeout_s for one in load_endpoints(db, run.id)}["own"] == 50
        assert grader_named(db, found.after) == judge
    assert held == run.grader_id
    assert run.read("SELECT sum(graded), sum(right) FROM cells") == [(0, 0)]
    assert run.read("SELECT kind FROM events") == [("regrade",)]


def test_an_endpoint_that_the_run_has_keeps_its_live_settings(run):
    config = judged_config(run, endpoint="simulator")
    with writing(run.place) as db:
        notes.set_endpoint(db, run.id, "simulator", {"timeout_s": 77.0})

    hand_over(run.place, run.id, config, prospect(run.place, run.id, config))

    with reading(run.place) as db:
        assert [one.timeout_s for one in load_endpoints(db, run.id)] == [77.0]


def test_meeting_an_endpoint_again_changes_nothing_of_it(run):
    with writing(run.place) as db:
        before = load_endpoints(db, run.id)
        meet(db, run.id, Endpoint("simulator", "http://127.0.0.1:10/v1"))
        assert load_endpoints(db, run.id) == before


def test_flips_compare_the_two_graders_and_leave_out_what_the_judge_has_not_read(run):
    config = judged_config(run)
    found = prospect(run.place, run.id, config)
    held, judge = hand_over(run.place, run.id, config, found)
    with writing(run.place) as db:
        grade(db, 1, judge, Grade("41", Verdict.WRONG))
        grade(db, 3, judge, Grade("2", Verdict.RIGHT))
        grade(db, 4, judge, Grade("2", Verdict.RIGHT))

    done = compared(run.place, run.id, found, held, judge)

    assert (done.samples, done.truncated, done.right_before, done.right_after) == (3, 1, 1, 1)
    assert dict(done.flips) == {"right to wrong": 1, "no answer to right": 1}


def test_answers_that_the_judge_has_read_are_counted_at_once_and_not_read_again(run):
    config = judged_config(run)
    hand_over(run.place, run.id, config, prospect(run.place, run.id, config))
    with writing(run.place) as db:
        judge = grader_named(db, grader_of(db, run.id))
        grade(db, 1, judge, Grade("42", Verdict.RIGHT))
        db.execute("UPDATE runs SET grader_id = ?", (run.grader_id,))

    found = prospect(run.place, run.id, config)
    hand_over(run.place, run.id, config, found)

    assert (found.samples, found.answers) == (4, 3)
    assert run.read("SELECT sum(graded), sum(right) FROM cells") == [(1, 1)]
    assert run.read("SELECT answer, votes, right FROM answers") == [("42", 1, 1)]


def test_an_unpriced_judge_has_no_estimate_in_dollars_and_no_place_under_a_cap_in_dollars(run):
    config = judged_config(run, price=None)
    assert prospect(run.place, run.id, config).worst_pico is None

    with writing(run.place) as db:
        notes.set_live(db, run.id, {"cap_pico": 10**12})

    with pytest.raises(UsageError, match="no price is known for j"):
        prospect(run.place, run.id, config)


def test_a_run_that_has_come_to_owe_draws_is_not_handed_over(run):
    config = judged_config(run)
    found = prospect(run.place, run.id, config)
    run.extend(3)

    with pytest.raises(UsageError, match="owes 2 draws"):
        hand_over(run.place, run.id, config, found)
    with reading(run.place) as db:
        assert grader_of(db, run.id) == GradingSpec("integer").identity


def test_a_paused_run_is_not_judged(run):
    with writing(run.place) as db:
        notes.set_paused(db, run.id, paused=True)

    with pytest.raises(UsageError, match="paused"):
        prospect(run.place, run.id, judged_config(run))


def test_a_run_that_a_sampler_has_is_not_handed_over(run):
    config = judged_config(run)
    found = prospect(run.place, run.id, config)

    with owned(run.place, run.id, "hand-made"), pytest.raises(Refused):
        hand_over(run.place, run.id, config, found)


def test_another_address_under_a_name_that_the_run_knows_is_refused(run):
    config = judged_config(run)
    hand_over(run.place, run.id, config, prospect(run.place, run.id, config))
    data = json.loads(run.plan.config)
    judge = {"model": "other", "endpoint": "own"}
    endpoints = {"own": {"base_url": "http://127.0.0.1:10/v1"}}
    elsewhere = config_from_mapping(data | {"grading": {"kind": "judge", "judge": judge}, "endpoints": endpoints})

    with pytest.raises(UsageError, match="another name"):
        prospect(run.place, run.id, elsewhere)
