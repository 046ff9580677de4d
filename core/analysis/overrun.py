"""How far a model went past the tokens that it was asked to think for. Knows tokens only: no answers, no dollars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.vocabulary import Json

NEARLY = (0.8, 1.2)
"""Tokens used per token asked for that still count as on budget, both ends included."""


@dataclass(frozen=True, slots=True)
class Overrun:
    """Completion tokens per token asked for, over the samples of a condition; 1.0 is exactly on budget."""

    median: float
    q1: float
    q3: float
    geomean: float
    share_over: float
    """Share of the samples that used more than was asked."""
    share_within: float
    """Share of the samples within 20 % of what was asked, to either side."""

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names."""
        return {
            "median": self.median,
            "q1": self.q1,
            "q3": self.q3,
            "geomean": self.geomean,
            "share_over": self.share_over,
            "share_within": self.share_within,
        }


def overrun_of(completion_tokens: Sequence[int], budget_tokens: int | None) -> Overrun | None:
    """What these samples used per token asked for; None where no number was asked, or none used is known.

    Each sample counts once, but for those of no tokens: nobody said what they used. Quartiles interpolate linearly
    between the ordered samples (type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages").

    Args:
        completion_tokens: tokens billed for each sample, reasoning included.
        budget_tokens: tokens asked for; None for an effort level, or where nothing was asked.
    """
    if not any(completion_tokens) or not budget_tokens:
        return None
    used = np.array(completion_tokens, dtype=np.float64)
    ratios = np.sort(used[used > 0]) / budget_tokens
    q1, median, q3 = np.percentile(ratios, (25, 50, 75)).tolist()
    on_budget, nearly = np.searchsorted(ratios, (1, NEARLY[1]), side="right").tolist()
    too_few = int(np.searchsorted(ratios, NEARLY[0]))
    return Overrun(
        median=median,
        q1=q1,
        q3=q3,
        geomean=float(np.exp(np.log(ratios).mean())),
        share_over=(len(ratios) - on_budget) / len(ratios),
        share_within=(nearly - too_few) / len(ratios),
    )
