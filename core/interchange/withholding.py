"""How much of a run is shared, and how a row of it is told: whole, or without what was asked and what is right.

Withheld answers must still vote: they become codes, equal where the answers of a problem are. A code is keyed with the
problem's own question and answer, so whoever has the problem could make it, and nobody else can try all numbers from 0
to 999 (HMAC, RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from core.store.withheld import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]

_CODE = 16
"""Hexadecimal digits of a code: 64 bits."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a run is shared."""

    texts: bool = True
    """What models wrote."""
    problems: bool = True
    """Questions and answers; without them no texts either, since they repeat both."""

    @property
    def with_texts(self) -> bool:
        """Whether texts are shared."""
        return self.texts and self.problems


EVERYTHING = Share()


class Telling(Protocol):
    """How the rows of one run are told; problems come first, in order, the others name them by position."""

    def run(self, row: Row) -> Row:
        """The run's own facts."""

    def problem(self, row: Row) -> Row:
        """A problem."""

    def sample(self, row: Row) -> Row:
        """A sample."""

    def grade(self, row: Row) -> Row:
        """A grade."""

    def attempt(self, row: Row) -> Row:
        """A request."""

    def failure(self, row: Row) -> Row:
        """A draw that failed for good."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All there is, but for messages in which a key seems to stand."""

    message: Callable[[str], str]
    """What is left of a server's message."""

    def run(self, row: Row) -> Row:
        """As it is."""
        return row

    def problem(self, row: Row) -> Row:
        """With what it says as a hash."""
        return row | {"content": content_hash(row["question"])}

    def sample(self, row: Row) -> Row:
        """As it is."""
        return row

    def grade(self, row: Row) -> Row:
        """As it is."""
        return row

    def attempt(self, row: Row) -> Row:
        """With a message that is fit to be shared."""
        return row | {"message": self.message(row["message"])}

    def failure(self, row: Row) -> Row:
        """With a reason that is fit to be shared."""
        return row | {"reason": self.message(row["reason"])}


@dataclass(frozen=True, slots=True)
class Withheld:
    """Neither questions nor answers, nor words in which they could stand."""

    _keys: list[bytes] = field(default_factory=list)
    """By problem: what its codes are keyed with."""

    def run(self, row: Row) -> Row:
        """Without the words of warnings and of its state: a server's message may stand in them."""
        return row | {"reason": "", "warnings": []}

    def problem(self, row: Row) -> Row:
        """Its place, key and cluster, and what it says as a hash; a key that is what it says becomes its number."""
        said = f"{row['question']}\0{row['answer']}".encode("utf-8", "surrogatepass")
        self._keys.append(hashlib.sha256(b"thinktop withheld\0" + said).digest())
        telling = " ".join(row["question"].split()).startswith(" ".join(row["key"].split()))
        key = f"problem-{row['position'] + 1}" if telling and row["question"] else row["key"]
        return row | {"key": key, "question": None, "answer": None, "content": content_hash(row["question"])}

    def sample(self, row: Row) -> Row:
        """With its text's hash in code: a short text could be guessed from the hash itself."""
        return row | {"text_sha": self._code(row["problem"], row["text_sha"], 64)}

    def grade(self, row: Row) -> Row:
        """With its answer in code."""
        answer = row["answer"]
        return row | {"answer": None if answer is None else self._code(row["problem"], answer), "note": ""}

    def attempt(self, row: Row) -> Row:
        """Without a message."""
        return row | {"message": ""}

    def failure(self, row: Row) -> Row:
        """Without a reason."""
        return row | {"reason": ""}

    def _code(self, problem: int, text: str, digits: int = _CODE) -> str:
        said = text.encode("utf-8", "surrogatepass")
        return hmac.new(self._keys[problem], said, hashlib.sha256).hexdigest()[:digits]
