"""A text of any length as rows of a given width, worked out only where somebody looks.

The raw text stays as it came; a row is a range of it. Lines are cut into blocks of at most `BLOCK` characters, so that
a megabyte without a newline costs what is shown of it. Knows no colour and no widget; `shown` is the door through which
a row's characters go, hostile ones as symbols.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, split_graphemes

from core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOCK = 4096
"""Characters after which a line goes on in the next row even where lines are not wrapped."""
TAB = 4
"""Cells between two stops of a tab."""
_NEAR = 200
"""Characters before a block's end among which a space is looked for to cut at."""
_CROWD = 8
"""Characters that a row has at most for each of its cells: marks without a width could be piled up without end."""
_KEPT = 256
"""Blocks whose rows are remembered."""
_BARE = "◌"
"""Carries a mark that has no letter before it in its row."""


class Row(NamedTuple):
    """A range of the raw text that stands on one row."""

    start: int
    end: int


class Document:
    """A text in blocks, and its rows at the width that was asked for last."""

    def __init__(self, text: str, heads: frozenset[int] = frozenset()) -> None:
        self.text = text
        self.heads = heads
        """Where lines begin that are headings of ours, not part of what somebody wrote."""
        self._starts, self._ends = _blocks(text)
        self._width: int | None = 0
        self._rows: dict[int, Sequence[Row]] = {}

    def rows_from(self, place: int, number: int, width: int | None) -> list[Row]:
        """Rows one after the other, from the one that a place in the text stands on.

        Args:
            place: Characters before it.
            number: Rows at most.
            width: Cells of a row; None does not wrap.
        """
        block, index = self._find(place, width)
        rows: list[Row] = []
        while block < len(self._starts) and len(rows) < number:
            rows += self._of(block, width)[index : index + number - len(rows)]
            block, index = block + 1, 0
        return rows

    def above(self, place: int, number: int, width: int | None) -> int:
        """Where the row begins that is so many rows above the one of a place; 0 where there are not so many."""
        block, index = self._find(place, width)
        while index < number:
            if block == 0:
                return 0
            number -= index + 1
            block -= 1
            index = len(self._of(block, width)) - 1
        return self._of(block, width)[index - number].start

    def line_of(self, place: int) -> int:
        """The number of the line that a place is in, from 1."""
        return self.text.count("\n", 0, place) + 1

    @property
    def lines(self) -> int:
        """How many lines there are; a newline at the very end begins none."""
        return self.text.count("\n") + (not self.text.endswith("\n"))

    def shown(self, row: Row, cuts: Sequence[int] = ()) -> list[str]:
        """A row as it can be shown, in pieces that end where it is cut.

        Args:
            row: The row.
            cuts: Places within it, rising.
        """
        bare = row.end > row.start and _is_bare(self.text[row.start])
        pieces, column = [], int(bare)
        for start, end in pairwise((row.start, *cuts, row.end)):
            piece, column = _spelt(self.text[start:end], column)
            pieces.append(piece)
        if bare:
            pieces[0] = _BARE + pieces[0]
        return pieces

    def _find(self, place: int, width: int | None) -> tuple[int, int]:
        """The block of a place, and the index of its row there."""
        block = max(bisect_right(self._starts, place) - 1, 0)
        starts = [row.start for row in self._of(block, width)]
        return block, max(bisect_right(starts, place) - 1, 0)

    def _of(self, block: int, width: int | None) -> Sequence[Row]:
        if width != self._width or len(self._rows) >= _KEPT:
            self._rows.clear()
            self._width = width
        if block not in self._rows:
            whole = Row(self._starts[block], self._ends[block])
            self._rows[block] = [whole] if width is None else list(_wrapped(self.text, whole, max(width, 1)))
        return self._rows[block]


def _blocks(text: str) -> tuple[array[int], array[int]]:
    """Where blocks start and end: lines without their newline or CRLF, long ones in parts."""
    starts, ends = array("Q"), array("Q")
    place, size = 0, len(text)
    while place <= size:
        newline = text.find("\n", place)
        last = size if newline < 0 else newline
        end = last - 1 if newline > place and text[newline - 1] == "\r" else last
        while end - place > BLOCK:
            cut = _cut(text, place)
            starts.append(place)
            ends.append(cut)
            place = cut
        starts.append(place)
        ends.append(end)
        place = last + 1
        if place == size:  # a newline at the very end begins no line
            break
    return starts, ends


def _cut(text: str, place: int) -> int:
    """Where a block that starts at a place ends: after a space if one is near, and not within a letter."""
    most = place + BLOCK
    space = text.rfind(" ", most - _NEAR, most)
    if space >= 0:
        return space + 1
    cut = most
    while cut > most - _NEAR and (text[cut - 1] == "\u200d" or not cell_len(text[cut])):
        cut -= 1
    return cut


def _is_bare(character: str) -> bool:
    """Whether a character needs a letter before it to be seen."""
    return character != "\t" and not cell_len(visible(character))


def _wrapped(text: str, block: Row, width: int) -> Iterator[Row]:
    """The rows of a block: broken after spaces where there are any, else where a row is full."""
    whole = text[block.start : block.end]
    simple = whole.isascii() and whole.isprintable()
    for start, end in _even(whole, width) if simple else _uneven(whole, width):
        yield Row(block.start + start, block.start + end)


def _even(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Rows of text whose characters all have one cell."""
    start = 0
    while len(text) - start > width:
        space = text.rfind(" ", start, start + width + 1)
        end = space + 1 if space > start else start + width
        while end < len(text) and text[end] == " ":
            end += 1
        yield start, end
        start = end
    if start < len(text) or not text:
        yield start, len(text)


def _uneven(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Rows of any text: letters with their marks stay whole, and every symbol has its own width."""
    start = column = 0
    word = word_column = 0  # where the word began that may have to go to the next row
    for begin, end, cells in _letters(text):
        if text[begin] == " " and end - begin == 1:
            column += 1  # spaces may hang over the edge
            word, word_column = end, column
            continue
        tabbed = text[begin] == "\t"
        crowded = begin - start >= _CROWD * width
        while begin > start and (crowded or column + _wide(cells, column, tabbed=tabbed) > width):
            if word > start and not crowded:
                yield start, word
                start, column = word, column - word_column + (word < begin and _is_bare(text[word]))
            else:
                yield start, begin
                start, column = begin, 0
            word, crowded = start, False
        column += _wide(cells, column, tabbed=tabbed) or int(begin == start)
        if tabbed:
            word, word_column = end, column
    yield start, len(text)


def _wide(cells: int, column: int, *, tabbed: bool) -> int:
    """Cells that a letter takes at a column."""
    return TAB - column % TAB if tabbed else cells


def _letters(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, cells) of each letter with its marks, hostile characters as wide as they are spelt; 0 for a tab."""
    place = 0
    for part in text.split("\t"):
        for start, end, cells in split_graphemes(part)[0]:
            letter = part[start:end]
            if end - start <= _CROWD and visible(letter) == letter:
                yield place + start, place + end, cells
                continue
            for first, last, wide in _parts(letter):
                yield place + start + first, place + start + last, wide
        place += len(part)
        if place < len(text):
            yield place, place + 1, 0
        place += 1


def _parts(letter: str) -> Iterator[tuple[int, int, int]]:
    """The same for a letter with hostile characters, which have no width until they are spelt out, or many marks."""
    first = 0
    for index, character in enumerate(letter):
        spelt = visible(character)
        if (spelt != character and index > first) or index - first >= _CROWD:
            yield first, index, cell_len(letter[first:index])
            first = index
        if spelt != character:
            yield index, index + 1, cell_len(spelt)
            first = index + 1
    if first < len(letter):
        yield first, len(letter), cell_len(letter[first:])


def _spelt(text: str, column: int) -> tuple[str, int]:
    """A piece of a row with its tabs as spaces and its hostile characters as symbols, and the column after it."""
    parts = []
    for index, part in enumerate(text.split("\t")):
        if index:
            gap = TAB - column % TAB
            parts.append(" " * gap)
            column += gap
        spelt = visible(part)
        parts.append(spelt)
        column += cell_len(spelt)
    return "".join(parts), column
