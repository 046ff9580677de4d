"""A row of a data set, as any reader found it, and what every reader says of a field that is not there.

Owns no file format: readers make rows, `selection` makes problems of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SHOWN = 20
"""Names in a message at most; a table with hundreds of columns would drown what went wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its fields, and where it stands (`aime.jsonl:12`) for messages."""

    place: str
    values: Mapping[str, object]


def require_field(place: str, option: str, field: str, there: Collection[str]) -> None:
    """Nothing, where the field is there.

    Raises:
        UsageError: it is not; the message has the option to mend, the likeliest name and the names that are there.
    """
    if field not in there:
        raise UsageError(f"{place}: no field {field!r} (problems.{option}){meant(field, there)}; it has {named(there)}")


def meant(word: str, there: Collection[str]) -> str:
    """`, did you mean 'problem'?`, or nothing where no name comes close."""
    by_lower = {name.lower(): name for name in there}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return f", did you mean {by_lower[close[0]]!r}?" if close else ""


def named(there: Collection[str]) -> str:
    """The names that are there, in their order, the first twenty of them."""
    names = list(there)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (", ".join(repr(name) for name in names[:_SHOWN]) or "none") + more
