"""What follows from the numbers of a study, in sentences for a person: verdicts first, then what explains them.

A line is a word that says what it is about, and a sentence. Everything here is in `thinktop curve --json` too.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from rich.table import Table

from core.analysis.options import in_words
from core.visible import visible_line
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.analysis.options import Option
    from core.analysis.ownership import Ownership
    from core.analysis.study import LabelStudy, Study

_ABOUT = 9
_NAME = 40


class Line(NamedTuple):
    """One finding."""

    about: str
    words: str
    strong: bool = False


def findings(study: Study) -> Iterator[Line]:
    """All that there is to say of a study, the verdicts of its labels first."""
    several = len(study.labels) > 1
    going_on = [visible_line(run.name, _NAME) for run in study.runs if not run.finished]
    if going_on and study.verdicts:
        yield Line("so far", f"{', '.join(going_on)} may yet go on: verdicts to quote are those of what is finished")
    for verdict in study.verdicts:
        name = f"{visible_line(verdict.name, _NAME)}: " if several else ""
        yield Line(verdict.over, f"{name}{verdict.words}", strong=True)
        yield from (Line("", reason) for reason in verdict.reasons)
    if study.margin_chosen_late and study.margin is not None:
        yield Line(
            "margin", f"{100 * study.margin:g} points was chosen after the results, so these are no verdicts to quote"
        )
    for label in study.labels:
        name = f"{visible_line(label.name, _NAME)}: " if several else ""
        yield from (Line(line.about, f"{name}{line.words}") for line in _of_label(label))
    yield from (Line("compared", one.words) for one in study.comparisons if one.at)
    if not study.comparisons:
        yield from _asked_alike(study)
    yield from (Line("overtakes", one.words) for one in study.crossovers)
    yield from (Line("training", trade.words) for trade in study.trades)
    yield from (Line("owning", _owned(one)) for one in study.ownership)


def table_of(lines: Iterable[Line]) -> Table:
    """The lines as they are printed: what each is about, then its sentence, broken where the terminal ends."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=_ABOUT, style=LABEL)
    table.add_column()
    for line in lines:
        table.add_row(line.about, plain(line.words, STRONG if line.strong else "", None))
    return table


def _asked_alike(study: Study) -> Iterator[Line]:
    """Models that cannot be compared at equal spending: where both were asked for the same, or why not even there."""
    told = [one for one in study.differences if one.found.difference is not None and one.found.problems]
    yield from (Line("compared", one.words) for one in told)
    if len(study.measured) > 1 and not told:
        yield Line("compared", "no two of these can be: no common problems, no common spending, or no tokens known")


def _of_label(label: LabelStudy) -> Iterator[Line]:
    for number, line in enumerate(label.lines):
        fit = "" if line.r2 is None else f", R² {line.r2:.2f}"
        through = ", votes included" if number else ""
        yield Line("straight", f"accuracy = {line.intercept:.3f} + {line.slope:.4f} log2(tokens){fit}{through}")
    heard = label.listening
    if heard is not None:
        between = "" if heard.ci95 is None else f" [{heard.ci95[0]:.2f}, {heard.ci95[1]:.2f}]"
        where = ""
        if heard.low is not None and heard.high is not None:
            where = f"; listens from {heard.low:,} to {heard.high:,}"
        elif heard.ci95 is not None:
            where = "; listens nowhere for sure"
        yield Line("asked", f"twice the tokens asked for, 2^{heard.slope:.2f}{between} times the tokens used{where}")
    for one in label.scored:
        last = one.at[-1]
        weighed = "" if last.weighted is None else f", votes weighed by it {amounts.share(last.weighted)}"
        name = f"{amounts.budget(one.budget)}: " if one.budget is not None else ""
        yield Line("scored", f"{name}best of {last.k} by {one.scorer} {amounts.share(last.best)}{weighed}")
    paid = label.payoff
    if paid is not None:
        worth, costs, nets = (in_words(one, "dollars") for one in (paid.value_usd, paid.cost_usd, paid.net_usd))
        yield Line(
            "pays best",
            f"{_option(paid.option)}, if a right answer is worth {worth}: costs {costs} and nets {nets} a problem "
            f"(best in {paid.agrees:.0%} of resamples)",
        )


def _owned(one: Ownership) -> str:
    """Which model costs the least to have at one accuracy, by the number of queries; and the best split."""
    names = []
    for reign in one.reigns:
        until = "" if reign.to_queries == inf else f" up to {amounts.tokens(reign.to_queries)} queries"
        names.append(f"{visible_line(reign.owned.name, _NAME)}{until}")
    said = f"{amounts.share(one.accuracy)} accuracy: cheapest is {', then '.join(names)}"
    split = one.split
    if split is None:
        return said
    beyond = ", more or less than was measured" if split.extrapolated else ""
    return (
        f"{said}; for {amounts.tokens(split.queries)} queries train {split.train_flop:.1e} FLOP{beyond}: "
        f"{split.train_share:.0%} of ${split.total_usd:,.0f}"
    )


def _option(option: Option) -> str:
    votes = "" if option.votes == 1 else f" with {option.votes} votes"
    return f"{amounts.budget(option.budget)}{votes}"
