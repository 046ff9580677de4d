"""How the help of one command looks: plain lines in two columns, no boxes, so that it can be read anywhere."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

_INDENT = "  "
_WIDEST_NAME = 26
"""Longer names stand on a line of their own."""


class AlignedHelp:
    """A formatter for cyclopts."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Print a panel: its title, and a name and a description in each line."""
        entries = [(_name(entry), _description(entry)) for entry in panel.entries]
        if not entries:
            return
        _print(console, "")
        _print(console, str(panel.title or ""))
        column = min(max(len(name) for name, _ in entries), _WIDEST_NAME) + 2
        for name, description in entries:
            lines = textwrap.wrap(description, max(options.max_width - column - len(_INDENT), 20)) or [""]
            if len(name) > column - 2:
                _print(console, f"{_INDENT}{name}")
            else:
                lines[0] = f"{_INDENT}{name:<{column}}{lines[0]}"
            for number, line in enumerate(lines):
                first = number == 0 and len(name) <= column - 2
                _print(console, line if first else f"{_INDENT}{'':<{column}}{line}")

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """Print the line that shows how it is called."""
        del options
        words = _plain(usage)
        if words:
            _print(console, words if words.startswith("Usage:") else f"Usage: {words}")

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:
        """Print what it does."""
        words = _plain(description)
        if words:
            for paragraph in words.split("\n\n"):
                _print(console, "")
                _print(console, textwrap.fill(" ".join(paragraph.split()), options.max_width))


def _name(entry: HelpEntry) -> str:
    return ", ".join(entry.display_labels_with_metavar)


def _description(entry: HelpEntry) -> str:
    parts = [_plain(entry.description)]
    if entry.choices:
        parts.append(f"One of {', '.join(entry.choices)}.")
    if entry.required:
        parts.append("Required.")
    return " ".join(part for part in parts if part)


def _plain(words: Any) -> str:
    """The characters of what cyclopts made of a docstring or an annotation."""
    inner = getattr(words, "primary_renderable", words)
    return str(getattr(inner, "plain", "" if inner is None else inner)).strip()


def _print(console: Console, line: str) -> None:
    console.print(line.rstrip(), markup=False, highlight=False, emoji=False, soft_wrap=True)
