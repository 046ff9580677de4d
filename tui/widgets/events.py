"""Events as a table and as one line: what happened to a run, newest first, in this machine's own time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.visible import visible_line
from tui.widgets.lines import Lines
from tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.events import Event
    from tui.look import Ink

_INKS: dict[str, Ink] = {
    "outage": "bad",
    "doubt": "bad",
    "failure": "bad",
    "warning": "warn",
    "wait": "warn",
    "retry": "warn",
    "pause": "warn",
    "start": "good",
    "end": "good",
    "wish": "asked",
}


def event_columns() -> list[Column[Event]]:
    """Time, kind and words."""
    return [
        Column("time", 8, lambda one: Text(clock(one.at), "label"), right=False),
        Column(
            "kind",
            8,
            lambda one: Text(visible_line(one.kind, 20), _INKS.get(one.kind, "plain")),
            right=False,
            gives_way=1,
        ),
        Column("what", 30, lambda one: Text(visible_line(one.text, 400), "plain"), right=False, stretches=400),
    ]


def clock(stamped: str) -> str:
    """A stored time as hours, minutes and seconds here."""
    return datetime.fromisoformat(stamped).astimezone().strftime("%H:%M:%S")


class Ticker(Lines):
    """The latest events on one line."""

    DEFAULT_CSS: ClassVar[str] = "Ticker { height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._events: Sequence[Event] = ()

    def show(self, events: Sequence[Event]) -> None:
        """Show these, newest first."""
        self._events = events
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """As many as there is room for; the newest is cut where even that is too long."""
        del height
        line = Text("", no_wrap=True)
        for event in self._events:
            said = Text.assemble(
                (clock(event.at), "label"), " ", (visible_line(event.text, width), _INKS.get(event.kind, "plain"))
            )
            if line.plain and line.cell_len + 3 + said.cell_len > width:
                break
            line.append("   " if line.plain else "").append_text(said)
        line.truncate(width, overflow="ellipsis")
        return [line]
