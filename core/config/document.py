"""A TOML file from disk to plain values, with decimals exact; every way in which that fails is one line."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.config.keys import printable
from core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 1 << 20
MOST_NESTING = 32


def text_of(path: Path, *, called: str | None = None, missing: str = "there is no such file") -> str:
    """The text of a UTF-8 file, of a megabyte at most.

    Raises:
        UsageError: It cannot be read, or is no text. The message calls it `called`, and says `missing` if it is.
    """
    name = printable(called or str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"{name}: {missing}") from None
    except IsADirectoryError:
        raise UsageError(f"{name}: is a directory; name the file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name}: cannot be read: {reason.lower()}") from None
    if len(raw) > _MOST_BYTES:
        raise UsageError(f"{name}: is larger than a megabyte: is it the file that you meant?")
    if b"\0" in raw:
        raise UsageError(f"{name}: holds NUL bytes: it is not a text file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}:{line}: is not UTF-8 text; save it as UTF-8") from None


def values_of(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text, with decimals as `Decimal`.

    Raises:
        UsageError: It is not TOML, or nested deeper than any config is.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_syntax(str(error), text, name)) from None
    except RecursionError:
        raise UsageError(f"{name}: is nested too deeply") from None
    except (ValueError, ArithmeticError):
        raise UsageError(f"{name}: has a number or a date in it that cannot be read") from None
    if is_deep(values):
        raise UsageError(f"{name}: is nested too deeply")
    return values


def _syntax(message: str, text: str, name: str) -> str:
    """`config.toml:3: is not valid TOML: ... (column 5)` from tomllib's own words."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if place:
        return f"{name}:{place[1]}: is not valid TOML: {_lower(message[: place.start()])} (column {place[2]})"
    said = message.removesuffix(" (at end of document)")
    return f"{name}:{len(text.splitlines()) or 1}: is not valid TOML: {_lower(said)} (at the end of the file)"


def _lower(message: str) -> str:
    """Tomllib's words within a sentence of ours, its tuples of keys as dotted ones."""
    named = re.sub(r"\(('[^()]*'),?\)", lambda keys: f"`{keys[1].replace(chr(39), '').replace(', ', '.')}`", message)
    return named[:1].lower() + named[1:]


def is_deep(values: dict[str, Any]) -> bool:
    """Whether tables and lists stand more than `MOST_NESTING` deep in one another."""
    level: list[Any] = [values]
    for _ in range(MOST_NESTING):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
