"""The table of a problem's answers: under each condition how often each was given, the truth marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.budgets import power
from tui.widgets.table import Column

if TYPE_CHECKING:
    from core.store.one_problem import ProblemCell

_MOST = 40
"""Answers that are spelt out at most; there is never room for more."""
_ANSWER = 24
"""Characters of an answer."""


def answer_columns(*, labels: bool, only: int | None) -> list[Column[ProblemCell]]:
    """The columns, with the label where there are several; `only` is the condition that the draws are narrowed to."""
    columns: list[Column[ProblemCell]] = []
    if labels:
        columns.append(Column("model", 10, lambda one: Text(visible_line(one.label, 40), "plain"), _label, right=False))
    return [
        *columns,
        Column(
            "budget",
            6,
            lambda one: Text(power(one.budget), "key" if one.condition_id == only else "strong"),
            _asked,
            right=False,
        ),
        Column("draws", 9, _draws, lambda one: one.sums.kept),
        Column("solved", 6, _solved, lambda one: one.share),
        Column("answers", 22, _answers, right=False, stretches=400),
        Column("tokens", 6, _tokens, lambda one: one.mean_tokens),
        Column("overrun", 7, _overrun, lambda one: one.overrun, gives_way=2),
        Column("$", 7, _dollars, lambda one: one.sums.billed_pico, gives_way=3),
        Column("fail", 4, _failed, lambda one: one.sums.failed or None, gives_way=4),
    ]


def _label(one: ProblemCell) -> str:
    return one.label


def _asked(one: ProblemCell) -> float | None:
    return one.budget if isinstance(one.budget, int) else None


def _draws(one: ProblemCell) -> Text:
    whole = one.sums.kept >= one.sums.planned
    return Text.assemble((f"{one.sums.kept:,}", "plain"), (f"/{one.sums.planned:,}", "good" if whole else "label"))


def _solved(one: ProblemCell) -> Text:
    return Text(amounts.share(one.share), "strong" if one.share is not None else "frame")


def _answers(one: ProblemCell) -> Text:
    """The most frequent first, each with how often it was given; then the draws without a vote."""
    parts = [
        Text.assemble(
            (visible_line(counted.answer, _ANSWER), "good" if counted.right else "plain"),
            (f" {amounts.TIMES}{counted.votes:,}", "votes"),
            (" ✓", "good") if counted.right else "",
        )
        for counted in one.answers[:_MOST]
    ]
    if one.unanswered:
        parts.append(Text.assemble(("no vote", "label"), (f" {amounts.TIMES}{one.unanswered:,}", "label")))
    return Text("  ").join(parts) if parts else Text(amounts.NOTHING, "frame")


def _tokens(one: ProblemCell) -> Text:
    return Text(amounts.tokens(one.mean_tokens), "plain" if one.sums.kept else "frame")


def _overrun(one: ProblemCell) -> Text:
    return overrun(one.overrun)


def overrun(value: float | None) -> Text:
    """Tokens used per token asked for; beyond twice as many they are worth an eye."""
    if value is None:
        return Text(amounts.NOTHING, "frame")
    return Text(amounts.times(value), "votes" if value > 2 else "plain")  # noqa: PLR2004 - twice, as above


def _dollars(one: ProblemCell) -> Text:
    if not one.priced:
        return Text(UNPRICED[:7], "warn")
    return Text(dollars(one.sums.billed_pico).removeprefix("$"), "plain")


def _failed(one: ProblemCell) -> Text:
    return Text(f"{one.sums.failed:,}", "bad") if one.sums.failed else Text(amounts.NOTHING, "frame")
