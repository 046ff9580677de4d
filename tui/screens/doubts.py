"""The requests of a run that may have been billed without a reply: to be looked at, and closed with what each cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from core import wishes
from core.money import dollars, picodollars
from core.store.flights import Doubt, in_doubt
from core.store.progress import run_row
from core.visible import visible_line
from tui.pages import amounts
from tui.screens.dialogs import Amount, Choice, Said
from tui.screens.fed import Fed
from tui.widgets.flights import doubt_columns
from tui.widgets.keys import Keys
from tui.widgets.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.store.place import Place
    from core.store.progress import RunRow


class DoubtsPicture(NamedTuple):
    """A run and what is in doubt of it."""

    run: RunRow
    doubts: Sequence[Doubt]


class Doubts(Fed[DoubtsPicture]):
    """A table of attempts, and the question what each cost."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "settle_all", "settle all", show=False)]
    HELP_TITLE = "In doubt"
    HELP_KEYS = (
        ("enter", "say what this attempt cost: look it up in the provider's records; 0 if it was not billed"),
        ("a", "close all of them: none was billed, or all were billed in full"),
    )
    HELP_NUMBERS = (
        ("at most $", "its reservation: what it counts as until it is settled; the bill cannot be more"),
        ("lost", "when the connection broke, or the sampler died"),
    )

    def __init__(self, run_id: int) -> None:
        super().__init__()
        self.run_id = run_id
        self._doubts: Sequence[Doubt] = ()

    def contents(self) -> ComposeResult:
        """What doubt is, the attempts, the keys."""
        yield Said(
            Text(
                "These requests left and no whole reply came back: they may have been billed. Each counts against "
                "the cap at its full reservation until it is settled.",
                "label",
            )
        )
        yield Table(
            doubt_columns(labels=False),
            identity=lambda one: one.id,
            title="in doubt",
            empty="nothing is in doubt",
            id="doubts",
        )
        yield Keys((("enter", "settle one"), ("a", "settle all"), ("s", "sort")), (("?", "help"), ("esc", "back")))

    def picture(self, db: sqlite3.Connection, place: Place) -> DoubtsPicture:
        """All that is in doubt."""
        del place
        return DoubtsPicture(run_row(db, self.run_id), in_doubt(db, self.run_id))

    def show(self, picture: DoubtsPicture) -> None:
        """Show the attempts, and what they may come to in all."""
        self._doubts = picture.doubts
        table = self.query_one("#doubts", Table)
        table.set_columns(doubt_columns(labels=len({one.label for one in picture.doubts}) > 1))
        table.set_rows(picture.doubts)
        whole = f"{amounts.counted(len(picture.doubts), 'attempt')}, up to {dollars(picture.run.unknown_pico)}"
        table.border_subtitle = Text(f"{visible_line(picture.run.name, 40)}: {whole}")

    def lay_out(self) -> None:
        """The table has the keys."""
        self.query_one("#doubts").focus()

    @on(Table.Chosen)
    def _settle(self, message: Table.Chosen) -> None:
        doubt: Doubt = message.row
        if not self.thinktop.may_change():
            return
        at_most = "" if doubt.at_most_pico is None else f", at most {dollars(doubt.at_most_pico)}"
        text = Text.assemble(
            (
                f"{visible_line(doubt.problem, 40)}, budget {amounts.budget(doubt.budget)}, draw {doubt.draw}{at_most}",
                "plain",
            ),
            ("\n" + visible_line(doubt.message, 200), "label"),
            ("\nWhat did it cost, in dollars? 0 if it was not billed. This is put on record.", "plain"),
        )
        dialog = Amount(f"Settle attempt {doubt.id}", text, "0", _wrong)
        self.app.push_screen(dialog, lambda typed: None if typed is None else self._settled([(doubt.id, _pico(typed))]))

    def action_settle_all(self) -> None:
        """Close all that is on the list."""
        doubts = self._doubts  # those that are counted here, and no later ones
        if not doubts or not self.thinktop.may_change():
            return
        whole = sum(one.at_most_pico or 0 for one in doubts)
        text = Text(f"{amounts.counted(len(doubts), 'attempt')} in doubt. What did they cost?", "plain")
        ways = [
            ("0", "nothing: none of them was billed"),
            ("m", f"the most: {dollars(whole)} in all, each its reservation"),
        ]
        self.app.push_screen(Choice("Settle all", text, ways), partial(self._settled_all, doubts))

    def _settled_all(self, doubts: Sequence[Doubt], answer: str | None) -> None:
        if answer is not None:
            self._settled([(one.id, 0 if answer == "0" else one.at_most_pico or 0) for one in doubts])

    def _settled(self, costs: Sequence[tuple[int, int]]) -> None:
        place = self.thinktop.place

        def act() -> str:
            for attempt, pico in costs:
                wishes.settle(place, self.run_id, attempt, pico)
            return f"settled {amounts.counted(len(costs), 'attempt')}: {dollars(sum(pico for _, pico in costs))}"

        self.thinktop.wish(act)


def _wrong(typed: str) -> str | None:
    """What is wrong with an amount; None where nothing is."""
    try:
        picodollars(typed.removeprefix("$"))
    except ValueError as error:
        return str(error)
    return None


def _pico(typed: str) -> int:
    return picodollars(typed.removeprefix("$"))
