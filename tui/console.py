"""Where text leaves the program outside the monitor: results to stdout, everything else to stderr, all of it visible.

Text from models, data sets, servers and configs is hostile: what is not our own words goes through `plain` or is put
in tables as `Text`, never as markup.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from core.visible import visible_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from core.vocabulary import Json


def stdout() -> Console:
    """The console for results; without markup, highlighting or emoji, and without colour where NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 - keeps `--help` fast

    return Console(markup=False, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def stderr() -> Console:
    """The console for progress, notes and errors."""
    from rich.console import Console  # noqa: PLC0415 - as above

    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def plain(text: object, style: str = "", limit: int | None = None) -> Text:
    """Foreign text as one visible line for a table or a message."""
    from rich.text import Text  # noqa: PLC0415 - as above

    return Text(visible_line(str(text), limit), style=style)


def print_json(value: Json) -> None:
    """A result for scripts, on stdout; ASCII, so that nothing in it can drive a terminal."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True) + "\n")
