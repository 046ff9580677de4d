"""What a plan would cost, before a cent is spent: requests, tokens, dollars, time, and what a cap would cut.

Two figures for everything that costs: what is expected, from earlier runs where there are any and from a stated rule
where there are none, and the worst case, which is the sum of the reservations. Pure: what is owed and what was observed
come in as values; nothing here reads a store or prints.

The hard thing is the cut. The sampler goes breadth-first and stops at the first draw whose reservation does not fit
beside what was spent before it, so which draws are left out depends on the order. It is found without walking the
draws: between two draw numbers at which some cell starts or ends, all rounds cost the same, and how many fit is a
division.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from core.prices import cost, cost_of_time, prompt_bound, reservation
from core.vocabulary import Budget, Condition, Control, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BYTES_PER_TOKEN = 4
"""Of English prose and formulas, roughly; the worst case does not lean on it."""

TOKENS_PER_SECOND = 50
"""How fast a model is taken to write where none was watched: hosted reasoning models do 30 to 150."""

PROMPT_OVERRUN = 8
"""Tokens used per token that words ask for: o1-mini's sweep of 2^4 .. 2^11 had a median of 8.5."""

LEAST_TOKENS = 400
"""What an answer takes however little was asked for: o1-mini used 363 when asked for 16."""

Key = tuple[str, Control, Budget]
"""What an earlier run has to share to be a guide: the model, the control and the budget."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What earlier draws of the same model, control and budget took."""

    draws: int
    completion_tokens: float
    """Mean, as billed."""
    seconds: float
    """Mean, from sending to the last byte."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The draws of one cell that are still to be asked: those from `first` up to, without, `stop`."""

    condition: Condition
    prompt_bytes: int
    """UTF-8 bytes of the messages of one request."""
    messages: int
    first: int
    stop: int
    timeout_s: float
    """What bounds a price by the hour."""

    @property
    def draws(self) -> int:
        """How many they are."""
        return max(self.stop - self.first, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is left to spend, and how hard to ask."""

    max_concurrency: int
    cap_pico: int | None = None
    """Picodollars left under the cap: what was spent and what is in doubt already taken off."""
    cap_tokens: int | None = None
    """Tokens left under the cap, input and output."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one condition would take."""

    condition: Condition
    requests: int
    prompt_tokens: int
    """Expected."""
    completion_tokens: int
    """Expected."""
    expected_pico: int | None
    """None is unpriced."""
    worst_pico: int | None
    """The sum of its reservations; None is unpriced."""
    seconds: float
    """Its part of the whole time, with all slots busy."""
    observed: int
    """Earlier draws that this rests on; 0 is an assumption."""
    fit_expected: int | None
    """Draws that fit under the cap at the expected cost; None where an unpriced model keeps that from being known."""
    fit_worst: int | None
    """Draws that fit under the cap if each cost its reservation."""

    @property
    def assumed(self) -> bool:
        """Whether a rule stands in for earlier runs."""
        return self.observed == 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan would take in all, and by condition in the order of the plan."""

    shares: tuple[Share, ...]
    peak_reserved_pico: int | None
    """Set aside at once at most, if there were no cap: as many of the dearest requests as may be in flight."""

    @property
    def requests(self) -> int:
        """Requests, if none has to be repeated."""
        return sum(share.requests for share in self.shares)

    @property
    def prompt_tokens(self) -> int:
        """Expected input tokens."""
        return sum(share.prompt_tokens for share in self.shares)

    @property
    def completion_tokens(self) -> int:
        """Expected output tokens."""
        return sum(share.completion_tokens for share in self.shares)

    @property
    def expected_pico(self) -> int | None:
        """Expected cost; None as soon as one condition is unpriced."""
        return _sum(share.expected_pico for share in self.shares)

    @property
    def worst_pico(self) -> int | None:
        """Cost if every request took all it reserves; None as soon as one condition is unpriced."""
        return _sum(share.worst_pico for share in self.shares)

    @property
    def seconds(self) -> float:
        """Expected time, with all slots busy and no limit by the minute."""
        return sum(share.seconds for share in self.shares)

    @property
    def cut_expected(self) -> tuple[Condition, ...]:
        """The conditions that the cap leaves short of draws at the expected cost."""
        return tuple(one.condition for one in self.shares if _short(one.fit_expected, one.requests))

    @property
    def cut_worst(self) -> tuple[Condition, ...]:
        """The conditions that the cap leaves short of draws if each costs its reservation."""
        return tuple(one.condition for one in self.shares if _short(one.fit_worst, one.requests))


def estimate(owed: Sequence[Owed], observed: Mapping[Key, Observed], limits: Limits) -> Estimate:
    """What the draws owed would take, by condition and in all; no request is assumed to be repeated.

    Args:
        owed: Cells in the order of the plan.
        observed: Earlier draws by model, control and budget.
        limits: What is left under the caps, and the concurrency.
    """
    in_flight = max(1, min(limits.max_concurrency, sum(cell.draws for cell in owed)))
    needs = [_need(cell, _guide(cell.condition, observed), in_flight) for cell in owed]
    fit_expected = _fit(owed, needs, limits, worst=False)
    fit_worst = _fit(owed, needs, limits, worst=True)
    rows: dict[Condition, list[int]] = {}
    for row, cell in enumerate(owed):
        rows.setdefault(cell.condition, []).append(row)
    shares = []
    for condition, own in rows.items():
        guide = _guide(condition, observed)
        requests = sum(owed[row].draws for row in own)
        shares.append(
            Share(
                condition=condition,
                requests=requests,
                prompt_tokens=sum(needs[row].prompt_tokens * owed[row].draws for row in own),
                completion_tokens=guide.tokens * requests,
                expected_pico=_sum(_times(needs[row].expected_pico, owed[row].draws) for row in own),
                worst_pico=_sum(_times(needs[row].reserved_pico, owed[row].draws) for row in own),
                seconds=guide.seconds * requests / in_flight,
                observed=guide.draws,
                fit_expected=None if fit_expected is None else sum(fit_expected[row] for row in own),
                fit_worst=None if fit_worst is None else sum(fit_worst[row] for row in own),
            )
        )
    return Estimate(tuple(shares), _peak(owed, needs, limits.max_concurrency))


def assumed_tokens(condition: Condition) -> int:
    """Completion tokens expected of a draw that nothing is known of; never above the token cap.

    Words in the prompt: eight times the tokens asked for, at least 400. A thinking budget: itself and 400 for the
    answer. A token cap: all of it. An effort level or nothing asked: a quarter of the cap.
    """
    asked, cap = condition.budget_tokens, condition.token_cap
    if asked is None:
        return -(-cap // 4)
    match condition.control:
        case Control.PROMPT:
            return min(max(PROMPT_OVERRUN * asked, LEAST_TOKENS), cap)
        case Control.THINKING_BUDGET | Control.EXTRA_BODY:
            return min(asked + LEAST_TOKENS, cap)
        case _:
            return min(asked, cap)


@dataclass(frozen=True, slots=True)
class _Guide:
    """What one draw of a condition is expected to take, and how many earlier ones say so."""

    draws: int
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Need:
    """What one draw of a cell takes: as expected, and as reserved."""

    prompt_tokens: int
    expected_pico: int | None
    reserved_pico: int | None
    expected_tokens: int
    reserved_tokens: int


@dataclass(frozen=True, slots=True)
class _Purse:
    """Something that runs out: what a draw of each cell takes from it, and what has to be in it before."""

    taken: Sequence[int]
    asked: Sequence[int]
    left: int


def _guide(condition: Condition, observed: Mapping[Key, Observed]) -> _Guide:
    seen = observed.get((condition.model, condition.control, condition.budget))
    if seen is None or seen.draws == 0:
        tokens = assumed_tokens(condition)
        return _Guide(0, tokens, tokens / TOKENS_PER_SECOND)
    return _Guide(seen.draws, min(round(seen.completion_tokens), condition.token_cap), seen.seconds)


def _need(cell: Owed, guide: _Guide, in_flight: int) -> _Need:
    price, cap = cell.condition.price, cell.condition.token_cap
    prompt_tokens = -(-cell.prompt_bytes // BYTES_PER_TOKEN)
    expected = reserved = None
    if price is not None:
        reserved = reservation(price, cell.prompt_bytes, cell.messages, cap, timeout_s=cell.timeout_s)
        if price.per_hour is None:
            expected = cost(price, Usage(prompt_tokens, guide.tokens))
        else:
            # With all slots busy, each request bears its part of the server's time.
            expected = min(cost_of_time(price, guide.seconds / in_flight), reserved)
    bound = prompt_bound(cell.prompt_bytes, cell.messages) + cap
    return _Need(prompt_tokens, expected, reserved, prompt_tokens + guide.tokens, bound)


def _fit(owed: Sequence[Owed], needs: Sequence[_Need], limits: Limits, *, worst: bool) -> list[int] | None:
    """Draws of each cell that the caps leave room for; None where a cap in dollars meets an unpriced model."""
    purses = []
    if limits.cap_pico is not None:
        asked = [need.reserved_pico for need in needs if need.reserved_pico is not None]
        taken = [need.expected_pico for need in needs if need.expected_pico is not None]
        if len(asked) < len(needs):
            return None
        purses.append(_Purse(asked if worst else taken, asked, limits.cap_pico))
    if limits.cap_tokens is not None:
        asked = [need.reserved_tokens for need in needs]
        taken = [need.expected_tokens for need in needs]
        purses.append(_Purse(asked if worst else taken, asked, limits.cap_tokens))
    return _breadth_first(owed, purses)


def _breadth_first(owed: Sequence[Owed], purses: Sequence[_Purse]) -> list[int]:
    """Draws of each cell before the first that does not fit: draw 0 of every cell, then draw 1 ..."""
    fit = [0] * len(owed)
    left = [purse.left for purse in purses]
    for rounds, cells in _stretches(owed):
        whole = rounds
        for purse, rest in zip(purses, left, strict=True):
            whole = _whole_rounds(purse, rest, cells, whole)
        for cell in cells:
            fit[cell] += whole
        left = [
            rest - whole * sum(purse.taken[cell] for cell in cells) for purse, rest in zip(purses, left, strict=True)
        ]
        if whole == rounds:
            continue
        for cell in cells:  # the round that is cut: some draw of it does not fit, and nothing after that is asked
            if any(purse.asked[cell] > rest for purse, rest in zip(purses, left, strict=True)):
                return fit
            fit[cell] += 1
            left = [rest - purse.taken[cell] for purse, rest in zip(purses, left, strict=True)]
    return fit


def _stretches(owed: Sequence[Owed]) -> Iterator[tuple[int, list[int]]]:
    """Runs of rounds in which the same cells owe a draw: how many rounds, and the cells' places in `owed`."""
    edges = sorted({edge for cell in owed for edge in (cell.first, cell.stop)})
    for start, end in pairwise(edges):
        cells = [row for row, cell in enumerate(owed) if cell.first <= start and end <= cell.stop]
        if cells:
            yield end - start, cells


def _whole_rounds(purse: _Purse, left: int, cells: Sequence[int], rounds: int) -> int:
    """Of so many rounds, those in which every draw finds what it asks for in the purse."""
    before = deepest = 0
    for cell in cells:
        deepest = max(deepest, before + purse.asked[cell])
        before += purse.taken[cell]
    if deepest > left:
        return 0
    return min(rounds, (left - deepest) // before + 1) if before else rounds


def _peak(owed: Sequence[Owed], needs: Sequence[_Need], slots: int) -> int | None:
    """Picodollars reserved by as many of the dearest draws owed as there are slots."""
    priced = [(need.reserved_pico, cell.draws) for need, cell in zip(needs, owed, strict=True) if cell.draws]
    dearest = sorted(((pico, draws) for pico, draws in priced if pico is not None), reverse=True)
    if len(dearest) < len(priced):
        return None
    peak, free = 0, slots
    for pico, draws in dearest:
        taken = min(draws, free)
        peak += pico * taken
        free -= taken
    return peak


def _short(fit: int | None, requests: int) -> bool:
    return fit is not None and fit < requests


def _times(pico: int | None, draws: int) -> int | None:
    return None if pico is None else pico * draws


def _sum(parts: Iterable[int | None]) -> int | None:
    """The sum; None as soon as one part is not known."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
