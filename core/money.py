"""Exact money: dollars to whole picodollars (1e-12 USD), and back to text for scripts and for people.

Knows nothing of prices or tokens, and holds no float: what is billed in fractions of a picodollar rounds up.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal, InvalidOperation

from core.vocabulary import PICO

MOST = 2**63 - 1
"""Picodollars that fit a column of the store: a little over nine million dollars."""

UNPRICED = "unpriced"
"""What a person reads where an amount is not known: never $0."""

_ONE_PICODOLLAR = Decimal(1).scaleb(-12)
_EXACT = Context(prec=60)

_CENT = PICO // 100
_SMALLEST_SHOWN = PICO // 10_000


def picodollars(usd: Decimal | str) -> int:
    """Picodollars in an amount of dollars; a fraction of one rounds up.

    Raises:
        ValueError: not a number, negative, or more than the store can hold.
    """
    try:
        exact = Decimal(usd).quantize(_ONE_PICODOLLAR, rounding=ROUND_CEILING, context=_EXACT)
    except InvalidOperation:
        raise ValueError(f"not an amount of dollars: {usd!s:.40} (write it as 12.50)") from None
    if not exact.is_finite():
        raise ValueError(f"not an amount of dollars: {usd!s:.40} (write it as 12.50)")
    pico = int(exact.scaleb(12, context=_EXACT))
    if pico < 0 or Decimal(usd).is_signed():
        raise ValueError(f"an amount of dollars cannot be negative (got {usd!s:.40})")
    if pico > MOST:
        raise ValueError(f"must be at most {dollars(MOST)} (got {usd!s:.40})")
    return pico


def usd(pico: int) -> str:
    """The exact amount in dollars with twelve decimals, as JSON and exports write it: `9.170502000000`."""
    sign = "-" if pico < 0 else ""
    whole, fraction = divmod(abs(pico), PICO)
    return f"{sign}{whole}.{fraction:012d}"


def exact_dollars(pico: int) -> str:
    """The exact amount as a report writes it, the cents at least: `$9.170502`, `$120.00`."""
    whole, fraction = usd(pico).split(".")
    return f"${whole}.{fraction.rstrip('0'):0<2}"


def dollars(pico: int | None) -> str:
    """An amount for people: `$1,234.50`, `$0.0042`, `<$0.0001`, `unpriced` for None.

    To the cent from ten cents up; below, where a single draw's cost lies, to a hundredth of a cent. A non-zero amount
    is never shown as zero.
    """
    if pico is None:
        return UNPRICED
    if pico < 0:
        return f"-{dollars(-pico)}"
    if 0 < pico < _SMALLEST_SHOWN:
        return "<$0.0001"
    small = _rounded(pico, _SMALLEST_SHOWN)
    if 0 < small * _SMALLEST_SHOWN < 10 * _CENT:
        decimals = f"{small:04d}"
        return f"$0.{decimals[:2]}{decimals[2:].rstrip('0')}"
    cents = _rounded(pico, _CENT)
    return f"${cents // 100:,}.{cents % 100:02d}"


def _rounded(pico: int, unit: int) -> int:
    """The amount in so many picodollars a unit, half a unit rounded up."""
    return (pico + unit // 2) // unit
