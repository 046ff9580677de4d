"""The table of budgets: what each condition of a run has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from core.vocabulary import PICO
from tui.pages import amounts
from tui.widgets.bars import bar
from tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.verdicts import Verdict
    from core.vocabulary import Budget
    from tui.pages.tally import Tally
    from tui.snapshots.figure import Votes

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LABEL = 12
_BAR = 7
_DRAWS = 10
DOLLARS = 8
"""Cells of an amount of money: `1,234.56`, `unpriced`."""
_THOUSAND, _TEN_THOUSAND, _MILLION = 1000, 10_000, 1_000_000


def budget_columns(*, labels: bool, wide: bool) -> list[Column[Tally]]:
    """The columns: with the label where there are several, and with all there is where the pane has the screen."""
    columns: list[Column[Tally]] = []
    if labels:
        columns.append(
            Column("model", _LABEL, _label, lambda one: one.row.label, right=False, stretches=20 if wide else 0)
        )
    columns += [
        Column("budget", 7, lambda one: Text(power(one.row.budget), "strong"), _asked, right=False),
        Column("draws", _DRAWS, _draws, lambda one: one.row.sums.kept),
        Column("accuracy", 11, _accuracy, lambda one: one.accuracy),
        Column("", _BAR, _accuracy_bar, gives_way=5),
        Column("tokens", 7, _tokens, lambda one: one.mean_tokens, gives_way=1),
        Column("overrun", 7, _overrun, lambda one: one.overrun[1] if one.overrun else None, gives_way=1),
    ]
    if wide:
        columns.append(Column("q1–q3", 11, _spread, gives_way=3))  # noqa: RUF001 - a range
        columns.append(Column("s/draw", 7, _seconds, _mean_seconds, gives_way=4))
    columns.append(Column("$", DOLLARS, _dollars, lambda one: one.row.sums.billed_pico))
    if wide:
        columns.append(Column("cut", 5, lambda one: _count(one.row.sums.truncated, "votes"), gives_way=2))
    columns.append(Column("fail", 4, lambda one: _count(one.row.sums.failed, "bad"), gives_way=3))
    return columns


def power(budget: Budget) -> str:
    """A budget for a person's eye: 2¹⁰ for 1024, other numbers and words as they are."""
    if isinstance(budget, int) and budget > 1 and budget & (budget - 1) == 0:
        return f"2{str(budget.bit_length() - 1).translate(_SUPERSCRIPTS)}"
    return visible_line(amounts.budget(budget), 10)


def in_dollars(pico: int) -> str:
    """An amount without its sign, in eight cells: with cents where there is room for them."""
    text = dollars(pico).replace("$", "")
    if len(text) > DOLLARS:
        text = f"{round(pico / PICO):,}"
    return text if len(text) <= DOLLARS else amounts.tokens(pico / PICO)


def ranged(budgets: Sequence[Budget]) -> str:
    """The budgets of a run, from the least to the largest: 2⁴…2¹¹."""
    return power(budgets[0]) if len(budgets) == 1 else f"{power(budgets[0])}…{power(budgets[-1])}"


def verdict_lines(verdicts: Sequence[Verdict], *, whole: bool) -> list[Text]:
    """What is found, a line for each verdict: `thinking  still growing: +6.6 a doubling [4.9, 8.4]`.

    Args:
        verdicts: of the run.
        whole: whether nothing more is to come; else every look is one of many, and says so.
    """
    several = len({verdict.name for verdict in verdicts}) > 1
    lines = []
    for one in verdicts:
        if not whole and one.per_doubling is None:
            continue  # nothing to be told yet is no news while samples come in
        name = f"{visible_line(one.name, 20)}: " if several else ""
        # The pane is narrow: where a sentence is cut off, its numbers must have been said.
        words = visible_line(one.words, None).removesuffix(" (equivalence test)").replace(" points per ", " a ")
        line = Text.assemble((f"{one.over:<8} ", "label"), (name, "plain"))
        if not whole:
            line.append("so far ", "label")
        lines.append(line.append(words, "strong"))
    return lines


def votes_lines(votes: Sequence[Votes]) -> list[Text]:
    """What votes come to, a line for each model: `votes of 2¹¹   k=2 56%  k=4 66%`."""
    several = len(votes) > 1
    lines = []
    for one in votes:
        name = f"{visible_line(one.label, 20)} {power(one.budget)}" if several else power(one.budget)
        line = Text.assemble((f"votes of {name} ", "label"))
        for at in one.maj_at:
            line.append("  k=", "label").append(f"{at.k} ", "label").append(amounts.share(at.value), "votes")
        lines.append(line)
    return lines


def _label(one: Tally) -> Text:
    return Text(visible_line(one.row.label, 40), "plain")


def _asked(one: Tally) -> float | None:
    return one.row.budget if isinstance(one.row.budget, int) else None


def _draws(one: Tally) -> Text:
    sums = one.row.sums
    whole = sums.kept >= sums.planned
    mark = "+" if one.extended else ""
    kept, planned = f"{sums.kept:,}", f"{sums.planned:,}"
    if len(kept) + len(planned) + len(mark) >= _DRAWS:
        kept, planned = _thousands(sums.kept), _thousands(sums.planned)
    return Text.assemble((kept, "plain"), (f"/{planned}{mark}", "good" if whole else "label"))


def _thousands(number: int) -> str:
    """A number in four cells, rounded down: what is not all of them does not look like it."""
    if number < _THOUSAND:
        return str(number)
    if number < _TEN_THOUSAND:
        return f"{number // 100 / 10:.1f}k"
    return f"{number // _THOUSAND}k" if number < _MILLION else f"{number // (_MILLION // 10) / 10:.1f}M"


def _accuracy(one: Tally) -> Text:
    if one.accuracy is None:
        return Text(amounts.NOTHING, "frame")
    text = Text.assemble((amounts.share(one.accuracy), "strong"))
    if one.ci95:
        low, high = (amounts.points(end) for end in one.ci95)
        text.append(f" {low + amounts.DASH + high:>6}", "label")
    else:
        text.append(" " * 7)
    return text


def _accuracy_bar(one: Tally) -> Text:
    return bar(_BAR, [(one.accuracy or 0.0, "asked")], 1.0)


def _tokens(one: Tally) -> Text:
    return Text(amounts.tokens(one.mean_tokens), "plain")


def _overrun(one: Tally) -> Text:
    if one.overrun is None:
        return Text(amounts.NOTHING, "frame")
    return Text(amounts.times(one.overrun[1]), "votes" if one.overrun[1] > 2 else "plain")  # noqa: PLR2004 - twice what was asked is worth an eye


def _spread(one: Tally) -> Text:
    if one.overrun is None:
        return Text(amounts.NOTHING, "frame")
    low, high = (amounts.times(one.overrun[index]).removeprefix(amounts.TIMES) for index in (0, 2))
    return Text(f"{low}{amounts.DASH}{high}", "label")


def _mean_seconds(one: Tally) -> float | None:
    sums = one.row.sums
    return sums.seconds / sums.kept if sums.kept else None


def _seconds(one: Tally) -> Text:
    return Text(amounts.duration(_mean_seconds(one) or None), "label")


def _dollars(one: Tally) -> Text:
    if not one.row.priced:
        return Text(UNPRICED, "warn")
    return Text(in_dollars(one.row.sums.billed_pico), "plain")


def _count(number: int, ink: str) -> Text:
    return Text(_thousands(number), ink) if number else Text(amounts.NOTHING, "frame")
