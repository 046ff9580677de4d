"""The two lines over a figure: whose it is, how it is drawn, and what its numbers come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.heading import ends
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.progress import RunRow
    from tui.snapshots.curves import HeldRun

_NAME = 34


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a figure is drawn."""

    figure: str
    number: int
    """Its place among the figures, from 1."""
    of: int
    x: str
    """What the horizontal axis is, in a word; empty where it cannot be another."""
    linear: bool
    label: str | None
    """The one label that is shown; None is all."""
    labels: int
    """How many there are to choose from."""


class CurvesHead(Lines):
    """Two lines."""

    DEFAULT_CSS: ClassVar[str] = "CurvesHead { height: 2; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="head")
        self._runs: Sequence[RunRow] = ()
        self._held: Sequence[HeldRun] = ()
        self._drawn: Drawn | None = None
        self._reading = 0

    def show(self, runs: Sequence[RunRow], held: Sequence[HeldRun], drawn: Drawn, reading: int) -> None:
        """Show these; `reading` is how many samples are about to be read."""
        self._runs, self._held, self._drawn, self._reading = runs, held, drawn, reading
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """Whose the figure is; how it is drawn, and what it comes from."""
        del height
        if self._drawn is None:
            return [Text("reading the store", "label")]
        return [
            ends([Text("thinktop", "key"), *self._names()], self._mark(), width),
            ends(_choices(self._drawn), [self._source(width)], width),
        ]

    def _names(self) -> list[Text]:
        """Each run, with a mark of its own where it is imported, or only some are simulated."""
        some = len({run.simulated for run in self._runs}) > 1
        names = []
        for run in self._runs:
            name = Text(visible_line(run.name, _NAME), "strong")
            if some and run.simulated:
                name.append(" ").append(" SIMULATED ", "simulated")
            if run.imported:
                name.append(" ").append("IMPORTED", "label")
            names.append(name)
        return names

    def _mark(self) -> list[Text]:
        if self._runs and all(run.simulated for run in self._runs):
            return [Text(" SIMULATED ", "simulated")]
        # Names may be cut off where there are many; that some are simulated must not be.
        return [Text(" SOME SIMULATED ", "simulated")] if any(run.simulated for run in self._runs) else []

    def _source(self, width: int) -> Text:
        """Where the numbers come from, and as of when."""
        if self._reading:
            return Text(f"reading {amounts.counted(self._reading, 'sample')}", "warn")
        if not self._held:
            return Text()
        counted = sum(one.samples for one in self._held)
        published = not counted and all(one.read.run.imported for one in self._held)
        samples = "published points" if published else amounts.counted(counted, "sample")
        wide = width >= 100  # noqa: PLR2004 - room for a sentence
        if all(one.exact for one in self._held):
            source = Text.assemble((f"{'every one of ' if wide and counted else ''}{samples}", "label"))
        else:
            source = Text.assemble(("from sums" if wide else "sums", "votes"), (f" of {samples}", "label"))
            source.append(" · ", "frame").append("r", "key").append(" reads them" if wide else " reads", "label")
        oldest = min(one.clock for one in self._held)
        source.append(" · ", "frame").append(f"{'as of ' if wide else ''}{oldest}", "label")
        if any(one.gone_on for one in self._held):
            source.append(" · ", "frame").append("more since: ", "warn").append("r", "key")
        return source


def _choices(drawn: Drawn) -> list[Text]:
    number = f" {drawn.number}/{drawn.of}" if drawn.of > 1 else ""
    parts = [
        Text.assemble((drawn.figure, "strong"), (number, "label")),
        Text.assemble(
            ("x ", "label"),
            (f"{drawn.x} " if drawn.x else "", "asked"),
            ("linear" if drawn.linear else "log", "plain"),
        ),
    ]
    if drawn.labels > 1:
        parts.append(
            Text.assemble(
                ("model ", "label"), ("all" if drawn.label is None else visible_line(drawn.label, 20), "plain")
            )
        )
    return parts
