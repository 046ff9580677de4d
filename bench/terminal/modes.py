"""The modes that a terminal is in, as a command's control sequences switch them. Pure.

Owns what must be undone before the command leaves: DEC private modes, the keypad, kitty's keyboard flags. The pen, the
characters and the cursor are the picture's business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.terminal.stream import Kind

if TYPE_CHECKING:
    from bench.terminal.stream import Piece

WRAP, CURSOR, MOUSE, FOCUS, PASTE, SYNC, RESIZE = 7, 25, 1000, 1004, 2004, 2026, 2048
ALTERNATE = frozenset({47, 1047, 1049})
MICE = frozenset({9, 1000, 1001, 1002, 1003})
"""Modes that have the mouse reported."""
AT_FIRST = frozenset({WRAP, CURSOR})
"""What is on in a fresh terminal."""
NAMES = {
    1: "application cursor keys",
    5: "reverse video",
    6: "origin mode",
    WRAP: "line wrap",
    12: "cursor blinking",
    CURSOR: "the cursor",
    FOCUS: "focus reports",
    PASTE: "bracketed paste",
    SYNC: "synchronized output",
    RESIZE: "in-band resize reports",
    **dict.fromkeys(ALTERNATE, "the alternate screen"),
    **dict.fromkeys([*MICE, 1005, 1006, 1015, 1016], "the mouse"),
}

_PRIVATE = re.compile(r"\?([\d;]+)([hl])")
_KITTY = re.compile(r"([<>=])(\d*)(?:;(\d+))?u")


class Modes:
    """What is switched on at the moment."""

    def __init__(self) -> None:
        self.on: set[int] = set(AT_FIRST)
        """DEC private modes."""
        self.keypad = False
        self.kitty: dict[bool, list[int]] = {False: [], True: []}
        """Flags of kitty's keyboard protocol, pushed on the primary (False) and on the alternate screen (True)."""

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is on show."""
        return bool(self.on & ALTERNATE)

    @property
    def mouse(self) -> bool:
        """Whether the mouse is reported."""
        return bool(self.on & MICE)

    def take(self, piece: Piece) -> None:
        """Be switched by a piece of the stream; most of them switch nothing."""
        if piece.kind is Kind.ESCAPE:
            self._escape(piece.body)
        elif piece.kind is not Kind.CSI:
            return
        elif found := _PRIVATE.fullmatch(piece.body):
            numbers = {int(number) for number in found[1].split(";") if number}
            self.on = self.on | numbers if found[2] == "h" else self.on - numbers
        elif found := _KITTY.fullmatch(piece.body):
            self._keyboard(found[1], int(found[2] or 0), int(found[3] or 1))
        elif piece.body == "!p":  # DECSTR, a soft reset
            self.on = self.on - {1, 6} | {WRAP, CURSOR}
            self.keypad = False

    def left_behind(self) -> list[str]:
        """What differs from a fresh terminal, a few words each."""
        found = [f"{NAMES.get(mode, 'another mode')} left on (?{mode})" for mode in sorted(self.on - AT_FIRST)]
        found += [f"{NAMES[mode]} left off (?{mode})" for mode in sorted(AT_FIRST - self.on)]
        if self.keypad:
            found.append("application keypad left on")
        for alternate, stack in self.kitty.items():
            screen = "alternate" if alternate else "primary"
            if stack:
                found.append(f"kitty keyboard flags {stack} left on the {screen} screen")
        return found

    def _escape(self, body: str) -> None:
        if body == "c":  # RIS, a full reset
            self.on, self.keypad, self.kitty = set(AT_FIRST), False, {False: [], True: []}
        elif body in ("=", ">"):
            self.keypad = body == "="

    def _keyboard(self, what: str, number: int, how: int) -> None:
        """Kitty's protocol: push flags, pop so many of them, or change the top ones (1 sets, 2 adds, 3 takes away)."""
        stack = self.kitty[self.alternate]
        if what == ">":
            stack.append(number)
        elif what == "<":
            del stack[max(0, len(stack) - max(1, number)) :]
        else:
            top = stack.pop() if stack else 0
            flags = {1: number, 2: top | number, 3: top & ~number}.get(how, top)
            if flags:
                stack.append(flags)
