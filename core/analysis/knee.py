"""Where growth stops: the knee of a hinge, with an interval that knows how easily a knee moves.

A knee that is found once and then held fixed makes everything after it look surer than it is. So it is looked for anew
in each resample of the problems, and its interval is the spread of what is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.fits import Shape, fits_of, outer_percentiles, refitted
from core.analysis.full_table import full_table
from core.analysis.intervals import Interval, count_clusters
from core.analysis.resampling import TIMES

if TYPE_CHECKING:
    from core.analysis.grid import Grid
    from core.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Knee:
    """The tokens at which a label's curve stops rising, as far as a hinge can say."""

    tokens: float
    ci95: Interval
    """Tokens. Its upper end is the last condition where no knee is as good an account."""
    open_share: float
    """Share of resamples whose best hinge has its knee at the last condition, or never rises: no knee within."""

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {"tokens": self.tokens, "ci95": list(self.ci95), "open_share": self.open_share}


def knee_of(grid: Grid, times: int = TIMES, seed: int = 0) -> Knee | None:
    """The knee of a label's curve; None below four conditions, or where the best hinge does not rise."""
    table, fits = full_table(grid), fits_of(grid)
    if table is None or fits is None or fits.hinge is None or fits.hinge.rise <= 0:
        return None
    many = refitted(Shape.HINGE, table, times, seed)
    tails = outer_percentiles(count_clusters(table.clusters))
    low, high = np.exp2(np.percentile(many.place, tails))
    without = (many.place >= table.octaves[-1]) | (many.rise <= 0)
    return Knee(float(2**fits.hinge.place), (float(low), float(high)), float(without.mean()))
