"""The table of problems: how far each is, how accuracy grows over its budgets, what most of its samples answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.bars import bar, strip
from tui.widgets.budgets import DOLLARS, in_dollars, power
from tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.progress import ConditionRow
    from tui.snapshots.run import ProblemStanding

_BAR = 8
_ANSWER = 9
_MOST_WITH_GAPS = 16
"""Conditions that a strip has room for with a gap between each."""


def problem_columns(conditions: Sequence[ConditionRow]) -> list[Column[ProblemStanding]]:
    """The columns, with a strip as long as the run has conditions."""
    gap = " " if len(conditions) <= _MOST_WITH_GAPS else ""
    cells = max(len(conditions) * (1 + len(gap)) - len(gap), 7)
    return [
        Column("problem", 12, _name, lambda one: one.strip.key, right=False, stretches=12),
        Column("progress", _BAR, _progress, _done, right=False, gives_way=4),
        Column("", cells, lambda one: strip(one.shares, gap), right=False, gives_way=1, head=_head(conditions, cells)),
        Column("leads", _ANSWER, _leads, gives_way=3),
        Column("truth", _ANSWER + 2, _truth),
        Column("solved", 6, lambda one: Text(amounts.share(one.strip.solved), "strong"), lambda one: one.strip.solved),
        Column("tokens", 7, _tokens, lambda one: one.strip.completion_tokens, gives_way=6),
        Column("overrun", 7, _overrun, lambda one: one.strip.overrun, gives_way=2),
        Column("$", DOLLARS, _dollars, lambda one: one.strip.billed_pico, gives_way=5),
        Column("fail", 4, _failed, lambda one: one.strip.failed or None, gives_way=7),
    ]


def _head(conditions: Sequence[ConditionRow], cells: int) -> Text:
    """The ends of the strip named: 2⁴ ──▸ 2¹¹."""
    if not conditions:
        return Text()
    first, last = power(conditions[0].budget), power(conditions[-1].budget)
    dashes = cells - len(first) - len(last) - 3
    if dashes < 1 or len(conditions) == 1:
        return Text("strip"[:cells], "label")
    return Text(f"{first} {'─' * dashes}▸ {last}", "label")


def _name(one: ProblemStanding) -> Text:
    return Text(visible_line(one.strip.key, 60), "strong")


def _done(one: ProblemStanding) -> float:
    sums = one.strip
    return sums.kept / sums.planned if sums.planned else 1.0


def _progress(one: ProblemStanding) -> Text:
    sums = one.strip
    return bar(_BAR, [(sums.kept, "good"), (sums.failed, "bad")], sums.planned)


def _leads(one: ProblemStanding) -> Text:
    if not one.leaders:
        return Text("" if one.leaders is None else amounts.NOTHING, "frame")
    leader = one.leaders[0]
    if len(one.leaders) > 1:
        return Text(f"{len(one.leaders)} tie", "label")
    return Text(visible_line(leader.answer, 40), "good" if leader.right else "bad")


def _truth(one: ProblemStanding) -> Text:
    text = Text(visible_line(one.strip.truth, 40), "plain")
    text.truncate(_ANSWER, overflow="ellipsis")
    if not one.leaders:
        return text.append("  ")
    right = len(one.leaders) == 1 and one.leaders[0].right
    return text.append(" ✓" if right else " ✗", "good" if right else "bad")


def _tokens(one: ProblemStanding) -> Text:
    """Where the source of an imported run has not said them, a dash."""
    untold = one.strip.kept > 0 and not one.strip.completion_tokens
    return Text(amounts.tokens(None if untold else one.strip.completion_tokens), "plain")


def _overrun(one: ProblemStanding) -> Text:
    return Text(amounts.times(one.strip.overrun), "plain" if one.strip.overrun is not None else "frame")


def _dollars(one: ProblemStanding) -> Text:
    if not one.priced:
        return Text(UNPRICED, "warn")
    return Text(in_dollars(one.strip.billed_pico), "plain")


def _failed(one: ProblemStanding) -> Text:
    return Text(f"{one.strip.failed:,}", "bad") if one.strip.failed else Text(amounts.NOTHING, "frame")
