"""How much accuracy each doubling of the tokens brings: the slope of a straight line through a curve.

The line is least squares through the conditions' accuracies over log2 of their mean tokens. Its slope is a mean over
problems of each problem's own slope, and that is where the interval comes from: eight points that share their problems
are not eight observations. The tokens are taken as they were measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.full_table import LEAST_POINTS, full_table
from core.analysis.intervals import difference_interval, standard_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid, Reals
    from core.analysis.intervals import Interval
    from core.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Gain:
    """Accuracy gained for each doubling of the tokens, over a stretch of a curve."""

    per_doubling: float
    se: float | None
    """Clustered by problem; None below 2 clusters, like the interval."""
    ci95: Interval | None
    doublings: float
    """Length of the stretch: log2 of its most tokens over its fewest."""
    problems: int

    @property
    def sign(self) -> int:
        """1 or -1 where the interval is above or below 0, else 0."""
        return 0 if self.ci95 is None else int(self.ci95[0] > 0) - int(self.ci95[1] < 0)

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {
            "per_doubling": self.per_doubling,
            "se": self.se,
            "ci95": self.ci95 and list(self.ci95),
            "doublings": self.doublings,
            "problems": self.problems,
        }


@dataclass(frozen=True, slots=True)
class Straight:
    """A straight line through points: accuracy = intercept + slope * log2(tokens)."""

    intercept: float
    slope: float
    r2: float | None
    """Share of the points' variance that the line explains; None where they do not vary."""

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {"intercept": self.intercept, "slope": self.slope, "r2": self.r2}


def gain_per_doubling(grid: Grid) -> Gain | None:
    """The gain over a label's whole curve; None without two problems under two conditions."""
    table = full_table(grid)
    return None if table is None else gain_along(table.octaves, table.shares, table.clusters)


def gain_along(octaves: Reals, shares: Reals, clusters: Sequence[str | None]) -> Gain:
    """The gain over points at `octaves` (log2 tokens), a row of `shares` for each problem and a column for each point.

    Per problem, sum of (x - mean x) y / sum of (x - mean x)^2; the mean of these is the least-squares slope of the
    means. For the interval, see `difference_interval`; no slope is above that of a curve from 0 to 1 at its middle.

    Raises:
        ValueError: there are fewer than two different places.
    """
    if len(octaves) < LEAST_POINTS or np.ptp(octaves) == 0:
        raise ValueError("a slope needs two different numbers of tokens")
    from_middle = octaves - octaves.mean()
    weights = from_middle / (from_middle @ from_middle)
    own = (shares @ weights).tolist()
    return Gain(
        per_doubling=float(np.mean(own)),
        se=standard_error(own, clusters),
        ci95=difference_interval(own, clusters, most=float(weights[weights > 0].sum())),
        doublings=float(np.ptp(octaves)),
        problems=len(own),
    )


def straight_through_points(tokens: Sequence[float], accuracies: Sequence[float]) -> Straight:
    """The least-squares line through points of which only means are known, as in published tables.

    It has no interval: nothing is left of the problems that the points share.

    Raises:
        ValueError: there are fewer than two different numbers of tokens, or one is not above 0.
    """
    if len(set(tokens)) < LEAST_POINTS or min(tokens) <= 0:
        raise ValueError("a straight line needs two different numbers of tokens, above 0")
    x, y = np.log2(np.asarray(tokens, dtype=np.float64)), np.asarray(accuracies, dtype=np.float64)
    from_middle = x - x.mean()
    slope = float(from_middle @ y / (from_middle @ from_middle))
    intercept = float(y.mean() - slope * x.mean())
    spread = float(((y - y.mean()) ** 2).sum())
    left = float(((y - intercept - slope * x) ** 2).sum())
    return Straight(intercept, slope, 1 - left / spread if spread else None)
