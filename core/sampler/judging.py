"""The judge: a second model that reads an answer out, at its own price and against the same cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.grading.judge import ask, read_verdict
from core.sampler.requests import Request, sendable

if TYPE_CHECKING:
    from core.plan import Judge
    from core.vocabulary import Grade, Problem, Reply


def judge_request(judge: Judge, problem: Problem, text: str) -> Request:
    """The request that has a judge copy the final answer out of a text. The judge never sees the truth."""
    content = sendable(ask(problem.question, text, template=judge.prompt))
    return Request(
        endpoint=judge.endpoint,
        model=judge.model,
        body={
            "model": judge.model,
            "messages": [{"role": "user", "content": content}],
            judge.token_cap_field: judge.token_cap,
        },
        price=judge.price,
        prompt_bytes=len(content.encode()),
        messages=1,
        token_cap=judge.token_cap,
    )


def judged(judge: Judge, reply: Reply, truth: str) -> Grade:
    """What the judge's reply comes to."""
    return read_verdict(reply.text, truth, judge.spec)
