"""What a terminal answers when it is asked something. Pure: one question in, the bytes of the answer out.

Speaks as xterm does, with the modes that it knows as an argument; to anything else it says nothing, as terminals do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.terminal.modes import CURSOR, FOCUS, MOUSE, PASTE, SYNC, WRAP
from bench.terminal.stream import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from bench.terminal.modes import Modes
    from bench.terminal.stream import Piece

KNOWN = frozenset({1, 5, 6, WRAP, CURSOR, 47, MOUSE, 1002, 1003, FOCUS, 1006, 1015, 1047, 1049, PASTE, SYNC})
"""Modes that a terminal of today knows. Not ?2048, resizes reported in band: most do not."""
_ASKED_FOR_MODE = re.compile(r"\?(\d+)\$p")
_COLOURS = {"10": "rgb:d0d0/d0d0/d0d0", "11": "rgb:1414/1414/1414"}
"""Text and background, for who asks whether it is dark here."""


def answer_to(piece: Piece, modes: Modes, known: Container[int], cursor: Callable[[], tuple[int, int]]) -> bytes:
    """The answer to a piece of the stream, b"" where it asks nothing.

    Args:
        piece: What the command wrote.
        modes: As they are after that.
        known: DEC private modes that this terminal says it knows.
        cursor: Finds (row, column), from 0; called only where it is asked for.
    """
    if piece.kind is Kind.OSC:
        number, _, what = piece.body.partition(";")
        return f"\x1b]{number};{_COLOURS[number]}\x1b\\".encode() if what == "?" and number in _COLOURS else b""
    if piece.kind is not Kind.CSI:
        return b""
    if found := _ASKED_FOR_MODE.fullmatch(piece.body):
        mode = int(found[1])
        state = 0 if mode not in known else 1 if mode in modes.on else 2
        return f"\x1b[?{mode};{state}$y".encode()
    if piece.body in ("c", "0c"):
        return b"\x1b[?62;22c"
    if piece.body == "5n":
        return b"\x1b[0n"
    if piece.body == "6n":
        row, column = cursor()
        return f"\x1b[{row + 1};{column + 1}R".encode()
    return b""
