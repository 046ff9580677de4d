"""The table of a draw's requests, and the whole message of one of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.pages.document import Document
from tui.widgets.events import clock
from tui.widgets.table import Column

if TYPE_CHECKING:
    from core.store.samples import AttemptRow
    from tui.look import Ink

_INKS: dict[str, Ink] = {"kept": "good", "unknown": "bad", "settled": "votes", "in flight": "asked"}
_MESSAGE_LINES = 8
_MESSAGE = 4000
"""Characters of a message."""


def request_columns(*, priced: bool) -> list[Column[AttemptRow]]:
    """When, what for, how it ended, what was reserved and billed."""
    return [
        Column("request", 8, lambda one: Text(f"{one.id:,}", "strong"), lambda one: one.id),
        Column("for", 5, lambda one: Text(one.purpose, "plain"), lambda one: one.purpose, right=False),
        Column("try", 3, lambda one: Text(str(one.number), "warn" if one.number > 1 else "plain")),
        Column("at", 8, lambda one: Text(clock(one.reserved_at), "label"), lambda one: one.reserved_at),
        Column("took", 6, _took, gives_way=2),
        Column("outcome", 10, _outcome, lambda one: one.outcome, right=False),
        Column("HTTP", 4, lambda one: Text(str(one.status or amounts.NOTHING), "plain" if one.status else "frame")),
        Column(
            "reserved", 8, lambda one: _dollars(one, one.reserved_pico, priced=priced), lambda one: one.reserved_pico
        ),
        Column("billed", 8, lambda one: _dollars(one, one.billed_pico, priced=priced), lambda one: one.billed_pico),
        Column(
            "message",
            8,
            lambda one: Text(visible_line(one.message, 400), "label"),
            right=False,
            gives_way=1,
            stretches=400,
        ),
    ]


def message_of(one: AttemptRow, width: int) -> list[Text]:
    """What a server or the network said of a request, and the server's name for it, as lines."""
    lines = [
        Text.assemble(
            (f"request {one.id:,}", "strong"), ("  the server calls it ", "label"), visible_line(one.request_id, 80)
        )
        if one.request_id
        else Text(f"request {one.id:,}", "strong")
    ]
    if one.message:
        said = Document(one.message[:_MESSAGE])
        rows = said.rows_from(0, _MESSAGE_LINES, max(width - 4, 1))
        lines += [Text("".join(said.shown(row)), "bad" if one.outcome == "unknown" else "plain") for row in rows]
    return lines


def _took(one: AttemptRow) -> Text:
    if one.ended_at is None:
        return Text(amounts.NOTHING, "frame")
    span = datetime.fromisoformat(one.ended_at) - datetime.fromisoformat(one.reserved_at)
    return Text(amounts.duration(max(span.total_seconds(), 0.0)), "plain")


def _outcome(one: AttemptRow) -> Text:
    return Text("in doubt" if one.outcome == "unknown" else one.outcome, _INKS.get(one.outcome, "warn"))


def _dollars(one: AttemptRow, pico: int, *, priced: bool) -> Text:
    if not priced and one.purpose == "ask":
        return Text(UNPRICED, "warn")
    return Text(dollars(pico).removeprefix("$"), "plain") if pico else Text(amounts.NOTHING, "frame")
