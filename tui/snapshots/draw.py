"""One draw as its screen shows it: what is known of it, and its texts as documents.

Texts never change and can be megabytes, so they are read when a draw is first shown, and not again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.store import samples
from core.store.one_draw import one_draw
from core.store.progress import run_row
from tui.pages.document import Document

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.store.one_draw import OneDraw
    from core.store.progress import RunRow

TEXT, THINKING, PROMPT = "text", "thinking", "prompt"
"""What there is to read of a draw."""


class DrawKey(NamedTuple):
    """A draw of a run."""

    problem_id: int
    """The problem's row."""
    condition_id: int
    """The condition's row."""
    number: int


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """A draw, read at one instant."""

    key: DrawKey
    run: RunRow
    draw: OneDraw
    texts: Mapping[str, Document]
    """By what is to be read; thinking only where the server showed it."""


def read_draw(db: sqlite3.Connection, run_id: int, key: DrawKey, before: DrawPicture | None) -> DrawPicture:
    """A draw, its texts taken over from before where they are the same.

    Raises:
        ThinktopError: its run has been deleted.
    """
    draw = one_draw(db, run_id, *key)
    run = run_row(db, run_id)
    texts = _texts(db, run, draw) if before is None or not _same(before, key, draw) else before.texts
    return DrawPicture(key, run, draw, texts)


def _same(before: DrawPicture, key: DrawKey, draw: OneDraw) -> bool:
    told, tells = before.draw, draw
    return before.key == key and (told.sample is None) == (tells.sample is None) and told.failure == tells.failure


def _texts(db: sqlite3.Connection, run: RunRow, draw: OneDraw) -> dict[str, Document]:
    found = {PROMPT: _prompt(run, draw)}
    if draw.sample is None:
        state = "still to be asked" if draw.failure is None else f"failed: {draw.failure}"
        return {TEXT: Document(f"no answer was kept: {state}", frozenset([0])), **found}
    text, reasoning = samples.text(db, draw.sample.id)
    if reasoning:
        found[THINKING] = Document(reasoning)
    if text is None:
        return {TEXT: Document("no text is in what was imported", frozenset([0])), **found}
    return {TEXT: Document(text), **found}


def _prompt(run: RunRow, draw: OneDraw) -> Document:
    """The messages as they are sent, then the other fields of the request, and where it goes.

    Of an imported run only what its source says: how it was asked there, nobody knows here.
    """
    from core.sampler.requests import request_for  # noqa: PLC0415 - the same function that the sampler asks with

    request = request_for(draw.condition, draw.problem)
    fields = dict(request.body)
    messages = fields.pop("messages")
    assert isinstance(messages, list)
    parts = [(f"{message['role']} message", message["content"]) for message in messages]
    if run.imported:
        parts.append(("sent", "elsewhere: the run was imported; the messages are as far as its source has them"))
    else:
        parts.append(("other fields of the request", json.dumps(fields, indent=2, ensure_ascii=False)))
        parts.append(("sent to", f"{draw.condition.endpoint}: {draw.address or 'the built-in simulator'}"))
    text, heads = "", []
    for title, said in parts:
        heads.append(len(text))
        text += f"{title}\n{said}\n\n"
    return Document(text.rstrip("\n"), frozenset(heads))
