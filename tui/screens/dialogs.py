"""Small questions over a screen: yes or no, one of a few ways, a number. Each is answered once; escape is always no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from core.visible import visible_line
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

Answer = TypeVar("Answer")
_MOST = 76
"""Cells of a dialog's text at most."""


class Said(Lines):
    """A few lines of text, broken where a line is full; the rest of it stands under the first words after an indent."""

    DEFAULT_CSS: ClassVar[str] = "Said { height: auto; width: 100%; }"

    def __init__(self, text: Text, indent: int = 0) -> None:
        super().__init__()
        self._text, self._indent = text, indent

    def say(self, text: Text) -> None:
        """Say something else."""
        self._text = text
        self.refresh(layout=True)
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The text, wrapped."""
        del height
        return _wrapped(self._text, width, self._indent)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as the text has at this width."""
        del container, viewport
        return len(_wrapped(self._text, width, self._indent))


class Dialog(ModalScreen[Answer]):
    """A question in a frame over the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "refuse", "no", show=False)]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self._question_title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The question, and what else the dialog has."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = Text(visible_line(self._question_title, 60))
            yield Said(self._text)
            yield from self.answers()

    def answers(self) -> ComposeResult:
        """What stands under the question."""
        yield from ()

    def action_refuse(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)


class Choice(Dialog[str]):
    """A few ways, a key each; the answer is the key, or None."""

    def __init__(self, title: str, text: Text, ways: Sequence[tuple[str, str]]) -> None:
        self._ways = dict(ways)
        keys = [Text.assemble((key, "key"), "  ", (words, "plain")) for key, words in ways]
        keys.append(Text.assemble(("esc", "key"), "  ", ("no, leave it", "label")))
        super().__init__(title, Text("\n").join([text, Text(), *keys]))

    def on_key(self, event: events.Key) -> None:
        """Answer with the key that was pressed, if it is one of them."""
        if event.character in self._ways:
            event.stop()
            self.dismiss(event.character)
        elif event.key == "enter":
            event.stop()  # a question about money or loss is not answered by habit


class Amount(Dialog[str]):
    """A line to type in; the answer is what was typed once it passes, or None."""

    def __init__(self, title: str, text: Text, value: str, check: Callable[[str], str | None]) -> None:
        super().__init__(title, text)
        self._value, self._check = value, check

    def answers(self) -> ComposeResult:
        """The line, and under it what is wrong with it."""
        yield Input(self._value, compact=True, select_on_focus=True)
        yield Said(Text("enter sets it, esc leaves it", "label"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, or say what is wrong with it."""
        wrong = self._check(event.value.strip())
        if wrong is None:
            self.dismiss(event.value.strip())
        else:
            self.query(Said).last().say(Text(visible_line(wrong), "bad"))


def _wrapped(text: Text, width: int, indent: int) -> list[Text]:
    if width <= indent:
        return []
    from rich.console import Console  # noqa: PLC0415 - wrapping wants one, dialogs are seldom

    cells = min(width, _MOST) - indent
    lines = list(text[indent:].wrap(Console(width=cells), cells) if indent else text.wrap(Console(width=cells), cells))
    starts = [text[:indent], *(Text(" " * indent) for _ in lines)]
    return [Text.assemble(start, line) for start, line in zip(starts, lines, strict=False)]
