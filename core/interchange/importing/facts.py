"""Values of a foreign record, each taken as what it must be, or refused with its file, row and field.

Owns the types and the sizes that are believed. Text comes back without what the store's columns cannot hold.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from core.clock import stamp
from core.errors import UsageError
from core.money import picodollars
from core.store.draws import whole
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TOKENS = 10**12
MOST_SECONDS = 10**9
LONGEST_TEXT = 32 * 2**20
"""Characters of one text, reasoning or question."""
LONGEST_NAME = 500
"""Characters of an id, a label, an answer ... that is to be shown in a table."""
LONGEST_ANSWER = 20_000
MOST_VALUES = 30_000_000
"""Values in one piece of JSON: a few bytes of it become a hundred in memory."""
_LARGEST_INTEGER = 2**63 - 1

_STARTS = (b",", b"[", b"{")
"""What each value of JSON but the outermost comes after."""
_SHOWN = 60
_DIGITS = re.compile(r"[+-]?\d{1,19}(\.0*)?", re.ASCII)


def refuse(where: str, reason: str) -> NoReturn:
    """Say what is wrong with a file, in one visible line.

    Raises:
        UsageError: always.
    """
    raise UsageError(visible_line(f"{where}: {reason}", 600))


def parsed(text: str | bytes, where: str) -> Any:
    """What a text of JSON holds.

    Raises:
        UsageError: it is none, is nested too deeply, holds too many values, NaN or an infinity.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MOST_VALUES and sum(map(data.count, _STARTS)) > MOST_VALUES:
        refuse(where, f"holds more than {MOST_VALUES:,} values in one piece of JSON; write it as JSON lines")
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        refuse(where, "is nested too deeply to be results")
    except UnicodeDecodeError:
        refuse(where, "is not UTF-8 text")
    except ValueError as error:
        refuse(where, f"is not JSON: {error}")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number that JSON has")


@dataclass(frozen=True, slots=True)
class Facts:
    """A foreign record's values by name, and where it stands."""

    values: Mapping[str, Any]
    where: str
    """File and row, for messages."""

    @classmethod
    def of(cls, value: Any, where: str) -> Facts:
        """The facts of a JSON object.

        Raises:
            UsageError: it is something else.
        """
        if not isinstance(value, dict):
            refuse(where, f"must be an object with fields (got {_shown(value)})")
        return cls(value, where)

    def within(self, name: str) -> Facts:
        """The facts of a field that is an object; of an empty one where it is not there."""
        value = self.values.get(name)
        return Facts({} if value is None else Facts.of(value, f"{self.where}: {name}").values, f"{self.where}: {name}")

    def wrong(self, name: str, must: str) -> NoReturn:
        """Refuse a field.

        Raises:
            UsageError: always.
        """
        refuse(self.where, f"{name}: must be {must} (got {_shown(self.values.get(name))})")

    def items(self, name: str) -> list[Any]:
        """A field that is a list; empty where it is not there."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(name, "a list")
        return value

    def text(self, name: str, longest: int = LONGEST_NAME) -> str | None:
        """A field's text; numbers are spelt out, and nothing is there for None."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(name, "text")
        text = value if isinstance(value, str) else _spelt(value)
        if len(text) > longest:
            self.wrong(name, f"at most {longest:,} characters")
        return whole(text).replace("\0", "\ufffd")

    def name(self, name: str) -> str | None:
        """A text that names something: on one line, without spaces around it; None where it is empty."""
        text = self.text(name)
        return None if text is None else " ".join(text.split()) or None

    def prose(self, name: str) -> str | None:
        """A text as long as what a model writes, exactly as it stands."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            self.wrong(name, "text")
        if value is not None and len(value) > LONGEST_TEXT:
            self.wrong(name, f"at most {LONGEST_TEXT:,} characters")
        return value

    def whole(self, name: str, most: int = _LARGEST_INTEGER) -> int | None:
        """A whole number from 0 to `most`; None where it is not there."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        number = _as_integer(value)
        if number is None or not 0 <= number <= most:
            self.wrong(name, f"a whole number from 0 to {most:,}")
        return number

    def tokens(self, name: str) -> int | None:
        """A number of tokens; None where it is not there."""
        return self.whole(name, MOST_TOKENS)

    def real(self, name: str, *, least: float = 0.0, most: float = 1e308) -> float | None:
        """A finite number; None where it is not there."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        number = _as_real(value)
        if number is None or not least <= number <= most:
            self.wrong(name, f"a number from {least:g} to {most:g}" if least > -most else "a finite number")
        return number

    def seconds(self, name: str) -> float | None:
        """A duration; None where it is not there."""
        return self.real(name, most=MOST_SECONDS)

    def pico(self, name: str) -> int | None:
        """Dollars, as picodollars; None where it is not there."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(name, "an amount in dollars")
        try:
            return picodollars(Decimal(str(value)))
        except (ValueError, ArithmeticError):
            self.wrong(name, "an amount in dollars, not negative")

    def flag(self, name: str) -> bool | None:
        """A field that is true or false; None where it is not there."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        said = {"true": True, "false": False, "1": True, "0": False}.get(str(value).lower())
        if said is None:
            self.wrong(name, "true or false")
        return said

    def moment(self, name: str) -> str | None:
        """A time as the store keeps it; None where it is not there or cannot be read: no number depends on it."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return None
        try:
            moment = datetime.fromisoformat(value)
            return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return None


def _spelt(value: float) -> str:
    """A number as text: `5` for 5.0 too, since ids and answers are often read as floats."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _as_integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    return value if isinstance(value, int) else None


def _as_real(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _shown(value: Any) -> str:
    """A value in a message: short, and of what type it is where that is the trouble."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return visible_line(repr(value), _SHOWN)
