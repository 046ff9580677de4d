"""All runs of the store, how each stands and what it costs; from here runs are opened, begun, compared and deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from core.deleting import delete
from core.visible import visible_line
from core.vocabulary import State
from tui.cli.spelling import spelled
from tui.messages import PictureWanted, RunWanted
from tui.pages.loss import what_goes
from tui.screens.dialogs import Choice, Dialog
from tui.screens.fed import Fed
from tui.screens.wishes import Steered
from tui.snapshots.runs import Listing, Notes, RunLine, RunsPicture, spending
from tui.widgets.filter import Filter
from tui.widgets.keys import Keys
from tui.widgets.run_detail import RunDetail
from tui.widgets.run_list import Cells, cells_needed, run_columns, words_of
from tui.widgets.store_line import Holding, StoreLine
from tui.widgets.table import Table
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.timer import Timer

    from core.status import Status
    from core.store.place import Place

_REST_S = 0.15
"""The cursor has come to rest on a run after so long: then its notes are read."""
_DETAIL_FROM = 30
"""Lines from which on there is room for the pane of the run under the cursor."""
_FRAME = 2
"""Cells of the table's frame."""


class Runs(Steered, Fed[RunsPicture]):
    """The first screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", show=False),
        Binding("m", "mark", "mark", show=False),
        Binding("M", "unmark", "unmark all", show=False),
        Binding("P", "pin", "pin", show=False),
        Binding("f", "figures", "figures", show=False),
        Binding("e", "export", "export", show=False),
        Binding("n", "new_run", "new run", show=False),
        Binding("E", "extend", "extend", show=False),
        Binding("C", "copy_run", "copy", show=False),
        Binding("d", "delete", "delete", show=False),
        Binding("q", "app.quit", "leave", show=False),
    ]
    HELP_TITLE = "Runs"
    HELP_KEYS = (
        ("enter", "watch the run under the cursor"),
        ("n", "a new run"),
        ("E", "extend the run under the cursor: more draws, budgets or problems; what it has is kept"),
        ("C", "a new run, to begin with a copy of this one's plan"),
        ("p", "pause it, or go on; where its sampler is gone, go on with a new one"),
        ("+ -", "more or fewer requests at once"),
        ("c", "another cap"),
        ("x", "stop: after what is in flight, or now"),
        ("R", "ask failed draws again"),
        ("D", "go through what is in doubt, and settle it"),
        ("m  M", "mark it, to be compared with others; take all marks away"),
        ("f", "figures of the marked runs together, or of the one under the cursor"),
        ("e", "export the marked runs, or the one under the cursor"),
        ("P", "pin it to the top. Marks and pins are forgotten when the monitor is left"),
        ("d", "delete it, for good: says what is lost, and asks; never while a sampler has it"),
        ("q", "leave; samplers go on"),
    )
    HELP_NUMBERS = (
        ("▲ ◆", "pinned, marked"),
        ("state", "● after it: a sampler is alive though nothing is sent"),
        ("SIM", "simulated: no model was asked, nothing was paid"),
        ("IMP", "imported: measured elsewhere, nothing was paid here, and nothing can be asked of it"),
        ("done", "draws kept, of those planned; rounded down: 100% is all of them"),
        ("accuracy, best", "at the budget where it is highest: mean over problems, of the draws graded so far"),
        ("▁▃▅█", "accuracy at each budget in the order of the plan, a gap between models; · nothing graded yet"),
        ("$ of cap", "dollars spent, of the cap; ≥: some of it has no price, so that it is more"),
        ("req/s", "replies a second, of late"),
        ("ETA", "what is owed, at the pace of the last seconds"),
        ("sampler", "its process, while it lives; on a wide screen only"),
        ("spent in all", "by all runs of this store that are not simulated; today's: by those that began today"),
        ("in doubt", "may have been billed though no reply came"),
    )

    def __init__(self, run_id: int | None) -> None:
        super().__init__()
        self._first_id = run_id
        self._aimed: int | None = run_id
        """The run that the cursor is on, for the thread that reads."""
        self._picture = RunsPicture((), None)
        self._listing, self._notes = Listing(), Notes()
        self._cells: Cells | None = None
        self._rest: Timer | None = None

    def contents(self) -> ComposeResult:
        """The store, the list or how to begin one, the run under the cursor, the keys."""
        yield StoreLine()
        yield Table(
            (), identity=lambda one: one.run.id, words=words_of, on_top=lambda one: one.pinned, title="runs", id="runs"
        )
        yield Welcome(self._beginnings())
        yield RunDetail()
        yield Keys((), (("?", "help"), ("q", "leave")))
        yield Filter()  # after the keys, which it covers

    @property
    def pointed(self) -> RunLine | None:
        """The run that the cursor is on."""
        found: RunLine | None = self.query_one("#runs", Table).pointed
        return found

    @property
    def steered(self) -> Status | None:
        """The run that the cursor is on."""
        return self.pointed.status if self.pointed else None

    @property
    def restless(self) -> bool:
        """While somebody works at one (a sampler that dies writes nothing), or not all was read."""
        return self._listing.behind or any(line.live for line in self._picture.lines)

    def picture(self, db: sqlite3.Connection, place: Place) -> RunsPicture:
        """All runs, and the notes of the one that the cursor is on."""
        lines = self._listing.read(db, place)
        ids = [line.run.id for line in lines]
        aimed = self._aimed if self._aimed in ids else next(iter(ids), None)
        return RunsPicture(lines, None if aimed is None else self._notes.of(db, aimed))

    def show(self, picture: RunsPicture) -> None:
        """Show what was read; a question about a run that has gone meanwhile is taken back."""
        self._picture = picture
        gone = self._aimed is not None and self._aimed not in [line.run.id for line in picture.lines]
        if gone and isinstance(self.app.screen, Dialog):
            self.app.screen.dismiss(None)
            self.thinktop.tell("the run is no longer in the store", bad=True)
        self._show_lines()

    def say(self, words: str) -> None:
        """Say what must be known of the display; that there is no store yet is nothing to worry about."""
        none_yet = not self.thinktop.feed.was_there and not self.thinktop.place.path.exists()
        super().say("" if none_yet else words)
        if none_yet:
            self._show_lines()

    def lay_out(self) -> None:
        """The pane under the list where there is room for it."""
        self._show_lines()
        table = self.query_one("#runs", Table)
        if table.display and self.focused is None:
            table.focus()

    def commands(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """What the palette offers here."""
        yield from super().commands()
        yield "New run", "Models, budgets, draws and a cap, with what they would cost", self.action_new_run
        yield "Extend", "More draws, budgets or problems for the run under the cursor", self.action_extend
        yield "Copy", "A new run, to begin with the plan of the one under the cursor", self.action_copy_run
        yield "Figures", "Of the marked runs, or of the one under the cursor", self.action_figures
        yield "Export", "The marked runs, or the one under the cursor, into a file", self.action_export
        yield "Unmark all", "Take all marks away", self.action_unmark
        yield "Delete", "The run under the cursor, for good; asks first", self.action_delete

    def action_back(self) -> None:
        """Nothing: there is no screen to go back to."""

    def action_filter(self) -> None:
        """Filter the list."""
        if self._picture.lines:
            self.query_one(Filter).ask(self.query_one("#runs", Table).filter)

    def action_mark(self) -> None:
        """Mark a run, or take its mark away."""
        self._flip(self.thinktop.marked)

    def action_unmark(self) -> None:
        """Take all marks away."""
        self.thinktop.marked.clear()
        self._show_lines()

    def action_pin(self) -> None:
        """Pin a run to the top, or let it go."""
        self._flip(self.thinktop.pinned)

    def action_figures(self) -> None:
        """Figures of the marked runs, or of the one under the cursor."""
        if chosen := self._marked_or_pointed():
            from tui.screens.curves import Curves  # noqa: PLC0415 - a screen is loaded when it is first shown

            self.app.push_screen(Curves(chosen))

    def action_export(self) -> None:
        """Write the marked runs, or the one under the cursor, into a file."""
        if chosen := self._marked_or_pointed():
            from tui.screens.exporting import ask_export  # noqa: PLC0415 - as above

            ask_export(self, chosen)

    def action_new_run(self) -> None:
        """Plan a new run."""
        self._plan()

    def action_extend(self) -> None:
        """Ask more of a run."""
        if self.pointed:
            self._plan(extend=self.pointed.run.id)

    def action_copy_run(self) -> None:
        """Plan a new run like another one."""
        if self.pointed:
            self._plan(copy_of=self.pointed.run.id)

    def action_delete(self) -> None:
        """Ask, saying what is lost; then delete a run."""
        line = self.pointed
        if line is None:
            return
        if self.thinktop.read_only:
            self.thinktop.tell("read-only: nothing is changed from here")
        elif line.status.sampler_alive:
            name = visible_line(line.run.name, 60)
            self.thinktop.tell(
                f"{name} has a sampler (process {line.run.pid}): x stops it; nothing was deleted", bad=True
            )
        else:
            what = what_goes(line.listed.progress)
            text = Text.assemble((what, "plain"), "\n", ("It cannot be undone.", "bad"))
            ways = [("y", "delete it, for good")]
            self.app.push_screen(
                Choice(f"Delete {visible_line(line.run.name, 40)}?", text, ways),
                lambda answer: self._delete(line, what) if answer else None,
            )

    @on(Table.Chosen, "#runs")
    def _chosen(self, message: Table.Chosen) -> None:
        self.post_message(RunWanted(message.row.run.id))

    @on(Table.Pointed, "#runs")
    def _moved(self) -> None:
        self._show_pointed()

    @on(Filter.Wanted)
    def _filtered(self, message: Filter.Wanted) -> None:
        self.query_one("#runs", Table).set_filter(message.words)
        self._moved()

    @on(Filter.Done)
    def _filter_done(self) -> None:
        self.query_one("#runs").focus()

    def _beginnings(self) -> list[tuple[str, str]]:
        """Ways to a first run."""
        place = self.thinktop.place
        ways = [
            (spelled(place, "demo"), "in a shell: a sweep on the built-in simulator, in a minute; costs nothing"),
            (spelled(place, "run", "config.toml"), "in a shell: the sweep of a config"),
        ]
        if not self.thinktop.read_only:
            ways.insert(0, ("n", "here: a new run, with what it would cost beside it"))
        return ways

    def _delete(self, line: RunLine, what: str) -> None:
        place = self.thinktop.place
        self.thinktop.wish(lambda: delete(place, line.listed.progress), f"deleted {what}")

    def _plan(self, *, copy_of: int | None = None, extend: int | None = None) -> None:
        if self.thinktop.read_only:
            self.thinktop.tell("read-only: nothing is changed from here")
            return
        from tui.screens.new_run import NewRun  # noqa: PLC0415 - a screen is loaded when it is first shown

        self.app.push_screen(NewRun(copy_of=copy_of, extend=extend))

    def _marked_or_pointed(self) -> list[int]:
        """What is to be compared: in the order of the list."""
        marked = [line.run.id for line in self._picture.lines if line.run.id in self.thinktop.marked]
        return marked or ([self.pointed.run.id] if self.pointed else [])

    def _flip(self, flags: set[int]) -> None:
        if self.pointed:
            flags ^= {self.pointed.run.id}
            self._show_lines()

    def _show_lines(self) -> None:
        """The list with marks and pins, in the room that there is; or how to begin one."""
        app = self.thinktop
        lines = [
            replace(line, marked=line.run.id in app.marked, pinned=line.run.id in app.pinned)
            for line in self._picture.lines
        ]
        table = self.query_one("#runs", Table)
        empty = not lines and (self.pictured or not app.place.path.exists())
        table.display, self.query_one(Welcome).display = not empty, empty
        self.query_one(RunDetail).display = bool(lines) and app.size.height >= _DETAIL_FROM
        cells = cells_needed(lines, app.size.width - _FRAME)
        if cells != self._cells:
            self._cells = cells
            table.set_columns(run_columns(cells))
        table.set_rows(lines)
        if lines and self._first_id is not None:
            table.point_at(self._first_id)
            self._first_id = None
        today = datetime.now().astimezone().date()
        self.query_one(StoreLine).show(
            Holding(
                path=app.place.path,
                runs=len(lines),
                live=sum(line.live for line in lines),
                marked=sum(line.marked for line in lines),
                spending=spending(lines, today),
                read_only=app.read_only,
            )
        )
        self._show_pointed()

    def _show_pointed(self) -> None:
        """The run under the cursor, and its keys; its notes are read once the cursor rests."""
        line, noted = self.pointed, self._picture.noted
        self._aimed = line.run.id if line else None
        self.query_one(RunDetail).show(line, noted, read_only=self.thinktop.read_only)
        self.query_one(Keys).show(self._keys_now(line))
        if line and (noted is None or noted.run_id != line.run.id):
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(_REST_S, lambda: self.post_message(PictureWanted()))

    def _keys_now(self, line: RunLine | None) -> list[tuple[str, str]]:
        """The keys that matter for this run."""
        changing = not self.thinktop.read_only
        keys: list[tuple[str, str]] = []
        if line is not None:
            keys.append(("enter", "open"))
            if changing:
                keys += _steering(line)
            keys += [("m", "mark"), ("f", "figures")]
        if changing:
            keys.append(("n", "new run"))
        if line is not None:
            keys += [("/", "filter"), ("s", "sort")]
            keys += [("E", "extend"), ("C", "copy")] if changing else []
            keys += [("d", "delete")] if changing and not line.status.sampler_alive else []
            keys.append(("P", "pin"))
        return keys


def _steering(line: RunLine) -> list[tuple[str, str]]:
    """What can be done about a run in its state, in a word or two."""
    status = line.status
    keys: list[tuple[str, str]] = []
    if status.sampler_alive and status.state in (State.RUNNING, State.OUTAGE):
        keys.append(("p", "pause"))
    elif status.state is State.CAPPED:
        keys.append(("c", "cap"))
    elif status.state is State.FINISHED and not status.sums.owed:
        keys += [("R", "retry failed")] if status.sums.failed else []
    elif status.state is not State.STOPPING:
        keys.append(("p", "go on"))
    if line.run.unknown_attempts:
        keys.append(("D", "in doubt"))
    return keys
