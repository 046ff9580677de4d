"""`thinktop plot`: a figure of one or more runs in the terminal, or in a file."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from core.errors import UsageError
from core.figures.table import FIGURES, figure_of, titled
from core.store.opening import reading
from core.store.runs import find_run
from core.visible import visible_line
from tui.cli.options import ForceOption, JsonOption, Runs, StoreOption, place_of
from tui.console import print_json, stdout

if TYPE_CHECKING:
    from core.analysis.study import Study

FigureOption = Annotated[
    Literal[
        "accuracy", "budget", "overrun", "vote", "cost", "problems", "latency", "difficulty", "compare", "trade",
        "coverage",
    ],
    Parameter(name="--figure", help="Which figure; --list names them."),
]  # fmt: skip
XOption = Annotated[
    Literal["tokens", "cost", "seconds"] | None,
    Parameter(name="--x", help="What is spent, across; default: what the figure is about."),
]
LabelOption = Annotated[str | None, Parameter(name="--label", help="Only this one of the runs' labels.")]
WidthOption = Annotated[int | None, Parameter(name="--width", help="Cells across; default: the terminal's, or 100.")]
HeightOption = Annotated[int | None, Parameter(name="--height", help="Lines; default: the terminal's, or 30.")]
LinearOption = Annotated[bool, Parameter(name="--linear", negative="", help="Linear axes instead of logarithmic ones.")]
FocusOption = Annotated[
    bool, Parameter(name="--focus", negative="", help="In the figure budget: only where the model listens.")
]
ListOption = Annotated[bool, Parameter(name="--list", negative="", help="Name the figures that there are.")]
OutOption = Annotated[
    Path | None,
    Parameter(name=["-o", "--out"], help="A file: .png .svg .pdf; .txt .ansi as in the terminal."),
]

_DEFAULT_SIZE = 100, 30
_LEAST, _MOST = 10, 1000
"""Cells and lines that a figure may have."""


def plot(
    *runs: Runs,
    figure: FigureOption = "accuracy",
    x: XOption = None,
    label: LabelOption = None,
    width: WidthOption = None,
    height: HeightOption = None,
    linear: LinearOption = False,
    focus: FocusOption = False,
    names: ListOption = False,
    out: OutOption = None,
    force: ForceOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """A figure of runs: how accuracy grows with what is spent, and what became of it; --list names them all.

    Two runs in one figure, as a file: thinktop plot aime-2024 aime-2023 --figure compare -o compare.pdf
    """
    kind = FIGURES[figure]
    if names:
        if json:
            print_json([{"figure": name, "shows": kind.shows} for name, kind in FIGURES.items()])
        else:
            for name, kind in FIGURES.items():
                stdout().print(f"{name:<12}{kind.shows}", soft_wrap=True)
        return 0
    if json and out is not None:
        raise UsageError("plot takes --json or -o, not both")
    if x is not None and x not in kind.spendings:
        held = ", ".join(kind.spendings)
        raise UsageError(f"plot --figure {figure} is held against {held} only: leave out --x {x}")
    if out is not None:
        from tui.plotting.files import check  # noqa: PLC0415 - only for files

        check(out)
    size = _size(width, height, to_file=out is not None)
    study = _study(store, runs)
    if label is not None:
        label = _named(study, label)
    drawn = titled(figure_of(study, figure, x, linear=linear, label=label, focus=focus), study, label)
    if json:
        print_json(asdict(drawn))
    elif out is None:
        from tui.plotting.terminal import draw  # noqa: PLC0415 - plotext takes a quarter of a second

        screen = stdout()
        coloured = screen.color_system is not None and not screen.no_color
        screen.print(draw(drawn, *size, colour=coloured), soft_wrap=True)
    else:
        from tui.plotting.files import save  # noqa: PLC0415 - for a file only

        save(drawn, out, *size, force=force)
        stdout().print(visible_line(str(out)), soft_wrap=True)
    return 0


def _study(store: Path | None, runs: tuple[str, ...]) -> Study:
    """What is said of the runs that are meant, read at one instant; of the newest where none is named."""
    from core.studying import study_of_runs  # noqa: PLC0415 - imports numpy

    with reading(place_of(store)) as db:
        return study_of_runs(db, list(dict.fromkeys(find_run(db, run) for run in (runs or (None,)))))


def _named(study: Study, label: str) -> str:
    """The study's name of a label, which may have its run beside it.

    Raises:
        UsageError: there is no such label, or several runs have it.
    """
    found = [one.name for one in study.labels if one.name == label] or [
        one.name for one in study.labels if one.label == label
    ]
    if len(found) != 1:
        known = ", ".join(repr(visible_line(one.name, 40)) for one in study.labels)
        raise UsageError(f"plot --label {visible_line(label, 40)!r}: name one of {known or 'none'}")
    return found[0]


def _size(width: int | None, height: int | None, *, to_file: bool) -> tuple[int, int]:
    """Cells and lines: as asked for, else what the terminal has (less a line for the prompt), else 100 x 30."""
    for name, value in (("--width", width), ("--height", height)):
        if value is not None and not _LEAST <= value <= _MOST:
            raise UsageError(f"plot {name}: must be from {_LEAST} to {_MOST} (got {value})")
    columns, lines = _DEFAULT_SIZE
    if sys.stdout.isatty() and not to_file:
        terminal = shutil.get_terminal_size(_DEFAULT_SIZE)
        columns, lines = max(terminal.columns, _LEAST), max(terminal.lines - 1, _LEAST)
    return width or columns, height or lines
