"""How numbers are said in a sentence, the same in verdicts and below figures.

In ASCII, since terminals and scripts read it. Knows nothing of what a number means.
"""

from __future__ import annotations

from decimal import Decimal


def in_points(share: float, *, plus: bool = True) -> str:
    """A share, or a difference of two, in points to a tenth: `+6.6`, `-0.3`, `0.0`; without `+` if so wished."""
    tenths = round(100 * share, 1)
    return f"{tenths:{'+' if plus else ''}.1f}" if tenths else "0.0"


def three_digits(number: float) -> str:
    """Three digits that matter, and never an exponent: `0.0000123`, `1.5`, `48,500`."""
    rounded = f"{Decimal(f'{number:.3g}'):,f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def counted(number: int, noun: str) -> str:
    """`1 problem`, `2,600 problems`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def power_of_two(octaves: float) -> str:
    """`2^17`, `2^13.4`."""
    return f"2^{f'{octaves:.1f}'.removesuffix('.0')}"
