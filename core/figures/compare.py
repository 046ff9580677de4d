"""Labels at equal spending: their curves, how far apart they are on the same problems, and where one overtakes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.analysis.options import in_words
from core.analysis.wording import counted, in_points
from core.figures.accuracy import accuracy_figure
from core.figures.model import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.comparison import AtSpend, Comparison
    from core.analysis.crossover import Crossover
    from core.analysis.curve import ConditionCurve
    from core.analysis.options import Basis
    from core.analysis.pairing import Between
    from core.analysis.study import LabelStudy, Study
    from core.figures.model import Figure
    from core.figures.spending import Spending

BASES: dict[Spending, Basis] = {"cost": "dollars", "tokens": "tokens", "seconds": "seconds_sequential"}
"""What is held equal on each axis."""
_PAIRED = 4
"""Pairs that are put into words, at most."""
_TITLES: dict[Spending, str] = {
    "cost": "accuracy at equal dollars",
    "tokens": "accuracy at equal tokens",
    "seconds": "accuracy at equal time, one after another",
}


def compare_figure(
    curves: Sequence[ConditionCurve],
    x: Spending,
    comparisons: Sequence[Comparison] = (),
    crossovers: Sequence[Crossover] = (),
    *,
    log: bool = True,
    asked_alike: Sequence[Between] = (),
) -> Figure:
    """Accuracy of all labels against the same spending, with each crossover as an upright line.

    The notes say the paired differences: two intervals that overlap do not say that two labels do not differ.

    Args:
        curves: conditions of all labels.
        x: what is held equal.
        comparisons: of pairs of labels; those on another basis are left out.
        crossovers: of pairs of labels; as above.
        log: a logarithmic axis; else a linear one.
        asked_alike: pairs of labels where both were asked for the same, to be said where no two can be held equal.
    """
    basis = BASES[x]
    figure = accuracy_figure(curves, x, log=log)
    notes = [_differences(one) for one in comparisons if one.basis == basis and one.at]
    notes = notes or [one.words for one in asked_alike if one.found.difference is not None][:_PAIRED]
    here = [one for one in crossovers if one.basis == basis]
    notes += [one.words for one in here]
    if len({(curve.run, curve.label) for curve in curves}) < 2:  # noqa: PLR2004 - it takes two
        notes.append("one label only: name another run, or two")
    return replace(
        figure,
        title=_TITLES[x],
        references=tuple(Reference(f"{one.overtaker} overtakes", one.spend, None) for one in here if one.told),
        notes=tuple(notes),
    )


def compared_of(study: Study, labels: Sequence[LabelStudy], basis: Basis) -> tuple[list[Comparison], list[Crossover]]:
    """Each two of these labels at equal spends on a basis, and where one overtakes the other."""
    names = {one.name for one in labels}
    pairs = [pair for pair in study.compared_by(basis) if {pair[0].first, pair[0].second} <= names]
    return [one for one, _ in pairs], [one for _, one in pairs if one is not None]


def _differences(one: Comparison) -> str:
    """At the least, the middle and the most of the spends."""
    some = dict.fromkeys((one.at[0], one.at[len(one.at) // 2], one.at[-1]))
    said = "; ".join(_difference(at, one.basis) for at in some)
    return f"{one.second} less {one.first}, {counted(one.problems, 'problem')} paired: {said}"


def _difference(at: AtSpend, basis: Basis) -> str:
    between = "" if at.ci95 is None else " [{}, {}]".format(*(in_points(end) for end in at.ci95))
    return f"{in_points(at.difference)} points{between} at {in_words(at.spend, basis)}"
