"""What people ask of a run: its effect and its record, in one transaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import wishes
from core.errors import StoreError, ThinktopError, UsageError
from core.plan import Live, Plan, Planned
from core.store import draws, notes, runs
from core.store.draws import Ended, Reservation
from core.store.opening import reading, writing
from core.store.place import Place
from core.vocabulary import Condition, Control, Endpoint, Outcome, Price, Problem

NOW = "2026-11-22T10:00:00.000Z"
CONDITION = Condition("m", "m", "a", Control.PROMPT, 64, 1000, "{problem}", None, "{}", Price("3", "12"))


def plan(draws_each=2, price=CONDITION.price):
    condition = Condition(*(getattr(CONDITION, name) for name in list(Condition.__slots__)[:-1]), price)
    endpoints = (Endpoint("a", "http://a/v1"), Endpoint("b.c", "http://b/v1"))
    return Plan("r", 0, (Problem("p", "?", "1"),), (Planned(condition, draws_each),), endpoints, Live(8), "{}")


@pytest.fixture
def place(tmp_path):
    place = Place.at(tmp_path / "runs.db")
    with writing(place) as db:
        runs.create_run(db, plan(), grader="g", versions="{}", now=NOW)
    return place


def wished(place):
    with reading(place) as db:
        return notes.wished(db, 1)


def history(place):
    with reading(place) as db:
        return db.execute("SELECT kind, detail FROM wishes ORDER BY id").fetchall()


def in_doubt(place):
    with writing(place) as db:
        attempt = draws.reserve(db, Reservation(1, 1, 0, 0, "ask", 1, 500, 10), NOW)
        draws.end(db, attempt, Ended(Outcome.UNKNOWN), NOW)
    return attempt


def test_a_pause_outlives_every_sampler_until_it_is_taken_back(place):
    wishes.pause(place, 1)
    with writing(place) as db:
        notes.start(db, 1, 1, "host", NOW)
    assert wished(place).paused
    wishes.resume(place, 1)
    assert not wished(place).paused
    assert history(place) == [("pause", ""), ("resume", "")]


@pytest.mark.parametrize(("now", "how"), [(False, "drain"), (True, "now")])
def test_a_stop_holds_until_the_next_start(place, now, how):
    wishes.stop(place, 1, now=now)
    assert wished(place).stop == how
    with writing(place) as db:
        notes.start(db, 1, 1, "host", NOW)
    assert wished(place).stop is None


def test_a_resume_takes_back_a_stop_that_nobody_has_acted_on(place):
    wishes.stop(place, 1, now=False)
    wishes.resume(place, 1)
    assert wished(place).stop is None


def test_live_settings_change_with_their_record(place):
    wishes.set_live(
        place, 1, {"cap_pico": 20 * 10**12, "max_concurrency": 16, "on_unknown": "skip", "cap_tokens": None}
    )
    live = wished(place).live
    assert (live.cap_pico, live.max_concurrency, live.on_unknown, live.cap_tokens) == (20 * 10**12, 16, "skip", None)
    assert history(place) == [
        ("set", "cap_usd = $20.00, max_concurrency = 16, on_unknown = skip, cap_tokens = none"),
    ]


def test_an_endpoints_setting_holds_for_all_or_for_the_one_that_is_named(place):
    wishes.set_live(place, 1, {"timeout_s": 5.0, "b.c.requests_per_minute": 7.0, "b.c.max_concurrency": 3})
    a, b = wished(place).endpoints
    assert (a.timeout_s, b.timeout_s) == (5.0, 5.0)
    assert (a.requests_per_minute, b.requests_per_minute) == (None, 7.0)
    assert (a.max_concurrency, b.max_concurrency) == (None, 3)


@pytest.mark.parametrize(
    "changes", [{"cap_tokens": 5, "nowhere.timeout_s": 5.0}, {"max_concurrency": 4, "cap_pico": 0}]
)
def test_a_change_that_cannot_be_made_changes_nothing(place, changes):
    with pytest.raises((UsageError, StoreError)):
        wishes.set_live(place, 1, changes)
    assert wished(place).live == Live(8)
    assert history(place) == []


def test_a_dollar_cap_on_a_model_without_a_price_is_refused(tmp_path):
    place = Place.at(tmp_path / "other.db")
    with writing(place) as db:
        runs.create_run(db, plan(price=None), grader="g", versions="{}", now=NOW)
    with pytest.raises(UsageError, match=r"no price is known for m.*cap_tokens"):
        wishes.set_live(place, 1, {"cap_pico": 5})
    wishes.set_live(place, 1, {"cap_pico": None, "cap_tokens": 5})
    assert wished(place).live.cap_tokens == 5


def test_an_extension_adds_and_is_put_on_record(place):
    wishes.extend(place, 1, plan(draws_each=7), "+5 draws")
    with reading(place) as db:
        assert runs.load_run(db, 1).cells[0].planned == 7
    assert history(place) == [("extend", "+5 draws")]


def test_a_retry_owes_failed_draws_again_and_says_how_many(place):
    with writing(place) as db:
        draws.fail(db, 1, 0, 0, "no", NOW)
        draws.fail(db, 1, 1, 0, "no", NOW)
    assert wishes.retry(place, 1) == 2
    assert wishes.retry(place, 1) == 0
    assert history(place) == [("retry", "2 draws")]
    with reading(place) as db:
        assert runs.held_draws(db, 1) == {}


def test_a_doubt_is_settled_once_and_logged(place):
    attempt = in_doubt(place)
    wishes.settle(place, 1, attempt, 10**12)
    with reading(place) as db:
        assert db.execute("SELECT spent_pico, unknown_pico, unknown_attempts FROM totals").fetchone() == (10**12, 0, 0)
    assert history(place) == [("settle", f"attempt {attempt} cost $1.00")]
    with pytest.raises(ThinktopError, match="not in doubt"):
        wishes.settle(place, 1, attempt, 0)
    assert len(history(place)) == 1


def test_wishes_are_taken_up_to_the_last_that_was_seen_and_stay_on_record(place):
    wishes.pause(place, 1)
    seen = wished(place).wishes
    wishes.resume(place, 1)
    with writing(place) as db:
        notes.take_wishes(db, 1, seen[-1][0], NOW)
    assert [kind for _, kind, _ in wished(place).wishes] == ["resume"]
    assert len(history(place)) == 2


def test_what_has_no_price_is_not_added_under_a_cap_in_dollars(place):
    unpriced = plan(price=None)
    other = replace(unpriced.planned[0], condition=replace(unpriced.planned[0].condition, label="other", model="mine"))
    grown = replace(unpriced, planned=(other,))
    wishes.set_live(place, 1, {"cap_pico": 1000})
    with pytest.raises(UsageError, match="no price is known for mine"):
        wishes.extend(place, 1, grown, "other")
    with reading(place) as db:
        assert len(runs.load_run(db, 1).plan.planned) == 1
    wishes.set_live(place, 1, {"cap_pico": None})
    wishes.extend(place, 1, grown, "other")
    with pytest.raises(UsageError, match="no price is known for mine"):
        wishes.set_live(place, 1, {"cap_pico": 1000})
