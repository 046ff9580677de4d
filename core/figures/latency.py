"""Accuracy against the time that a person waits: thinking longer, voting one after another, and voting all at once."""

from __future__ import annotations

from dataclasses import replace
from math import exp, lgamma
from typing import TYPE_CHECKING

from core.figures.accuracy import vote_points
from core.figures.model import Figure, Point, Series
from core.figures.spending import PERCENT, asked_points, lines_of, spending_axis, why_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.records import ConditionSamples
    from core.figures.spending import Lines

    Draws = Mapping[tuple[int, str], Sequence[ConditionSamples]]
    """By run and label: its conditions, whose draws are known."""

_TITLE = "accuracy against waiting time"


def latency_figure(curves: Sequence[ConditionCurve], draws: Draws | None = None, *, log: bool = True) -> Figure:
    """Accuracy against mean seconds; votes of the largest budget as if asked one after another, and all at once.

    k samples asked at once are there when the slowest is: its expected time among k of a problem's draws without
    replacement, a mean over problems. With several labels only the votes at once are drawn.

    Args:
        curves: conditions of one or more runs.
        draws: where the times of the votes at once come from; without them these are left out.
        log: a logarithmic axis; else a linear one.
    """
    series: list[Series] = []
    for lines in lines_of(curves, "seconds"):
        series.append(
            Series(lines.asked_name, lines.shapes[0], lines.colour, asked_points(lines, "seconds"), line=True)
        )
        one_by_one = vote_points(lines, "seconds")
        known = (draws or {}).get((lines.run, lines.label), ())
        at_once = _at_once(lines, known)
        if at_once:
            name = "votes, all at once" if lines.lone else lines.votes_name
            marker = "◇" if lines.lone else lines.shapes[1]
            series.append(Series(name, marker, lines.votes_colour, at_once, line=True))
        if one_by_one and lines.lone:
            series.append(Series("votes, one after another", "◆", lines.votes_colour, one_by_one, line=True))
    return Figure(
        title=_TITLE,
        x=spending_axis("seconds", (point.x for one in series for point in one.points), log=log),
        y=PERCENT,
        series=tuple(series),
        notes=why_empty(curves, "seconds"),
    )


def expected_longest(seconds: Sequence[float], k: int) -> float:
    """Expected largest of `k` of these, taken without replacement: the sum over ranks i of s_(i) C(i-1, k-1) / C(n, k).

    Raises:
        ValueError: k is below 1 or larger than their number.
    """
    n = len(seconds)
    if not 1 <= k <= n:
        raise ValueError(f"{k} of {n} cannot be taken")
    whole = _log_choose(n, k)
    ranked = enumerate(sorted(seconds), start=1)
    return sum(value * exp(_log_choose(rank - 1, k - 1) - whole) for rank, value in ranked if rank >= k)


def _at_once(lines: Lines, draws: Sequence[ConditionSamples]) -> tuple[Point, ...]:
    largest = lines.curves[-1]
    votes = vote_points(lines, "seconds")
    # Of a problem that took no time at all its source did not say how long it took.
    seconds = [cell.seconds for one in draws if one.budget == largest.budget for cell in one.cells if any(cell.seconds)]
    fewest = min(map(len, seconds), default=0)
    placed = []
    for k, point in zip((at.k for at in largest.maj_at if at.k > 1), votes[1:], strict=False):
        if k <= fewest:
            waited = sum(expected_longest(one, k) for one in seconds) / len(seconds)
            placed.append(replace(point, x=waited))
    return (votes[0], *placed) if placed else ()


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
