"""Edits of a config's text that change one value and leave all else as it stands: comments, order, layout.

Pure: text in, text out. TOML can be written in more ways than are told apart here, so each edit is read back and
compared with what it should have come to; one that did something else is refused, never kept.
"""

from __future__ import annotations

from typing import Any

from core.config.document import values_of
from core.config.keys import Path, dotted
from core.config.lines import Places, Span, places_of
from core.config.spelling import key_of, toml_of
from core.errors import UsageError


def with_value(text: str, path: Path, value: Any) -> str:
    """The text with `value` at `path`, written where it stands already or behind its table's last key.

    Raises:
        UsageError: it is written in a way that has to be edited by hand.
    """
    places = places_of(text)
    span = places.values.get(path)
    edited = _cut(text, span, toml_of(value)) if span else _inserted(text, places, path, toml_of(value))
    return _proved(text, edited, path, value)


def without(text: str, path: Path) -> str:
    """The text without the line that gives `path` a value; the same text where none does.

    Raises:
        UsageError: it is written in a way that has to be edited by hand.
    """
    places = places_of(text)
    span = places.values.get(path)
    if span is None:
        return text
    start = _start_of_line(text, places.lines[path])
    edited = _cut(text, Span(start, _end_of_line(text, span.end) + 1), "")
    return _proved(text, edited, path, _NOTHING)


_NOTHING = object()


def _inserted(text: str, places: Places, path: Path, spelled: str) -> str:
    """The text with a new key, in the place that its table has."""
    around, name = path[:-1], key_of(str(path[-1]))
    inline = places.values.get(around)
    if inline is not None:
        held = text[inline.start + 1 : inline.end - 1].strip()
        return _cut(text, inline, f"{{ {held + ', ' if held else ''}{name} = {spelled} }}")
    for table in places.tables:
        if table.path == around:
            end = _end_of_line(text, table.end)
            return _cut(text, Span(end, end), f"{'' if end == table.start else chr(10)}{name} = {spelled}")
    ends = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{ends}\n[{dotted(around)}]\n{name} = {spelled}\n"


def _proved(before: str, after: str, path: Path, value: Any) -> str:
    """The edited text, if it says what it should and nothing else.

    Raises:
        UsageError: it does not.
    """
    try:
        wanted, found = _put(values_of(before, "config"), path, value), values_of(after, "config")
    except (UsageError, LookupError, TypeError):
        wanted, found = {}, None
    if wanted != found:
        raise UsageError(f"{dotted(path)}: is written in a way that a form cannot change; edit the text")
    return after


def _put(values: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    inside: Any = values
    for key in path[:-1]:
        inside = inside[key] if isinstance(key, int) else inside.setdefault(key, {})
    if value is _NOTHING:
        del inside[path[-1]]
    else:
        inside[path[-1]] = _plain(value)
    return values


def _plain(value: Any) -> Any:
    """A value as TOML reads it back: all keys are texts."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _cut(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]


def _end_of_line(text: str, place: int) -> int:
    """Where the line ends that `place` is on."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _start_of_line(text: str, line: int) -> int:
    """Where a line begins, counted from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start
