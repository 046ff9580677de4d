from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from core.simulator.budget import IGNORABLE, BadRequest, read_asked
from core.simulator.request import read_request

FIELDS = ["model", "messages", "n", "stream", "stream_options", *IGNORABLE]
PARTS = ["role", "content", "type", "text", "effort", "budget_tokens", "max_tokens", "google", "thinking_config", "x"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["user", "enabled"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6))
def test_any_json_is_understood_or_refused(fields):
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields}
    try:
        request = read_request(json.dumps(body).encode())
        asked = read_asked(request.body, "\n".join(request.texts))
    except BadRequest:
        return
    assert request.prompt_tokens > 0
    assert asked.cap is None or asked.cap > 0


def test_prompt_tokens_stay_within_a_token_a_byte_and_64_a_message():
    for texts in (["", ""], ["\U0001f600" * 50], ["word " * 1000, "x"]):
        messages = [{"role": "user", "content": text} for text in texts]
        request = read_request(json.dumps({"model": "m", "messages": messages}).encode())
        assert request.prompt_tokens <= sum(len(text.encode()) + 64 for text in texts)
