"""The judge: a second model that reads an answer out, at its own price and against the same cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.grading.judge import ask, read_verdict
from core.sampler.requests import Request, sendable

if TYPE_CHECKING:
    from core.grading import GradingSpec
    from core.vocabulary import Grade, Price, Problem, Reply


@dataclass(frozen=True, slots=True)
class Judge:
    """A configured judge model."""

    model: str
    endpoint: str
    prompt: str
    token_cap: int
    token_cap_field: str
    price: Price | None
    spec: GradingSpec


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
