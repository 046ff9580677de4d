"""One run, live: how far, what it costs, how fast; budgets, curve and problems; and the keys that steer it."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from core.clock import monotonic
from core.store.events import latest_events
from core.store.flights import flights, in_doubt
from core.store.grid import answers_of, extended_conditions
from core.store.strips import strips
from core.vocabulary import State
from core.watching import status as status_now
from tui.messages import PictureWanted
from tui.pages.problem_list import leaders_of
from tui.pages.tally import tallied
from tui.screens.due import Due
from tui.screens.fed import Fed
from tui.screens.wishes import Steered, at_work
from tui.snapshots.burn import Burn
from tui.snapshots.figure import curve_of
from tui.snapshots.run import ProblemStanding, RunPicture
from tui.widgets.budgets import budget_columns, verdict_lines, votes_lines
from tui.widgets.curve import Curve
from tui.widgets.events import Ticker, event_columns
from tui.widgets.filter import Filter
from tui.widgets.flights import doubt_columns, flight_columns
from tui.widgets.headline import Headline, Standing
from tui.widgets.keys import Keys
from tui.widgets.problems import problem_columns
from tui.widgets.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.status import Status
    from core.store.grid import Counted
    from core.store.place import Place
    from core.store.progress import ConditionRow
    from core.store.strips import Strip
    from tui.pages.tally import Tally
    from tui.snapshots.figure import CurvePicture

_FEW = 100
"""Problems up to which all their votes are counted each time."""
_MOST_ROWS = 500
"""Events, and requests, that are read at most."""
_TICKER = 4
"""Events that a line has room for at most."""
PANES = ("budgets", "curve", "problems", "flights", "events")
"""In the order of their number keys."""
_WITH_KEYS = {"flights": "out"}
"""What has the keys in a pane that is more than a table."""
_READ_WHEN_FULL = ("flights", "events")
"""Panes that have nothing, or little, until they have the screen."""
_TOP_MOST = 0.45
"""Share of the screen that budgets and curve have at most, where they share it with the problems."""


class Monitor(Steered, Fed[RunPicture]):
    """The run's screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"pane('{name}')", name, show=False) for number, name in enumerate(PANES, 1)),
        Binding("f", "figures", "figures", show=False),
        Binding("e", "export", "export", show=False),
        Binding("E", "extend", "extend", show=False),
        Binding("slash", "filter", "filter", show=False),
        Binding("q", "app.quit", "leave", show=False),
    ]
    HELP_TITLE = "One run"
    HELP_KEYS = (
        ("p", "pause, or go on; where its sampler is gone, go on with a new one"),
        ("+ -", "more or fewer requests at once"),
        ("c", "another cap"),
        ("x", "stop: after what is in flight, or now"),
        ("R", "ask failed draws again"),
        ("D", "go through what is in doubt, and settle it"),
        ("1 - 5", "budgets, curve, problems, in flight, events: to full size and back"),
        ("f", "figures, full size"),
        ("e", "export the samples or a table"),
        ("E", "extend: more draws, budgets or problems"),
        ("enter", "the problem under the cursor"),
        ("esc", "all runs"),
    )
    HELP_NUMBERS = (
        ("+", "after draws: some were added once results were seen; accuracy here counts them, `curve` does not"),
        ("draws", "answers kept, of those planned; 100 % is all of them"),
        ("dollars", "spent; red: in doubt, may have been billed; dotted: reserved for what is in flight; of the cap"),
        ("/min", "dollars a minute of work, over the last minute"),
        ("ETA", "what is owed, at the pace of the last seconds"),
        ("in flight", "requests that are out, of those that the pace allows now"),
        ("429", "replies that said: too many requests. The pace falls by itself"),
        ("accuracy", "mean over problems, with its 95 % interval; a draw that is not graded yet does not count"),
        ("tokens", "completion tokens as billed, thinking included: a budget's mean a draw, a problem's in all"),
        ("overrun", "tokens used per token asked for, median; orange where it is more than twice"),
        ("leads", "the answer that most draws of all budgets gave; a truncated one casts no vote"),
        ("solved", "share of the problem's graded draws that are right"),
        ("fail", "draws that failed for good: never an answer, never a vote"),
    )

    def __init__(self, run_id: int) -> None:
        super().__init__()
        self.run_id = run_id
        self._status: Status | None = None
        self._strips: Sequence[Strip] = ()
        self._leaders: dict[int, tuple[Counted, ...]] = {}
        self._burn = Burn()
        self._full: str | None = None
        self._conditions: tuple[ConditionRow, ...] = ()
        self._said = 1
        """Lines under the budgets: verdicts and votes."""
        self._due = Due()
        self._begun = False
        self._on_screen_problems: Sequence[int] = ()
        """Problems on the screen; the reader's thread asks, which must not touch a widget."""
        self._filtering: Table[Any] | None = None
        """The table whose filter is being typed."""

    def contents(self) -> ComposeResult:
        """Headline, panes, the latest events, the keys."""
        yield Headline()
        with Horizontal(classes="top"):
            yield Table(budget_columns(labels=False, wide=False), identity=_row_id, title="1 budgets", id="budgets")
            yield Curve("2 accuracy against tokens used", id="curve")
        yield Table(
            problem_columns(()), identity=lambda one: one.strip.id, words=_words, title="3 problems", id="problems"
        )
        with Vertical(id="flights"):
            yield Table(
                flight_columns(labels=False),
                identity=lambda one: one.id,
                title="4 in flight",
                empty="nothing is in flight",
                id="out",
            )
            yield Table(
                doubt_columns(labels=False),
                identity=lambda one: one.id,
                title="in doubt",
                empty="nothing is in doubt",
                id="in-doubt",
            )
        yield Table(
            event_columns(),
            identity=lambda one: one.id,
            words=lambda one: f"{one.kind} {one.text}",
            title="5 events",
            empty="nothing happened",
            id="events",
        )
        yield Ticker()
        yield Keys((), (("?", "help"), ("q", "leave")))
        yield Filter()  # after the keys, which it covers

    @property
    def steered(self) -> Status | None:
        """The run on show."""
        return self._status

    @property
    def restless(self) -> bool:
        """While somebody works at it: a sampler that dies writes nothing; and while tables or curve are behind."""
        return at_work(self._status) or self._due.behind

    def picture(self, db: sqlite3.Connection, place: Place) -> RunPicture:
        """The run's standing each time; the tables and the curve only so often, unless its state changed."""
        status = status_now(db, place, self.run_id)
        try:
            return self._read(db, status, *self._due.now(status))
        except BaseException:
            self._due = Due()  # nothing was read after all
            raise

    def _read(self, db: sqlite3.Connection, status: Status, tables: bool, curve: bool) -> RunPicture:
        began = monotonic()
        problems = strips(db, self.run_id) if tables else None
        wanted = self._votes_wanted(problems)
        answers = answers_of(db, self.run_id, wanted) if wanted else {}
        flying = self._full == "flights"
        conditions = (
            None if problems is None else tallied(status.progress, problems, extended_conditions(db, self.run_id))
        )
        counted = monotonic()
        drawn = curve_of(db, self.run_id) if curve else None
        self._due.took(counted - began if tables else 0.0, monotonic() - counted)
        return RunPicture(
            status=status,
            tallies=conditions,
            strips=problems,
            leaders={problem: leaders_of(answers.get(problem, ())) for problem in wanted},
            curve=drawn,
            flights=flights(db, self.run_id, _MOST_ROWS) if flying else None,
            doubts=in_doubt(db, self.run_id, _MOST_ROWS) if flying else None,
            events=latest_events(db, self.run_id, _MOST_ROWS if self._full == "events" else _TICKER),
        )

    def show(self, picture: RunPicture) -> None:
        """Show what was read; what was not read stays."""
        status, before = picture.status, self._status
        self._status, run = status, status.progress.run
        if before is not None and before.progress.run.created_at != run.created_at:
            self._leaders, self._burn = {}, Burn()  # another store is there, with another run in its place
        burn = self._burn.pico_a_minute(run.worked_s, run.spent_pico)
        self.query_one(Headline).show(Standing(status, burn, self.thinktop.read_only))
        if [row.id for row in status.progress.conditions] != [row.id for row in self._conditions]:
            self._conditions = status.progress.conditions
            self.lay_out()
        if picture.tallies is not None:
            self.query_one("#budgets", Table).set_rows(picture.tallies)
        self._leaders.update(picture.leaders)
        if picture.strips is not None:
            self._strips = picture.strips
        if picture.strips is not None or picture.leaders:
            self._show_problems(status)
        if picture.curve is not None:
            self.query_one(Curve).show(picture.curve.figure)
            self._show_what_follows(picture.curve, whole=status.state is State.FINISHED)
        elif not self._begun:
            self.call_after_refresh(self._want_the_rest)
        self._begun = True
        if picture.flights is not None:
            self.query_one("#out", Table).set_rows(picture.flights)
        if picture.doubts is not None:
            self.query_one("#in-doubt", Table).set_rows(picture.doubts)
        events = self.query_one("#events", Table)
        events.set_rows(picture.events)
        events.border_subtitle = (
            f"the latest {_MOST_ROWS}; thinktop log has all" if len(picture.events) == _MOST_ROWS else ""
        )
        self.query_one(Ticker).show(picture.events[:_TICKER])
        self.query_one(Keys).show(self._keys_now(status))

    def _show_what_follows(self, curve: CurvePicture, *, whole: bool) -> None:
        """The verdicts and votes under the budgets, with room for them."""
        lines = [*verdict_lines(curve.verdicts, whole=whole), *votes_lines(curve.votes)]
        self.query_one("#budgets", Table).set_footing(lines)
        if len(lines) != self._said:
            self._said = len(lines)
            self.lay_out()

    def lay_out(self) -> None:
        """One pane where there is no room for more, or where one was asked for; else budgets, curve and problems."""
        full = self._full or ("budgets" if self.narrow else None)
        for name in PANES:
            for pane in self.query(f"#{name}"):
                pane.display = name == full if full else name in ("budgets", "curve", "problems")
        self.query_one(".top").display = full in (None, "budgets", "curve")
        self.query_one(".top").set_class(full is not None, "-full")
        self.query_one(Ticker).display = not self.narrow and full != "events"
        self.query_one(Headline).styles.height = 3 if self.narrow else 4
        if full is None:
            rows = len(self._conditions) + 4 + max(self._said, 1)
            self.query_one(".top").styles.height = max(min(rows, int(self.app.size.height * _TOP_MOST)), 10)
        else:
            self.query_one(".top").styles.height = "1fr"
        labels = len({row.label for row in self._conditions}) > 1
        columns = budget_columns(labels=labels, wide=full == "budgets")
        self.query_one("#budgets", Table).set_columns(columns)
        self.query_one("#problems", Table).set_columns(problem_columns(self._conditions))
        self.query_one("#out", Table).set_columns(flight_columns(labels=labels))
        self.query_one("#in-doubt", Table).set_columns(doubt_columns(labels=labels))
        if self._status is not None:
            self.query_one(Keys).show(self._keys_now(self._status))
        pane = self.query_one(f"#{_WITH_KEYS.get(full or 'problems', full or 'problems')}")
        if self.focused is not pane and not isinstance(self.focused, Filter):
            pane.focus()

    def action_pane(self, name: str) -> None:
        """Bring a pane to full size, or back."""
        self._full = None if self._full == name and not self.narrow else name
        self.lay_out()
        if self._full in _READ_WHEN_FULL:
            self.post_message(PictureWanted())

    def action_extend(self) -> None:
        """Ask more of the run."""
        from tui.screens.new_run import NewRun  # noqa: PLC0415 - as above

        if self.thinktop.read_only:
            self.thinktop.tell("read-only: nothing is changed from here")
        else:
            self.app.push_screen(NewRun(extend=self.run_id))

    def action_filter(self) -> None:
        """Filter the table that has the keys."""
        if isinstance(self.focused, Table):
            self._filtering = self.focused
            self.query_one(Filter).ask(self.focused.filter)

    @on(Filter.Wanted)
    def _filtered(self, message: Filter.Wanted) -> None:
        if self._filtering is not None:
            self._filtering.set_filter(message.words)

    @on(Filter.Done)
    def _filter_done(self) -> None:
        if self._filtering is not None:
            self._filtering.focus()

    def action_back(self) -> None:
        """From one pane to all; from all to the list of runs."""
        if self._full is not None and not self.narrow:
            self.action_pane(self._full)
        else:
            self.thinktop.show_runs(self.run_id)

    async def _want_the_rest(self) -> None:
        """Once the first screen is there, what it did without: the curve and the votes."""
        await asyncio.to_thread(import_module, "tui.plotting.terminal")  # drawing must not wait for it
        self.post_message(PictureWanted())

    def _show_problems(self, status: Status) -> None:
        priced = all(row.priced for row in status.progress.conditions)
        rows = [ProblemStanding(one, self._leaders.get(one.id), priced) for one in self._strips]
        self.query_one("#problems", Table).set_rows(rows)

    def _votes_wanted(self, problems: Sequence[Strip] | None) -> list[int]:
        """The problems whose answers are to be counted: all of a few; of many, those on the screen."""
        if not self._begun:
            return []  # nor does the first screen wait for votes
        if problems is not None and len(problems) <= _FEW:
            return [one.id for one in problems]
        if problems is None:
            return [one for one in self._on_screen_problems if one not in self._leaders]
        return list(self._on_screen_problems) or [one.id for one in problems[:_FEW]]

    @on(Table.Scrolled, "#problems")
    def _scrolled(self) -> None:
        """Have the votes of problems that were not on the screen before."""
        shown = self.query_one("#problems", Table).rows_on_show
        self._on_screen_problems = [one.strip.id for one in shown]
        if self._begun and any(one.leaders is None for one in shown):
            self.post_message(PictureWanted())

    @on(Table.Chosen, "#problems")
    def _problem_chosen(self, message: Table.Chosen) -> None:
        from tui.screens.problem import Problem  # noqa: PLC0415 - a screen is loaded when it is first shown

        among = [one.strip.id for one in self.query_one("#problems", Table).in_order]
        self.app.push_screen(Problem(self.run_id, message.row.strip.id, among))

    @on(Table.Chosen, "#out")
    def _flight_chosen(self, message: Table.Chosen) -> None:
        from tui.screens.problem import Problem  # noqa: PLC0415 - as above

        self.app.push_screen(Problem(self.run_id, message.row.problem_id))

    @on(Table.Chosen, "#in-doubt")
    def _doubt_chosen(self) -> None:
        self.action_doubts()

    def action_figures(self) -> None:
        """All figures of the run, full size."""
        from tui.screens.curves import Curves  # noqa: PLC0415 - as above

        self.app.push_screen(Curves([self.run_id]))

    def action_export(self) -> None:
        """Write samples or a table into a file."""
        from tui.screens.exporting import ask_export  # noqa: PLC0415 - as above

        ask_export(self, [self.run_id])

    def _keys_now(self, status: Status) -> list[tuple[str, str]]:
        """The keys that matter in this state."""
        if self.thinktop.read_only or status.progress.run.imported:
            steering: list[tuple[str, str]] = []
        elif status.sampler_alive and status.state in (State.RUNNING, State.OUTAGE):
            steering = [("p", "pause"), ("+/-", "concurrency"), ("c", "cap")]
        elif status.state is State.FINISHED and not status.sums.owed:
            steering = [("E", "extend"), *([("R", "retry failed")] if status.sums.failed else [])]
        elif status.state is State.CAPPED:
            steering = [("c", "cap"), ("p", "go on")]
        else:
            steering = [("p", "go on"), ("c", "cap")]
        if status.progress.run.unknown_attempts:
            steering.append(("D", "in doubt"))
        in_use = self._full or ("budgets" if self.narrow else "problems")
        problems = [("enter", "problem")] if in_use == "problems" else []
        return [
            *steering,
            ("1-5", "panes"),
            *problems,
            ("f", "figures"),
            ("space", "freeze"),
            ("/", "filter"),
            ("s", "sort"),
            ("e", "export"),
        ]


def _words(one: ProblemStanding) -> str:
    return f"{one.strip.key} {one.strip.truth}"


def _row_id(one: Tally) -> int:
    return one.row.id
