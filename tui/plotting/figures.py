"""The figures that there are, by name: one table for the command that prints them and the screen that shows them.

A figure is made from numbers of conditions alone. To add one, add a row to FIGURES (and its name to the command's
option, which a test holds to this table).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.figures.accuracy import accuracy_figure
from core.figures.budget import budget_figure
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.analysis.curve import ConditionCurve
    from core.figures.model import Figure
    from core.figures.spending import Spending
    from core.reading import ReadRun

_NAME_LIMIT = 30
"""Characters of a run's name in a title."""


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure that can be had of any runs."""

    shows: str
    """What it shows, for a person who chooses."""
    spendings: tuple[Spending, ...]
    """What its horizontal axis can be; the first is what it is if nobody says."""
    make: Callable[[Sequence[ConditionCurve], Spending, bool], Figure]
    """From conditions, the horizontal axis, and whether axes that can be logarithmic are."""


def _accuracy(curves: Sequence[ConditionCurve], x: Spending, log: bool) -> Figure:
    return accuracy_figure(curves, x, log=log)


def _budget(curves: Sequence[ConditionCurve], x: Spending, log: bool) -> Figure:
    del x
    made = budget_figure(curves)
    if log:
        return made
    return replace(made, x=replace(made.x, scale="linear", low=0.0), y=replace(made.y, scale="linear", low=0.0))


FIGURES: Mapping[str, FigureKind] = {
    "accuracy": FigureKind(
        "accuracy against what was spent to get it (--x), with 95 % intervals and votes",
        ("tokens", "cost", "seconds"),
        _accuracy,
    ),
    "budget": FigureKind("tokens used against tokens asked for: medians with quartiles", ("tokens",), _budget),
}


def drawn_of(
    read: Sequence[ReadRun], name: str, x: Spending, *, linear: bool = False, label: str | None = None
) -> Figure:
    """A figure of these runs, of one label only if one is named; its title says nothing of the runs."""
    curves = [one.curve for run in read for one in run.conditions if label is None or one.curve.label == label]
    return FIGURES[name].make(curves, x, not linear)


def figure_of(
    read: Sequence[ReadRun], name: str, x: Spending, *, linear: bool = False, label: str | None = None
) -> Figure:
    """The same, its title with the mark of simulated runs and with their names."""
    made = drawn_of(read, name, x, linear=linear, label=label)
    # The mark comes first, where a narrow terminal cannot cut it off.
    mark = "SIMULATED · " if any(one.run.simulated for one in read) else ""
    names = ", ".join(visible_line(one.run.name, _NAME_LIMIT) for one in read)
    only = "" if label is None else f"{visible_line(label, _NAME_LIMIT)} · "
    return replace(made, title=f"{mark}{names} · {only}{made.title}")
