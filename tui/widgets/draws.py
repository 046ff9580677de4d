"""The table of draws: what each answered, whether that is right, what it took, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import dollars
from core.visible import visible_line
from core.vocabulary import Fate
from tui.pages import amounts
from tui.widgets.answers import overrun
from tui.widgets.budgets import power
from tui.widgets.events import clock
from tui.widgets.table import Column

if TYPE_CHECKING:
    from core.store.draw_rows import DrawRow
    from tui.look import Ink

_FATES: dict[Fate, tuple[str, Ink]] = {
    Fate.RIGHT: ("✓ right", "good"),
    Fate.WRONG: ("✗ wrong", "bad"),
    Fate.NO_ANSWER: ("✗ no answer", "bad"),
    Fate.CUT: ("✗ cut", "votes"),
    Fate.UNGRADED: ("not graded", "label"),
    Fate.FAILED: ("failed", "bad"),
}


def draw_columns(*, labels: bool, notes: bool) -> list[Column[DrawRow]]:
    """The columns, with the label where there are several, and with notes where there is any."""
    columns: list[Column[DrawRow]] = []
    if labels:
        columns.append(
            Column(
                "model", 10, lambda one: Text(visible_line(one.label, 40), "plain"), lambda one: one.label, right=False
            )
        )
    columns += [
        Column("budget", 6, lambda one: Text(power(one.budget), "strong"), _asked, right=False),
        Column("draw", 6, lambda one: Text(f"{one.draw:,}", "strong"), lambda one: one.draw),
        Column("answer", 10, _answer, lambda one: one.answer),
        Column("verdict", 11, lambda one: fate(one.fate), lambda one: one.fate, right=False),
        Column("tokens", 7, _tokens, lambda one: one.completion_tokens),
        Column("overrun", 7, lambda one: overrun(_ran_over(one)), _ran_over, gives_way=3),
        Column("time", 6, lambda one: _known(one.seconds, amounts.duration(one.seconds)), lambda one: one.seconds),
        Column("$", 7, _dollars, lambda one: one.billed_pico, gives_way=1),
        Column("finish", 8, _finish, lambda one: one.finish_reason, right=False, gives_way=5),
        Column("tries", 5, _tries, lambda one: one.attempts, gives_way=4),
        Column("at", 8, lambda one: Text(clock(one.at), "label"), lambda one: one.at, gives_way=6),
    ]
    if notes:
        columns.append(Column("note", 20, _note, right=False, gives_way=2, stretches=400))
    return columns


def draw_words(one: DrawRow) -> str:
    """What a draw is filtered by: answer, verdict, how it ended, why it failed."""
    return " ".join(filter(None, (one.answer, one.fate, one.finish_reason, one.note)))


def fate(value: Fate) -> Text:
    """What a draw counts as, a sign with the word."""
    return Text(*_FATES[value])


def _asked(one: DrawRow) -> float | None:
    return one.budget if isinstance(one.budget, int) else None


def _ran_over(one: DrawRow) -> float | None:
    asked = _asked(one)
    return one.completion_tokens / asked if asked and one.completion_tokens is not None else None


def _known(value: object, said: str) -> Text:
    return Text(amounts.NOTHING, "frame") if value is None else Text(said, "plain")


def _answer(one: DrawRow) -> Text:
    if one.answer is None:
        return Text(amounts.NOTHING, "frame")
    return Text(visible_line(one.answer, 40), "good" if one.fate is Fate.RIGHT else "plain")


def _tokens(one: DrawRow) -> Text:
    if one.completion_tokens is None:
        return Text(amounts.NOTHING, "frame")
    return Text(f"{one.completion_tokens:,}{'~' if one.estimated else ''}", "plain")


def _dollars(one: DrawRow) -> Text:
    if one.sample_id is None:
        return Text(amounts.NOTHING, "frame")
    return Text(dollars(one.billed_pico).removeprefix("$")[:7], "warn" if one.billed_pico is None else "plain")


def _finish(one: DrawRow) -> Text:
    return Text(visible_line(one.finish_reason or amounts.NOTHING, 20), "votes" if one.fate is Fate.CUT else "label")


def _note(one: DrawRow) -> Text:
    return Text(visible_line(one.note or "", 400), "label")


def _tries(one: DrawRow) -> Text:
    return Text(str(one.attempts), "warn" if one.attempts > 1 else "label")
