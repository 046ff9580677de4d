"""What follows from the numbers of a study, in sentences for a person: verdicts first, then what explains them.

A line is a word that says what it is about, and a sentence. Everything here is in `thinktop curve --json` too.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, NamedTuple

from rich.table import Table

from core.visible import visible_line
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.analysis.crossover import Crossover
    from core.analysis.options import Basis, Option
    from core.analysis.study import LabelStudy, Study

_ABOUT = 9
_NAME = 40
_FEW_DOLLARS = 0.01


class Line(NamedTuple):
    """One finding."""

    about: str
    words: str
    strong: bool = False


def findings(study: Study) -> Iterator[Line]:
    """All that there is to say of a study, the verdicts of its labels first."""
    several = len(study.labels) > 1
    for verdict in study.verdicts:
        name = f"{visible_line(verdict.name, _NAME)}: " if several else ""
        yield Line(verdict.over, f"{name}{verdict.words}", strong=True)
        yield from (Line("", reason) for reason in verdict.reasons)
    if study.margin_chosen_late:
        yield Line("margin", f"{100 * study.margin:g} points, chosen after the results: no test of what was planned")
    for label in study.labels:
        name = f"{visible_line(label.name, _NAME)}: " if several else ""
        yield from (Line(line.about, f"{name}{line.words}") for line in _of_label(label))
    yield from (Line("compared", _crossing(one)) for one in study.crossovers)
    yield from (Line("training", trade.words) for trade in study.trades)


def table_of(lines: Iterable[Line]) -> Table:
    """The lines as they are printed: what each is about, then its sentence, broken where the terminal ends."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=_ABOUT, style=LABEL)
    table.add_column()
    for line in lines:
        table.add_row(line.about, plain(line.words, STRONG if line.strong else "", None))
    return table


def _of_label(label: LabelStudy) -> Iterator[Line]:
    for line in label.lines:
        fit = "" if line.r2 is None else f", R² {line.r2:.2f}"
        yield Line("straight", f"accuracy = {line.intercept:.3f} + {line.slope:.4f} log2(tokens){fit}")
    heard = label.listening
    if heard is not None:
        between = "" if heard.ci95 is None else f" [{heard.ci95[0]:.2f}, {heard.ci95[1]:.2f}]"
        where = ""
        if heard.low is not None and heard.high is not None:
            where = f"; listens from {heard.low:,} to {heard.high:,}"
        elif heard.ci95 is not None:
            where = "; listens nowhere for sure"
        yield Line("asked", f"twice the tokens asked for, 2^{heard.slope:.2f}{between} times the tokens used{where}")
    paid = label.payoff
    if paid is not None:
        yield Line(
            "pays best",
            f"{_option(paid.option)} at {spend(paid.value_usd, 'dollars')} a right answer: "
            f"{spend(paid.net_usd, 'dollars')} a problem, in {paid.agrees:.0%} of resamples",
        )


def _crossing(one: Crossover) -> str:
    first, second = (visible_line(name, _NAME) for name in (one.first, one.second))
    if one.spend is None or one.overtaker is None:
        reach = f"between {spend(one.low, one.basis)} and {spend(one.high, one.basis)} a problem"
        return f"{first} and {second} do not cross {reach}"
    ends = (None, None) if one.ci95 is None else one.ci95
    low, high = (end and spend(end, one.basis) for end in ends)
    between = f" [{low or 'from the start'}, {high or 'maybe not at all'}]" if one.ci95 else ""
    other = second if one.overtaker == one.first else first
    return f"{visible_line(one.overtaker, _NAME)} overtakes {other} at {spend(one.spend, one.basis)}{between} a problem"


def _option(option: Option) -> str:
    votes = "" if option.votes == 1 else f" with {option.votes} votes"
    return f"{amounts.budget(option.budget)}{votes}"


def spend(value: float, basis: Basis) -> str:
    """An amount of what is spent: `$0.13`, `2^13.4 tokens`, `41s`, `1e+14 FLOP`."""
    if basis == "dollars":
        sign = "-" if value < 0 else ""
        return f"{sign}${abs(value):,.2f}" if abs(value) >= _FEW_DOLLARS or not value else f"{sign}${abs(value):.2g}"
    if basis == "tokens":
        return f"2^{log2(value):.1f} tokens" if value > 0 else "0 tokens"
    return f"{value:.1e} FLOP" if basis == "flops" else amounts.duration(value)
