"""`thinktop plot`: a figure of one or more runs in the terminal, or in a file."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from core.errors import UsageError
from core.visible import visible_line
from tui.cli.options import ForceOption, JsonOption, Runs, StoreOption  # noqa: TC001 - cyclopts reads them at run time
from tui.commands.curve import read_runs
from tui.console import print_json, stdout
from tui.plotting.figures import FIGURES, figure_of

FigureOption = Annotated[
    Literal["accuracy", "budget"], Parameter(name="--figure", help="Which figure; --list names them.")
]
XOption = Annotated[Literal["tokens", "cost", "seconds"], Parameter(name="--x", help="What accuracy is held against.")]
WidthOption = Annotated[int | None, Parameter(name="--width", help="Cells across; default: the terminal's, or 100.")]
HeightOption = Annotated[int | None, Parameter(name="--height", help="Lines; default: the terminal's, or 30.")]
LinearOption = Annotated[bool, Parameter(name="--linear", negative="", help="Linear axes instead of logarithmic ones.")]
ListOption = Annotated[bool, Parameter(name="--list", negative="", help="Name the figures that there are.")]
OutOption = Annotated[Path | None, Parameter(name=["-o", "--out"], help="A file: .txt, .ansi (with colours), .svg.")]

_DEFAULT_SIZE = 100, 30
_LEAST, _MOST = 10, 1000
"""Cells and lines that a figure may have."""


def plot(
    *runs: Runs,
    figure: FigureOption = "accuracy",
    x: XOption = "tokens",
    width: WidthOption = None,
    height: HeightOption = None,
    linear: LinearOption = False,
    names: ListOption = False,
    out: OutOption = None,
    force: ForceOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """A figure of runs: how accuracy grows with what is spent, or what became of the tokens asked for.

    Two runs in one figure, as a file: thinktop plot aime-2024 aime-2023 --x cost -o accuracy.svg
    """
    if names:
        if json:
            print_json([{"figure": name, "shows": kind.shows} for name, kind in FIGURES.items()])
        else:
            for name, kind in FIGURES.items():
                stdout().print(f"{name:<10}{kind.shows}")
        return 0
    if json and out is not None:
        raise UsageError("plot takes --json or -o, not both")
    if x not in FIGURES[figure].spendings:
        held = ", ".join(FIGURES[figure].spendings)
        raise UsageError(f"plot --figure {figure} is held against {held} only: leave out --x {x}")
    if out is not None:
        from tui.plotting.files import check_suffix  # noqa: PLC0415 - only for files

        check_suffix(out)
    size = _size(width, height, to_file=out is not None)
    drawn = figure_of(read_runs(store, runs), figure, x, linear=linear)
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
