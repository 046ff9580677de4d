"""What a report of runs says, from top to bottom, as blocks: one content for every format that it is written in.

A report puts its findings first, in words; then figures, tables, and how they came about; last what failed and how to
cite it. Reading is done by `report_of`; `blocks_of` only arranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Code, Heading, Items, Paragraph
from core.interchange.citing import bibliography
from core.interchange.report_method import asked, made_with, prices, prompts, rules, standing
from core.interchange.report_results import budget_of, differences, results
from core.interchange.run_facts import facts_of
from core.money import UNPRICED, usd
from core.watching import status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from core.interchange.findings import Findings
    from core.interchange.run_facts import RunFacts
    from core.store.place import Place

MOST_LISTED = 20
"""Failures and doubts that are listed one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report of some runs says."""

    runs: tuple[RunFacts, ...]
    findings: Findings


def report_of(connection: sqlite3.Connection, place: Place, run_ids: Sequence[int], findings: Findings) -> Report:
    """What there is to say of some runs, in the order given.

    Args:
        connection: to a store, within one transaction.
        place: that store.
        run_ids: the runs.
        findings: what was found in them together.
    """
    runs = tuple(facts_of(connection, status(connection, place, run_id)) for run_id in run_ids)
    return Report(runs, findings)


def blocks_of(report: Report) -> Iterator[Block]:
    """The report from its title to its bibliography."""
    runs, findings = report.runs, report.findings
    yield Heading(1, " and ".join(run.run.name for run in runs))
    for run in runs:
        yield from _marks(run)
    if findings.verdicts:
        yield Heading(2, "Verdicts")
        for who, words in findings.verdicts:
            yield Paragraph(words, "finding", who)
    if findings.pictures or findings.without_pictures:
        yield Heading(2, "Figures")
        yield from findings.pictures
        if findings.without_pictures:
            yield Paragraph(findings.without_pictures, "aside")
    yield Heading(2, "Results")
    yield from results(runs)
    if findings.differences:
        yield differences(findings.differences)
    yield Heading(2, "Method")
    yield from rules()
    for run in runs:
        yield Heading(2, f"Run {run.run.name}" if len(runs) > 1 else "The run")
        yield from _one_run(run)
    yield Heading(2, "How to cite")
    yield Code(bibliography(runs), "BibTeX")


def _marks(run: RunFacts) -> Iterator[Block]:
    name = run.run.name
    if run.run.simulated:
        yield Paragraph(f"answers of {name} are the built-in simulator's, not a model's.", "loud", "SIMULATED")
    if run.origin is not None:
        files = ", ".join(one.name for one in run.origin.files)
        yield Paragraph(f"the results of {name} were measured elsewhere and read from {files}.", "loud", "IMPORTED")


def _one_run(run: RunFacts) -> Iterator[Block]:
    yield from standing(run)
    yield Heading(3, "What was asked")
    yield from asked(run)
    yield from prompts(run)
    yield Heading(3, "Prices")
    yield from prices(run)
    yield Heading(3, "What failed or is in doubt")
    yield Items(tuple(_troubles(run)))
    yield Heading(3, "Made with")
    yield from made_with(run)


def _troubles(run: RunFacts) -> Iterator[str]:
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
        most = f"${usd(doubt.reserved_pico)} at most" if doubt.reserved_pico else UNPRICED
        yield f"in doubt: request {doubt.id}, {where}: {most}; {doubt.message}"
    if len(run.doubts) > MOST_LISTED:
        yield f"and {len(run.doubts) - MOST_LISTED:,} more in doubt"
