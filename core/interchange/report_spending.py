"""What a report says of money: the best budget and votes for a spend, where a little more goes furthest, what pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Column, Paragraph, Table
from core.interchange.report_words import amount, between, share, signed
from core.money import dollars
from core.vocabulary import PICO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.analysis.best_split import SplitRule
    from core.analysis.frontier import Frontier, Place
    from core.analysis.options import Basis, Option
    from core.analysis.payoff import Payoff
    from core.analysis.study import Study

UNITS: dict[Basis, tuple[str, str]] = {
    "dollars": ("${}", "dollars"),
    "tokens": ("{} tokens", "tokens"),
    "seconds_sequential": ("{} s", "seconds, votes one after another"),
    "seconds_parallel": ("{} s", "seconds, votes all at once"),
    "flops": ("{} FLOP", "FLOP"),
}
"""How an amount is written, and what it is of."""

_RATES: dict[Basis, tuple[float, str]] = {
    "dollars": (1.0, "points a dollar"),
    "tokens": (1000.0, "points per 1000 tokens"),
    "seconds_sequential": (1.0, "points a second"),
    "seconds_parallel": (1.0, "points a second"),
    "flops": (1e12, "points per TFLOP"),
}
"""Units of spending that a rate is said for, and the rate's name."""


def spending(study: Study) -> Iterator[Block]:
    """For each label with more than one option: its rule, its frontier, and what pays best where a value is given."""
    for one in study.labels:
        if one.payoff is not None:
            yield Paragraph(_pays(one.payoff), "finding", one.name)
        if one.splits is not None and one.splits.splits:
            yield _rule(one.name, one.splits)
        if one.frontier is not None and len(one.frontier.places) > 1:
            yield _frontier(one.name, one.frontier)


def spent(basis: Basis, value: float) -> str:
    """An amount with its unit."""
    return UNITS[basis][0].format(amount(value))


def _rule(name: str, rule: SplitRule) -> Table:
    rows = tuple(
        (
            spent(rule.basis, one.spend),
            _option(one.option),
            share(one.accuracy),
            "" if one.se is None else f"{100 * one.se:.1f}",
            spent(rule.basis, one.cost),
            f"{one.chosen_in} of {one.folds}",
        )
        for one in rule.splits
    )
    columns = (
        Column("spend a problem, at most", number=False),
        Column("ask for", number=False),
        Column("accuracy"),
        Column("± se"),
        Column("cost a problem"),
        Column("folds that agree"),
    )
    caption = f"What to ask {name} for at a given spend; accuracy and cost of choosing so, on problems held out"
    return Table(columns, rows, caption)


def _frontier(name: str, found: Frontier) -> Table:
    times, rate = _RATES[found.basis]
    rows = tuple(
        (
            _option(one.option),
            spent(found.basis, one.cost),
            share(one.accuracy),
            *_onward(one, times),
            "" if one.longer_pays_more is None else share(one.longer_pays_more),
        )
        for one in found.places
    )
    columns = (
        Column("ask for", number=False),
        Column("cost a problem"),
        Column("accuracy"),
        Column("then", number=False),
        Column(rate),
        Column("longer beats more votes"),
    )
    caption = (
        f"Where the next {UNITS[found.basis][1]} go: what {name} does best at each cost, what the step to the next "
        "brings, and in what share of resamples thinking longer brings more than more votes"
    )
    return Table(columns, rows, caption).trimmed


def _onward(place: Place, times: float) -> tuple[str, str]:
    step = place.onward
    if step is None:
        return "", ""
    rate = f"{signed(100 * times * step.rate, 2)}{between(step.ci95, 100 * times, 2)}"
    return _option(step.end), rate


def _pays(payoff: Payoff) -> str:
    cost = dollars(round(payoff.cost_usd * PICO))
    net = f"{'-' if payoff.net_usd < 0 else ''}{dollars(round(abs(payoff.net_usd) * PICO))}"
    return (
        f"where a right answer is worth {dollars(round(payoff.value_usd * PICO))}, {_option(payoff.option)} pays best: "
        f"{share(payoff.accuracy)} right for {cost} a problem, {net} net, in {share(payoff.agrees)} of resamples"
    )


def _option(option: Option) -> str:
    """`2048`, with votes `2048, 8 votes`."""
    budget = "no budget" if option.budget is None else str(option.budget)
    return budget if option.votes == 1 else f"{budget}, {option.votes} votes"
