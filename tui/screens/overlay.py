"""Which runs lie in one figure: a small list over the screen, in which runs are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from core.visible import visible_line
from tui.screens.dialogs import Dialog
from tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.store.progress import RunRow

_MOST_LINES = 14


class Overlay(Dialog[tuple[int, ...]]):
    """The answer is the runs that are marked, in the order in which they were; None leaves all as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,m", "mark", "mark", show=False),
        Binding("o", "done", "done", show=False),
    ]

    def __init__(self, runs: Sequence[RunRow], marked: Sequence[int]) -> None:
        said = Text.assemble(
            ("space", "key"), (" marks or unmarks a run   ", "label"), ("enter", "key"), (" shows them   ", "label"),
            ("esc", "key"), (" leaves it", "label"),
        )  # fmt: skip
        super().__init__("Runs in one figure", said)
        self._choices = tuple(reversed(runs))
        self._marked = list(marked)

    def answers(self) -> ComposeResult:
        """The runs, newest first."""
        columns: list[Column[RunRow]] = [
            Column("", 1, self._mark, right=False),
            Column("run", 20, lambda run: Text(visible_line(run.name, 60), "plain"), right=False, stretches=30),
            Column("state", 11, lambda run: Text(run.state, "label"), right=False, gives_way=1),
            Column("", 9, _simulated, right=False, gives_way=2),
        ]
        table = Table(columns, identity=lambda run: run.id, id="runs")
        table.styles.border = ("none", "black")
        table.styles.margin = (1, 0, 0, 0)
        table.styles.height = min(len(self._choices) + 1, _MOST_LINES)
        yield table

    def on_mount(self) -> None:
        """Begin at the first run that is marked."""
        table = self.query_one(Table)
        table.set_rows(self._choices)
        if self._marked:
            table.point_at(self._marked[0])
        table.focus()

    def action_mark(self) -> None:
        """Mark the run under the cursor, or take the mark away."""
        table = self.query_one(Table)
        run = table.pointed
        if run is None:
            return
        if run.id in self._marked:
            self._marked.remove(run.id)
        else:
            self._marked.append(run.id)
        table.redraw()

    @on(Table.Chosen)
    def action_done(self) -> None:
        """Show what is marked; where nothing is, the run under the cursor."""
        pointed = self.query_one(Table).pointed
        alone = (pointed.id,) if pointed is not None else ()
        self.dismiss(tuple(self._marked) or alone)

    def _mark(self, run: RunRow) -> Text:
        return Text("●", "asked") if run.id in self._marked else Text("·", "frame")


def _simulated(run: RunRow) -> Text:
    if run.imported and not run.simulated:
        return Text("IMPORTED", "label")
    return Text("SIMULATED" if run.simulated else "", "warn")
