"""What a report is made of, whatever it is written as: headings, paragraphs, tables, figures, as plain data.

Text in a block may be foreign. It is never markup: whoever writes a block makes it visible and escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "loud", "finding", "aside"]
"""How a paragraph is said: `loud` must not be missed, a `finding` is what one came for, an `aside` may be skipped."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    level: int
    """1 is the report's own."""
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str
    tone: Tone = "plain"
    lead: str = ""
    """A few words in front that stand out: whom it is about, or what kind of thing it is."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list in no order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    number: bool = True
    """Whether it is set flush right."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each as it is to be read."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @property
    def trimmed(self) -> Table:
        """The same without the columns of numbers in which no row says anything."""
        told = [at for at, column in enumerate(self.columns) if not column.number or any(row[at] for row in self.rows)]
        rows = tuple(tuple(row[at] for at in told) for row in self.rows)
        return Table(tuple(self.columns[at] for at in told), rows, self.caption)


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be set as it is, line by line: a prompt, an entry for a bibliography."""

    text: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that was drawn."""

    name: str
    """As `thinktop plot --figure` calls it."""
    title: str
    svg: str
    """One SVG element; its text is outlines, made by us."""
    notes: tuple[str, ...] = ()


Block = Heading | Paragraph | Items | Table | Code | Picture
