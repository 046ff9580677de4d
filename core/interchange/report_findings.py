"""What was found in the runs of a report: verdicts in words; curves by label, differences and crossovers in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Column, Paragraph, Table
from core.interchange.report_spending import spent
from core.interchange.report_words import between, p_value, points, share, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.analysis.comparison import Comparison
    from core.analysis.pairing import PairedDifference
    from core.analysis.study import LabelStudy, Study


def verdicts(study: Study) -> Iterator[Block]:
    """What is said of each curve, with what else was looked at; then how models stand to each other."""
    for one in study.verdicts:
        yield Paragraph(one.words, "finding", f"{one.name}, votes" if one.over == "votes" else one.name)
        if one.reasons:
            yield Paragraph("; ".join(one.reasons), "aside")
    for compared in study.comparisons:
        if compared.at:
            yield Paragraph(compared.words, "finding", "At equal spending")
    for crossing in study.crossovers:
        yield Paragraph(crossing.words, "aside")
    for trade in study.trades:
        yield Paragraph(trade.words, "finding", "Training and thinking")
    if study.verdicts:
        late = "; it was chosen after the run, so read with care" if study.margin_chosen_late else ""
        within = (
            "the margin that its run was started with" if study.margin is None else f"{100 * study.margin:g} points"
        )
        yield Paragraph(f"No gain means within {within} of accuracy{late}.", "aside")


def curves(study: Study) -> Iterator[Block]:
    """One row for each label: how its accuracy grows, and what it makes of the budgets."""
    rows = [(one.name, *_curve(one)) for one in study.labels]
    told = [row for row in rows if any(row[1:])]
    if not told:
        return
    names = ("gain per doubling", "listens from", "to", "used on asked", "control", "scaling", "best accuracy", "at")
    columns = (Column("label", number=False), *map(Column, names))
    caption = (
        "Curves by label: points of accuracy per doubling of tokens; the tokens asked for between which the model "
        "listens, and doublings used per doubling asked; s1's control, scaling (points per 1000 tokens) and performance"
    )
    yield Table(columns, tuple(told), caption).trimmed


def differences(study: Study) -> Iterator[Block]:
    """Neighbouring budgets of each label, and each two labels at equal spending, on the problems that both have."""
    rows = tuple(row for one in study.measured for row in _neighbours(one))
    names = ("problems", "unpaired", "difference, points", "± se", "95 % interval", "p")
    if rows:
        columns = (Column("from", number=False), Column("to", number=False), *map(Column, names))
        yield Table(columns, rows, "Paired differences of accuracy, on the problems that both have")
    for comparison in study.comparisons:
        yield _compared(comparison)


def _curve(one: LabelStudy) -> tuple[str, ...]:
    gain, heard, s1 = one.gain, one.listening, one.s1
    scaling = None if s1 is None else s1.scaling_points_per_1000_tokens
    return (
        "" if gain is None else f"{points(gain.per_doubling)}{between(gain.ci95, 100, 1)}",
        "" if heard is None or heard.low is None else f"{heard.low:,}",
        "" if heard is None or heard.high is None else f"{heard.high:,}",
        "" if heard is None else f"{signed(heard.slope, 2)}{between(heard.ci95, 1, 2)}",
        "" if s1 is None else share(s1.control),
        "" if scaling is None else signed(scaling, 2),
        "" if s1 is None else share(s1.performance),
        "" if s1 is None or s1.performance_budget is None else str(s1.performance_budget),
    )


def _neighbours(one: LabelStudy) -> Iterator[tuple[str, ...]]:
    budgets = [] if one.grid is None else [f"{one.name} {budget}" for budget in one.grid.budgets]
    for first, second, found in zip(budgets, budgets[1:], one.differences, strict=False):
        yield first, second, *_difference(found)


def _difference(one: PairedDifference) -> tuple[str, ...]:
    return (
        f"{one.problems:,}",
        f"{one.unpaired_first + one.unpaired_second:,}",
        points(one.difference),
        "" if one.se is None else f"{100 * one.se:.1f}",
        "" if one.ci95 is None else f"{points(one.ci95[0])} to {points(one.ci95[1])}",
        "" if one.p is None else p_value(one.p),
    )


def _compared(comparison: Comparison) -> Table:
    rows = tuple(
        (
            spent(comparison.basis, one.spend),
            share(one.first),
            share(one.second),
            points(one.difference),
            "" if one.se is None else f"{100 * one.se:.1f}",
            "" if one.ci95 is None else f"{points(one.ci95[0])} to {points(one.ci95[1])}",
        )
        for one in comparison.at
    )
    names = (comparison.first, comparison.second, "difference, points", "± se", "95 % interval")
    unpaired = comparison.unpaired_first + comparison.unpaired_second
    caption = (
        f"{comparison.second} against {comparison.first} at equal spending, on the {comparison.problems:,} problems "
        f"that both have ({unpaired:,} unpaired)"
    )
    return Table((Column("spent", number=False), *map(Column, names)), rows, caption)
