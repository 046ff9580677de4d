"""What a check found: fine, worth a look, or in the way; and what to do about it. Knows no check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.vocabulary import Json


class Level(StrEnum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"
    """Works, but is worth knowing."""
    BAD = "bad"
    """A sweep would fail, or could lose money or data."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result, on one line."""

    check: str
    """The subject, such as `store`."""
    level: Level
    text: str
    """What was found; may hold foreign text."""
    advice: str = ""
    """What to do; empty where nothing needs doing."""

    def to_json(self) -> dict[str, Json]:
        """The finding as `thinktop doctor --json` prints it."""
        return {"check": self.check, "level": self.level.value, "text": self.text, "advice": self.advice}


def good(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, Level.GOOD, text)


def note(check: str, text: str, advice: str = "") -> Finding:
    """Worth knowing."""
    return Finding(check, Level.NOTE, text, advice)


def bad(check: str, text: str, advice: str) -> Finding:
    """In the way."""
    return Finding(check, Level.BAD, text, advice)
