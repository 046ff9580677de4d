"""Tables of the requests that have not ended, and of those that may have been billed without a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.clock import seconds_since
from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.budgets import power
from tui.widgets.events import clock
from tui.widgets.table import Column

if TYPE_CHECKING:
    from core.store.flights import Doubt, Flight
    from tui.look import Ink

_LATE = 0.8
"""Share of its time from which on a request is worth an eye."""


def flight_columns(*, labels: bool) -> list[Column[Flight]]:
    """What is out, since when, and when it is given up."""
    label: list[Column[Flight]] = [Column("model", 14, _label, lambda one: one.label, right=False)] if labels else []
    return [
        *label,
        Column("problem", 14, _problem, lambda one: one.problem, right=False, stretches=30),
        Column("budget", 6, lambda one: Text(power(one.budget), "plain"), right=False),
        Column("draw", 5, lambda one: Text(f"{one.draw}", "plain"), lambda one: one.draw),
        Column("for", 6, lambda one: Text(one.purpose, "label"), right=False, gives_way=1),
        Column("age", 7, _age, lambda one: one.reserved_at),
        Column("given up in", 11, _left),
        Column(
            "attempt",
            7,
            lambda one: Text(f"{one.number}", "warn" if one.number > 1 else "plain"),
            lambda one: one.number,
        ),
        Column("at most $", 9, lambda one: _dollars(one.reserved_pico), lambda one: one.reserved_pico),
    ]


def doubt_columns(*, labels: bool) -> list[Column[Doubt]]:
    """What may have been billed, what for, and what happened to it."""
    label: list[Column[Doubt]] = (
        [Column("model", 14, _label, lambda one: one.label, right=False, gives_way=2)] if labels else []
    )
    return [
        Column("attempt", 8, lambda one: Text(f"{one.id}", "label"), lambda one: one.id),
        *label,
        Column("problem", 14, _problem, lambda one: one.problem, right=False),
        Column("budget", 6, lambda one: Text(power(one.budget), "plain"), right=False),
        Column("draw", 5, lambda one: Text(f"{one.draw}", "plain"), lambda one: one.draw),
        Column(
            "lost", 8, lambda one: Text(clock(one.lost_at), "label"), lambda one: one.lost_at, right=False, gives_way=1
        ),
        Column("at most $", 9, lambda one: _dollars(one.at_most_pico, "bad"), lambda one: one.at_most_pico),
        Column(
            "what happened", 16, lambda one: Text(visible_line(one.message, 300), "plain"), right=False, stretches=200
        ),
    ]


def _label(one: Flight | Doubt) -> Text:
    return Text(visible_line(one.label, 40), "plain")


def _problem(one: Flight | Doubt) -> Text:
    return Text(visible_line(one.problem, 60), "strong")


def _age(one: Flight) -> Text:
    return Text(amounts.duration(round(seconds_since(one.reserved_at))), "plain")


def _left(one: Flight) -> Text:
    if one.timeout_s is None:
        return Text(amounts.NOTHING, "frame")
    age = seconds_since(one.reserved_at)
    left = max(one.timeout_s - age, 0)
    return Text(amounts.duration(round(left)), "warn" if age > _LATE * one.timeout_s else "label")


def _dollars(pico: int | None, ink: Ink = "plain") -> Text:
    return Text(UNPRICED, "warn") if pico is None else Text(dollars(pico).removeprefix("$"), ink)
