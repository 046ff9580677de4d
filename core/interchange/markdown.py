"""A report's blocks in Markdown. Foreign text is made visible, and what Markdown or HTML would act on is escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Code, Heading, Items, Paragraph, Picture, Table
from core.visible import visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

_ACTED_ON = re.compile(r"([\\`*_\[\]<>#!|~$&])")


def write_markdown(file: TextIO, blocks: Iterable[Block]) -> None:
    """Write a report."""
    for block in blocks:
        file.writelines(f"{part}\n\n" for part in _parts(block))


def escaped(text: object, limit: int | None = 500) -> str:
    """Foreign text on one line, of which Markdown makes nothing but text."""
    return _ACTED_ON.sub(r"\\\1", visible_line(str(text), limit)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def fenced(text: str) -> str:
    """Foreign text as a block of code, inside a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{visible(text)}\n{fence}"


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {escaped(text)}"
        case Paragraph(text, tone, lead):
            yield _said(text, tone, lead)
        case Items(items):
            yield "\n".join(f"- {escaped(item)}" for item in items)
        case Table():
            yield from _table(block)
        case Code(text, caption):
            if caption:
                yield f"{escaped(caption)}:"
            yield fenced(text)
        case Picture(name, title, _, notes):
            yield f"- {escaped(title)}: `thinktop plot --figure {escaped(name)}`" + "".join(
                f"\n  - {escaped(note)}" for note in notes
            )


def _said(text: str, tone: str, lead: str) -> str:
    words = f"**{escaped(lead)}**: {escaped(text)}" if lead else escaped(text)
    return f"> {words}" if tone in {"loud", "finding"} else words


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"{escaped(table.caption)}:"
    names = [escaped(column.name) for column in table.columns]
    lines = [_row(names), _row(["---:" if column.number else "---" for column in table.columns])]
    lines += [_row([escaped(cell) for cell in row]) for row in table.rows]
    yield "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
