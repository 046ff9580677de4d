"""What the simulator received and what it billed: the exact truth that a client's books can be held against.

Counts are exact for any number of requests; the list of single bills stops at `BILLS_KEPT` and says how many it left
out. Holds no texts, no prompts, no headers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.vocabulary import Usage

BILLS_KEPT = 200_000
"""Bills listed one by one; about 150 bytes of memory each."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request is about, as far as the books care: requests alike in this are draws of one cell."""

    model: str
    problem: str
    budget: int | str | None
    cap: int | None


class Ledger:
    """The simulator's books."""

    def __init__(self, bills_kept: int = BILLS_KEPT) -> None:
        self._bills_kept = bills_kept
        self._received: Counter[Asking] = Counter()
        self._billed: Counter[Asking] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._prompt_tokens = self._completion_tokens = self._requests_billed = 0
        self._bills: list[tuple[str, Asking, Usage, str]] = []
        self._peak = 0
        self.in_flight = 0
        self.received = 0
        """Well-formed chat requests with the right key, so far."""

    def arrive(self, asking: Asking) -> int:
        """Which request of its cell this one is, from 0; it is in flight until `leave`."""
        before = self._received[asking]
        self._received[asking] = before + 1
        self.received += 1
        self.in_flight += 1
        self._peak = max(self._peak, self.in_flight)
        return before

    def leave(self, outcome: str) -> None:
        """Take a request out of flight, and note what became of it."""
        self.in_flight -= 1
        self._outcomes[outcome] += 1

    def turn_away(self, outcome: str) -> None:
        """Note a request that never got as far as being asked something: wrong key, bad body."""
        self._outcomes[outcome] += 1

    def bill(self, request_id: str, asking: Asking, usage: Usage, outcome: str) -> None:
        """Put a request on the bill."""
        self._billed[asking] += 1
        self._requests_billed += 1
        self._prompt_tokens += usage.prompt_tokens
        self._completion_tokens += usage.completion_tokens
        if len(self._bills) < self._bills_kept:
            self._bills.append((request_id, asking, usage, outcome))

    def seen(self, asking: Asking) -> bool:
        """Whether such a request was billed before, so that its prompt may be cached."""
        return asking in self._billed

    def as_json(self, *, bills: bool = True) -> dict[str, Any]:
        """The books as plain data; without the single bills where those are not wanted."""
        listed = self._bills if bills else []
        return {
            "requests": self._outcomes.total() + self.in_flight,
            "received": self.received,
            "in_flight": self.in_flight,
            "peak_in_flight": self._peak,
            "outcomes": dict(self._outcomes),
            "billed": {
                "requests": self._requests_billed,
                "prompt_tokens": self._prompt_tokens,
                "completion_tokens": self._completion_tokens,
            },
            "cells": [
                {**_plain(asking), "received": received, "billed": self._billed[asking]}
                for asking, received in self._received.items()
            ],
            "bills": [
                {
                    "id": request_id,
                    **_plain(asking),
                    "outcome": outcome,
                    "prompt_tokens": usage.prompt_tokens,
                    "completion_tokens": usage.completion_tokens,
                    "cached_tokens": usage.cached_tokens,
                    "reasoning_tokens": usage.reasoning_tokens,
                }
                for request_id, asking, usage, outcome in listed
            ],
            "bills_left_out": self._requests_billed - len(listed),
        }


def _plain(asking: Asking) -> dict[str, Any]:
    return {"model": asking.model, "problem": asking.problem, "budget": asking.budget, "cap": asking.cap}
