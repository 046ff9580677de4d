"""What a command writes to its terminal, cut into texts and control sequences. Pure; knows no meaning of any of them.

The hard thing: a read may end anywhere, inside a character or a sequence, so an unfinished end waits for the next one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a piece of the stream is; its body is what stands between introducer and terminator."""

    TEXT = "text"
    CSI = "csi"
    OSC = "osc"
    STRING = "string"
    """A device control, application, privacy or start-of-string."""
    ESCAPE = "escape"
    STRAY = "stray"
    """An escape character that begins nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, or one whole control sequence without its introducer and terminator."""

    kind: Kind
    body: str


_WHOLE = re.compile(
    r"(?P<text>[^\x1b]+)"
    r"|\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b\x9c]*)(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[PX^_](?P<string>[^\x1b\x9c]*)(?:\x1b\\|\x9c)"
    r"|\x1b(?![\[\]PX^_])(?P<escape>[ -/]*[0-~])"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b\x9c]*\x1b?|[PX^_][^\x1b\x9c]*\x1b?|[ -/]*)\Z")


class Splitter:
    """Cuts one stream, read by read."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces that are whole now, in order."""
        text, at = self._rest + self._decoder.decode(data), 0
        self._rest = ""
        while at < len(text):
            found = _WHOLE.match(text, at)
            if found is not None:
                kind = found.lastgroup
                assert kind is not None
                yield Piece(Kind(kind), found[kind])
                at = found.end()
            elif _UNFINISHED.match(text, at):
                self._rest = text[at:]
                return
            else:
                yield Piece(Kind.STRAY, "")
                at += 1
