"""Quartiles of token counts out of a histogram by sixteenths of an octave, as the store keeps one for each condition.

Pure. Knows neither the store nor budgets; a bucket is 4.4 % wide, so a quartile is right to within 2.2 %.
"""

from __future__ import annotations

from itertools import accumulate
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Octaves = tuple[tuple[int, int], ...]
"""(bucket, samples), rising; bucket = round(16 log2(completion tokens))."""


def token_quartiles(octaves: Octaves) -> tuple[float, float, float] | None:
    """First quartile, median and third quartile in tokens; None without samples.

    Interpolated linearly between ordered samples (type 7 of Hyndman and Fan 1996), as `core.analysis.overrun` does.
    """
    upto = list(accumulate(samples for _, samples in octaves))
    if not upto or not upto[-1]:
        return None
    first, median, third = (_at(octaves, upto, (upto[-1] - 1) * share) for share in (0.25, 0.5, 0.75))
    return first, median, third


def _at(octaves: Octaves, upto: Sequence[int], place: float) -> float:
    """Tokens at a place among the ordered samples, counted from 0."""
    low, high = (_tokens(octaves, upto, index) for index in (floor(place), ceil(place)))
    return low + (high - low) * (place - floor(place))


def _tokens(octaves: Octaves, upto: Sequence[int], index: int) -> float:
    bucket = next(bucket for (bucket, _), end in zip(octaves, upto, strict=True) if index < end)
    return float(2 ** (bucket / 16))
