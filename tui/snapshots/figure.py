"""The figure of a run as it stands now, from its sums, with what its votes come to and what its verdicts are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from core.analysis.curve import AtK
    from core.analysis.verdicts import Verdict
    from core.figures.model import Figure
    from core.vocabulary import Budget


class Votes(NamedTuple):
    """What majority votes of one condition come to."""

    label: str
    budget: Budget
    maj_at: Sequence[AtK]


class CurvePicture(NamedTuple):
    """The curve's pane, and the verdicts and votes for the foot of the budgets' pane."""

    figure: Figure
    verdicts: Sequence[Verdict]
    votes: Sequence[Votes]


def curve_of(db: sqlite3.Connection, run_id: int) -> CurvePicture:
    """Accuracy against tokens used, with the verdicts, and the votes of each label's largest budget."""
    from core.figures.accuracy import accuracy_figure  # noqa: PLC0415 - loaded with the first curve
    from core.studying import standing_study  # noqa: PLC0415 - as above

    study = standing_study(db, [run_id])
    curves = [curve for label in study.labels for curve in label.curves]
    votes = [
        Votes(curve.label, curve.budget, [at for at in curve.maj_at if at.k > 1])
        for curve in curves
        if any(at.k > 1 for at in curve.maj_at)
    ]
    return CurvePicture(accuracy_figure(curves), study.verdicts, votes)
