"""Does the model listen: how tokens used follow tokens asked for, on the whole and from one budget to the next.

Twice as many tokens asked for are answered by 2^slope times as many used: 1 is to follow in proportion (whatever the
overrun), 0 not to listen at all. Owns the slopes, their intervals, and the range of budgets in which the model listens;
knows nothing of answers. Whether a control is obeyed at all, from the first few draws of a run, is
`core.analysis.obedience`'s.

**Whose slope.** That of the conditions' means: least squares of log2 T on log2 asked, T being the mean over problems of
mean completion tokens. This is the line of the figure, what a budget costs on the whole, and all that published
aggregates let one compute. (The mean of the problems' own slopes would weigh a problem that takes 300 tokens as one
that takes 30,000.)

**How sure.** The budgets share their problems, so their means rise and fall together: eight of them are not eight
observations, and the residuals of the line say nothing. The interval comes from the problems, by what each slope is
without each of them (`core.analysis.jackknife`), so they stay paired across budgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.jackknife import jackknife_interval, means_without_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid, Reals
    from core.analysis.intervals import Interval
    from core.vocabulary import Json

LISTENS_ABOVE = 0.5
"""Between two budgets a model listens where the whole interval of the local slope is above this: where twice as many
tokens asked for are answered by more than 1.4 times as many used."""


@dataclass(frozen=True, slots=True)
class LocalSlope:
    """From one budget to the next."""

    low: int
    """Tokens asked for."""
    high: int
    slope: float
    """Doublings of tokens used per doubling of tokens asked for."""
    ci95: Interval | None
    """None below 2 clusters of problems, where all problems agree to the last digit, and from bare means."""

    @property
    def listens(self) -> bool:
        """Whether it is shown that the model listens from here to there."""
        return self.ci95 is not None and self.ci95[0] > LISTENS_ABOVE


@dataclass(frozen=True, slots=True)
class Listening:
    """How tokens used follow tokens asked for."""

    slope: float
    """Over all budgets: doublings of tokens used per doubling of tokens asked for."""
    ci95: Interval | None
    """As for a local slope."""
    local: tuple[LocalSlope, ...]
    """Between neighbouring budgets, rising."""
    low: int | None
    """The least budget of the range in which the model listens; None where no two neighbours show it."""
    high: int | None

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names; budgets in tokens asked for."""
        return {
            "slope": self.slope,
            "ci95": self.ci95 and list(self.ci95),
            "local": [
                {
                    "from_tokens": one.low,
                    "to_tokens": one.high,
                    "slope": one.slope,
                    "ci95": one.ci95 and list(one.ci95),
                }
                for one in self.local
            ],
            "listens_from_tokens": self.low,
            "listens_to_tokens": self.high,
        }


def listening_of(grid: Grid) -> Listening | None:
    """How one label's tokens follow what was asked; None below two budgets in tokens that have samples.

    Over the problems that have a sample under each of those budgets, so that all are asked of the same ones.

    The range is the longest stretch of neighbouring budgets, in doublings of what is asked, whose every local slope has
    its 95 % interval above `LISTENS_ABOVE`. Of two as long it is the one of larger budgets, which is where accuracy is
    still gained; `local` shows the other. The intervals hold each by itself: of 40 slopes just at the border, one
    passes for above it by chance. A truncated sample counts with what it had used when it was cut.
    """
    means = zip(grid.asked, grid.mean_tokens, strict=True)
    known = [(asked, i) for i, (asked, used) in enumerate(means) if asked and used > 0]
    some = grid.columns([i for _, i in sorted(known)])
    same = some.rows(some.held)
    asked = [tokens for tokens in same.asked if tokens is not None]
    used = same.mean_tokens
    if len(asked) < 2 or not (used > 0).all():  # noqa: PLR2004 - a slope needs two budgets
        return None
    bare = slopes_of_points(asked, used.tolist())
    with np.errstate(divide="ignore", invalid="ignore"):
        without = np.log2(means_without_each(same.placed_tokens, same.clusters))
        steps = np.diff(without, axis=1) / np.diff(np.log2(asked))
        whole = without @ _weights(asked)
    local = tuple(
        LocalSlope(one.low, one.high, one.slope, jackknife_interval(one.slope, steps[:, i]))
        for i, one in enumerate(bare.local)
    )
    low, high = _range(local)
    return Listening(bare.slope, jackknife_interval(bare.slope, whole), local, low, high)


def slopes_of_points(asked: Sequence[int], used: Sequence[float]) -> Listening:
    """The same slopes from the means of conditions alone, such as published ones; without intervals, and so no range.

    Args:
        asked: tokens asked for, in any order.
        used: mean tokens used, in the same order.

    Raises:
        ValueError: there are fewer than two budgets, one is there twice, or tokens are not above 0.
    """
    points = sorted(zip(asked, used, strict=True))
    budgets, means = [x for x, _ in points], [y for _, y in points]
    if len(points) < 2 or len(set(budgets)) < len(budgets):  # noqa: PLR2004 - as above
        raise ValueError(f"a slope needs two budgets or more, each once, not {budgets}")
    if budgets[0] <= 0 or min(means) <= 0:
        raise ValueError(f"tokens asked for and used must be above 0 to have a logarithm: {points}")
    local = tuple(
        LocalSlope(low, high, log2(after / before) / log2(high / low), None)
        for (low, before), (high, after) in pairwise(points)
    )
    slope = float(_weights(budgets) @ np.log2(means))
    return Listening(slope, None, local, None, None)


def _weights(asked: Sequence[int]) -> Reals:
    """What each log2 of tokens used counts for in the least squares slope."""
    x = np.log2(np.array(asked, dtype=np.float64))
    x -= x.mean()
    return np.asarray(x / (x @ x))


def _range(local: Sequence[LocalSlope]) -> tuple[int | None, int | None]:
    """The first and the last budget of the longest stretch that listens, the later of equals."""
    best: tuple[int | None, int | None] = None, None
    longest, start = 0.0, None
    for one in local:
        if not one.listens:
            start = None
            continue
        start = one.low if start is None else start
        if log2(one.high / start) >= longest:
            longest, best = log2(one.high / start), (start, one.high)
    return best
