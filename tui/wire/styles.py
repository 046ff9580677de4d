"""What a terminal's pen is set to, and the shortest way to set it otherwise. Knows SGR sequences and nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Style(NamedTuple):
    """How a cell looks. A tuple: cells are compared by the thousand, and tuples compare in C."""

    attributes: int = 0
    """Bits by `_ON`."""
    foreground: str = ""
    """SGR parameters such as `31` or `38;2;1;2;3`; empty for the terminal's own colour."""
    background: str = ""


PLAIN = Style()
"""What `ESC [ m` sets."""

_ON = {code: 1 << bit for bit, code in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53))}
"""A bit for each attribute that Rich knows."""
_OFF = {
    22: _ON[1] | _ON[2],  # bold, dim
    23: _ON[3],  # italic
    24: _ON[4] | _ON[21],  # underline, double
    25: _ON[5] | _ON[6],  # blink, fast
    27: _ON[7],  # reverse
    28: _ON[8],  # concealed
    29: _ON[9],  # struck out
    54: _ON[51] | _ON[52],  # framed, encircled
    55: _ON[53],  # overlined
}
_REPLACED = {21: _ON[4], 4: _ON[21], 6: _ON[5], 5: _ON[6], 52: _ON[51], 51: _ON[52]}
"""Attributes that are one setting to a terminal: the later one holds."""
_SEEN_ON_BLANKS = _ON[4] | _ON[7] | _ON[9] | _ON[21] | _ON[51] | _ON[52] | _ON[53]

_FOREGROUNDS = {code: str(code) for code in (*range(30, 38), *range(90, 98))} | {39: ""}
_BACKGROUNDS = {code: str(code) for code in (*range(40, 48), *range(100, 108))} | {49: ""}

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[0-9]{1,2})"
_CODE = re.compile(
    f"(?P<extended>(?P<which>[34])8;(?:5;{_BYTE}|2;{_BYTE};{_BYTE};{_BYTE}))(?![0-9])|(?P<simple>[0-9]+)"
)
"""One setting: an extended colour (of 256, or red, green and blue), or a number."""


@lru_cache(maxsize=4096)
def after(style: Style, parameters: str, *, colour: bool) -> Style:
    """The style that `ESC [ parameters m` leaves behind; what is not understood changes nothing.

    Args:
        style: the style before.
        parameters: digits and semicolons; none is a reset.
        colour: False takes every colour out of it.
    """
    attributes, foreground, background = style if parameters else PLAIN
    for setting in _CODE.finditer(parameters):
        if setting["extended"]:
            if setting["which"] == "3":
                foreground = setting["extended"]
            else:
                background = setting["extended"]
            continue
        code = int(setting["simple"])
        if code == 0:
            attributes, foreground, background = PLAIN
        elif code in _ON:
            attributes = attributes & ~_REPLACED.get(code, 0) | _ON[code]
        else:
            attributes &= ~_OFF.get(code, 0)
            foreground = _FOREGROUNDS.get(code, foreground)
            background = _BACKGROUNDS.get(code, background)
    return Style(attributes, foreground, background) if colour else Style(attributes)


@lru_cache(maxsize=4096)
def on_blank(style: Style) -> Style:
    """What of a style can be seen on a space: nearly always its background alone."""
    return style if style.attributes & _SEEN_ON_BLANKS else Style(background=style.background)


@lru_cache(maxsize=4096)
def turn(old: Style | None, new: Style) -> str:
    """The shortest sequence that takes the pen from one style to another; empty where they are the same.

    Args:
        old: what the terminal has; None where that is not known.
        new: what it is to have.
    """
    if old == new:
        return ""
    afresh = _sequence([0, *_codes_on(new.attributes)], new.foreground, new.background)
    if new == PLAIN:
        return "\x1b[m"
    if old is None:
        return afresh
    codes: list[int] = []
    kept = old.attributes
    for code, mask in _OFF.items():
        if old.attributes & ~new.attributes & mask:
            codes.append(code)
            kept &= ~mask
    codes += _codes_on(new.attributes & ~kept)
    changed = _sequence(
        codes,
        "" if old.foreground == new.foreground else new.foreground or "39",
        "" if old.background == new.background else new.background or "49",
    )
    return min(changed, afresh, key=len)


def _codes_on(attributes: int) -> list[int]:
    return [code for code, bit in _ON.items() if attributes & bit]


def _sequence(codes: list[int], foreground: str, background: str) -> str:
    return f"\x1b[{';'.join([*map(str, codes), *filter(None, (foreground, background))])}m"
