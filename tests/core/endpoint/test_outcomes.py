"""The table of outcomes, row by row: what each failure may have cost, and what is done next."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.endpoint.outcomes import (
    Then,
    duration,
    error_codes,
    error_message,
    in_doubt,
    refused_by_status,
    unreached,
    wait_asked_for,
)
from core.vocabulary import Outcome


def refused(status, body='{"error": {"message": "no"}}', answered_before=False, errors_billed=False, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return refused_by_status(status, body, named, answered_before=answered_before, errors_billed=errors_billed)


def quota(**error):
    return json.dumps({"error": {"message": "no", **error}})


def test_no_connection_is_not_billed_and_an_outage():
    trouble = unreached("no route")
    assert (trouble.outcome, trouble.then) == (Outcome.UNREACHED, Then.OUTAGE)


def test_a_lost_reply_is_in_doubt():
    trouble = in_doubt("reset")
    assert (trouble.outcome, trouble.then) == (Outcome.UNKNOWN, Then.DOUBT)


FIRST = [
    *[(status, Outcome.REFUSED, Then.STOP) for status in (401, 402, 403, 404)],
    *[(status, Outcome.REFUSED, Then.FAIL) for status in (400, 405, 406, 413, 415, 418, 422, 451)],
    *[(status, Outcome.REFUSED, Then.RETRY) for status in (408, 409, 425)],
    *[(status, Outcome.BROKEN, Then.RETRY) for status in (500, 501, 502, 503, 504, 520, 529, 599)],
    *[(status, Outcome.REFUSED, Then.STOP) for status in (301, 302, 307, 308)],
    (429, Outcome.BUSY, Then.WAIT),
]


@pytest.mark.parametrize(("status", "outcome", "then"), FIRST)
def test_a_status_at_first_contact(status, outcome, then):
    trouble = refused(status)
    assert (trouble.outcome, trouble.then, trouble.status) == (outcome, then, status)


LATER = [row for row in FIRST if row[0] not in (404, 502, 503)]
LATER += [(status, Outcome.UNREACHED, Then.OUTAGE) for status in (404, 502, 503)]


@pytest.mark.parametrize(("status", "outcome", "then"), LATER)
def test_a_status_of_an_endpoint_that_has_answered_before(status, outcome, then):
    trouble = refused(status, answered_before=True)
    assert (trouble.outcome, trouble.then) == (outcome, then)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_of_a_server_that_bills_errors_is_in_doubt(status):
    trouble = refused(status, errors_billed=True)
    assert (trouble.outcome, trouble.then) == (Outcome.UNKNOWN, Then.DOUBT)


@pytest.mark.parametrize("status", [400, 401, 404, 429])
def test_what_is_no_server_error_is_not_billed_anywhere(status):
    assert refused(status, errors_billed=True).outcome is not Outcome.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [{"code": "insufficient_quota"}, {"type": "insufficient_quota"}, {"code": "429", "type": "insufficient_quota"}],
)
def test_a_quota_that_is_used_up_stops_the_run_since_waiting_does_not_mend_it(error):
    trouble = refused(429, quota(**error))
    assert (trouble.outcome, trouble.then) == (Outcome.BUSY, Then.STOP)
    assert "quota" in trouble.message


@pytest.mark.parametrize("status", [301, 401, 402, 403, 404])
def test_what_stops_a_run_says_what_to_do(status):
    assert any(word in refused(status).message for word in ("check", "top", "use"))


# ------------------------------------------------------------------------------------------------- how long to wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 9}, 3600),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30),
        ({"retry-after": "Fri, 01 Jan 1999 00:00:00 GMT"}, 0),
        ({"retry-after": "Fri, 01 Jan 99999 00:00:00 GMT"}, None),
        ({"x-ratelimit-reset-requests": "20ms"}, 0.02),
        ({"x-ratelimit-reset-requests": "6m0s"}, 360),
        ({"x-ratelimit-reset-tokens": "1h2m3.5s"}, 3600),
        ({"x-ratelimit-reset-tokens": "2m3.5s"}, 123.5),
        ({"x-ratelimit-reset-tokens": "12"}, 12),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "9s"}, 9),
        (
            {
                "x-ratelimit-reset-requests": "30s",
                "x-ratelimit-remaining-requests": "12",
                "x-ratelimit-reset-tokens": "2s",
                "x-ratelimit-remaining-tokens": "0",
            },
            2,
        ),
        ({"retry-after": "1", "x-ratelimit-reset-tokens": "9s"}, 1),
        ({"x-ratelimit-reset-requests": "1732280000"}, None),
    ],
)
def test_a_429_is_waited_out_as_the_server_asks(headers, seconds):
    assert wait_asked_for(headers) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h2m3.5s", 3723.5), ("20ms", 0.02), ("6m0s", 360), ("1m", 60), ("5", 5), ("", None), ("1x", None), ("s", None)],
)
def test_durations_are_read_as_servers_spell_them(text, seconds):
    assert duration(text) == seconds


@given(
    st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "x-ratelimit-reset-tokens", "date"]), st.text())
)
def test_no_header_however_odd_is_an_error(headers):
    waited = wait_asked_for(headers)
    assert waited is None or 0 <= waited <= 3600


# ------------------------------------------------------------------------------------------------- what was said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": {"message": "too long"}}', "too long"),
        ('{"error": "too long"}', "too long"),
        ('{"detail": "too long"}', "too long"),
        ('{"message": "too long"}', "too long"),
        ('[{"error": {"message": "too long"}}]', "too long"),
        ("<html>\n <h1>502</h1></html>", "<html> <h1>502</h1></html>"),
        ("", ""),
    ],
)
def test_an_error_is_said_in_the_servers_words(body, said):
    assert error_message(body) == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "message", "code", "type"]), inner)
    ),
    max_leaves=8,
)


@given(body=JSON.map(json.dumps) | st.text(), status=st.integers(300, 599))
def test_any_error_body_comes_to_a_trouble_that_can_be_stored(body, status):
    trouble = refused(status, body)
    assert len(trouble.message) < 600
    assert trouble.message.encode()
    assert all(word.isascii() or word for word in error_codes(body))


def test_halves_of_characters_in_a_message_are_replaced():
    assert error_message('{"error": {"message": "bad \\ud800 luck"}}') == "bad ? luck"
