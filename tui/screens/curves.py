"""Figures of one or more runs at full size, with the numbers behind them: what `thinktop plot` and `curve` print.

Small runs are read sample by sample; of large ones the store's sums are shown first, and their samples are read when
somebody asks for it. The head always says which, and as of when.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from core.figures.table import FIGURES
from core.store.opening import reading
from core.visible import visible, visible_line
from tui.messages import PictureWanted
from tui.screens.exporting import Export, ask_export, safe_stem
from tui.screens.fed import LOW, Fed
from tui.screens.overlay import Overlay
from tui.snapshots.curves import Asked, CurvesPicture, Drawing, Readings
from tui.widgets.curve import Curve
from tui.widgets.curves_head import CurvesHead, Drawn
from tui.widgets.keys import Keys
from tui.widgets.numbers import NumbersRow, number_columns
from tui.widgets.table import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from core.figures.spending import Spending
    from core.reading import ReadRun
    from core.store.place import Place
    from core.store.progress import RunRow
    from tui.snapshots.curves import Label

_AXES: dict[Spending, str] = {"tokens": "tokens", "cost": "dollars", "seconds": "seconds"}
_FILE_SIZE = 100, 30
"""Cells and lines of a figure in a file."""
_COPIED = 200
"""Cells of a table that is copied."""
_MOST_TABLE = 0.5
"""Share of the screen that the table has at most, beside a figure."""


class Curves(Fed[CurvesPicture]):
    """Any figure, of any runs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f,right", "turn(1)", "next figure", show=False),
        Binding("F,left", "turn(-1)", "figure before", show=False),
        *(Binding(str(number % 10), f"figure({number})", "figure", show=False) for number in range(1, 11)),
        Binding("x", "axis", "axis", show=False),
        Binding("l", "scale", "linear or log", show=False),
        Binding("m", "label", "model", show=False),
        Binding("t", "numbers", "table", show=False),
        Binding("o", "overlay", "runs", show=False),
        Binding("r", "read", "read samples", show=False),
        Binding("e", "export", "export", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    HELP_TITLE = "Figures"
    HELP_KEYS = (
        ("f  F", "the next figure, the one before; left and right as well, or its number, 0 for the tenth"),
        ("x", "what accuracy is held against: tokens, dollars, seconds"),
        ("l", "linear or logarithmic axes"),
        ("m", "all models, or one after the other"),
        ("t", "the numbers behind the figure, and back"),
        ("o", "which runs lie in the figure"),
        ("r", "read every sample now"),
        ("e", "export: the figure, the numbers, the samples, a report"),
        ("y", "copy the numbers as text, to where the terminal keeps what is copied"),
    )
    HELP_NUMBERS = (
        ("accuracy", "mean over problems of the share of their samples that are right; truncated is wrong"),
        ("95 %", "its interval, from the spread between problems (or clusters of them)"),
        ("fit", "the simplest of three shapes that is as good as the best on problems left out; grey: its 95 % band"),
        ("no gains", "from there on the last doubling or more is within the margin, by an equivalence test"),
        ("votes", "what a majority among k draws of the largest budget is expected to earn; k draws cost k times one"),
        ("overrun", "tokens used per token asked for, median; orange above ×2"),  # noqa: RUF001 - as on the screen
        ("maj@k", "expected credit of the majority among k draws; a tie gives its share"),
        ("pass@k", "chance that at least one of k draws is right"),
        ("every one of", "each graded sample was read: the same numbers as `thinktop curve` prints"),
        ("from sums", "of a large run the store's sums: overrun to within 2.2 %, and votes of the largest budget only"),
        (
            "+",
            "draws were added after results had been seen: accuracy keeps the first plan's, but from sums it has all",
        ),
    )

    def __init__(self, run_ids: Sequence[int]) -> None:
        super().__init__()
        self._run_ids = tuple(dict.fromkeys(run_ids))
        self._wanted: frozenset[int] = frozenset()
        """Runs of which every sample is to be read."""
        self._gone = False
        self._readings = Readings(lambda: self._gone)
        self._pictured_last: CurvesPicture | None = None
        self._reading = 0
        self._figure = next(iter(FIGURES))
        self._axes: dict[str, Spending] = {name: kind.spendings[0] for name, kind in FIGURES.items()}
        """What each figure is held against."""
        self._linear = False
        self._label: str | None = None
        self._with_numbers = False

    def contents(self) -> ComposeResult:
        """The head, the figure, the numbers, the keys."""
        yield CurvesHead()
        with Vertical():
            yield Curve("", id="figure")
            yield Table((), identity=_identity, title="numbers", empty="no samples yet", id="numbers")
        yield Keys((), (("?", "help"), ("esc", "back")))

    def picture(self, db: sqlite3.Connection, place: Place) -> CurvesPicture:
        """The runs as they are known, and the figure of them; what takes long to read is announced first."""
        del place
        wanted, self._wanted = self._wanted, frozenset()
        return self._readings.picture(db, self._run_ids, wanted, self._asked)

    def show(self, picture: CurvesPicture) -> None:
        """Show what was read; have what was announced read."""
        self._pictured_last, self._reading = picture, picture.reading
        self._draw()
        if picture.reading:
            self.post_message(PictureWanted())

    @property
    def _asked(self) -> Asked:
        """The figure that is wanted now."""
        return Asked(self._figure, self._axes[self._figure], self._linear, self._label)

    @property
    def _drawing(self) -> Drawing | None:
        """The figure on show."""
        return self._pictured_last.drawing if self._pictured_last else None

    def lay_out(self) -> None:
        """The numbers below the figure where there is room for both, else in its place."""
        table, both = self.query_one("#numbers", Table), self.app.size.height >= LOW
        self.query_one("#figure").display = both or not self._with_numbers
        table.display = self._with_numbers
        most = int(self.app.size.height * _MOST_TABLE)
        rows = len(table.in_order) + 3 + (len(self._notes()) + 1 if self._notes() else 0)
        table.styles.height = min(max(rows, 6), most) if both else "1fr"
        if self._with_numbers and self.focused is not table:
            table.focus()

    def action_back(self) -> None:
        """Go back, and read no further for nobody."""
        self.leave()
        super().action_back()

    def leave(self) -> None:
        """Read no further: whoever leaves must not wait for a million samples."""
        self._gone = True

    def action_turn(self, by: int) -> None:
        """Show another figure."""
        names = list(FIGURES)
        self._show_figure(names[(names.index(self._figure) + by) % len(names)])

    def action_figure(self, number: int) -> None:
        """Show a figure by its number."""
        names = list(FIGURES)
        if number <= len(names):
            self._show_figure(names[number - 1])

    def action_axis(self) -> None:
        """Hold accuracy against something else."""
        axes = FIGURES[self._figure].spendings
        if len(axes) == 1:
            self.thinktop.tell(f"the figure {self._figure} has {_AXES[axes[0]]} only")
            return
        self._axes[self._figure] = axes[(axes.index(self._axes[self._figure]) + 1) % len(axes)]
        self._ask()

    def action_scale(self) -> None:
        """Turn linear axes into logarithmic ones, or back."""
        self._linear = not self._linear
        self._ask()

    def action_label(self) -> None:
        """All models, then one after the other."""
        choices = [None, *(one.name for one in self._labels())]
        if len(choices) <= 2:  # noqa: PLR2004 - all, and the only one
            self.thinktop.tell("there is one model only")
            return
        at = choices.index(self._label) if self._label in choices else 0
        self._label = choices[(at + 1) % len(choices)]
        self._ask()

    def action_numbers(self) -> None:
        """Show the numbers, or the figure only."""
        self._with_numbers = not self._with_numbers
        if not self._with_numbers:
            self.set_focus(None)
        self.lay_out()

    def action_read(self) -> None:
        """Read every sample of the runs on show, however many they are."""
        if self._pictured_last is None or self._reading:
            return
        self._reading = sum(one.samples for one in self._pictured_last.held)
        self._wanted = frozenset(self._run_ids)
        self._draw()
        self.post_message(PictureWanted())

    def action_overlay(self) -> None:
        """Ask which runs lie in the figure."""
        if self._pictured_last is not None:
            self.app.push_screen(Overlay(self._pictured_last.runs, self._run_ids), self._overlaid)

    def action_export(self) -> None:
        """Ask what goes into which file."""
        stem = "-".join(safe_stem(run.name) for run in self._runs()[:3])
        ask_export(self, self._run_ids, stem, self._exports(stem))

    def action_copy(self) -> None:
        """Copy the numbers as text."""
        read = self._read_runs()
        if not read:
            self.thinktop.tell("there is nothing to copy yet")
            return
        self.app.copy_to_clipboard(_as_text(read))
        self.thinktop.tell("the numbers were sent to the terminal's clipboard, as text")

    def commands(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """Every figure by its name, and what else can be done here."""
        yield from super().commands()
        for name, kind in FIGURES.items():
            yield f"Figure: {name}", kind.shows, partial(self._show_figure, name)
        yield "Numbers", "The table behind the figure, and back", self.action_numbers
        yield "Runs in one figure", "Add runs to the figure, or take them out", self.action_overlay
        yield "Read every sample", "However many there are", self.action_read
        yield "Export", "The figure, the numbers, the samples or a report, as a file", self.action_export
        yield "Copy", "The numbers as text", self.action_copy

    def _overlaid(self, run_ids: tuple[int, ...] | None) -> None:
        if run_ids and run_ids != self._run_ids:
            self._run_ids = run_ids
            self.post_message(PictureWanted())

    def _show_figure(self, name: str) -> None:
        self._figure = name
        self._ask()

    def _ask(self) -> None:
        """Have the figure made that is wanted now, where it is read: it may take more than a key can wait."""
        if self._drawing is not None:
            self.post_message(PictureWanted())

    def _draw(self) -> None:
        """Show what is known, as it was asked for."""
        picture, drawing = self._pictured_last, self._drawing
        if picture is None:
            return
        labels = self._labels()
        if self._label not in {one.name for one in labels}:
            self._label = None
        asked = self._asked if drawing is None else drawing.asked
        self._draw_head(picture, asked, len(labels))
        if drawing is not None:
            only = "" if asked.label is None else f"{visible_line(asked.label, 30)} · "
            self.query_one(Curve).show(drawing.figure, f"{only}{drawing.figure.title}")
        shown = {(one.run, one.label) for one in labels if asked.label in {None, one.name}}
        rows = [
            NumbersRow(one.run, condition)
            for one in self._read_runs()
            for condition in one.conditions
            if (condition.curve.run, condition.curve.label) in shown
        ]
        table = self.query_one("#numbers", Table)
        table.set_columns(number_columns(rows))
        table.set_footing([Text(line, "label") for line in self._notes()])
        table.set_rows(rows)
        self.query_one(Keys).show(self._keys_now(len(labels), len(picture.runs)))
        self.lay_out()

    def _draw_head(self, picture: CurvesPicture, asked: Asked, labels: int) -> None:
        names = list(FIGURES)
        drawn = Drawn(
            figure=asked.figure,
            number=names.index(asked.figure) + 1,
            of=len(names),
            x=_AXES[asked.x] if len(FIGURES[asked.figure].spendings) > 1 else "",
            linear=asked.linear,
            label=asked.label,
            labels=labels,
        )
        self.query_one(CurvesHead).show(self._runs(), picture.held, drawn, self._reading)

    def _runs(self) -> list[RunRow]:
        """The runs on show, as they stood last."""
        rows = {row.id: row for row in self._pictured_last.runs} if self._pictured_last else {}
        return [rows[run_id] for run_id in self._run_ids if run_id in rows]

    def _read_runs(self) -> list[ReadRun]:
        return [one.read for one in self._pictured_last.held] if self._pictured_last else []

    def _labels(self) -> Sequence[Label]:
        return self._pictured_last.labels if self._pictured_last else ()

    def _notes(self) -> list[str]:
        """What must be said under the numbers."""
        from tui.pages.curve_table import footnotes, footnotes_of_sums  # noqa: PLC0415 - rich's tables

        held = self._pictured_last.held if self._pictured_last else ()
        return [line for one in held for line in (footnotes if one.exact else footnotes_of_sums)(one.read)]

    def _exports(self, stem: str) -> list[Export]:
        """The figure as it is on show, and the numbers of every sample."""
        place, run_ids = self.thinktop.place, self._run_ids

        def save_numbers(path: Path, force: bool) -> str:
            with reading(place) as db:
                return _save_numbers(db, run_ids, path, force=force)

        numbers = Export("n", "the numbers, from every sample", (".csv", ".json"), f"{stem}-curve", save_numbers)
        return [*self._figure_exports(stem), numbers]

    def _figure_exports(self, stem: str) -> list[Export]:
        picture, drawing = self._pictured_last, self._drawing
        if picture is None or drawing is None:
            return []
        exact = all(one.exact for one in picture.held)
        figure = replace(drawing.figure, title=drawing.title if exact else f"{drawing.title} · from sums")

        def save_figure(path: Path, force: bool) -> str:
            from tui.plotting.files import on_paper, save  # noqa: PLC0415 - for a file only

            if on_paper(path):
                save(figure, path, *_FILE_SIZE, force=force)
            else:
                # plotext keeps one figure for the process, which this thread must not share with the screen's.
                self.app.call_from_thread(save, figure, path, *_FILE_SIZE, force=force)
            return "the figure"

        suffixes = (".svg", ".png", ".pdf", ".txt", ".ansi") if find_spec("matplotlib") else (".txt", ".ansi")
        return [Export("f", "this figure", suffixes, f"{stem}-{drawing.asked.figure}", save_figure)]

    def _keys_now(self, labels: int, runs: int) -> list[tuple[str, str]]:
        keys = [("f", "figure")] if len(FIGURES) > 1 else []
        if len(FIGURES[self._figure].spendings) > 1:
            keys.append(("x", "axis"))
        keys += [("l", "log" if self._linear else "linear"), ("t", "no table" if self._with_numbers else "table")]
        if labels > 1:
            keys.append(("m", "model"))
        if runs > 1:
            keys.append(("o", "overlay"))
        if not self.thinktop.read_only:
            keys.append(("e", "export"))
        return [*keys, ("y", "copy"), ("r", "read")]


def _identity(row: NumbersRow) -> tuple[object, ...]:
    return row.run.id, row.one.curve.label, row.one.curve.budget


def _save_numbers(db: sqlite3.Connection, run_ids: Sequence[int], path: Path, *, force: bool) -> str:
    """What `thinktop curve` prints, as a file."""
    from core.interchange.csv_file import write_csv  # noqa: PLC0415 - for a file only
    from core.interchange.fresh_file import fresh_file  # noqa: PLC0415 - as above
    from core.study_json import study_json  # noqa: PLC0415 - as above
    from core.studying import read_study  # noqa: PLC0415 - imports numpy
    from tui.pages.curve_table import csv_fields, csv_rows  # noqa: PLC0415 - as above

    read, study = read_study(db, run_ids)
    with fresh_file(path, force=force) as file:
        if path.suffix.lower() == ".csv":
            write_csv(file, csv_fields(read), csv_rows(read))
        else:
            file.write(json.dumps(study_json(read, study), indent=2, ensure_ascii=False) + "\n")
    return f"{sum(len(one.conditions) for one in read):,} conditions"


def _as_text(read: Sequence[ReadRun]) -> str:
    """The numbers as `thinktop curve` prints them."""
    from rich.console import Console  # noqa: PLC0415 - seldom wanted

    from tui.pages.curve_table import curve_table, run_line  # noqa: PLC0415 - as above

    console = Console(file=io.StringIO(), width=_COPIED, color_system=None, markup=False, highlight=False, record=True)
    for one in read:
        console.print(run_line(one))
        console.print(curve_table(one.conditions, _COPIED))
    return visible("\n".join(line.rstrip() for line in console.export_text().splitlines()) + "\n")
