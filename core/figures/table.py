"""The figures that there are, by name: one table for the command that prints them, the screen and the report.

To add one, add a file that makes it from what the analysis found, and a row here. Only what a figure shows is worked
out: a study's parts are made when they are first asked for. A part that a study lacks is left out of the figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.figures.accuracy import Ends, accuracy_figure
from core.figures.budget import budget_figure
from core.figures.cost import cost_figure
from core.figures.coverage import coverage_figure
from core.figures.difficulty import difficulty_figure
from core.figures.latency import latency_figure
from core.figures.model import Reference
from core.figures.spending import lines_of, spent
from core.figures.trade import trade_figure
from core.figures.vote import vote_figure, voted_curve
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.analysis.curve import ConditionCurve
    from core.analysis.grid import Grid
    from core.analysis.study import LabelStudy, Study
    from core.analysis.verdicts import Over, Verdict
    from core.figures.model import Figure
    from core.figures.spending import Spending

_NAME_LIMIT = 30
"""Characters of a run's name in a title."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure as somebody asked for it."""

    study: Study
    labels: tuple[LabelStudy, ...]
    """Those of the study that are to be shown."""
    x: Spending
    log: bool
    """Whether axes that can be logarithmic are."""
    focus: bool
    """Whether axes keep to where something happens."""

    @property
    def curves(self) -> list[ConditionCurve]:
        """The conditions of all labels."""
        return [curve for one in self.labels for curve in one.curves]

    @property
    def grids(self) -> list[Grid]:
        """Of those labels whose problems are known."""
        return [one.grid for one in self.labels if one.grid is not None]

    @property
    def lone(self) -> LabelStudy | None:
        """The only label, if there is one only."""
        return self.labels[0] if len(self.labels) == 1 else None

    @property
    def verdicts(self) -> list[Verdict]:
        """Of the labels on show; adjusted over all that the study has."""
        shown = {(one.run, one.name) for one in self.labels}
        return [one for one in self.study.verdicts if (one.run, one.name) in shown]

    @property
    def references(self) -> list[Reference]:
        """What others found: at its tokens or dollars where the axis has these, else a line across."""
        return [
            Reference(one.name, {"tokens": one.tokens, "cost": one.usd}.get(self.x), one.accuracy)
            for one in self.study.references
        ]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure that can be had of any runs."""

    shows: str
    """What it shows, for a person who chooses."""
    spendings: tuple[Spending, ...]
    """What its horizontal axis can be; the first is what it is if nobody says."""
    make: Callable[[Wanted], Figure]


def _accuracy(wanted: Wanted) -> Figure:
    from core.figures.trend import trend_of  # noqa: PLC0415 - numpy: a screen that names figures does without

    lone = wanted.lone
    return accuracy_figure(
        wanted.curves,
        wanted.x,
        log=wanted.log,
        trend=None if lone is None or wanted.x != "tokens" else trend_of(lone),
        ends=None if lone is None else Ends(_beyond(wanted, "thinking"), _beyond(wanted, "votes")),
        references=wanted.references,
        notes=_words(wanted, ("thinking", "votes")),
    )


def _words(wanted: Wanted, over: Sequence[Over]) -> list[str]:
    """What the verdicts say of the labels on show; of votes, that it is votes."""
    return [
        ("" if wanted.lone else f"{one.name}: ") + ("votes: " if one.over == "votes" else "") + one.words
        for one in wanted.verdicts
        if one.over in over
    ]


def _beyond(wanted: Wanted, over: Over) -> float | None:
    return next((one.beyond_tokens for one in wanted.verdicts if one.over == over and one.beyond_tokens), None)


def _budget(wanted: Wanted) -> Figure:
    lone, notes, listens = wanted.lone, [], None
    for label in wanted.labels:
        heard = label.listening
        if heard is None:
            continue
        of = "" if lone else f"{label.name}: "
        between = "" if heard.ci95 is None else f" [{heard.ci95[0]:.2f}, {heard.ci95[1]:.2f}]"
        notes.append(f"{of}twice as many asked for are answered by 2^{heard.slope:.2f}{between} times as many used")
        if heard.low is not None and heard.high is not None:
            listens = (float(heard.low), float(heard.high)) if lone else None
            notes.append(f"{of}listens from {heard.low:,} to {heard.high:,} tokens asked for")
    return budget_figure(wanted.curves, log=wanted.log, listens=listens, focus=wanted.focus, notes=notes)


def _overrun(wanted: Wanted) -> Figure:
    from core.figures.overrun import ends_of, overrun_figure  # noqa: PLC0415 - as above

    ends = {key: value for grid in wanted.grids for key, value in ends_of(grid).items()}
    return overrun_figure(wanted.curves, ends, log=wanted.log)


def _vote(wanted: Wanted) -> Figure:
    references = [*wanted.references, *_limit(wanted)]
    made = vote_figure(wanted.curves, wanted.x, log=wanted.log, references=references)
    return replace(made, notes=made.notes or tuple(_words(wanted, ("votes",))))


def _limit(wanted: Wanted) -> list[Reference]:
    """What the votes of the only label tend to, with ever more samples."""
    lines = lines_of(wanted.curves, wanted.x)
    voted = voted_curve(lines[0]) if len(lines) == 1 else None
    if voted is None or wanted.lone is None:
        return []
    limits = [one.vote_limit.mean for one in wanted.lone.reliability if one.budget == voted.budget]
    return [Reference(f"limit of votes {limit:.0%}", None, limit) for limit in limits if limit is not None]


def _cost(wanted: Wanted) -> Figure:
    frontier = wanted.lone.frontier if wanted.lone else None
    return cost_figure(wanted.curves, frontier, log=wanted.log, references=wanted.references)


def _problems(wanted: Wanted) -> Figure:
    from core.figures.problems import problems_figure  # noqa: PLC0415 - as above

    return problems_figure(wanted.grids)


def _latency(wanted: Wanted) -> Figure:
    draws = {(grid.run, grid.label): grid.samples for grid in wanted.grids if grid.samples}
    return latency_figure(wanted.curves, draws, log=wanted.log)


def _difficulty(wanted: Wanted) -> Figure:
    """Of the first label: the bins of two would not be the same problems."""
    first = next((one for one in wanted.labels if one.grid is not None), None)
    made = difficulty_figure(first.difficulty if first else None, log=wanted.log)
    if first is None or wanted.lone:
        return made
    return replace(made, title=f"{made.title}, of {visible_line(first.name, _NAME_LIMIT)}")


def _compare(wanted: Wanted) -> Figure:
    """At equal dollars, unless a label has none: then at equal tokens."""
    from core.figures.compare import BASES, compare_figure, compared_of  # noqa: PLC0415 - as above

    x = wanted.x
    if x == "cost" and not all(any(spent(curve, x) for curve in one.curves) for one in wanted.labels):
        x = "tokens"
    compared = compared_of(wanted.study, wanted.labels, BASES[x])
    names = {one.name for one in wanted.labels}
    alike = [one for one in wanted.study.differences if {one.first, one.second} <= names]
    return compare_figure(wanted.curves, x, *compared, log=wanted.log, asked_alike=alike)


def _trade(wanted: Wanted) -> Figure:
    return trade_figure(next(iter(wanted.study.trades), None), from_zero=not wanted.log)


def _coverage(wanted: Wanted) -> Figure:
    fitted = (
        {} if wanted.lone is None else {(wanted.lone.run, one.label, one.budget): one for one in wanted.lone.coverage}
    )
    return coverage_figure(wanted.curves, fitted, log=wanted.log)


_ALL: tuple[Spending, ...] = ("tokens", "cost", "seconds")
FIGURES: Mapping[str, FigureKind] = {
    "accuracy": FigureKind(
        "accuracy against what was spent (--x), with intervals, votes, fit and verdict", _ALL, _accuracy
    ),
    "budget": FigureKind(
        "tokens used against tokens asked for, and where the model listens (--focus)", _ALL[:1], _budget
    ),
    "overrun": FigureKind("tokens used per token asked for: how it spreads, budget by budget", _ALL[:1], _overrun),
    "vote": FigureKind("maj@k and pass@k against what all k samples take (--x)", _ALL, _vote),
    "cost": FigureKind("accuracy against dollars per problem, and what a little more money buys", ("cost",), _cost),
    "problems": FigureKind("a heat map: problems x budgets, share right", _ALL[:1], _problems),
    "latency": FigureKind("accuracy against time, votes one after another or all at once", ("seconds",), _latency),
    "difficulty": FigureKind("accuracy by budget for quintiles of difficulty", _ALL[:1], _difficulty),
    "compare": FigureKind(
        "labels at equal spending (--x): paired differences, crossover", ("cost", "tokens", "seconds"), _compare
    ),
    "trade": FigureKind("train compute against test compute at equal accuracy", _ALL[:1], _trade),
    "coverage": FigureKind("pass@k over k, both logarithmic, with its fits", _ALL[:1], _coverage),
}


def figure_of(
    study: Study,
    name: str,
    x: Spending | None = None,
    *,
    linear: bool = False,
    label: str | None = None,
    focus: bool = False,
) -> Figure:
    """A figure of a study, of one label only if one is named; its title says nothing of the runs.

    Args:
        study: of one or more runs.
        name: one of `FIGURES`.
        x: the horizontal axis; None takes the figure's own.
        linear: linear axes in place of logarithmic ones.
        label: the only one to be shown, by the name that the study gives it.
        focus: axes keep to where something happens.
    """
    kind = FIGURES[name]
    labels = tuple(one for one in study.labels if label is None or one.name == label)
    return kind.make(Wanted(study, labels, x or kind.spendings[0], log=not linear, focus=focus))


def titled(figure: Figure, study: Study, label: str | None = None) -> Figure:
    """The figure, its title with the mark of simulated runs, and with all names, imported runs marked behind theirs."""
    # The mark comes first, where a narrow terminal cannot cut it off.
    mark = "SIMULATED · " if any(run.simulated for run in study.runs) else ""
    names = ", ".join(
        visible_line(run.name, _NAME_LIMIT) + (" (imported)" if run.imported else "") for run in study.runs
    )
    only = "" if label is None else f"{visible_line(label, _NAME_LIMIT)} · "
    return replace(figure, title=f"{mark}{names} · {only}{figure.title}")
