"""A question before something that costs money or cannot be undone: asked at a terminal, and only yes is yes."""

from __future__ import annotations

import sys

from core.errors import UsageError


def agreed(question: str, otherwise: str) -> bool:
    """Whether the person at the terminal says yes.

    Args:
        question: What would be done, without foreign text that is not visible yet.
        otherwise: What to say on the command line where there is nobody to ask, such as `say --yes to delete`.

    Raises:
        UsageError: there is no terminal to ask at.
    """
    if not can_ask():
        raise UsageError(f"there is no terminal to ask at: {otherwise}")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def can_ask() -> bool:
    """Whether a person reads what goes to stderr and can type an answer; results may go elsewhere."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
