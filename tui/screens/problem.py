"""One problem of a run: its question, the answers under each condition counted, and its draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from core.vocabulary import Fate
from tui.messages import PictureWanted
from tui.pages.document import Document
from tui.screens.fed import Fed
from tui.snapshots.draw import DrawKey
from tui.snapshots.problem import WINDOW, Window, problem_ids, read_problem
from tui.widgets.answers import answer_columns
from tui.widgets.budgets import power
from tui.widgets.draws import draw_columns, draw_words, fate
from tui.widgets.filter import Filter
from tui.widgets.keys import Keys
from tui.widgets.question import Question
from tui.widgets.reader import Reader
from tui.widgets.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.store.place import Place
    from tui.snapshots.problem import ProblemPicture

PANES = ("question", "answers", "draws")
"""In the order of their number keys."""
_FOLDED, _FOLDED_NARROW = 5, 3
"""Rows of a question where it shares the screen."""
_ROOM_FOR_QUESTION = 22
"""Lines from which on a narrow screen has room for the question beside a pane."""
_ANSWERS_MOST = 0.4
"""Share of the screen that the answers have at most, where they share it."""
_FATES: Sequence[Fate | None] = (None, *Fate)


class Problem(Fed["ProblemPicture"]):
    """The problem's screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"pane('{name}')", name, show=False) for number, name in enumerate(PANES, 1)),
        Binding("left_square_bracket,left", "turn(-1)", "previous problem", show=False),
        Binding("right_square_bracket,right", "turn(1)", "next problem", show=False),
        Binding("less_than_sign", "window(-1)", "draws before", show=False),
        Binding("greater_than_sign", "window(1)", "draws after", show=False),
        Binding("v", "verdict", "verdict", show=False),
        Binding("a", "all", "all draws", show=False),
        Binding("slash", "filter", "filter", show=False),
    ]
    AUTO_FOCUS = ""
    HELP_TITLE = "One problem"
    HELP_KEYS = (
        ("enter", "on a draw: read it; on a budget: only its draws, and once more: all"),
        ("[ ]  ← →", "the problem before, the problem after"),
        ("1 2 3", "question, answers, draws: to full size and back"),
        ("tab", "to the next pane"),
        ("v", "only draws of one verdict: right, wrong, no answer, cut, not graded, failed, all"),
        ("a", "all draws again"),
        ("/", "filter the draws by answer, verdict, finish or note"),
        ("< >", f"the {WINDOW} draws before, or after, where there are more: sorting and filtering see one such lot"),
    )
    HELP_NUMBERS = (
        ("draws", "answers kept, of those planned"),
        ("solved", "share of the graded draws that are right; a cut one counts as wrong"),
        ("answers", "each answer and how many draws gave it; ✓ is what counts as right"),
        ("no vote", "graded draws without a vote: no answer could be read, or the token cap cut them"),
        ("tokens", "completion tokens as billed, thinking included; a mean in the table of answers; ~ is estimated"),
        ("overrun", "tokens used per token asked for; a geometric mean in the table of answers"),
        ("$", "what was billed"),
        ("time", "from sending the request to its last byte"),
        ("finish", "why the server says that it ended; length is the token cap: cut"),
        ("tries", "requests that were sent for the draw, whatever came of them"),
    )

    def __init__(self, run_id: int, problem_id: int, among: Sequence[int] = ()) -> None:
        """A problem of a run.

        Args:
            run_id: The run's row.
            problem_id: The problem's row.
            among: The problems (rows) to turn to, in their order; all of the run's where none are given.
        """
        super().__init__()
        self.run_id = run_id
        self._among: Sequence[int] = among
        self._window = Window(problem_id)
        self._picture: ProblemPicture | None = None
        self._columns: tuple[bool, bool, int | None] | None = None
        self._full: str | None = None

    def contents(self) -> ComposeResult:
        """Heading, question, answers, draws, the keys."""
        yield Question()
        question = Reader(more="1 unfolds", id="question")
        question.border_title = Text("1 question")
        yield question
        yield Table(
            answer_columns(labels=False, only=None),
            identity=lambda one: one.condition_id,
            title="2 answers",
            id="answers",
        )
        yield Table(
            draw_columns(labels=False, notes=False),
            identity=lambda one: (one.condition_id, one.draw),
            words=draw_words,
            title="3 draws",
            empty="no draw has come to this yet",
            id="draws",
        )
        yield Keys((), (("?", "help"), ("esc", "back")))
        yield Filter()

    def picture(self, db: sqlite3.Connection, place: Place) -> ProblemPicture:
        """The problem's sums each time; its draws only where something has come."""
        del place
        if not self._among:
            self._among = problem_ids(db, self.run_id)
        return read_problem(db, self.run_id, self._window, self._picture)

    def show(self, picture: ProblemPicture) -> None:
        """Show what was read; draws that were not read stay."""
        before, self._picture = self._picture, picture
        problem = picture.problem
        self.query_one(Question).show(picture, self._place_of(problem.id))
        if before is None or before.problem.question != problem.question:
            self.query_one("#question", Reader).read(Document(problem.question))
        self._fit_columns(picture)
        self.query_one("#answers", Table).set_rows(problem.cells)
        if picture.draws is not None:
            self.query_one("#draws", Table).set_rows(picture.draws)
        self._say_which()
        if before is None or (before.problem.id, len(before.problem.cells)) != (problem.id, len(problem.cells)):
            self.lay_out()
        self.query_one(Keys).show(self._keys_now())

    def lay_out(self) -> None:
        """All three panes, or one; a narrow screen keeps some of the question over the pane where it can."""
        full = self._full or ("answers" if self.narrow else None)
        height = self.app.size.height
        for name in PANES:
            self.query_one(f"#{name}").display = full in (None, name)
        question, answers = self.query_one("#question", Reader), self.query_one("#answers", Table)
        beside = full is None or (self.narrow and full != "question" and height >= _ROOM_FOR_QUESTION)
        question.display = beside or full == "question"
        most = _FOLDED_NARROW if self.narrow else _FOLDED
        question.styles.height = question.rows_needed(max(self.app.size.width - 4, 1), most) + 2 if beside else "1fr"
        conditions = len(self._picture.problem.cells) if self._picture else 0
        answers.styles.height = min(conditions + 3, int(height * _ANSWERS_MOST)) if full is None else "1fr"
        if not isinstance(self.focused, Filter) and (self.focused is None or not self.focused.display):
            self.query_one(f"#{full or 'draws'}").focus()

    def action_pane(self, name: str) -> None:
        """Bring a pane to full size, or back."""
        self._full = None if self._full == name else name
        self.lay_out()
        pane = self.query_one(f"#{name}")
        if pane.display:
            pane.focus()

    def action_back(self) -> None:
        """From one pane to all; from all to where one came from."""
        if self._full is not None:
            self.action_pane(self._full)
        else:
            self.dismiss()

    def action_turn(self, by: int) -> None:
        """Go to the next problem, or the one before."""
        places = list(self._among)
        if self._window.problem_id not in places:
            return
        index = places.index(self._window.problem_id) + by
        if 0 <= index < len(places):
            self._want(replace(self._window, problem_id=places[index], offset=0))

    def action_window(self, by: int) -> None:
        """Read the draws after those that are read, or before."""
        if self._picture is not None:
            self._want(self._window.moved(by, self._picture.matching))

    def action_verdict(self) -> None:
        """Only draws of the next verdict; after the last, all."""
        following = _FATES[(_FATES.index(self._window.fate) + 1) % len(_FATES)]
        self._want(replace(self._window, fate=following, offset=0))

    def action_all(self) -> None:
        """All draws again."""
        self.query_one("#draws", Table).set_filter("")
        self._want(Window(self._window.problem_id))

    def action_filter(self) -> None:
        """Filter the draws, wherever the keys are."""
        table = self.query_one("#draws", Table)
        if not table.display:
            self.action_pane("draws")
        self.query_one(Filter).ask(table.filter)

    @on(Filter.Wanted)
    def _filtered(self, message: Filter.Wanted) -> None:
        self.query_one("#draws", Table).set_filter(message.words)
        self._say_which()

    @on(Filter.Done)
    def _filter_done(self) -> None:
        self.query_one("#draws").focus()

    @on(Table.Chosen, "#answers")
    def _budget_chosen(self, message: Table.Chosen) -> None:
        chosen = message.row.condition_id
        self._want(
            replace(self._window, condition_id=None if self._window.condition_id == chosen else chosen, offset=0)
        )
        if not self.query_one("#draws").display:
            self.action_pane("draws")
        else:
            self.query_one("#draws").focus()

    @on(Table.Chosen, "#draws")
    def _draw_chosen(self, message: Table.Chosen) -> None:
        from tui.screens.draw import Draw  # noqa: PLC0415 - a screen is loaded when it is first shown

        table = self.query_one("#draws", Table)
        problem_id = self._window.problem_id
        among = [DrawKey(problem_id, row.condition_id, row.draw) for row in table.in_order]
        draw = Draw(self.run_id, DrawKey(problem_id, message.row.condition_id, message.row.draw), among)
        self.app.push_screen(draw, lambda _: table.point_at(draw.key[1:]))

    def _want(self, window: Window) -> None:
        if window != self._window:
            self._window = window
            self.post_message(PictureWanted())

    def _fit_columns(self, picture: ProblemPicture) -> None:
        """Columns follow from the conditions, from the notes there are, and from what the draws are narrowed to."""
        labels = len({cell.label for cell in picture.problem.cells}) > 1
        noted = self._columns is not None and self._columns[1]
        notes = noted if picture.draws is None else any(draw.note for draw in picture.draws)
        wanted = labels, notes, picture.window.condition_id
        if wanted != self._columns:
            self._columns = wanted
            self.query_one("#answers", Table).set_columns(answer_columns(labels=labels, only=wanted[2]))
            self.query_one("#draws", Table).set_columns(draw_columns(labels=labels, notes=notes))

    def _place_of(self, problem_id: int) -> str:
        if problem_id not in self._among:
            return ""
        return f"problem {list(self._among).index(problem_id) + 1:,} of {len(self._among):,}"

    def _say_which(self) -> None:
        """In the frame of the draws: what they are narrowed to, and which of how many were read."""
        picture = self._picture
        if picture is None:
            return
        window, table = picture.window, self.query_one("#draws", Table)
        said = [
            f"only {power(cell.budget)}" for cell in picture.problem.cells if cell.condition_id == window.condition_id
        ]
        said += [f"only {fate(window.fate).plain}"] if window.fate is not None else []
        if picture.matching > WINDOW:
            last = min(window.offset + WINDOW, picture.matching)
            said.append(f"read: {window.offset + 1:,}–{last:,} of {picture.matching:,}, < > for others")  # noqa: RUF001 - a range
            said += ["filtered among these only"] if table.filter else []
        table.border_subtitle = Text(" · ".join(said))

    def _keys_now(self) -> list[tuple[str, str]]:
        """The keys that matter now."""
        picture, window = self._picture, self._window
        keys = [("enter", "open"), ("[ ]", "problem")]
        if picture is not None and picture.matching > WINDOW:
            keys.append(("< >", "more draws"))
        if window.condition_id is not None or window.fate is not None:
            keys.append(("a", "all"))
        return [*keys, ("v", "verdict"), ("/", "filter"), ("s", "sort"), ("1-3", "panes")]
