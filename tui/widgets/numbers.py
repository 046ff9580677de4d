"""The table of the numbers behind a figure: a row for each condition of each run, and a column for some of the k."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from core.visible import visible_line
from tui.pages import amounts
from tui.pages.curve_table import chosen_ks, cost_of, drawn
from tui.widgets.budgets import power
from tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.curve import AtK
    from core.reading import ReadCurve
    from core.store.progress import RunRow

_WORDS = 12
_MOST_KS = 12
"""Columns of pass@k and maj@k together, where there is room."""
_MUCH = 2
"""Tokens used per token asked for from which on the eye should stay."""


class NumbersRow(NamedTuple):
    """A condition of a run."""

    run: RunRow
    one: ReadCurve


def number_columns(rows: Sequence[NumbersRow]) -> list[Column[NumbersRow]]:
    """The columns that these rows need; a narrow table loses those first that say least."""
    columns: list[Column[NumbersRow]] = []
    if len({row.run.id for row in rows}) > 1:
        columns.append(Column("run", _WORDS, _run, lambda row: row.run.name, right=False, stretches=12))
    if len({row.one.curve.label for row in rows}) > 1:
        columns.append(Column("model", _WORDS, _label, lambda row: row.one.curve.label, right=False, stretches=12))
    columns += [
        Column("budget", 6, _budget, lambda row: row.one.curve.budget_tokens, right=False),
        Column("draws", max([5, *(len(_draws(row)) for row in rows)]), _draws, lambda row: row.one.curve.samples),
        Column("accuracy", 8, _accuracy, lambda row: row.one.curve.accuracy),
        Column("±se", 4, _error, lambda row: row.one.curve.se, gives_way=5),
        Column("95 %", 7, _interval, gives_way=1),
        Column("tokens", 7, _tokens, lambda row: row.one.curve.mean_completion_tokens),
        Column("$/draw", 8, _dollars, _cost, gives_way=4),
        Column("s/draw", 7, _seconds, lambda row: row.one.curve.mean_seconds, gives_way=9),
        Column("overrun", 7, _overrun, _median, gives_way=2),
        Column("q1–q3", 11, _spread, gives_way=8),  # noqa: RUF001 - a range
    ]
    if any(row.one.curve.truncated for row in rows):
        columns.append(Column("cut", 5, lambda row: _count(row.one.curve.truncated, "votes"), gives_way=10))
    if any(row.one.curve.missing for row in rows):
        columns.append(Column("fail", 5, lambda row: _count(row.one.curve.missing, "bad"), gives_way=6))
    passes, votes = chosen_ks([row.one for row in rows], _MOST_KS)
    columns += [
        Column(f"pass@{k}", len(f"pass@{k}"), partial(_pass, k=k), gives_way=7 if k == passes[-1] else 12 + k)
        for k in passes
    ]
    columns += [
        Column(f"maj@{k}", max(len(f"maj@{k}"), 6), partial(_maj, k=k), gives_way=3 if k == votes[-1] else 11 + k)
        for k in votes
    ]
    return columns


def _run(row: NumbersRow) -> Text:
    return Text(visible_line(row.run.name, 40), "plain")


def _label(row: NumbersRow) -> Text:
    return Text(visible_line(row.one.curve.label, 40), "plain")


def _budget(row: NumbersRow) -> Text:
    return Text(power(row.one.curve.budget), "strong")


def _draws(row: NumbersRow) -> Text:
    return Text(drawn(row.one), "plain")


def _accuracy(row: NumbersRow) -> Text:
    return Text(amounts.share(row.one.curve.accuracy, 1), "frame" if row.one.curve.accuracy is None else "strong")


def _error(row: NumbersRow) -> Text:
    return Text(amounts.points(row.one.curve.se, 1), "label")


def _interval(row: NumbersRow) -> Text:
    ci95 = row.one.curve.ci95
    if ci95 is None:
        return Text(amounts.NOTHING, "frame")
    return Text(f"{amounts.points(ci95[0])}{amounts.DASH}{amounts.points(ci95[1])}", "label")


def _tokens(row: NumbersRow) -> Text:
    return Text(amounts.tokens(row.one.curve.mean_completion_tokens), "plain")


def _cost(row: NumbersRow) -> float | None:
    usd = row.one.curve.mean_cost_usd
    return None if usd is None else float(usd)


def _dollars(row: NumbersRow) -> Text:
    curve = row.one.curve
    unpriced = curve.mean_cost_usd is None and curve.samples > 0
    return Text(cost_of(curve.mean_cost_usd, has_samples=curve.samples > 0), "warn" if unpriced else "plain")


def _seconds(row: NumbersRow) -> Text:
    return Text(amounts.duration(row.one.curve.mean_seconds), "label")


def _median(row: NumbersRow) -> float | None:
    overrun = row.one.curve.overrun
    return overrun.median if overrun else None


def _overrun(row: NumbersRow) -> Text:
    median = _median(row)
    return Text(amounts.times(median), "frame" if median is None else "votes" if median > _MUCH else "plain")


def _spread(row: NumbersRow) -> Text:
    overrun = row.one.curve.overrun
    if overrun is None:
        return Text(amounts.NOTHING, "frame")
    low, high = (amounts.times(end).removeprefix(amounts.TIMES) for end in (overrun.q1, overrun.q3))
    return Text(f"{low}{amounts.DASH}{high}", "label")


def _count(number: int, ink: str) -> Text:
    return Text(f"{number:,}", ink) if number else Text(amounts.NOTHING, "frame")


def _pass(row: NumbersRow, k: int) -> Text:
    return _at(row.one.curve.pass_at, k, "plain")


def _maj(row: NumbersRow, k: int) -> Text:
    return _at(row.one.curve.maj_at, k, "votes")


def _at(found: Sequence[AtK], k: int, ink: str) -> Text:
    value = next((at.value for at in found if at.k == k), None)
    return Text(amounts.share(value), "frame" if value is None else ink)
