"""The numbers of a report: what came out, by condition, and what must be said beside it."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Column, Items, Table
from core.interchange.report_words import TIMES, TO, amount, share
from core.money import UNPRICED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.analysis.curve import AtK, ConditionCurve
    from core.interchange.run_facts import RunFacts
    from core.reading import ReadCurve

_FOUR_DIGITS = Context(prec=4)


def results(runs: Sequence[RunFacts]) -> Iterator[Block]:
    """The table of all conditions, that of votes, and notes."""
    yield _results(runs).trimmed
    votes = _votes(runs)
    if votes is not None:
        yield votes
    notes = tuple(note for run in runs for note in _notes(run))
    if notes:
        yield Items(notes)


def named(runs: Sequence[RunFacts], run: RunFacts, label: str) -> str:
    """A label, with its run where there are several."""
    return label if len(runs) == 1 else f"{run.run.name}: {label}"


def budget_of(curve: ConditionCurve) -> str:
    """A budget in words."""
    return "none" if curve.budget is None else str(curve.budget)


def _results(runs: Sequence[RunFacts]) -> Table:
    columns = (
        Column("label", number=False),
        Column("budget"),
        Column("draws"),
        Column("accuracy"),
        Column("± se"),
        Column("95 % interval"),
        Column("tokens"),
        Column("tokens, geom."),
        Column("$ a sample"),
        Column("overrun"),
        Column("quartiles"),
        Column("truncated"),
        Column("missing"),
    )
    rows = tuple(_row(runs, run, one) for run in runs for one in run.read.conditions)
    caption = "Accuracy, its standard error in points; tokens and dollars are means over problems; overrun is a median"
    return Table(columns, rows, caption)


def _row(runs: Sequence[RunFacts], run: RunFacts, one: ReadCurve) -> tuple[str, ...]:
    curve = one.curve
    return (
        named(runs, run, curve.label),
        budget_of(curve),
        f"{curve.samples:,}{'+' if one.extended else ''}" if curve.draws else "published",
        share(curve.accuracy),
        "" if curve.se is None else f"{100 * curve.se:.1f}",
        f"{100 * curve.ci95[0]:.1f}{TO}{share(curve.ci95[1])}" if curve.ci95 else "",
        _tokens(curve.mean_completion_tokens),
        _tokens(curve.geomean_completion_tokens),
        _dollars(curve, priced=run.origin is None),
        "" if curve.overrun is None else f"{TIMES}{amount(curve.overrun.median)}",
        "" if curve.overrun is None else f"{amount(curve.overrun.q1)}{TO}{amount(curve.overrun.q3)}",
        f"{curve.truncated:,}" if curve.draws else "",
        f"{curve.missing:,}" if curve.draws else "",
    )


def _votes(runs: Sequence[RunFacts]) -> Table | None:
    """pass@k and maj@k at powers of two, of the conditions that have more than one draw; None where none has."""
    read = [(run, one.curve) for run in runs for one in run.read.conditions]
    ks = sorted({at.k for _, curve in read for at in (*curve.pass_at, *curve.maj_at) if at.k > 1})
    if not ks:
        return None
    columns = [Column("label", number=False), Column("budget")]
    columns += [Column(f"{what}@{k}") for what in ("pass", "maj") for k in ks]
    rows = [
        (named(runs, run, curve.label), budget_of(curve), *_at(curve.pass_at, ks), *_at(curve.maj_at, ks))
        for run, curve in read
        if any(at.k > 1 for at in (*curve.pass_at, *curve.maj_at))
    ]
    return Table(tuple(columns), tuple(rows), "One of k samples right (pass@k), and votes of k samples (maj@k)")


def _at(found: Sequence[AtK], ks: Sequence[int]) -> list[str]:
    by_k = {at.k: at.value for at in found}
    return [share(by_k.get(k)) for k in ks]


def _notes(run: RunFacts) -> Iterator[str]:
    for one in run.read.conditions:
        name = f"{one.curve.label} {budget_of(one.curve)}"
        if one.extended:
            yield (
                f"{name}: draws were added after results had been seen; accuracy keeps the first plan's "
                f"{one.headline_draws:,}, votes and pass@k use all {one.curve.samples:,}"
            )
        if one.ungraded:
            yield f"{name}: {one.ungraded:,} samples are not graded yet and left out"
        if one.curve.missing and one.curve.bounds:
            low, high = one.curve.bounds
            yield f"{name}: were all missing draws wrong or right, accuracy would be {share(low)} or {share(high)}"
    if run.copies:
        yield f"{run.copies:,} texts stand more than once in a cell: such draws are not independent"
    yield from (f"warning: {text}" for text in run.warnings)


def _tokens(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _dollars(curve: ConditionCurve, *, priced: bool) -> str:
    """Dollars a sample, to four digits; nothing for a run that was imported without, which is not to be unpriced."""
    if curve.mean_cost_usd is None:
        return UNPRICED if curve.samples and priced else ""
    return f"{Decimal(curve.mean_cost_usd).normalize(_FOUR_DIGITS):f}"
