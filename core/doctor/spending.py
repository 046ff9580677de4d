"""Checks that cost money: a few tiny requests that tell whether a model answers and obeys. No part of any run.

For each label: one problem at the lowest and at the highest budget, and once under a very small token cap. One pair
proves nothing about a control; it shows a field that is refused, and hints at one that is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.controls import field_name
from core.doctor.finding import bad, good, note
from core.endpoint.outcomes import Trouble
from core.money import UNPRICED, dollars
from core.plan import extremes
from core.prices import cost
from core.sampler.requests import bound_of, request_for
from core.visible import visible_line
from core.vocabulary import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.doctor.finding import Finding
    from core.endpoint.client import Client
    from core.plan import Plan
    from core.sampler.requests import Request
    from core.vocabulary import Condition, Json, Usage

SMALL_CAP = 16
"""Completion tokens; most servers take no less."""
HINT = 1.2
"""Tokens at the highest budget over those at the lowest that hint at a control that is obeyed."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to send."""

    condition: Condition
    request: Request
    body: Mapping[str, Json]
    small: bool
    """Whether it is the one under a small cap."""


def probes(plan: Plan) -> list[Probe]:
    """The requests that a plan is to be tried with: for each label its extremes, then a small cap."""
    pairs = {low.label: (low, high) for low, high in extremes([one.condition for one in plan.planned])}
    by_label: dict[str, list[Condition]] = {}
    for one in plan.planned:
        by_label.setdefault(one.condition.label, []).append(one.condition)
    fields = {endpoint.name: endpoint.token_cap_field for endpoint in plan.endpoints}
    problem = plan.problems[0]
    found = []
    for label, conditions in by_label.items():
        for condition in dict.fromkeys(pairs.get(label, (conditions[0], conditions[-1]))):
            request = request_for(condition, problem)
            found.append(Probe(condition, request, request.body, small=False))
        low = pairs.get(label, (conditions[0],))[0]
        request = request_for(low, problem)
        found.append(Probe(low, request, {**request.body, fields[low.endpoint]: SMALL_CAP}, small=True))
    return found


def worst_case(plan: Plan) -> int | None:
    """Picodollars that the probes cost at most; None where some model has no price."""
    timeouts = {endpoint.name: endpoint.timeout_s for endpoint in plan.endpoints}
    asked = probes(plan)
    if any(probe.request.price is None for probe in asked):
        return None
    return sum(bound_of(probe.request, timeouts[probe.request.endpoint]).pico for probe in asked)


async def check_by_spending(plan: Plan, clients: Mapping[str, Client]) -> list[Finding]:
    """What the probes show, one after another, and what they have cost."""
    timeouts = {endpoint.name: endpoint.timeout_s for endpoint in plan.endpoints}
    found: list[Finding] = []
    tokens: dict[str, list[tuple[Condition, int]]] = {}
    spent, in_doubt, unpriced = 0, 0, False
    for probe in probes(plan):
        came = await clients[probe.request.endpoint].complete(probe.body, timeouts[probe.request.endpoint])
        name = visible_line(f"{probe.condition}{f' under a cap of {SMALL_CAP}' if probe.small else ''}", 100)
        if isinstance(came, Trouble):
            in_doubt += came.outcome == "unknown"
            words = visible_line(came.message, 300)
            found.append(bad("request", f"{name}: {words}", "mend what the message names, then try again"))
            continue
        paid = _paid(probe, came.usage)
        unpriced, spent = unpriced or paid is None, spent + (paid or 0)
        if came.usage is None:
            found.append(note("request", f"{name}: answered without usage", "tokens and cost can only be estimated"))
            continue
        used = came.usage.completion_tokens
        if probe.small:
            found.append(_cap_finding(name, used))
        else:
            tokens.setdefault(probe.condition.label, []).append((probe.condition, used))
            found.append(
                good("request", f"{name}: {used:,} completion tokens in {came.seconds:.1f} s, {dollars(paid)}")
            )
    found += _controls(tokens)
    total = f"{dollars(spent)} and what is {UNPRICED}" if unpriced and spent else dollars(None if unpriced else spent)
    if plan.simulated:
        total += " (SIMULATED)"
    found.append(good("spent", f"{total}{f'; {in_doubt} requests may have been billed too' if in_doubt else ''}"))
    return found


def _paid(probe: Probe, usage: Usage | None) -> int | None:
    """Picodollars of a reply; None where no price by the token or no usage tells."""
    price = probe.request.price
    return None if price is None or price.per_hour is not None or usage is None else cost(price, usage)


def _cap_finding(name: str, used: int) -> Finding:
    if used <= SMALL_CAP:
        return good("token cap", f"{name}: {used} tokens, so the cap is honoured")
    advice = 'set token_cap_field of this endpoint to the other of "max_completion_tokens" and "max_tokens"'
    return bad(
        "token cap", f"{name}: {used:,} tokens, so this server ignores the cap that bounds what is spent", advice
    )


def _controls(tokens: Mapping[str, list[tuple[Condition, int]]]) -> Iterator[Finding]:
    """For each label with two budgets: whether the higher one used more."""
    for label, used in tokens.items():
        if len(used) < 2 or used[0][0].control in (Control.NONE, Control.MAX_TOKENS):  # noqa: PLR2004 - a pair
            continue
        (low, few), (high, many) = used
        text = (
            f"{visible_line(label, 80)}: {few:,} tokens at {low.budget}, {many:,} at {high.budget} "
            f"({field_name(low.control)})"
        )
        if many >= HINT * max(few, 1):
            yield good("control", f"{text}: it seems to be obeyed")
        else:
            advice = "one problem is no proof; the first draws of a run test it, and say so"
            yield note("control", f"{text}: perhaps it is ignored", advice)
