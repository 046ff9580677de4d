"""A report of runs in Markdown: where each stands, its numbers, how they came about, what failed or is in doubt.

What it says is read by `report_of`, how it is written is below. Foreign text is made visible, and what Markdown or
HTML would act on is escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.controls import field_name
from core.money import UNPRICED, dollars, usd
from core.reading import ReadRun, read_run
from core.store.progress import warnings
from core.store.provenance import doubts, grader_of, outcomes, versions_of
from core.store.runs import StoredRun, load_run
from core.store.samples import copies, failures
from core.visible import visible, visible_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from core.analysis.curve import ConditionCurve
    from core.reading import ReadCurve
    from core.status import Status
    from core.store.samples import AttemptRow, FailureRow
    from core.vocabulary import Condition

MOST_LISTED = 20
"""Failures and doubts that are listed one by one; the rest is counted."""
_ACTED_ON = re.compile(r"([\\`*_\[\]<>#!|~$&])")
_NUMBER_COLUMNS = "draws | accuracy | ± se | 95 % interval | tokens | $ a sample | overrun | truncated | missing"


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says of one run."""

    status: Status
    stored: StoredRun
    read: ReadRun
    versions: dict[str, str]
    grader: str | None
    outcomes: dict[str, int]
    warnings: tuple[str, ...]
    failures: tuple[FailureRow, ...]
    doubts: tuple[AttemptRow, ...]
    copies: int
    """Texts that stand more than once in a cell."""


def report_of(connection: sqlite3.Connection, status: Status) -> Report:
    """What there is to say of a run."""
    run_id = status.progress.run.id
    return Report(
        status=status,
        stored=load_run(connection, run_id),
        read=read_run(connection, run_id),
        versions=versions_of(connection, run_id),
        grader=grader_of(connection, run_id),
        outcomes=outcomes(connection, run_id),
        warnings=tuple(warnings(connection, run_id)),
        failures=tuple(failures(connection, run_id)),
        doubts=tuple(doubts(connection, run_id)),
        copies=copies(connection, run_id),
    )


def write_markdown(file: TextIO, reports: Iterable[Report]) -> int:
    """How many runs were written, a section each."""
    written = 0
    for report in reports:
        if written:
            file.write("\n---\n\n")
        file.writelines(f"{block}\n\n" for block in _blocks(report))
        written += 1
    return written


def escaped(text: object, limit: int | None = 500) -> str:
    """Foreign text on one line, of which Markdown makes nothing but text."""
    return _ACTED_ON.sub(r"\\\1", visible_line(str(text), limit)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def fenced(text: str) -> str:
    """Foreign text as a block of code, inside a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{visible(text)}\n{fence}"


def _blocks(report: Report) -> Iterator[str]:
    run = report.status.progress.run
    yield f"# {escaped(run.name)}"
    if run.simulated:
        yield "**SIMULATED**: answers of the built-in simulator, not of a model."
    yield _standing(report)
    yield "## Results"
    yield _results(report.read.conditions)
    notes = list(_notes(report))
    if notes:
        yield "\n".join(notes)
    yield "## Method"
    yield _method(report)
    yield from _prompts([one.condition for one in report.stored.plan.planned])
    yield "## Prices"
    yield _prices([one.condition for one in report.stored.plan.planned])
    yield "## What failed or is in doubt"
    yield _troubles(report)
    yield "## Made with"
    made = [f"- {escaped(name)} {escaped(version)}" for name, version in report.versions.items()]
    yield "\n".join(made) or "- versions were not recorded"


def _standing(report: Report) -> str:
    status = report.status
    run, sums = status.progress.run, status.sums
    reason = f" ({escaped(run.reason)})" if run.reason else ""
    unpriced = any(not row.priced for row in status.progress.conditions)
    spent = f"${usd(run.spent_pico)}" + (f" for what has a price; the rest is {UNPRICED}" if unpriced else "")
    reasoning = "" if sums.reasoning_tokens is None else f" ({sums.reasoning_tokens:,} reasoning)"
    lines = [
        f"- state: {status.state.value}{reason}",
        f"- draws: {sums.kept:,} of {sums.planned:,}, {sums.failed:,} failed for good, {sums.owed:,} owed",
        f"- spent: {spent}",
        f"- in doubt: ${usd(run.unknown_pico)} at most, in {run.unknown_attempts:,} requests",
        f"- cap: {'none' if run.cap_pico is None else dollars(run.cap_pico)}",
        f"- tokens: {sums.prompt_tokens:,} in, {sums.completion_tokens:,} out{reasoning}",
        f"- started: {run.started_at or 'not yet'}; ended: {run.ended_at or 'not yet'}; worked {run.worked_s:,.0f} s",
    ]
    return "\n".join(lines)


def _results(conditions: Sequence[ReadCurve]) -> str:
    ks = sorted({at.k for one in conditions for at in one.curve.maj_at if at.k > 1})
    names = ["label", "budget", *_NUMBER_COLUMNS.split(" | ")]
    names += [f"pass@{k}" for k in ks] + [f"maj@{k}" for k in ks]
    lines = [_row(names), _row(["---", *(["---:"] * (len(names) - 1))])]
    for one in conditions:
        curve = one.curve
        ci95 = f"{_share(curve.ci95[0])} to {_share(curve.ci95[1])}" if curve.ci95 else ""
        cells = [
            escaped(curve.label),
            escaped("none" if curve.budget is None else curve.budget),
            f"{curve.samples:,}{'+' if one.extended else ''}",
            _share(curve.accuracy),
            "" if curve.se is None else f"{100 * curve.se:.1f}",
            ci95,
            "" if curve.mean_completion_tokens is None else f"{curve.mean_completion_tokens:,.0f}",
            curve.mean_cost_usd or (UNPRICED if curve.samples else ""),
            f"x{curve.overrun.median:.2f} (x{curve.overrun.q1:.2f} to x{curve.overrun.q3:.2f})"
            if curve.overrun
            else "",
            f"{curve.truncated:,}",
            f"{curve.missing:,}",
        ]
        for found in (curve.pass_at, curve.maj_at):
            by_k = {at.k: at.value for at in found}
            cells += [_share(by_k.get(k)) for k in ks]
        lines.append(_row(cells))
    return "\n".join(lines)


def _notes(report: Report) -> Iterator[str]:
    for one in report.read.conditions:
        name = escaped(f"{one.curve.label} {one.curve.budget}")
        if one.extended:
            yield (
                f"- {name}: draws were added after results had been seen; accuracy keeps the first plan's "
                f"{one.headline_draws:,}, votes and pass@k use all {one.curve.samples:,}"
            )
        if one.ungraded:
            yield f"- {name}: {one.ungraded:,} samples are not graded yet and left out"
        if one.curve.missing and one.curve.bounds:
            low, high = one.curve.bounds
            yield f"- {name}: were all missing draws wrong or right, accuracy would be {_share(low)} or {_share(high)}"
    if report.copies:
        yield f"- {report.copies:,} texts stand more than once in a cell: such draws are not independent"
    yield from (f"- warning: {escaped(text)}" for text in report.warnings)


def _method(report: Report) -> str:
    plan = report.stored.plan
    draws = sorted({one.draws for one in plan.planned})
    controls = sorted({one.condition.control for one in plan.planned})
    clusters = {problem.cluster for problem in plan.problems if problem.cluster is not None}
    grouped = f" in {len(clusters):,} clusters" if clusters else ""
    asked = ", ".join(f"{control.value} ({field_name(control)})" for control in controls)
    lines = [
        f"- problems: {len(plan.problems):,}{grouped}",
        f"- draws a cell: {', '.join(map(str, draws))}; each an independent request, no seed sent",
        f"- asked to think by: {asked}",
        f"- graded by: {escaped(report.grader or 'nobody')}; what is unreadable or truncated counts as wrong",
        "- accuracy: mean over problems of the mean over their samples; se and interval treat the problems as a sample",
        "- vote: the most frequent answer among k draws; ties share the credit, no answer casts no vote",
        "- overrun: completion tokens per token asked for; median and quartiles over samples",
    ]
    lines += [f"- endpoint {escaped(endpoint.name)}: {escaped(endpoint.address)}" for endpoint in plan.endpoints]
    return "\n".join(lines)


def _prompts(conditions: Sequence[Condition]) -> Iterator[str]:
    """Each different prompt with the conditions that it is of."""
    by_words: dict[tuple[str | None, str, str], list[str]] = {}
    for condition in conditions:
        words = (condition.system, condition.prompt, condition.body)
        by_words.setdefault(words, []).append(str(condition))
    for (system, prompt, body), names in by_words.items():
        yield f"### Prompt of {escaped(', '.join(names))}"
        if system is not None:
            yield f"System message:\n\n{fenced(system)}"
        yield fenced(prompt)
        yield f"Request fields:\n\n{fenced(body)}"


def _prices(conditions: Sequence[Condition]) -> str:
    lines = []
    for label in dict.fromkeys(condition.label for condition in conditions):
        condition = next(one for one in conditions if one.label == label)
        price = condition.price
        if price is None:
            said = UNPRICED
        elif price.per_hour is not None:
            said = f"${price.per_hour} an hour of the server"
        else:
            cached = f", ${price.cached_input} cached input" if price.cached_input is not None else ""
            said = f"${price.input} input, ${price.output} output{cached}, a million tokens"
            said += "".join(
                f"; above {tier.above_input_tokens:,} input tokens ${tier.input} and ${tier.output}"
                for tier in price.tiers
            )
        source = "" if price is None else f" (from: {escaped(price.source)})"
        lines.append(f"- {escaped(label)} ({escaped(condition.model)}): {said}{source}")
    return "\n".join(lines)


def _troubles(report: Report) -> str:
    lines = [
        f"- requests: {', '.join(f'{number:,} {outcome}' for outcome, number in report.outcomes.items()) or 'none'}"
    ]
    for one in report.failures[:MOST_LISTED]:
        where = f"{one.problem}, {one.label} {one.budget}, draw {one.draw}"
        lines.append(f"- failed for good: {escaped(where)}: {escaped(one.reason)}")
    if len(report.failures) > MOST_LISTED:
        lines.append(f"- and {len(report.failures) - MOST_LISTED:,} more failed for good")
    for doubt in report.doubts[:MOST_LISTED]:
        where = f"{doubt.problem}, {doubt.label} {doubt.budget}, draw {doubt.draw}"
        most = f"${usd(doubt.reserved_pico)} at most" if doubt.reserved_pico else UNPRICED
        lines.append(f"- in doubt: request {doubt.id}, {escaped(where)}: {most}; {escaped(doubt.message)}")
    if len(report.doubts) > MOST_LISTED:
        lines.append(f"- and {len(report.doubts) - MOST_LISTED:,} more in doubt")
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _overrun(curve: ConditionCurve) -> str:
    """The median with the quartiles."""
    found = curve.overrun
    return "" if found is None else f"x{found.median:.2f} (x{found.q1:.2f} to x{found.q3:.2f})"


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"
