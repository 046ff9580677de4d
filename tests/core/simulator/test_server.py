from __future__ import annotations

import asyncio
from collections import Counter

import httpx2
import openai
import pytest


async def test_a_reply_has_openais_shape_and_the_books_agree(served):
    async with served() as simulator:
        raw = await simulator.client.chat.completions.with_raw_response.create(
            model="o1-mini", messages=[{"role": "user", "content": "What is 3 + 3, modulo 1000? About 1024 tokens."}]
        )
        reply = raw.parse()
        books = await simulator.ledger()
    assert raw.headers["x-request-id"].startswith("req_")
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model == "o1-mini"
    assert reply.system_fingerprint.startswith("thinktop-simulator-")
    usage = reply.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert 0 < usage.completion_tokens_details.reasoning_tokens < usage.completion_tokens
    assert usage.completion_tokens_details.reasoning_tokens % 64 == 0
    assert usage.prompt_tokens_details.cached_tokens == 0
    assert books["bills"] == [
        {
            "id": reply.id,
            "model": "o1-mini",
            "problem": "p3",
            "budget": 1024,
            "cap": None,
            "outcome": "answered",
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cached_tokens": 0,
            "reasoning_tokens": usage.completion_tokens_details.reasoning_tokens,
        }
    ]
    assert books["billed"] == {
        "requests": 1,
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
    }


async def test_repeated_requests_are_independent_draws_and_a_second_run_repeats_them(served):
    runs = []
    for _ in range(2):
        async with served(seed=5) as simulator:
            replies = [await simulator.ask() for _ in range(20)]
        runs.append(Counter((r.choices[0].message.content, r.usage.completion_tokens) for r in replies))
    assert len(runs[0]) == 20
    assert runs[0] == runs[1]


async def test_another_seed_makes_other_draws(served):
    texts = set()
    for seed in (1, 2):
        async with served(seed=seed) as simulator:
            texts.add((await simulator.ask()).choices[0].message.content)
    assert len(texts) == 2


async def test_cells_that_differ_in_their_cap_alone_are_independent_too(served):
    async with served() as simulator:
        replies = [await simulator.ask(max_completion_tokens=cap) for cap in (30_000, 31_000, 32_000)]
    assert len({reply.choices[0].message.content for reply in replies}) == 3


async def test_a_stream_carries_the_text_of_a_plain_reply_and_ends_with_its_usage(served):
    async with served() as simulator:
        plain = await simulator.ask()
    async with served() as simulator:
        stream = await simulator.ask(stream=True, stream_options={"include_usage": True})
        chunks = [chunk async for chunk in stream]
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == plain.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage == plain.usage
    assert len({c.id for c in chunks}) == 1


async def test_a_stream_without_include_usage_has_none(served):
    async with served() as simulator:
        chunks = [chunk async for chunk in await simulator.ask(stream=True)]
    assert all(chunk.usage is None for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_a_cap_cuts_the_reply(served):
    async with served() as simulator:
        reply = await simulator.ask(max_completion_tokens=50)
        books = await simulator.ledger()
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage.completion_tokens == 50
    assert books["cells"][0]["cap"] == 50


async def test_an_ignored_effort_changes_nothing(served):
    async def used(simulator, effort):
        return sum([(await simulator.ask(words="", reasoning_effort=effort)).usage.completion_tokens for _ in range(9)])

    async with served() as obedient, served(ignore=("reasoning_effort",)) as deaf:
        assert await used(obedient, "high") > 3 * await used(obedient, "low")
        assert 0.5 < await used(deaf, "high") / await used(deaf, "low") < 2


async def test_the_problems_own_tokens_are_no_budget(served, problems):
    question = "A game costs about 12 tokens. How many tokens do 3 games cost?"
    one = (type(problems[0])("game", question, "36"),)
    async with served(problems=one) as simulator:
        await simulator.ask(one[0], words="Think for about 64 tokens.")
        await simulator.ask(one[0], words="", reasoning_effort="low")
        books = await simulator.ledger()
    assert [cell["budget"] for cell in books["cells"]] == [64, "low"]


async def test_a_wrong_key_is_refused_and_kept_nowhere(served):
    async with served() as simulator:
        stranger = simulator.client.with_options(api_key="sim-wrong")
        with pytest.raises(openai.AuthenticationError):
            await stranger.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
        with pytest.raises(openai.AuthenticationError):
            await stranger.models.list()
        books = await simulator.ledger()
    assert books["outcomes"] == {"wrong key": 2}
    assert books["billed"]["requests"] == books["received"] == 0
    assert "sim-wrong" not in str(books)
    assert simulator.address.api_key not in str(books)


async def test_models_are_those_that_are_served(served):
    async with served(models=("o1-mini", "o3")) as simulator:
        assert [model.id async for model in simulator.client.models.list()] == ["o1-mini", "o3"]
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            await simulator.ask(model="gpt-9")
        books = await simulator.ledger()
    assert books["outcomes"] == {"unknown model": 1}


async def test_an_unknown_path_is_404(served):
    async with served() as simulator:
        with pytest.raises(openai.NotFoundError, match="Invalid URL"):
            await simulator.client.embeddings.create(model="m", input="x")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[]",
        b'{"messages": [{"role": "user", "content": "Hi"}]}',
        b'{"model": "m"}',
        b'{"model": "m", "messages": []}',
        b"[" * 100_000,
        b'{"model": "m", "messages": ["Hi"]}',
        b'{"model": "m", "messages": [{"role": "user", "content": 3}]}',
        b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "n": [2]}',
        b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 0}',
        b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream_options": 3, "n": 2}',
    ],
)
async def test_a_bad_body_is_400_with_the_reason_and_is_not_billed(served, body):
    async with served() as simulator, httpx2.AsyncClient() as http:
        key = {"authorization": f"Bearer {simulator.address.api_key}"}
        reply = await http.post(f"{simulator.address.base_url}/chat/completions", content=body, headers=key)
        books = await simulator.ledger()
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]
    assert books["outcomes"] == {"bad request": 1}


async def test_content_in_parts_is_understood(served, problems):
    async with served() as simulator:
        parts = [{"type": "text", "text": "About 64 tokens."}, {"type": "text", "text": problems[4].question}]
        await simulator.client.chat.completions.create(model="m", messages=[{"role": "user", "content": parts}])
        books = await simulator.ledger()
    assert (books["cells"][0]["problem"], books["cells"][0]["budget"]) == ("p4", 64)


async def test_a_long_prompt_is_cached_the_second_time(served):
    async with served() as simulator:
        first, second = [await simulator.ask(words="Read this. " * 600) for _ in range(2)]
    assert first.usage.prompt_tokens_details.cached_tokens == 0
    assert 1024 <= second.usage.prompt_tokens_details.cached_tokens <= second.usage.prompt_tokens


async def test_the_books_count_what_is_in_flight_and_how_much_it_was(served):
    async with served(latency_s=0.4) as simulator, asyncio.TaskGroup() as group:
        for _ in range(7):
            group.create_task(simulator.ask())
        await asyncio.sleep(0.2)
        during = await simulator.ledger()
        await asyncio.sleep(0.4)
        after = await simulator.ledger("?bills=0")
    assert (during["in_flight"], during["billed"]["requests"]) == (7, 0)
    assert (after["in_flight"], after["peak_in_flight"]) == (0, 7)
    assert after["cells"] == [
        {"model": "o1-mini", "problem": "p0", "budget": 256, "cap": None, "received": 7, "billed": 7}
    ]
    assert (after["bills"], after["bills_left_out"]) == ([], 7)


async def test_a_client_that_leaves_is_billed_all_the_same(served):
    async with served(latency_s=0.2) as simulator:
        with pytest.raises(openai.APITimeoutError):
            await simulator.client.with_options(timeout=0.05).chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Hi"}]
            )
        await asyncio.sleep(0.3)
        books = await simulator.ledger()
    assert books["outcomes"] == {"client left": 1}
    assert books["billed"]["requests"] == 1


async def test_above_its_capacity_it_answers_429(served):
    async with served(latency_s=0.2, capacity=3, retry_after_s=2) as simulator:
        replies = await asyncio.gather(*(simulator.ask() for _ in range(5)), return_exceptions=True)
        books = await simulator.ledger()
    busy = [reply for reply in replies if isinstance(reply, openai.RateLimitError)]
    assert len(busy) == 2
    assert busy[0].response.headers["retry-after"] == "2"
    assert books["outcomes"] == {"answered": 3, "over capacity": 2}
    assert books["billed"]["requests"] == 3


async def test_above_its_rate_it_answers_429(served):
    async with served(capacity_per_s=2) as simulator:
        replies = await asyncio.gather(*(simulator.ask() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(reply, openai.RateLimitError) for reply in replies) == 2


async def test_it_takes_its_time(served):
    async with served(speed=100) as simulator:
        start = asyncio.get_running_loop().time()
        reply = await simulator.ask()
        took = asyncio.get_running_loop().time() - start
    due = (1 + reply.usage.completion_tokens / 150) / 100
    assert due <= took < due + 0.3


async def test_at_once_means_at_once(served):
    async with served() as simulator:
        times = []
        for _ in range(15):
            start = asyncio.get_running_loop().time()
            await simulator.ask()
            times.append(asyncio.get_running_loop().time() - start)
    assert min(times[1:]) < 0.03  # A delayed TCP acknowledgement alone takes 40 ms.


async def test_text_that_is_no_unicode_is_answered_all_the_same(served):
    async with served() as simulator, httpx2.AsyncClient() as http:
        key = {"authorization": f"Bearer {simulator.address.api_key}"}
        body = rb'{"model": "m\ud800", "messages": [{"role": "user", "content": "\udfff?"}]}'
        reply = await http.post(f"{simulator.address.base_url}/chat/completions", content=body, headers=key)
    assert reply.status_code == 200
