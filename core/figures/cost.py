"""What a right answer costs: accuracy against dollars per problem, the frontier, and what a little more money buys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.analysis.options import in_words
from core.analysis.wording import in_points, three_digits
from core.figures.accuracy import accuracy_figure
from core.figures.model import Point, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.frontier import Frontier, Place
    from core.analysis.options import Option
    from core.figures.model import Figure, Reference

_STEPS = 4
"""Steps along the frontier that are put into words, at most."""


def cost_figure(
    curves: Sequence[ConditionCurve],
    frontier: Frontier | None = None,
    *,
    log: bool = True,
    references: Sequence[Reference] = (),
) -> Figure:
    """Accuracy against dollars per problem, votes included; along the frontier, what each step brings and costs.

    The dearest step comes first: it is the one that a person who thinks of spending more is at.

    Args:
        curves: conditions of one or more runs.
        frontier: of the only label, in dollars; None leaves it out.
        log: a logarithmic axis; else a linear one.
        references: what others found, at their dollars.
    """
    figure = accuracy_figure(curves, "cost", log=log, references=references)
    title = "accuracy against dollars per problem"
    x = replace(figure.x, label="dollars per problem")
    if frontier is None or frontier.basis != "dollars":
        several = len({(curve.run, curve.label) for curve in curves}) > 1
        alone = ("shown alone, a model also says where its next dollar goes",) if several and not figure.empty else ()
        return replace(figure, title=title, x=x, notes=(*figure.notes, *alone))
    path = tuple(Point(place.cost, place.accuracy) for place in frontier.places)
    line = Series("nothing cheaper is better", "", "grey", path, line=True)
    onward = [place for place in frontier.places if place.onward is not None]
    return replace(
        figure,
        title=title,
        x=x,
        series=(*figure.series, line),
        notes=tuple(_words(place) for place in reversed(_spread(onward))),
    )


def _words(place: Place) -> str:
    step = place.onward
    assert step is not None
    # An accuracy of 1 a dollar is 100 points for 100 cents.
    said = (
        f"{_option(step.start)} to {_option(step.end)}: {in_points(step.gain)} points for "
        f"{in_words(step.extra, 'dollars')} more, {three_digits(step.rate)} points a cent"
    )
    if step.ci95 is None:
        return said
    return f"{said} [{three_digits(step.ci95[0])}, {three_digits(step.ci95[1])}]"


def _option(option: Option) -> str:
    return f"{option.budget}" if option.votes == 1 else f"{option.budget} with {option.votes} votes"


def _spread(places: Sequence[Place]) -> list[Place]:
    """Some of them, the first and the last included."""
    if len(places) <= _STEPS:
        return list(places)
    return [places[round(i * (len(places) - 1) / (_STEPS - 1))] for i in range(_STEPS)]
