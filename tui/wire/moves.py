"""The shortest way for the cursor from one place to another. Knows cursor sequences and nothing else.

Only what every terminal and multiplexer does: CUP, CHA, VPA, the four steps, carriage return, backspace. No line feeds:
with output processing on, as Textual leaves it, each becomes two bytes on the way.
"""

from __future__ import annotations

from functools import lru_cache

Place = tuple[int, int]
"""Column and row, counted from 0."""

_MOST_BACKSPACES = 3


@lru_cache(maxsize=8192)
def move(start: Place | None, end: Place) -> str:
    """The shortest sequence that takes the cursor there; empty where it is there already.

    Args:
        start: where the cursor is; None where that is not known.
        end: where it is to be.
    """
    if start == end:
        return ""
    column, row = end
    ways = [f"\x1b[{_count(row + 1)};{column + 1}H" if column else f"\x1b[{_count(row + 1)}H"]
    if start is not None:
        right, down = column - start[0], row - start[1]
        if not down:
            ways += _along_the_row(right, column)
        elif not right:
            ways += [f"\x1b[{_count(abs(down))}{'B' if down > 0 else 'A'}", f"\x1b[{_count(row + 1)}d"]
    return min(ways, key=len)


def _along_the_row(right: int, column: int) -> list[str]:
    if column == 0:
        return ["\r"]
    if right > 0:
        return [f"\x1b[{_count(right)}C"]
    ways = [f"\x1b[{_count(-right)}D", f"\x1b[{column + 1}G"]
    return ["\b" * -right, *ways] if -right <= _MOST_BACKSPACES else ways


def _count(number: int) -> str:
    """A sequence's parameter: 1 is what a terminal takes where there is none."""
    return str(number) if number > 1 else ""
