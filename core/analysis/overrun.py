"""How far a model went past the tokens that it was asked to think for. Knows tokens only: no answers, no dollars."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, fsum, log
from statistics import median, quantiles
from typing import TYPE_CHECKING

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
    ratios = sorted(tokens / budget_tokens for tokens in completion_tokens if tokens)
    q1, _, q3 = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return Overrun(
        median=median(ratios),
        q1=q1,
        q3=q3,
        geomean=exp(fsum(map(log, ratios)) / len(ratios)),
        share_over=sum(ratio > 1 for ratio in ratios) / len(ratios),
        share_within=sum(NEARLY[0] <= ratio <= NEARLY[1] for ratio in ratios) / len(ratios),
    )
