"""Amounts for people: counts, shares, tokens, durations, overrun, bars and sparklines. Pure; knows no colour.

What a person may type back (a budget, an id) is written without separators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.vocabulary import Budget

TIMES = "\N{MULTIPLICATION SIGN}"
DASH = "\N{EN DASH}"
"""Between the ends of a range."""
NOTHING = DASH
"""Stands where there is no number yet, or none can be."""

_BLOCKS = "▁▂▃▄▅▆▇█"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WRITTEN_OUT, _MILLION = 10_000, 1_000_000
_HUNDRED = 100.0


def counted(number: int, noun: str) -> str:
    """So many of something: `1 draw`, `1,920 draws`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share(value: float | None, decimals: int = 0) -> str:
    """A share of one as a percentage: `53%`."""
    return NOTHING if value is None else f"{100 * value:.{decimals}f}%"


def points(value: float | None, decimals: int = 0) -> str:
    """A share of one as percentage points, without a sign: `7`."""
    return NOTHING if value is None else f"{100 * value:.{decimals}f}"


def whole(value: int | None) -> str:
    """A whole number, to the last digit: `12,345`."""
    return NOTHING if value is None else f"{value:,}"


def tokens(value: float | None) -> str:
    """A number of tokens: `9,999`, `41k`, `1.2M`."""
    if value is None:
        return NOTHING
    if value < _WRITTEN_OUT:
        return f"{value:,.0f}"
    if value < _MILLION - 500:
        return f"{value / 1000:.0f}k"
    millions = value / _MILLION
    return f"{millions:.1f}M" if millions < _HUNDRED else f"{millions:,.0f}M"


def times(value: float | None) -> str:
    """Tokens used per token asked for, such as 8.6 with the sign of multiplication before it."""
    if value is None:
        return NOTHING
    decimals = 2 if value < 1 else 1 if value < _HUNDRED else 0
    return f"{TIMES}{value:,.{decimals}f}"


def duration(seconds: float | None) -> str:
    """A time span, in its two largest units: `0.4s`, `45s`, `2m14s`, `6h02m`, `3d04h`."""
    if seconds is None:
        return NOTHING
    if seconds < 10:  # noqa: PLR2004 - below ten seconds tenths say something
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m{whole % _MINUTE:02d}s"
    if whole < _DAY:
        return f"{whole // _HOUR}h{whole % _HOUR // _MINUTE:02d}m"
    return f"{whole // _DAY}d{whole % _DAY // _HOUR:02d}h"


def moment(stamped: str) -> str:
    """A stored time to the second, in UTC: `2026-11-22 10:00:00Z`."""
    return stamped[:19].replace("T", " ") + "Z"


def budget(value: Budget) -> str:
    """A budget as `--budget` takes it; `none` where nothing was asked."""
    return "none" if value is None else str(value)


def bar(done: float, width: int) -> str:
    """A bar of `width` cells, filled to a share `done` of it to within half a cell."""
    halves = int(2 * width * min(max(done, 0.0), 1.0))
    full, half = divmod(halves, 2)
    return ("━" * full + "╸" * half).ljust(width, "─")


def spark(shares: Iterable[float | None]) -> str:
    """A block for each share of one; a dot where there is none yet."""
    return "".join("·" if one is None else _BLOCKS[min(int(one * len(_BLOCKS)), len(_BLOCKS) - 1)] for one in shares)
