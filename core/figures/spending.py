"""What accuracy is held against, and the conditions of each label in their order with how they are drawn.

Shared by the figures; makes none. A label keeps its marker and colour through all figures of the same runs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import isfinite, log2
from typing import TYPE_CHECKING, Literal

from core.figures.model import Axis, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.analysis.curve import AtK, ConditionCurve
    from core.analysis.intervals import Interval
    from core.figures.model import Colour, Scale, Unit

Spending = Literal["tokens", "cost", "seconds"]

SHAPES = (("●", "◆"), ("■", "◇"), ("▲", "△"), ("▼", "▽"), ("★", "☆"), ("○", "□"))
"""Markers for what was asked and for its votes, a pair per label: labels differ without colour too."""

COLOURS: tuple[Colour, ...] = ("sky", "green", "purple", "vermilion", "yellow", "blue")

PERCENT = Axis("accuracy", "percent", 0.0, 1.0)

_SPENDING: dict[Spending, tuple[str, str, Scale, Unit]] = {
    "tokens": ("accuracy against tokens used", "completion tokens used", "log2", ""),
    "cost": ("accuracy against cost", "dollars", "log10", "$"),
    "seconds": ("accuracy against time", "seconds", "log10", "s"),
}
"""Title, label, scale and unit of the axis."""

_UNKNOWN: dict[Spending, str] = {
    "tokens": "no tokens are known",
    "cost": "unpriced: no dollars are known",
    "seconds": "no times are known",
}

_MARGIN = 0.03
"""Room at either end of an axis, as a share of what the data spans: no point sits on the frame."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The conditions of one label of one run, from the least thinking to the most, and how they are drawn."""

    run: int
    label: str
    name: str
    """The label, with its run where several runs have it."""
    lone: bool
    """Whether there is no other label to be told apart from."""
    shapes: tuple[str, str]
    colour: Colour
    curves: tuple[ConditionCurve, ...]

    @property
    def asked_name(self) -> str:
        """What its conditions are called; a lone label needs no name."""
        return "asked" if self.lone else self.name

    @property
    def votes_name(self) -> str:
        """What its votes are called."""
        return "votes" if self.lone else f"{self.name} votes"

    @property
    def votes_colour(self) -> Colour:
        """Votes of a lone label have a colour of their own; others share their label's."""
        return "orange" if self.lone else self.colour


def lines_of(curves: Sequence[ConditionCurve], x: Spending | None = "tokens") -> list[Lines]:
    """A label's conditions together; those without a sample, or without what `x` measures, if it does, are left out."""
    groups: dict[tuple[int, str], list[ConditionCurve]] = {}
    for curve in curves:
        groups.setdefault((curve.run, curve.label), [])
        if (x is None or spent(curve, x)) and curve.accuracy is not None:
            groups[curve.run, curve.label].append(curve)
    shared = Counter(label for _, label in groups)
    return [
        Lines(
            run=run,
            label=label,
            name=f"{label} (run {run})" if shared[label] > 1 else label,
            lone=len(groups) == 1,
            shapes=SHAPES[number % len(SHAPES)],
            colour=colour_of(number),
            curves=tuple(sorted(group, key=lambda curve: (curve.budget_tokens or 0, spent(curve, x or "tokens")))),
        )
        for number, ((run, label), group) in enumerate(groups.items())
        if group
    ]


def colour_of(number: int) -> Colour:
    """The colour of a label by its place; where markers come round again, another than before."""
    return COLOURS[(number + number // len(SHAPES)) % len(COLOURS)]


def spent(curve: ConditionCurve, x: Spending) -> float:
    """What a sample took, in the unit of the axis; 0 where that is unknown."""
    if x == "cost":
        return float(curve.mean_cost_usd or 0)
    return (curve.mean_completion_tokens if x == "tokens" else curve.mean_seconds) or 0.0


def asked_points(lines: Lines, x: Spending) -> tuple[Point, ...]:
    """Accuracy with its interval at what each condition took."""
    return tuple(
        Point(spent(curve, x), curve.accuracy, *(curve.ci95 or (None, None)))
        for curve in lines.curves
        if curve.accuracy is not None
    )


def credit_points(curve: ConditionCurve, earned: Sequence[AtK], x: Spending) -> tuple[Point, ...]:
    """What each number of a condition's samples earns, with its interval.

    k samples take k times what one takes, or as much as a source says of all of them together.
    """
    one, tokens = spent(curve, x), curve.mean_completion_tokens
    return tuple(
        Point((at.tokens / tokens if at.tokens and tokens else at.k) * one, at.value, *(at.ci95 or (None, None)))
        for at in earned
    )


def spending_axis(x: Spending, values: Iterable[float], *, log: bool) -> Axis:
    """The horizontal axis that shows all these values."""
    _, label, scale, unit = _SPENDING[x]
    return Axis(label, scale if log else "linear", *span(values, log=log), unit)


def spending_title(x: Spending) -> str:
    """What a figure of accuracy against it is called."""
    return _SPENDING[x][0]


def why_empty(curves: Sequence[ConditionCurve], x: Spending) -> tuple[str, ...]:
    """Why nothing can be held against `x`, if it is not for want of samples."""
    return (_UNKNOWN[x],) if any(curve.accuracy is not None for curve in curves) and not lines_of(curves, x) else ()


def span(values: Iterable[float], *, log: bool) -> Interval:
    """From the least to the greatest with a margin; one octave to either side of a lone value, or of nothing."""
    known = [value for value in values if isfinite(value) and value > 0]
    if not known:
        return (2.0**8, 2.0**14) if log else (0.0, 1.0)
    if not log:
        return 0.0, max(known) * (1 + _MARGIN)
    low, high = log2(min(known)), log2(max(known))
    margin = max(_MARGIN * (high - low), 0.25 if high > low else 1.0)
    return 2 ** (low - margin), 2 ** (high + margin)
