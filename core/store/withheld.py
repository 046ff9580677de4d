"""A question that was withheld, as it is kept: by a hash of what it says, so that runs which ask it still pair."""

from __future__ import annotations

import hashlib
import re

_MARK = "withheld question, SHA-256 "
_KEPT = re.compile(rf"{_MARK}([0-9a-f]{{64}})")


def content_hash(question: str) -> str | None:
    """The SHA-256 of a question with single spaces, in hexadecimal, also of a withheld one; None without a question."""
    kept = _KEPT.fullmatch(question)
    if kept is not None:
        return kept[1]
    words = " ".join(question.split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if words else None


def withheld(content: str) -> str:
    """What is kept in the place of a question of which only its hash is known."""
    return f"{_MARK}{content}"
