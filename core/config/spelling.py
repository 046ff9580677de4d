"""Values as TOML text: one value in a line, or a whole config as a person would lay it out.

The other way round from `document`; what it writes, `tomllib` reads back as the same values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def toml_of(value: Any) -> str:
    """A value in one line of TOML; a table is written inline."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{_escaped(value)}"'
        case Decimal() if value.is_finite():
            return format(value, "f")
        case int() | float() | Decimal():
            return str(value).lower().replace("infinity", "inf")
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{key_of(str(key))} = {toml_of(inner)}" for key, inner in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case Sequence():
            return f"[{', '.join(map(toml_of, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def key_of(name: str) -> str:
    """A key, in quotes where TOML wants them."""
    return name if _BARE.fullmatch(name) else f'"{_escaped(name)}"'


def document_of(values: Mapping[str, Any], *, inline: frozenset[str] = frozenset()) -> str:
    """A whole TOML text: a table under each header, arrays of tables under theirs.

    Args:
        values: Tables, and what they hold.
        inline: Names of tables that are short enough for a line.
    """
    return "\n".join(_table(values, (), "", inline)).strip("\n") + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...], header: str, inline: frozenset[str]) -> list[str]:
    """The lines of a table: its own keys first, since what follows a table below it would be that one's."""
    below = {key: inner for key, inner in values.items() if _has_header(key, inner, inline)}
    own = [f"{key_of(key)} = {_spread(inner)}" for key, inner in values.items() if key not in below]
    lines = ["", header, *own] if header and (own or header.startswith("[[") or not below) else own
    for key, inner in below.items():
        name = ".".join(map(key_of, (*path, key)))
        if isinstance(inner, Mapping):
            lines += _table(inner, (*path, key), f"[{name}]", inline)
        else:
            for element in inner:
                lines += _table(element, (*path, key), f"[[{name}]]", inline)
    return lines


def _has_header(key: str, value: Any, inline: frozenset[str]) -> bool:
    if isinstance(value, Mapping):
        return key not in inline
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return listed and key not in inline and bool(value) and all(isinstance(element, Mapping) for element in value)


def _spread(value: Any) -> str:
    """A value; a text of several lines over as many."""
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(map(_escaped, value.split("\n"))) + '"""'
    return toml_of(value)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(one) or (one if one.isprintable() else _code(one)) for one in text)


def _code(letter: str) -> str:
    number = ord(letter)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004 - four digits hold no more
