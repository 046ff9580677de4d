"""Accuracy as a line over spending: straight between options in log2 of the spend, and nothing beyond its ends.

Knows nothing of what the spending is, or of whom a line is compared with.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.analysis.grid import Reals
    from core.analysis.options import Options


def line_of(options: Options) -> Options | None:
    """The options that a label's line runs through: every condition at one vote, then votes of the last that has any.

    So a line goes on as the published ones do: think longer, and from the longest thinking on, vote. Votes in parallel
    take no longer than one sample, so there the voted condition stands at its most votes only.

    Returns:
        None with fewer than 2 options, without two different spends, or where one of them is nothing on these
        problems: there is no line.
    """
    places = list(zip(options.conditions, (option.votes for option in options.each), strict=True))
    voted = max((at for at, votes in places if votes > 1), default=-1)
    most = max((votes for at, votes in places if at == voted), default=1)
    at_once = options.basis == "seconds_parallel"
    kept = [
        i
        for i, (at, votes) in enumerate(places)
        if (votes == most if at_once and at == voted else votes == 1 or at == voted)
    ]
    line = options.only(kept)
    return line if len(np.unique(line.cost)) > 1 and line.cost.min() > 0 else None


def read_off(spend: Reals, accuracy: Reals, at: Reals) -> Reals:
    """Accuracy of each row's line at each of its places; NaN beyond its ends.

    Args:
        spend: log2 of the spend of each row's points, in any order; rows x points, 2 points at least.
        accuracy: of those points.
        at: log2 of the spends to read at; rows x places.
    """
    order = np.argsort(spend, axis=1, kind="stable")
    x, y = np.take_along_axis(spend, order, axis=1), np.take_along_axis(accuracy, order, axis=1)
    left = np.clip((at[:, :, None] >= x[:, None, :]).sum(axis=2) - 1, 0, x.shape[1] - 2)
    x0, x1 = np.take_along_axis(x, left, axis=1), np.take_along_axis(x, left + 1, axis=1)
    y0, y1 = np.take_along_axis(y, left, axis=1), np.take_along_axis(y, left + 1, axis=1)
    width = x1 - x0
    share = np.where(width > 0, (at - x0) / np.where(width > 0, width, 1), 1.0)
    inside = (at >= x[:, :1]) & (at <= x[:, -1:])
    return np.where(inside, y0 + share * (y1 - y0), np.nan)


def by_problem(line: Options, at: Reals) -> Reals:
    """What each problem adds to the line's accuracy at each of these log2 spends: problems x places.

    Its mean over problems is the accuracy read off; its spread tells how that would differ with other problems, which
    move the points up and down, and left and right too, since what a condition spends is itself a mean over problems.
    (Each problem's influence, as in the infinitesimal jackknife: Davison and Hinkley 1997, section 2.7.)
    """
    order = np.argsort(line.cost, kind="stable")
    credit, spend = line.credit[:, order], line.spend[:, order]
    x, y = np.log2(line.cost[order]), line.accuracy[order]
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    width = x[left + 1] - x[left]
    share = np.where(width > 0, (at - x[left]) / np.where(width > 0, width, 1), 1.0)
    slope = np.where(width > 0, (y[left + 1] - y[left]) / np.where(width > 0, width, 1), 0.0)
    moved = (spend / spend.mean(axis=0) - 1) / log(2)
    low = credit[:, left] - slope * moved[:, left]
    high = credit[:, left + 1] - slope * moved[:, left + 1]
    return np.asarray((1 - share) * low + share * high)


def common_range(first: Options, second: Options) -> tuple[float, float] | None:
    """(lowest, highest) log2 spend that both lines reach; None where they have no stretch in common."""
    low = max(float(first.cost.min()), float(second.cost.min()))
    high = min(float(first.cost.max()), float(second.cost.max()))
    return (float(np.log2(low)), float(np.log2(high))) if low < high else None
