"""A new run before it is one: a config in a form or as text, what it would take beside it, and the start.

Also a copy of an earlier run's config, and more of a run. What is shown and begun is what the command line would show
and begin: the same functions foresee it, and the same lines say what is wrong. Nothing starts by half.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical

from core.errors import ThinktopError, UsageError
from core.visible import visible_line
from tui.messages import PictureWanted, RunWanted
from tui.screens.dialogs import Choice
from tui.screens.drafts import Drafted
from tui.screens.fed import Fed
from tui.snapshots.new_run import NewRunPicture, new_run_picture
from tui.widgets.config_rows import config_rows, extension_rows
from tui.widgets.entry import Writing
from tui.widgets.estimate import EstimatePane, Foresight, spending
from tui.widgets.form import Form
from tui.widgets.keys import Keys
from tui.widgets.origin import Origin

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from core.config.draft import Draft
    from core.store.place import Place
    from core.store.progress import RunRow
    from tui.snapshots.new_run import Extended
    from tui.steering.proposing import Proposal, Prospect, Shelf

REST_S = 0.4
"""Typing has come to rest after so long: then it is reckoned."""
_NOTHING_YET = Foresight(waiting="looking for configs")
_NOTHING_ASKED = Foresight(waiting="say what to add: draws, budgets or problems")


class NewRun(Drafted, Fed[NewRunPicture]):
    """The form, the estimate, the start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r,f5,ctrl+enter", "begin", "start", show=False),
        Binding("f1", "help", "help", show=False),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    NewRun #panes { layout: horizontal; height: 1fr; }
    NewRun.-narrow #panes { layout: vertical; }
    NewRun #asked { width: 44%; height: 1fr; }
    NewRun.-narrow #asked { width: 1fr; }
    NewRun.-narrow EstimatePane { height: 6; }
    NewRun #written {
        border: round $quiet; border-title-color: $foreground; border-title-background: $background; height: 1fr;
    }
    """
    AUTO_FOCUS = ""  # the text, which is hidden at first, would take the keys and lose them
    HELP_TITLE = "New run"
    HELP_KEYS = (
        ("ctrl+r", "start; f5 too. What spends real money asks first, and says how much"),
        ("tab ↓", "the next row; shift+tab or ↑ the one before; space switches a model on or off"),
        ("ctrl+t", "the config as text, all of it, and back to the form; f2 too"),
        ("ctrl+g", "the config in $EDITOR; f4 too"),
        ("ctrl+s", "save the config as a file; what is there is not replaced without asking"),
        ("ctrl+o", "another config: a file, the demo, an earlier run's; f3 too"),
        ("ctrl+n", "the next name that no run has"),
        ("esc", "from the text to the form; back; asks where edits would be lost"),
    )
    HELP_NUMBERS = (
        ("budgets", "tokens asked for, or effort levels: 16 32 64; 2^4..2^11 is all powers of two between"),
        ("draws at", "budgets with draws of their own: 2048=16"),
        ("expected", "from earlier draws of the same model, control and budget in this store; else a rule of thumb"),
        ("at worst", "if each request took all that is reserved for it; repeated requests come on top"),
        ("cap", "spent + in doubt + reserved never pass it"),
        ("in cap", "the draws that fit under the cap as expected; where all do, at worst"),
        ("reserved", "set aside at once at most: as many of the dearest requests as may be in flight"),
        ("time", "with all slots busy and no limit by the minute"),
    )

    def __init__(self, copy_of: int | None = None, extend: int | None = None) -> None:
        super().__init__()
        self._extending, self._copying = extend, copy_of
        self._extended: Extended | None = None
        self._runs: Sequence[RunRow] = ()
        self._added: dict[str, str] = {}
        """Of an extension: what was typed."""
        self._asked = 0
        """Counts what was asked: the latest wins."""
        self._busy = self._again = self._beginning = False
        self._rest: Timer | None = None
        self._shelf: Shelf | None = None

    def contents(self) -> ComposeResult:
        """Who it is; the form or the text; the estimate; the keys."""
        yield Origin("extend" if self._extending is not None else "new run")
        with Container(id="panes"):
            with Vertical(id="asked"):
                yield Form("add" if self._extending is not None else "config")
                with Vertical(id="written") as frame:
                    frame.border_title = "config as text"
                    yield Writing()
            yield EstimatePane()
        yield Keys((), (("f1", "help"), ("esc", "back")))

    async def on_mount(self) -> None:
        """Have the store's part, then ask what to start from."""
        self.query_one("#written").display = False
        self.query_one(EstimatePane).show(_NOTHING_YET)
        self._show_keys()
        picks = self._extending is None and self._copying is None
        await super().on_mount()
        if picks:
            self.run_worker(self.pick())

    @property
    def runs_there_are(self) -> Sequence[RunRow]:
        """The runs of the store."""
        return self._runs

    def picture(self, db: sqlite3.Connection, place: Place) -> NewRunPicture:
        """The names that are taken; the run that is copied, once; the run that is extended, as it stands."""
        return new_run_picture(db, place, copy_of=self._copying, extend=self._extending)

    def show(self, picture: NewRunPicture) -> None:
        """Take note of it; begin with the run that is to be copied or extended when it is read first."""
        self._runs = picture.runs
        if picture.copied is not None and self._copying is not None:
            self._copying = None
            self.run_worker(self.take_copy(picture.copied))
        if picture.extended is not None:
            first, self._extended = self._extended is None, picture.extended
            if first:
                self.run_worker(self._ask_what_to_add(picture.extended))

    def say(self, words: str) -> None:
        """Say what must be known of the display; a store that is yet to be made is none that was lost."""
        super().say(words if self.pictured or self.thinktop.place.path.exists() else "")

    def copy_wanted(self, run_id: int) -> None:
        """Have a run's config read, to begin with."""
        self._copying = run_id
        self.post_message(PictureWanted())

    def draft_changed(self) -> None:
        """Reckon it once typing rests."""
        self._asked += 1
        self.query_one(EstimatePane).set_stale(stale=True)
        self._show_origin()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST_S, self._reckon_soon)

    @on(Form.Typed)
    def _typed(self, message: Form.Typed) -> None:
        if self._extending is not None:
            self._added[str(message.key)] = message.text
            self.draft_changed()
        elif self.draft is not None and isinstance(message.key, tuple):
            self._edit_to(self.draft.typed(message.key, message.text))

    @on(Form.Switched)
    def _switched(self, message: Form.Switched) -> None:
        if self.draft is not None and isinstance(message.key, int):
            self._edit_to(self.draft.with_model(message.key, on=message.on))

    def _edit_to(self, draft: Draft) -> None:
        if draft != self.draft:
            self.draft = draft
            self.draft_changed()

    def action_begin(self) -> None:
        """Start it, or add to the run: after asking, where real money would be spent."""
        if self.thinktop.read_only:
            self.thinktop.tell("read-only: nothing is changed from here")
        elif self._proposal() is None:
            self.thinktop.tell("there is nothing to start yet")
        elif not self._beginning:
            self._beginning = True
            self.run_worker(self._begin())

    def action_back(self) -> None:
        """From the text to the form; from there back, after asking if edits would be lost."""
        if self._beginning:
            self.thinktop.tell("it is being started: a moment")
            return
        if self.writes and self._form_would_do():
            self.action_text()
        elif self.edited:
            self.run_worker(self._leave_after_asking())
        else:
            self.dismiss()

    async def _leave_after_asking(self) -> None:
        if await self.may_be_lost("Throw the edits away?"):
            self.dismiss()

    async def _ask_what_to_add(self, extended: Extended) -> None:
        await self.query_one(Form).fill(extension_rows(extended.status.progress.conditions, extended.problems))
        self.query_one(EstimatePane).show(_NOTHING_ASKED)
        self._show_origin()

    def _reckon_soon(self) -> None:
        if self._busy:
            self._again = True
        else:
            self.run_worker(self._reckon())

    async def _reckon(self) -> None:
        """Foresee what is asked, off the screen's thread, and again where it changed meanwhile; show the latest."""
        self._busy = self._again = True
        while self._again:
            self._again, asked = False, self._asked
            foresight = await self._foreseen()
            if asked == self._asked and self.is_mounted:
                self._show_foresight(foresight)
        self._busy = False

    async def _foreseen(self) -> Foresight:
        propose = self._proposal()
        if propose is None:
            return _NOTHING_YET if self._extending is None else _NOTHING_ASKED
        try:
            return Foresight(await asyncio.to_thread(self._foresee, propose))
        except ThinktopError as error:
            return Foresight(wrong=tuple(str(error).split("\n")))

    def _foresee(self, propose: Callable[[], Proposal]) -> Prospect:
        from tui.steering.proposing import Shelf  # noqa: PLC0415 - loads pydantic, off the screen's thread

        self._shelf = self._shelf or Shelf()
        return propose().foresee(self.thinktop.place, self._shelf)

    def _proposal(self) -> Callable[[], Proposal] | None:
        """What would be started, to be made where heavy modules may be loaded; None where nothing was asked."""
        if self._extending is not None:
            added = {key: text.strip() for key, text in self._added.items() if text.strip()}
            return partial(_extension, self._extending, added) if added else None
        return None if self.draft is None else partial(_sweep, self.draft)

    async def _begin(self) -> None:
        try:
            self.query_one(EstimatePane).set_stale(stale=True)
            self._shelf = None  # what is agreed to is read anew: files may have changed since
            self._asked += 1
            propose, foresight = self._proposal(), await self._foreseen()
            self._show_foresight(foresight)
            prospect = foresight.prospect
            if prospect is None or propose is None:
                self.thinktop.tell(next(iter(foresight.wrong), "there is nothing to start"), bad=True)
            elif prospect.refusal:
                self.thinktop.tell(prospect.refusal[0], bad=True)
            elif not prospect.spends or await self._agreed(prospect):
                await self._set_going(propose, prospect)
        finally:
            self._beginning = False

    async def _agreed(self, prospect: Prospect) -> bool:
        verb = "add it, and spend" if prospect.added else "start it, and spend"
        title = f"{'Add to' if prospect.added else 'Start'} {visible_line(prospect.plan.name, 40)}?"
        return await self.app.push_screen_wait(Choice(title, spending(prospect), [("y", verb)])) is not None

    async def _set_going(self, propose: Callable[[], Proposal], prospect: Prospect) -> None:
        place = self.thinktop.place
        self.query_one(EstimatePane).set_stale(stale=True, words="starting")
        try:
            begun = await asyncio.to_thread(lambda: propose().begin(place, prospect))
        except ThinktopError as error:
            self.thinktop.tell(str(error), bad=True)
            self.draft_changed()
            return
        self.thinktop.tell(begun.said)
        self.post_message(RunWanted(begun.run_id))

    def _form_would_do(self) -> bool:
        """Whether the text can be shown as a form."""
        try:
            return self.draft is not None and self.draft.models() is not None
        except UsageError:
            return False

    def _show_foresight(self, foresight: Foresight) -> None:
        if not self.composed:
            return  # somebody left while it was reckoned
        self.query_one(EstimatePane).show(foresight)
        self._mark(foresight.wrong)
        self._show_keys(taken=foresight.prospect is not None and foresight.prospect.name_taken)

    def _mark(self, wrong: Sequence[str]) -> None:
        """Show which rows are wrong; complaints count only the models that are on."""
        try:
            rows = config_rows(self.draft) if wrong and self.draft is not None else ()
        except UsageError:
            rows = ()
        self.query_one(Form).mark(wrong, rows)

    def _show_origin(self) -> None:
        if self._extended is not None:
            run = self._extended.status.progress.run
            self.query_one(Origin).say("extend", f"{run.name} ({run.id})", self._extended.status.state.value)
        elif self.draft is not None:
            self.query_one(Origin).say("new run", self.draft.name, "edited, not saved" if self.edited else "")

    def _show_keys(self, *, taken: bool = False) -> None:
        keys = [] if self.thinktop.read_only else [("ctrl+r", "start" if self._extending is None else "add and start")]
        if taken:
            keys.append(("ctrl+n", "next free name"))
        if self._extending is None:
            keys += [("ctrl+s", "save"), ("ctrl+t", "text"), ("ctrl+g", "$EDITOR"), ("ctrl+o", "open")]
        self.query_one(Keys).show([*keys, ("tab", "next")])


def _sweep(draft: Draft) -> Proposal:
    from tui.steering.proposing import Sweep  # noqa: PLC0415 - loads pydantic, off the screen's thread

    return Sweep(draft)


def _extension(run_id: int, added: Mapping[str, str]) -> Proposal:
    from core.config.draft import value_typed  # noqa: PLC0415 - as above
    from tui.steering.growth import Wanted  # noqa: PLC0415 - as above
    from tui.steering.proposing import Extension  # noqa: PLC0415 - as above

    def listed(key: str) -> tuple[str, ...]:
        return tuple(map(str, value_typed(added.get(key, ""), ("budgets",)) or ()))

    labels = tuple(part.strip() for part in added.get("labels", "").split(",") if part.strip())
    wanted = Wanted(added.get("draws"), listed("budgets"), listed("new_budgets"), labels, added.get("problems"))
    return Extension(run_id, wanted)
