"""The question what a new run is to start from: a config beside, the demo, or the config of an earlier run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - a field of a record
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from core.visible import visible_line
from tui.screens.dialogs import Said
from tui.widgets.filter import Filter
from tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.look import Ink


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a new run can start from."""

    kind: str
    """`file`, `demo` or `copy`."""
    title: str
    words: str
    path: Path | None = None
    run_id: int | None = None
    readable: bool = True


class PickConfig(ModalScreen[Source | None]):
    """A list; the answer is what was chosen of it, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "refuse", "none", show=False),
        Binding("slash", "filter", "filter", show=False),
    ]

    def __init__(self, sources: Sequence[Source]) -> None:
        super().__init__()
        self._sources = sources

    def compose(self) -> ComposeResult:
        """The list in a frame."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = Text("new run: start from")
            table: Table[Source] = Table(
                [
                    Column("", 5, lambda one: Text(one.kind, "label"), right=False),
                    Column("config", 26, _title, right=False),
                    Column("", 20, _words, right=False, stretches=200),
                ],
                identity=lambda one: (one.kind, one.title, one.run_id),
                words=lambda one: f"{one.kind} {one.title} {one.words}",
            )
            # Over the frame that a table has elsewhere.
            frame.styles.width, frame.styles.padding = 104, (1, 1, 0, 1)
            table.styles.border = ("none", "transparent")
            table.styles.height, table.styles.max_height = len(self._sources) + 1, 24
            yield table
            words = Said(Text())
            words.styles.height, words.styles.margin = 2, (1, 2, 0, 2)
            yield words
            keys = (
                ("  enter", "key"),
                ("  takes it, to be edited   ", "label"),
                ("esc", "key"),
                ("  back   ", "label"),
                ("/", "key"),
                ("  filter", "label"),
            )
            yield Said(Text.assemble(*keys))
            yield Filter()

    def on_mount(self) -> None:
        """Show what there is."""
        table = self.query_one(Table)
        table.set_rows(self._sources)
        table.focus()
        self._say(table.pointed)

    @on(Table.Chosen)
    def _chosen(self, message: Table.Chosen) -> None:
        if message.row.readable:
            self.dismiss(message.row)

    @on(Table.Pointed)
    def _pointed(self, message: Table.Pointed) -> None:
        self._say(message.row)

    def _say(self, one: Source | None) -> None:
        """Say in full what the row under the cursor has room for in part."""
        ink: Ink = "label" if one is None or one.readable else "bad"
        self.query(Said).first().say(Text(visible_line(one.words, 400) if one else "", ink))

    def action_refuse(self) -> None:
        """Take none of them."""
        self.dismiss(None)

    def action_filter(self) -> None:
        """Filter the list."""
        self.query_one(Filter).ask(self.query_one(Table).filter)

    @on(Filter.Wanted)
    def _filtered(self, message: Filter.Wanted) -> None:
        table = self.query_one(Table)
        table.set_filter(message.words)
        self._say(table.pointed)

    @on(Filter.Done)
    def _filter_done(self) -> None:
        self.query_one(Table).focus()


def _title(one: Source) -> Text:
    return Text(visible_line(one.title, 60), "strong")


def _words(one: Source) -> Text:
    ink: Ink = "plain" if one.readable else "bad"
    return Text(visible_line(one.words, 200), ink)
