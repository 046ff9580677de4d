"""Where each key stands in a TOML text: its line, for messages that point at it; its value, for edits of it alone.

The text has been read by `tomllib` before, so it is valid: this walk only keeps count of places and names, and knows
nothing of what values or keys mean. The hard thing inside is that a key's path has five spellings: `[a.b]`
headers, `[[a]]` elements (numbered from 0), dotted keys, inline tables and arrays of those.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
      (?P<blank>   [ \t\r]+ | \#[^\n]* )
    | (?P<newline> \n )
    | (?P<string>  \"{3} (?:\\.|[^\\])*? \"{3}(?!\")
                 | '{3} .*? '{3}(?!')
                 | "(?:\\.|[^"\\\n])*"
                 | '[^'\n]*' )
    | (?P<mark>    [\[\]{}=.,] )
    | (?P<bare>    [^\s\[\]{}=.,"'\#]+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Span(NamedTuple):
    """From the first character to behind the last."""

    start: int
    end: int


@dataclass(slots=True)
class TableSpan:
    """A table with a header of its own, or what stands before the first header."""

    path: Path
    start: int
    """Where its header begins."""
    end: int
    """Behind its last assignment, or behind its header if it has none."""


@dataclass(slots=True)
class Places:
    """Where everything stands in a text."""

    lines: dict[Path, int] = field(default_factory=dict)
    """Counted from 1, of every table, key and element."""
    values: dict[Path, Span] = field(default_factory=dict)
    """What stands behind each `=`, and each element of an array, without comments around it."""
    tables: list[TableSpan] = field(default_factory=list)
    """In the order of the text; the first is the text's own, without a header."""


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def lines_of(text: str) -> dict[Path, int]:
    """The line, counted from 1, of every table, key and array element in `text`, by path."""
    return places_of(text).lines


def places_of(text: str) -> Places:
    """Where every table, key and value in `text` stands."""
    return _Walk(text).places


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of `path`, or of the closest table around it that has one; None where nothing of it is written."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "blank"
        if kind != "blank":
            yield _Token(kind, match.group(), line, match.start())
        line += match.group().count("\n")
    yield _Token("end", "", line, len(text))


class _Walk:
    """One pass over the tokens of a valid document, noting places on the way."""

    def __init__(self, text: str) -> None:
        self.places = Places(tables=[TableSpan((), 0, 0)])
        self._behind = 0
        self._elements: dict[Path, int] = {}
        self._tokens = _tokens(text)
        self._here = next(self._tokens)
        table: Path = ()
        while self._here.kind != "end":
            if self._here.kind == "newline":
                self._step()
            elif self._here.text == "[":
                table = self._header()
            else:
                self._assignment(table)
                self.places.tables[-1].end = self._behind

    def _step(self) -> _Token:
        """The token at hand, moving on to the next."""
        token = self._here
        self._behind = token.end
        self._here = next(self._tokens, token)
        return token

    def _note(self, path: Path, line: int) -> None:
        """Keep the first line of `path` and of the tables that it implies."""
        for end in range(1, len(path) + 1):
            self.places.lines.setdefault(path[:end], line)

    def _header(self) -> Path:
        """The path of `[a.b]`, or of a new element for `[[a.b]]`."""
        opening = self._step()
        of_array = self._here.text == "["
        if of_array:
            self._step()
        path: Path = ()
        for name in self._name():
            path = (*path, name)
            # Inside an array of tables, a name means its latest element, but for the new one at the end.
            if path in self._elements:
                path = (*path, self._elements[path])
        if of_array:
            # An element already counted here is the latest: the new one comes after it.
            array = path[:-1] if isinstance(path[-1], int) else path
            self._elements[array] = self._elements.get(array, -1) + 1
            path = (*array, self._elements[array])
        self._note(path, opening.line)
        while self._here.kind not in ("newline", "end"):
            self._step()
        self.places.tables.append(TableSpan(path, opening.start, self._behind))
        return path

    def _name(self) -> list[str]:
        """The parts of a dotted key, up to its `=` or `]`."""
        parts = []
        while self._here.text not in ("=", "]") and self._here.kind not in ("newline", "end"):
            token = self._step()
            if token.kind == "string":
                parts.append(next(iter(tomllib.loads(f"{token.text} = 0"))))
            elif token.kind == "bare":
                parts.append(token.text)
        return parts

    def _assignment(self, table: Path) -> None:
        """Note `key = value` and what its value holds."""
        line = self._here.line
        path = (*table, *self._name())
        self._note(path, line)
        if self._here.text == "=":
            self._step()
        self._value(path)

    def _value(self, path: Path) -> None:
        """Move past a value, noting where it stands, the keys of inline tables and the elements of arrays."""
        start = self._here.start
        opening = self._here.text if self._here.kind == "mark" else ""
        if opening == "{":
            self._step()
            while self._here.text != "}" and self._here.kind != "end":
                if self._here.text == "," or self._here.kind == "newline":
                    self._step()
                else:
                    self._assignment(path)
            self._step()
        elif opening == "[":
            self._array(path)
        else:
            self._step()
            while self._here.text not in (",", "]", "}") and self._here.kind not in ("newline", "end"):
                self._step()
        self.places.values[path] = Span(start, self._behind)

    def _array(self, path: Path) -> None:
        self._step()
        position = 0
        while self._here.text != "]" and self._here.kind != "end":
            if self._here.text == ",":
                position += 1
                self._step()
            elif self._here.kind == "newline":
                self._step()
            else:
                self._note((*path, position), self._here.line)
                self._value((*path, position))
        self._step()
