"""A report's blocks as one page that needs nothing else: no network, no script, its style and figures inside.

Foreign text is made visible and escaped; should any slip through, the page's own policy lets a browser run and fetch
nothing.
"""

from __future__ import annotations

import re
from html import escape
from importlib import resources
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Code, Heading, Items, Paragraph, Picture, Table
from core.visible import visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

_LINE = 2000
"""Characters of a paragraph or a cell."""
_TITLE = 300
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def write_html(file: TextIO, blocks: Iterable[Block]) -> None:
    """Write a report as a page."""
    found = list(blocks)
    title = next((block.text for block in found if isinstance(block, Heading)), "thinktop")
    style = (resources.files("core.interchange") / "report.css").read_text("utf-8")
    sections = {at: f"s{at}" for at, block in enumerate(found) if isinstance(block, Heading) and block.level == 2}  # noqa: PLR2004 - those that a reader jumps to
    file.write(
        "<!doctype html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_line(title, _TITLE)} · thinktop</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
    )
    at = 0
    for drawn, group in groupby(found, key=lambda block: isinstance(block, Picture)):
        members = list(group)
        if drawn:
            file.write('<div class="gallery">\n')
        for block in members:
            file.writelines(f"{line}\n" for line in _lines(block, sections.get(at)))
            if at == _last_mark(found):
                file.write(_contents(found, sections))
            at += 1
        if drawn:
            file.write("</div>\n")
    file.write(f"<footer>Made by thinktop {_line(version('thinktop'))}.</footer>\n</main>\n</body>\n</html>\n")


def _last_mark(blocks: list[Block]) -> int:
    """Where the title and what must not be missed end, and the list of sections belongs."""
    marks = 0
    while marks + 1 < len(blocks) and isinstance(blocks[marks + 1], Paragraph):
        marks += 1
    return marks


def _contents(blocks: list[Block], sections: dict[int, str]) -> str:
    links = (f'<a href="#{name}">{_line(_heading(blocks[at]), _TITLE)}</a>' for at, name in sections.items())
    return f"<nav>{' '.join(links)}</nav>\n"


def _heading(block: Block) -> str:
    return block.text if isinstance(block, Heading) else ""


def _lines(block: Block, name: str | None) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"<h{level}{f' id={chr(34)}{name}{chr(34)}' if name else ''}>{_line(text, _TITLE)}</h{level}>"
        case Paragraph(text, tone, lead):
            first = f"<strong>{_line(lead)}</strong>: " if lead else ""
            yield f'<p class="{tone}">{first}{_line(text)}</p>'
        case Items(items):
            yield "<ul>"
            yield from (f"<li>{_line(item)}</li>" for item in items)
            yield "</ul>"
        case Table():
            yield from _table(block)
        case Code(text, caption):
            if caption:
                yield f'<p class="label">{_line(caption)}</p>'
            yield f"<pre>{escape(visible(text))}</pre>"
        case Picture():
            yield from _picture(block)


def _table(table: Table) -> Iterator[str]:
    kinds = [' class="number"' if column.number else "" for column in table.columns]
    yield '<div class="scroll"><table>'
    if table.caption:
        yield f"<caption>{_line(table.caption)}</caption>"
    names = [f'<th scope="col"{kind}>{_line(one.name)}</th>' for kind, one in zip(kinds, table.columns, strict=True)]
    yield f"<thead><tr>{''.join(names)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = [f"<td{kind}>{_line(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)]
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _picture(picture: Picture) -> Iterator[str]:
    yield f'<figure role="img" aria-label="{_line(picture.title)}">'
    yield f'<div class="sheet">{_inline(picture.svg)}</div>'
    notes = "".join(f"<br>{_line(note)}" for note in picture.notes)
    yield f"<figcaption><strong>{_line(picture.title)}</strong>{notes}</figcaption>"
    yield "</figure>"


def _inline(svg: str) -> str:
    """An SVG file as part of a page: without its head, and without comments, in which names from outside stand."""
    return _COMMENT.sub("", svg[svg.index("<svg") :]).strip()


def _line(text: str, limit: int = _LINE) -> str:
    return escape(visible_line(text, limit))
