"""What a report of runs says, from top to bottom, as blocks: one content for every format that it is written in.

A report puts its findings first, in words; then figures, tables, and how they came about; last what failed and how to
cite it. Reading is done by `report_of`; `blocks_of` only arranges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Code, Heading, Items, Paragraph
from core.interchange.citing import bibliography
from core.interchange.pictures import pictures_of
from core.interchange.report_findings import curves, differences, verdicts
from core.interchange.report_method import asked, made_with, prices, prompts, rules, standing
from core.interchange.report_results import budget_of, results
from core.interchange.report_spending import spending
from core.interchange.run_facts import facts_of
from core.money import UNPRICED, dollars, exact_dollars
from core.studying import read_study
from core.watching import status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from core.analysis.study import Study
    from core.interchange.blocks import Picture
    from core.interchange.run_facts import RunFacts
    from core.reading import ReadRun
    from core.store.place import Place

MOST_LISTED = 20
"""Failures and doubts that are listed one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report of some runs says."""

    runs: tuple[RunFacts, ...]
    study: Study
    pictures: tuple[Picture, ...] = ()
    without_pictures: str = ""
    """Why there are none, and how to have them; empty where nobody asked."""


def report_of(connection: sqlite3.Connection, place: Place, run_ids: Sequence[int], *, drawn: bool) -> Report:
    """What there is to say of some runs, in the order given.

    Args:
        connection: to a store, within one transaction.
        place: that store.
        run_ids: the runs.
        drawn: whether its figures are drawn.
    """
    reads, study = read_study(connection, run_ids)
    runs = tuple(facts_of(connection, status(connection, place, read.run.id), _in_order(read, study)) for read in reads)
    return Report(runs, study, *(pictures_of(study) if drawn else ()))


def blocks_of(report: Report) -> Iterator[Block]:
    """The report from its title to its bibliography."""
    runs, study = report.runs, report.study
    yield Heading(1, " and ".join(run.run.name for run in runs))
    for run in runs:
        yield from _marks(run)
    yield Paragraph(". ".join(map(_in_short, runs)) + ".")
    found = list(verdicts(study))
    if found:
        yield Heading(2, "Verdicts")
        yield from found
    if report.pictures or report.without_pictures:
        yield Heading(2, "Figures")
        yield from report.pictures
        if report.without_pictures:
            yield Paragraph(report.without_pictures, "aside")
    yield Heading(2, "Results")
    yield from results(runs)
    yield from curves(study)
    yield from differences(study)
    bought = list(spending(study))
    if bought:
        yield Heading(2, "Spending")
        yield from bought
    yield Heading(2, "Method")
    yield from rules()
    for run in runs:
        yield Heading(2, f"Run {run.run.name}" if len(runs) > 1 else "The run")
        yield from _one_run(run)
    yield Heading(2, "How to cite")
    yield Code(bibliography(runs), "BibTeX")


def _in_order(read: ReadRun, study: Study) -> ReadRun:
    """The run with its conditions as the study has them: label by label, from the least thinking to the most."""
    places = {
        (label.run, curve.label, curve.budget): (number, at)
        for number, label in enumerate(study.labels)
        for at, curve in enumerate(label.curves)
    }
    order = sorted(read.conditions, key=lambda one: places[one.curve.run, one.curve.label, one.curve.budget])
    return replace(read, conditions=tuple(order))


def _marks(run: RunFacts) -> Iterator[Block]:
    name = run.run.name
    if run.run.simulated:
        yield Paragraph(f"answers of {name} are the built-in simulator's, not a model's.", "loud", "SIMULATED")
    if run.origin is not None:
        files = ", ".join(one.name for one in run.origin.files)
        yield Paragraph(f"the results of {name} were measured elsewhere and read from {files}.", "loud", "IMPORTED")


def _in_short(run: RunFacts) -> str:
    """A run in one sentence: what was asked of whom, how often, when, for how much."""
    plan, sums, row = run.stored.plan, run.status.sums, run.run
    models = ", ".join(dict.fromkeys(one.curve.model for one in run.read.conditions))
    source = run.config.get("problems", {}).get("source")
    told = f"{models} on {len(plan.problems):,} problems" if plan.problems else models
    told += f" of {source}" if source and run.origin is None else ""
    said = [told, f"{sums.kept:,} samples" if sums.kept or run.origin is None else "published results"]
    if run.origin is None:
        said.append(f"{dollars(row.spent_pico)} spent")
        said.append(f"started {row.started_at[:10]}" if row.started_at else "not started yet")
    return ", ".join(said)


def _one_run(run: RunFacts) -> Iterator[Block]:
    yield from standing(run)
    yield Heading(3, "What was asked")
    yield from asked(run)
    yield from prompts(run)
    yield Heading(3, "Prices")
    yield from prices(run)
    troubles = tuple(_troubles(run))
    if troubles:
        yield Heading(3, "What failed or is in doubt")
        yield Items(troubles)
    yield Heading(3, "Made with")
    yield from made_with(run)


def _troubles(run: RunFacts) -> Iterator[str]:
    if run.origin is None:
        yield f"requests: {', '.join(f'{number:,} {outcome}' for outcome, number in run.outcomes.items()) or 'none'}"
    cut = [
        f"{one.curve.label} {budget_of(one.curve)} {one.curve.truncated:,} of {one.curve.samples:,}"
        for one in run.read.conditions
        if one.curve.truncated
    ]
    if cut:
        yield f"cut off by the token cap, so wrong, their tokens a lower bound: {', '.join(cut)}"
    for failure in run.failures[:MOST_LISTED]:
        where = f"{failure.problem}, {failure.label} {failure.budget}, draw {failure.draw}"
        yield f"failed for good: {where}: {failure.reason}"
    if len(run.failures) > MOST_LISTED:
        yield f"and {len(run.failures) - MOST_LISTED:,} more failed for good"
    for doubt in run.doubts[:MOST_LISTED]:
        where = f"{doubt.problem}, {doubt.label} {doubt.budget}, draw {doubt.draw}"
        most = f"{exact_dollars(doubt.reserved_pico)} at most" if doubt.reserved_pico else UNPRICED
        yield f"in doubt: request {doubt.id}, {where}: {most}; {doubt.message}"
    if len(run.doubts) > MOST_LISTED:
        yield f"and {len(run.doubts) - MOST_LISTED:,} more in doubt"
