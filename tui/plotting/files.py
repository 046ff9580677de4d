"""A figure as a file: as it stands in a terminal, in plain text, with colour codes, or as a picture of it."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from core.errors import UsageError
from core.interchange.fresh_file import fresh_file
from core.visible import visible_line
from tui.plotting.terminal import draw

if TYPE_CHECKING:
    from pathlib import Path

    from core.figures.model import Figure

SUFFIXES = (".txt", ".ansi", ".svg")


def check_suffix(path: Path) -> None:
    """Nothing, if a figure can be written to a file of this name.

    Raises:
        UsageError: it has another suffix.
    """
    if path.suffix.lower() not in SUFFIXES:
        name = visible_line(str(path), 200)
        raise UsageError(
            f"{name}: figures can be written as {', '.join(SUFFIXES)} now (.png and .pdf are not there yet)"
        )


def save(figure: Figure, path: Path, width: int, height: int, *, force: bool) -> None:
    """Write a figure of so many cells and lines.

    Raises:
        UsageError: it has another suffix, the file is there already, or it cannot be written.
    """
    check_suffix(path)
    suffix = path.suffix.lower()
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
        if suffix == ".svg":
            file.write(console.export_svg(title="thinktop", code_format=_svg_format()))
        else:
            file.write(console.export_text(styles=suffix == ".ansi"))


def _svg_format() -> str:
    """Rich's picture of a terminal without its fonts, which a viewer would have to fetch from the network."""
    from rich._export_format import CONSOLE_SVG_FORMAT  # noqa: PLC0415 - rich offers its template here only

    return re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
