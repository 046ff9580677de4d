"""Bytes of a 200 to a whole reply: or else to a trouble in doubt, and never to an exception or an invented answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.endpoint.outcomes import Then, Trouble
from core.endpoint.replies import read_reply, read_usage
from core.vocabulary import Outcome, Reply, Usage


def body(message=None, usage=None, **fields):
    choice = {"index": 0, "message": {"content": "4"} if message is None else message, "finish_reason": "stop"}
    whole = {"model": "m", "choices": [choice], "usage": usage, **fields}
    return json.dumps({name: value for name, value in whole.items() if value is not None}, ensure_ascii=False).encode()


def read(raw, stream=False):
    return read_reply(raw, stream=stream, seconds=1.0, request_id="r")


def events(*chunks, done=True, end="\n\n"):
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}{end}" for chunk in chunks] + ["data: [DONE]\n\n"] * done
    return "".join(lines).encode()


def piece(text=None, finish=None, **delta):
    return {"model": "m", "choices": [{"delta": {"content": text, **delta}, "finish_reason": finish}]}


USAGE = {"prompt_tokens": 10, "completion_tokens": 5}


def is_in_doubt(came):
    return isinstance(came, Trouble) and (came.outcome, came.then) == (Outcome.UNKNOWN, Then.DOUBT)


def test_a_whole_reply_is_read():
    raw = body({"content": "4", "reasoning_content": "2 and 2"}, USAGE, system_fingerprint="fp")
    assert read(raw) == Reply("4", "2 and 2", "stop", Usage(10, 5), "m", "fp", "r", 1.0)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "4"}, "4"),
        ({"content": ""}, ""),
        ({"content": None}, ""),
        ({}, ""),
        ({"content": [{"type": "text", "text": "4"}, {"type": "image"}, {"type": "text", "text": "2"}]}, "42"),
        ({"content": [None, 3, {"text": None}]}, ""),
        ({"content": 4}, ""),
    ],
)
def test_a_text_comes_as_a_string_or_in_parts_or_not_at_all_and_is_kept_all_the_same(message, text):
    came = read(body(message, USAGE))
    assert isinstance(came, Reply)
    assert came.text == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"<html><body>welcome</body></html>",
        b"<!DOCTYPE html>",
        b"\xff\xfe\xfa",
        b"{",
        b"null",
        b"[]",
        b"4",
        b'"text"',
        b"{}",
        b'{"choices": null}',
        b'{"choices": []}',
        b'{"choices": [null]}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": {"message": {}}}',
        b'{"error": {"message": "overloaded"}}',
        b"[" * 100_000,
        b"9" * 5000,
        b'{"choices": [{"message": {"content": "4"}',
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_no_completion_is_in_doubt(raw, stream):
    assert is_in_doubt(read(raw, stream))


def test_an_error_page_is_called_one():
    assert "HTML" in read(b"\n <html>").message


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_are_an_error(raw, stream):
    assert isinstance(read(raw, stream), (Reply, Trouble))


KEYS = [
    *("choices", "message", "delta", "content", "usage", "prompt_tokens", "completion_tokens", "total_tokens"),
    *("reasoning_content", "finish_reason", "model", "completion_tokens_details", "reasoning_tokens", "text"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)
CHOICES = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({}, optional={"message": JSON, "delta": JSON, "finish_reason": JSON}))},
    optional={"usage": JSON, "model": JSON, "system_fingerprint": JSON},
)


@given(JSON | CHOICES)
def test_no_json_is_an_error_and_what_is_kept_can_be_stored(value):
    for came in (read(json.dumps(value).encode()), read(events(value), stream=True)):
        if isinstance(came, Reply):
            assert (came.model or "").encode() is not None
            assert (came.finish_reason or "").encode() is not None
            assert came.usage is None or came.usage.completion_tokens >= (came.usage.reasoning_tokens or 0)
        else:
            assert is_in_doubt(came)


# ------------------------------------------------------------------------------------------------------ usage


@pytest.mark.parametrize(
    ("usage", "read_as"),
    [
        (None, None),
        ([], None),
        ({}, None),
        ({"prompt_tokens": 10}, None),
        ({"prompt_tokens": 10, "completion_tokens": None}, None),
        ({"prompt_tokens": 10, "completion_tokens": -5}, None),
        ({"prompt_tokens": 10, "completion_tokens": True}, None),
        ({"prompt_tokens": 10, "completion_tokens": "5"}, None),
        ({"prompt_tokens": 10, "completion_tokens": 10**12}, None),
        (USAGE, Usage(10, 5)),
        ({**USAGE, "completion_tokens_details": None, "prompt_tokens_details": None}, Usage(10, 5)),
        ({**USAGE, "completion_tokens_details": {"reasoning_tokens": None}}, Usage(10, 5)),
        ({**USAGE, "completion_tokens_details": {"reasoning_tokens": 3}}, Usage(10, 5, 0, 3)),
        ({**USAGE, "completion_tokens_details": {"reasoning_tokens": 0}}, Usage(10, 5, 0, 0)),
        ({**USAGE, "reasoning_tokens": 3}, Usage(10, 5, 0, 3)),
        ({**USAGE, "prompt_tokens_details": {"cached_tokens": 8}}, Usage(10, 5, 8)),
        ({**USAGE, "prompt_tokens_details": {"cached_tokens": 80}}, Usage(10, 5, 10)),
        ({**USAGE, "prompt_cache_hit_tokens": 4}, Usage(10, 5, 4)),
        ({**USAGE, "total_tokens": 15}, Usage(10, 5)),
        ({**USAGE, "total_tokens": 3}, Usage(10, 5)),
    ],
)
def test_usage_is_read_as_billed_or_not_believed(usage, read_as):
    assert read_usage(usage) == read_as


@pytest.mark.parametrize(
    "usage",
    [
        {**USAGE, "total_tokens": 115},
        {**USAGE, "total_tokens": 115, "completion_tokens_details": {"reasoning_tokens": 100}},
        {**USAGE, "completion_tokens_details": {"reasoning_tokens": 100}},
        {**USAGE, "reasoning_tokens": 100},
    ],
)
def test_thinking_that_is_counted_beside_the_completion_is_billed_with_it(usage):
    assert read_usage(usage).completion_tokens == 105


# ----------------------------------------------------------------------------------------------------- streams


def test_a_stream_is_joined():
    raw = events(piece("The ", reasoning="hm"), piece("answer"), piece(finish="stop"), {"choices": [], "usage": USAGE})
    assert read(raw, stream=True) == Reply("The answer", "hm", "stop", Usage(10, 5), "m", None, "r", 1.0)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_line_separators_within_a_text_do_not_break_a_stream(separator):
    came = read(events(piece(f"a{separator}b"), piece(finish="stop")), stream=True)
    assert isinstance(came, Reply)
    assert came.text == f"a{separator}b"


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r", "\n: a comment\n\n"])
def test_a_stream_may_end_its_lines_as_it_likes(end):
    came = read(events(piece("4"), piece(finish="stop"), end=end), stream=True)
    assert isinstance(came, Reply)
    assert came.text == "4"


def test_a_stream_without_usage_is_kept_without_usage():
    came = read(events(piece("4", "stop")), stream=True)
    assert isinstance(came, Reply)
    assert came.usage is None


@pytest.mark.parametrize(
    "raw",
    [
        events(piece("The ans"), done=False),
        events(piece("The ans"), done=True),
        events(piece("The ans"), done=False)[:-10],
        events({"error": {"message": "overloaded"}}),
        b"data: [DONE]\n\n",
        b"data: 4\n\n",
    ],
)
def test_a_stream_that_was_cut_is_in_doubt_and_no_answer(raw):
    assert is_in_doubt(read(raw, stream=True))


def test_a_server_that_does_not_stream_though_asked_to_is_read_all_the_same():
    came = read(body(usage=USAGE), stream=True)
    assert isinstance(came, Reply)
    assert came.usage == Usage(10, 5)


def test_halves_of_characters_in_names_are_replaced():
    came = read(b'{"model": "\\ud800", "choices": [{"message": {"content": "\\udfff"}, "finish_reason": "a\\udc80"}]}')
    assert (came.model, came.finish_reason) == ("?", "a?")
