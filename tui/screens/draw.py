"""One draw: what came back word for word, the thinking, the prompt as it was sent, and every request for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from core.visible import visible
from tui.messages import PictureWanted
from tui.pages.document import Document
from tui.screens.fed import Fed
from tui.snapshots.draw import PROMPT, TEXT, THINKING, read_draw
from tui.widgets.facts import Facts
from tui.widgets.filter import Filter
from tui.widgets.keys import Keys
from tui.widgets.reader import Reader
from tui.widgets.requests import message_of, request_columns
from tui.widgets.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.store.place import Place
    from tui.snapshots.draw import DrawKey, DrawPicture

REQUESTS = "requests"
TABS = (TEXT, THINKING, PROMPT, REQUESTS)
"""In the order of their number keys."""
MOST_COPIED = 74_994
"""Bytes that can be copied at once: xterm takes 100,000 characters of base64, and says nothing where there are more."""
_NO_THINKING = Document("the server showed no thinking for this draw", frozenset([0]))


class Draw(Fed["DrawPicture"]):
    """The draw's screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"tab('{name}')", name, show=False) for number, name in enumerate(TABS, 1)),
        Binding("tab", "next_tab(1)", "next tab", show=False, priority=True),
        Binding("shift+tab", "next_tab(-1)", "tab before", show=False, priority=True),
        Binding("left_square_bracket", "turn(-1)", "previous draw", show=False),
        Binding("right_square_bracket", "turn(1)", "next draw", show=False),
        Binding("slash", "search", "search", show=False),
        Binding("escape", "unsearch", "back", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    HELP_TITLE = "One draw"
    HELP_KEYS = (
        ("1 2 3 4", "text, thinking, prompt, requests; tab goes round"),
        ("/", "search; small letters find capitals too; esc forgets it"),
        ("n N", "the next match, the match before; round at the ends"),
        ("g G", "to the beginning, to the end"),
        ("w", "wrap long lines, or let them go on beyond the edge; ← → go there"),
        ("[ ]", "the draw before, the draw after, as they stood in the table"),
        ("y", "copy what is on this tab, through the terminal (OSC 52)"),
    )
    HELP_NUMBERS = (
        ("tokens out", "completion tokens as billed, thinking included; ~ is estimated: the server gave no usage"),
        ("overrun", "tokens used per token asked for"),
        ("thinking", "tokens of hidden thinking, where the server says; the thinking itself only where it shows it"),
        ("reserved", "the most that a request could cost, set aside before it was sent"),
        ("billed", "what it did cost; in doubt: may have been billed, counted as reserved"),
        ("try", "first, second … request for the same step"),
        ("␛ <U+202E>", "characters that a terminal would obey or hide, spelt out; the store keeps them as they came"),
    )

    def __init__(self, run_id: int, key: DrawKey, among: Sequence[DrawKey] = ()) -> None:
        """A draw of a run.

        Args:
            run_id: The run's row.
            key: The draw.
            among: The draws to turn to, in their order; those of the same cell where none are given.
        """
        super().__init__()
        self.run_id = run_id
        self.key = key
        self._among = list(among)
        self._picture: DrawPicture | None = None
        self._tab = TEXT

    def contents(self) -> ComposeResult:
        """Heading, the text or the requests, the keys."""
        yield Facts()
        yield Reader(id="reader")
        yield Table(
            request_columns(priced=True), identity=lambda one: one.id, empty="no request was made for it", id="requests"
        )
        yield Keys((), (("?", "help"), ("esc", "back")))
        search = Filter()
        search.placeholder = "search"
        yield search

    def picture(self, db: sqlite3.Connection, place: Place) -> DrawPicture:
        """The draw, its texts once."""
        del place
        return read_draw(db, self.run_id, self.key, self._picture)

    def show(self, picture: DrawPicture) -> None:
        """Show what was read."""
        self._picture = picture
        self.query_one(Facts).show(picture, self._place_of())
        requests = self.query_one("#requests", Table)
        requests.set_columns(request_columns(priced=picture.draw.condition.price is not None))
        requests.set_rows(picture.draw.attempts)
        self._show_tab()

    def lay_out(self) -> None:
        """Where there is little room, the heading does without what the server says of itself."""
        self.query_one(Facts).styles.height = 3 if self.app.size.height < 20 else 4  # noqa: PLR2004 - lines
        self._show_tab()

    def action_tab(self, name: str) -> None:
        """Show the text, the thinking, the prompt or the requests."""
        self._tab = name
        self._show_tab()

    def action_next_tab(self, by: int) -> None:
        """Show the next of them."""
        self.action_tab(TABS[(TABS.index(self._tab) + by) % len(TABS)])

    def action_turn(self, by: int) -> None:
        """Go to the next draw, or the one before."""
        draws = self._draws()
        if self.key in draws and 0 <= (index := draws.index(self.key) + by) < len(draws):
            self.key = draws[index]
            self.post_message(PictureWanted())

    def action_search(self) -> None:
        """Search the text on show."""
        if self._tab == REQUESTS:
            self.action_tab(TEXT)
        self.query_one(Filter).ask(self.query_one(Reader).words)

    def action_unsearch(self) -> None:
        """Forget what was searched for; where nothing was, go back."""
        reader = self.query_one(Reader)
        if reader.words:
            reader.search("")
        else:
            self.action_back()

    def action_copy(self) -> None:
        """Copy the text on show as it can be read: a terminal it is pasted into must not obey it either."""
        if self._picture is None or self._tab == REQUESTS:
            return
        whole = self._document.text
        kept = whole.encode("utf-8", "replace")[:MOST_COPIED].decode("utf-8", "ignore")
        shown = visible(kept)
        spelt = "; what a terminal would obey is spelt out" if shown != kept else ""
        some = f"the first {len(kept):,} of {len(whole):,}" if len(kept) < len(whole) else f"{len(whole):,}"
        self.app.copy_to_clipboard(shown.encode("utf-8")[:MOST_COPIED].decode("utf-8", "ignore"))
        self.thinktop.tell(f"copied {self._tab}: {some} characters{spelt}")

    @on(Filter.Wanted)
    def _searched(self, message: Filter.Wanted) -> None:
        self.query_one(Reader).search(message.words)

    @on(Filter.Done)
    def _search_done(self) -> None:
        self.query_one(Reader).focus()

    @on(Table.Pointed)
    def _request_pointed(self) -> None:
        self._foot()

    @property
    def _document(self) -> Document:
        assert self._picture is not None
        return self._picture.texts.get(self._tab, _NO_THINKING)

    def _show_tab(self) -> None:
        """The present tab in its pane, the names of all of them in the frame."""
        if self._picture is None:
            return
        reader, requests = self.query_one(Reader), self.query_one("#requests", Table)
        listed = self._tab == REQUESTS
        reader.display, requests.display = not listed, listed
        pane = requests if listed else reader
        if listed:
            self._foot()
        else:
            reader.read(self._document)
        pane.border_title = self._tabs()
        if not isinstance(self.focused, Filter):
            pane.focus()
        self.query_one(Keys).show(self._keys_now())

    def _foot(self) -> None:
        """Under the requests: the whole message of the one under the cursor."""
        table = self.query_one("#requests", Table)
        table.set_footing([] if table.pointed is None else message_of(table.pointed, self.app.size.width - 2))

    def _tabs(self) -> Content:
        assert self._picture is not None
        names = []
        for number, name in enumerate(TABS, 1):
            missing = name == THINKING and THINKING not in self._picture.texts
            title = f"{number} {'no ' if missing else ''}{name}"
            title += f" {len(self._picture.draw.attempts)}" if name == REQUESTS else ""
            names.append(Content.styled(title, "bold $foreground" if name == self._tab else "$quiet"))
        return Content("   ").join(names)

    def _draws(self) -> list[DrawKey]:
        if self._among:
            return self._among
        planned = self._picture.draw.planned if self._picture else 0
        return [self.key._replace(number=number) for number in range(planned)]

    def _place_of(self) -> str:
        draws = self._draws()
        return f"{draws.index(self.key) + 1:,} of {len(draws):,}" if self.key in draws else ""

    def _keys_now(self) -> list[tuple[str, str]]:
        """The keys that matter on this tab."""
        keys = [("1-4", "tabs"), ("[ ]", "draw")]
        if self._tab == REQUESTS:
            return [*keys, ("s", "sort")]
        return [*keys, ("/", "search"), ("n N", "next match"), ("g G", "ends"), ("w", "wrap"), ("y", "copy")]
