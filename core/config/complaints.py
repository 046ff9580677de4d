"""What is wrong with a config, in words of our own: one line per fault, with what was found and what would do.

Owns the wording. Knows where a fault is only as a path of keys; `origins` turns that into a file's line or an option.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from core.config.credentials import is_telling
from core.config.keys import Path, home_of, keys_at, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel, ValidationError

_LONGEST_SHOWN = 60

_WORDING = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "int_type": "must be a whole number",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters long",
}
"""Our words for pydantic's types of errors that this schema can give."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault of a config: the keys that lead to it, and what is wrong there."""

    path: Path
    reason: str
    table: Path | None = None
    """For an unknown key, whose name is in the reason: the table that does not have it."""

    @property
    def subject(self) -> Path:
        """What the reason is said of."""
        return self.path if self.table is None else self.table


def wrong(reason: str, *at: str | int) -> PydanticCustomError:
    """An error for a validator to raise: `reason` is said as it stands, of the value or of what is `at` within it."""
    return PydanticCustomError("thinktop", "{reason}", {"reason": reason, "at": at})


def shown(value: object) -> str:
    """A value as a message shows it: as TOML would write it, on one line, printable and short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_SHOWN:
        return "a huge number"
    if isinstance(value, int | float | Decimal):
        return _cut(str(value).lower().replace("infinity", "inf"))
    if isinstance(value, str):
        return f'"{_cut(value)}"'
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, Sequence) else _cut(str(value))


def _cut(text: str) -> str:
    """`text` cut to a few words' length, with what cannot be printed escaped."""
    return printable(text[:_LONGEST_SHOWN]) + ("..." if len(text) > _LONGEST_SHOWN else "")


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the known name that is closest, or nothing."""
    close = difflib.get_close_matches(name.lower(), list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def alternatives(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "none"


def complaints_of(error: ValidationError, model: type[BaseModel]) -> list[Complaint]:
    """What pydantic found wrong with data for `model`, in our words and without what it found under telling names."""
    return [_complaint(dict(detail), model) for detail in error.errors(include_url=False)]


def _complaint(detail: dict[str, Any], model: type[BaseModel]) -> Complaint:
    path: Path = tuple(detail["loc"])
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "thinktop":
        return Complaint((*path, *context["at"]), context["reason"])
    if kind == "extra_forbidden":
        return Complaint(path, unknown_key(str(path[-1]), path[:-1], model), table=path[:-1])
    if kind == "missing":
        return Complaint(path, "is missing")
    got = f"(got {shown(detail['input'])})"
    if kind in ("literal_error", "enum"):
        names = re.findall(r"'([^']*)'", context["expected"])
        return Complaint(path, f"must be {alternatives(names)} {got}{suggestion(str(detail['input']), names)}")
    wording = _WORDING.get(kind, "cannot be used: " + detail["msg"].lower().replace("{", "{{").replace("}", "}}"))
    return Complaint(path, f"{wording.format(**context)} {got}")


def unknown_key(name: str, table: Path, model: type[BaseModel]) -> str:
    """What to say of a key that `table` does not have: the nearest that it has, or the table where it belongs."""
    known = keys_at(model, table)
    hint = suggestion(name, known)
    if not hint and (home := home_of(model, name)):
        hint = f"; did you mean `{'.'.join(home)}`?"
    if is_telling(name):
        hint = "; a config holds no keys: name the environment variable that has it in `api_key_env`"
    return f"unknown key `{_cut(name)}`{hint or f'; known here are {alternatives(known)}'}"
