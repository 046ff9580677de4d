"""The frozen records that every layer speaks, with their units: tokens, seconds, picodollars.

A *problem* is asked under a *condition* (label x control x budget); the two make a *cell*; a cell has numbered *draws*;
each request for a draw is an *attempt*; a draw that came back whole is a *sample*, and a *grade* says what it answered.
Owns the words only: nothing here reads a file, a clock or a network. Derived facts are properties, so that they cannot
disagree with their source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

PICO = 10**12
"""Picodollars in a dollar: money is counted in these whole numbers, never in floats."""

SIMULATOR_MARK = "thinktop-simulator"
"""How the fingerprint of every reply of the built-in simulator starts, so that a run can say what it is."""

Budget = int | str | None
"""Tokens asked for, or an effort level, or None where nothing is asked (control `none`)."""


class Control(StrEnum):
    """How a model is asked to think for a budget."""

    PROMPT = "prompt"
    EFFORT = "effort"
    MAX_TOKENS = "max_tokens"
    THINKING_BUDGET = "thinking_budget"
    EXTRA_BODY = "extra_body"
    NONE = "none"


class State(StrEnum):
    """Where a run stands. `INTERRUPTED` is what a reader makes of a working state whose sampler is gone."""

    PLANNED = "planned"
    RUNNING = "running"
    OUTAGE = "outage"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    CAPPED = "capped"
    FINISHED = "finished"


class Fate(StrEnum):
    """What a draw that is not owed any more counts as; each is one of these."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_ANSWER = "no answer"
    CUT = "cut"
    """Ended by the token cap: wrong, whatever was read out of it."""
    UNGRADED = "ungraded"
    """By the run's current grader, not yet."""
    FAILED = "failed"
    """Given up: it brought no sample."""


class Outcome(StrEnum):
    """What became of an attempt, and so what it may have cost."""

    IN_FLIGHT = "in flight"
    """Reserved and perhaps sent; no reply yet. Found by a later sampler, it becomes `UNKNOWN`."""
    KEPT = "kept"
    """A whole reply with usage (or priced at its reservation): billed."""
    WITHDRAWN = "withdrawn"
    """Reserved but never sent (a pause or a stop came first): not billed."""
    UNREACHED = "unreached"
    """Could not connect: not billed; the endpoint is out."""
    BUSY = "busy"
    """429, too many requests: not billed."""
    REFUSED = "refused"
    """A whole 4xx: not billed."""
    BROKEN = "broken"
    """A whole 5xx: presumed not billed, unless the endpoint's `errors_billed` says otherwise."""
    UNKNOWN = "unknown"
    """Possibly billed, the reply was lost: counted at its full reservation until settled."""
    SETTLED = "settled"
    """Was unknown; a person has said what it cost."""


class Verdict(StrEnum):
    """What a grader makes of a sample's answer."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_ANSWER = "no answer"
    """Nothing that could be read, or several candidates: never a number, and no vote."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with a known answer."""

    id: str
    question: str
    answer: str
    cluster: str | None = None
    """Problems of the same cluster belong together (a contest, a chapter): the intervals treat them so."""
    difficulty: float | None = None
    """0 easy .. 1 hard, where the source knows; only the simulator looks at it."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens as decimal strings, exact; or dollars per hour of a server of one's own."""

    input: str | None = None
    output: str | None = None
    cached_input: str | None = None
    per_hour: str | None = None
    tiers: tuple[PriceTier, ...] = ()
    """Long-context tiers, by rising threshold: a request whose input passes one is priced by it as a whole."""
    source: str = "config"
    """Where it comes from: `config`, or the price list with its version."""


@dataclass(frozen=True, slots=True)
class PriceTier:
    """What a request costs whose input is above a threshold; dollars per million tokens as decimal strings."""

    above_input_tokens: int
    input: str
    output: str
    cached_input: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One point of a curve: a configured model, asked in one way for one budget."""

    label: str
    model: str
    endpoint: str
    """The endpoint's name in the config; its address is part of the plan's identity."""
    control: Control
    budget: Budget
    token_cap: int
    """Completion tokens at most, sent with every request: what a reservation is priced by."""
    prompt: str
    """The user message, with `{problem}` still to be filled in; the budget already is."""
    system: str | None
    body: str
    """Canonical JSON of the other request fields: the token cap, the control's, the config's."""
    price: Price | None = None
    """None is unpriced, never free."""

    @property
    def budget_tokens(self) -> int | None:
        """Tokens asked for; None where the budget is an effort level or nothing was asked."""
        return self.budget if isinstance(self.budget, int) else None

    def __str__(self) -> str:
        """`o1-mini 2048`, for messages."""
        return self.label if self.budget is None else f"{self.label} {self.budget}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A problem under a condition, with the draws planned there."""

    id: int
    """Its row in the store; 0 for a cell that is not stored yet."""
    problem: Problem
    condition: Condition
    planned: int


@dataclass(frozen=True, slots=True)
class Draw:
    """One independent sample planned in a cell, numbered from 0."""

    cell: Cell
    number: int

    def __str__(self) -> str:
        """`2024-I-7 · o1-mini 2048 · draw 3`, for messages."""
        return f"{self.cell.problem.id} · {self.cell.condition} · draw {self.number}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as billed for one request."""

    prompt_tokens: int
    completion_tokens: int
    """Everything generated, reasoning included, wherever the server reports it."""
    cached_tokens: int = 0
    """The part of the prompt that was billed at the cached price."""
    reasoning_tokens: int | None = None
    """The part of the completion that was hidden thinking; None where the server does not say."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer from a server, as it reported it."""

    text: str
    reasoning: str | None
    """The thinking that the server showed, where it does."""
    finish_reason: str | None
    usage: Usage | None
    """None where the server gave none: then priced at the reservation and marked estimated."""
    model: str | None
    fingerprint: str | None
    request_id: str | None
    seconds: float
    """From sending to the last byte."""


@dataclass(frozen=True, slots=True)
class Grade:
    """The answer read out of a sample, and whether it is right."""

    answer: str | None
    verdict: Verdict
    note: str = ""
    """Why there is no answer, in a few words."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server, as configured: how to reach it and how hard it may be asked. Holds a key's name, never a key."""

    name: str
    base_url: str | None
    """None is the built-in simulator, whose address is its name."""
    api_key_env: str | None = None
    timeout_s: float = 1800.0
    """From sending to the last byte of one attempt; a true deadline."""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    max_concurrency: int | None = None
    token_cap_field: str = "max_completion_tokens"  # noqa: S105 - a field's name, no secret
    stream: bool = False
    errors_billed: bool = False
    """Whether a whole 5xx may be billed here: then its reservation is kept as unknown."""
    headers: tuple[tuple[str, str], ...] = ()
    organization: str | None = None
    project: str | None = None
    proxy: str | None = None
    ca_bundle: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether answers from here are the built-in simulator's."""
        return self.base_url is None

    @property
    def address(self) -> str:
        """What makes it the same endpoint: its URL, or the simulator's name."""
        return "simulator" if self.base_url is None else self.base_url.rstrip("/")
