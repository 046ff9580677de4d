"""From rows to problems: which fields hold what, which rows stay, and what no problem can be made of.

Knows no file format. Everything that reaches a `Problem` from outside passes here: a missing, empty or unreadable
question, answer or id is an error with its place, never a problem that cannot be answered. Reading ends with the last
row that is needed, so what follows it is not checked.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.problems.rows import Row, require_field
from core.vocabulary import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_PROBLEMS = 1_000_000
LONGEST_QUESTION = 1_000_000
LONGEST_ANSWER = 10_000
LONGEST_ID = 200
_ID_DIGITS = 12
_MOST_DIGITS = 100
"""Of a number that is an answer or an id: `1e999999999` is four bytes in a file and a gigabyte written out."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which fields hold what, which rows stay (each field contains its text), and how many of them."""

    question: str = "problem"
    answer: str = "answer"
    id: str | None = None
    cluster: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None

    @property
    def options(self) -> dict[str, str]:
        """Each config option that names a field, with the name; `where.url` for a condition."""
        named = {"question_field": self.question, "answer_field": self.answer}
        optional = {"id_field": self.id, "cluster_field": self.cluster}
        named |= {option: name for option, name in optional.items() if name is not None}
        return named | {f"where.{name}": name for name in self.where}


def select(rows: Iterable[Row], selection: Selection, source: str) -> list[Problem]:
    """The problems in the rows that stay, in their order, up to the limit.

    Raises:
        UsageError: a row cannot be used, two have the same id, or no row is left.
    """
    problems: list[Problem] = []
    first_at: dict[str, str] = {}
    read = 0
    for row in rows:
        read += 1
        for option, name in selection.options.items():
            require_field(row.place, option, name, row.values)
        if not all(wanted in _shown(row.values[name]) for name, wanted in selection.where.items()):
            continue
        problem = _problem(row, selection)
        if problem.id in first_at:
            what = f"id {problem.id!r}" if selection.id else "question"
            raise UsageError(f"{row.place}: the same {what} as at {first_at[problem.id]}; ids must differ: remove one")
        first_at[problem.id] = row.place
        problems.append(problem)
        if len(problems) == selection.limit:
            break
        if len(problems) > MOST_PROBLEMS:
            raise UsageError(
                f"{source}: more than {MOST_PROBLEMS:,} problems; choose some with problems.where or .limit"
            )
    if not read:
        raise UsageError(f"{source}: is empty: no problem in it")
    if not problems:
        conditions = " and ".join(f"{wanted!r} in {name!r}" for name, wanted in selection.where.items())
        raise UsageError(f"{source}: none of its {read:,} rows has {conditions}; mend problems.where")
    return problems


def _problem(row: Row, selection: Selection) -> Problem:
    """The problem in a row that has all the fields."""
    question = row.values[selection.question]
    if not isinstance(question, str):
        raise UsageError(f"{row.place}: {selection.question!r} must be text, not {_kind(question)}")
    question = _usable(question, LONGEST_QUESTION, row.place, selection.question)
    cluster = None
    if selection.cluster is not None and _shown(row.values[selection.cluster]).strip():
        cluster = _scalar(row, selection.cluster, LONGEST_ID)
    return Problem(
        id=_scalar(row, selection.id, LONGEST_ID) if selection.id else question_id(question),
        question=question,
        answer=_scalar(row, selection.answer, LONGEST_ANSWER),
        cluster=cluster,
    )


def question_id(question: str) -> str:
    """The id of a problem that came without one: 12 hex digits of its question's SHA-256, in stored runs too."""
    return hashlib.sha256(question.encode()).hexdigest()[:_ID_DIGITS]


def _scalar(row: Row, name: str, longest: int) -> str:
    """A field's text, without white space around it; a whole number as its digits (204.0 is 204)."""
    value = row.values[name]
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        text = _digits(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), row.place, name)
    else:
        raise UsageError(f"{row.place}: {name!r} must be text or a number, not {_kind(value)}")
    return _usable(text, longest, row.place, name)


def _digits(number: Decimal, place: str, name: str) -> str:
    """A number written out: whole ones without a point, others as they stand."""
    if not number.is_finite():
        raise UsageError(f"{place}: {name!r} is {number}, not a number; write the value")
    if abs(number.adjusted()) > _MOST_DIGITS:
        raise UsageError(f"{place}: {name!r} is a number of more than {_MOST_DIGITS} digits; write it as text")
    return str(int(number)) if number == int(number) else str(number)


def _usable(text: str, longest: int, place: str, name: str) -> str:
    """The text, where it can be asked, stored and compared."""
    if not text.strip():
        raise UsageError(f"{place}: {name!r} is empty; fill it in or leave the row out with problems.where")
    if len(text) > longest:
        raise UsageError(f"{place}: {name!r} has {len(text):,} characters; at most {longest:,} are taken")
    if "\0" in text:
        raise UsageError(f"{place}: {name!r} holds a NUL character; remove it")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"{place}: {name!r} holds half a character (a lone surrogate); write it anew as UTF-8")
    return text


def _shown(value: object) -> str:
    """A field as text, for `where` to look in: text as it stands, nothing for null, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _kind(value: object) -> str:
    """What a person calls the type of a value."""
    kinds = {type(None): "null", bool: "true or false", list: "a list", dict: "an object", bytes: "bytes"}
    return kinds.get(type(value), f"a {type(value).__name__}")
