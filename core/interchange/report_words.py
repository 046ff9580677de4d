"""Numbers as a report writes them."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"


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
