"""A study as JSON: what `thinktop curve --json` prints, and what an export of the numbers holds.

Every number that a figure or a report shows is here under a plain name with its unit. `runs`, `conditions`, `fits` and
`verdicts` are what scripts rely on; the rest can grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from core.analysis.options import BASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.study import LabelStudy, Study
    from core.reading import ReadRun
    from core.vocabulary import Json


class _Record(Protocol):
    def to_json(self) -> dict[str, Json]: ...


def study_json(reads: Sequence[ReadRun], study: Study) -> dict[str, Json]:
    """The runs of a study, their conditions in the order of their plans, and all that follows."""
    compared = [pair for basis in BASES for pair in study.compared_by(basis)]
    return {
        "runs": [run.id for run in study.runs],
        "simulated_runs": [run.id for run in study.runs if run.simulated],
        "imported_runs": [run.id for run in study.runs if run.imported],
        "unfinished_runs": [run.id for run in study.runs if not run.finished],
        "margin": study.margin,
        "margin_chosen_late": study.margin_chosen_late,
        "conditions": [condition.to_json() for one in reads for condition in one.conditions],
        "fits": [one.fits.to_json() for one in study.labels if one.fits is not None],
        "verdicts": [verdict.to_json() for verdict in study.verdicts],
        "labels": [_label(one) for one in study.labels],
        "differences": [one.to_json() for one in study.differences],
        "comparisons": [one.to_json() for one, _ in compared],
        "crossovers": [one.to_json() for _, one in compared if one is not None],
        "trades": [one.to_json() for one in study.trades],
        "ownership": [one.to_json() for one in study.ownership],
        "references": [
            {"name": one.name, "accuracy": one.accuracy, "tokens": one.tokens, "usd": one.usd}
            for one in study.references
        ],
    }


def _label(one: LabelStudy) -> dict[str, Json]:
    return {
        "run": one.run,
        "label": one.name,
        "budgets": [curve.budget for curve in one.curves],
        "gain_per_doubling": _json(one.gain),
        "published_lines": [line.to_json() for line in one.lines],
        "knee": _json(one.knee),
        "control": None
        if one.obedience is None
        else {
            "finding": one.obedience.finding.value,
            "ratio_of_tokens_highest_to_lowest": one.obedience.ratio,
        },
        "listening": _json(one.listening),
        "s1": _json(one.s1),
        "differences": [
            {"from": low.budget, "to": high.budget, **difference.to_json()}
            for low, high, difference in zip(one.curves, one.curves[1:], one.differences, strict=False)
        ],
        "bootstrap": _json(one.bootstrap),
        "votes": [table.to_json() for table in one.votes],
        "vote_gains": [
            {"budget": table.budget, **gain.to_json()}
            for table, gains in zip(one.votes, one.vote_gains, strict=True)
            for gain in gains
        ],
        "scored": [scored.to_json() for scored in one.scored],
        "coverage": [coverage.to_json() for coverage in one.coverage],
        "reliability": [reliability.to_json() for reliability in one.reliability],
        "difficulty": _json(one.difficulty),
        "frontier": _json(one.frontier),
        "best_for_a_spend": _json(one.splits),
        "pays_best": _json(one.payoff),
    }


def _json(record: _Record | None) -> Json:
    return None if record is None else record.to_json()
