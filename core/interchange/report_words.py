"""Numbers as a report writes them."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.analysis.intervals import Interval

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
TO = "\N{EN DASH}"
"""Between the ends of a range of which neither can be below zero."""

_THREE_DIGITS = Context(prec=3)


def share(value: float | None) -> str:
    """A share in percent, to a tenth."""
    return "" if value is None else f"{100 * value:.1f} %"


def points(value: float | None) -> str:
    """A difference of shares in points, with its sign."""
    if value is None:
        return ""
    said = f"{abs(100 * value):.1f}"
    return said if float(said) == 0 else f"{MINUS if value < 0 else '+'}{said}"


def p_value(p: float) -> str:
    """A p value to two digits that matter, and never zero."""
    return "<0.001" if p < 0.001 else f"{p:.2g}"  # noqa: PLR2004 - the smallest that is told apart


def amount(value: float) -> str:
    """Three digits that matter, without an exponent where that can be read."""
    if value >= 1e6:  # noqa: PLR2004 - from here on nobody counts digits
        return f"{value:.3g}".replace("e+", f"{TIMES}10^")
    return f"{value:,.0f}" if value >= 100 else f"{Decimal(value).normalize(_THREE_DIGITS):f}"  # noqa: PLR2004 - as many


def between(interval: Interval | None, times: float, decimals: int) -> str:
    """An interval to be put behind its number, in so many of its units; nothing for None."""
    if interval is None:
        return ""
    low, high = (signed(times * end, decimals, plus=False) for end in interval)
    return f" [{low}, {high}]"


def signed(value: float, decimals: int, *, plus: bool = True) -> str:
    """A number with its sign; nothing in front of zero, nor, if so wished, of what is above it."""
    said = f"{abs(value):.{decimals}f}"
    if float(said) == 0:
        return said
    return f"{MINUS if value < 0 else '+' if plus else ''}{said}"
