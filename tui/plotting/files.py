"""A figure as a file: on paper, or as it stands in a terminal, in plain text or with colour codes."""

from __future__ import annotations

from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from core.errors import UsageError
from core.figures import paper
from core.interchange.fresh_file import fresh_file
from core.visible import visible_line
from tui.plotting.terminal import draw

if TYPE_CHECKING:
    from pathlib import Path

    from core.figures.model import Figure

SUFFIXES = (*paper.SUFFIXES, ".txt", ".ansi")

_CELL_IN, _LINE_IN = 0.07, 4.3 / 30
"""Inches on paper of a cell and a line: 100 x 30 of them are 7 x 4.3 inches."""


def check(path: Path) -> None:
    """Nothing, if a figure can be written to a file of this name.

    Raises:
        UsageError: it has another suffix, or what draws on paper is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{visible_line(str(path), 200)}: figures can be written as {', '.join(SUFFIXES)}")
    if on_paper(path) and find_spec("matplotlib") is None:
        raise UsageError(paper.MISSING)


def on_paper(path: Path) -> bool:
    """Whether a file of this name is drawn as on paper, not as in a terminal."""
    return path.suffix.lower() in paper.SUFFIXES


def save(figure: Figure, path: Path, width: int, height: int, *, force: bool) -> None:
    """Write a figure of so many cells and lines.

    Raises:
        UsageError: it has another suffix, matplotlib is missing, the file is there already, or it cannot be written.
    """
    check(path)
    suffix = path.suffix.lower()
    if on_paper(path):
        paper.save(figure, path, (width * _CELL_IN, height * _LINE_IN), force=force)
        return
    drawn = draw(figure, width, height, colour=suffix != ".txt")
    console = Console(
        file=StringIO(),
        record=True,
        width=width,
        force_terminal=True,
        color_system="256",
        no_color=False,
        markup=False,
        highlight=False,
        legacy_windows=False,
    )
    console.print(drawn, soft_wrap=True)
    with fresh_file(path, force=force) as file:
        file.write(console.export_text(styles=suffix == ".ansi"))
