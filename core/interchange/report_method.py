"""How the numbers of a report came about: what was asked, of whom, at what price, and by which rule each was made.

The rules in full, with the reasons for them, stand in docs/statistics.md; here is what a reader needs to trust a table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from core.controls import field_name
from core.controls.wording import PROBLEM
from core.interchange.blocks import Block, Code, Column, Heading, Items, Paragraph, Table
from core.money import UNPRICED, dollars, exact_dollars
from core.prices import cost
from core.vocabulary import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.interchange.run_facts import RunFacts
    from core.vocabulary import Condition, Price

RULES = (
    (
        "accuracy",
        (
            "the mean over problems of the share of their samples that is right; what is unreadable or cut off is"
            " wrong, what failed for good is missing"
        ),
        "",
    ),
    (
        "± se",
        (
            "the problems as a sample of problems: standard deviation of their shares over the root of their "
            "number; deviations add up within a cluster before they are squared"
        ),
        "Miller 2024, arXiv:2411.00640",
    ),
    (
        "95 % interval",
        (
            "Wilson's score interval for as many independent answers as have this standard error, with Student's "
            "t at clusters less one degrees of freedom"
        ),
        "Wilson 1927, JASA 22:209",
    ),
    (
        "tokens",
        (
            "completion tokens as billed, reasoning included: the mean over problems of their samples' mean; the "
            "geometric mean beside it, which the longest thinkers move little"
        ),
        "",
    ),
    (
        "pass@k",
        "the chance that k samples of a problem, drawn without replacement, include a right one",
        "Chen et al. 2021, arXiv:2107.03374",
    ),
    (
        "maj@k",
        (
            "the expected credit of the most frequent answer among k samples, over all subsets of k; ties share "
            "the credit, no answer casts no vote"
        ),
        "",
    ),
    (
        "overrun",
        "completion tokens per token asked for: median and quartiles over samples",
        "Hyndman and Fan 1996, type 7",
    ),
    (
        "difference",
        (
            "the mean over problems that both have of their own differences, with a clustered standard error and "
            "Student's t"
        ),
        "Miller 2024, arXiv:2411.00640",
    ),
    (
        "gain per doubling",
        (
            "the slope of the least-squares line through a label's conditions, accuracy on log2 of mean tokens: a mean "
            "over problems of their own slopes, which its interval comes from"
        ),
        "",
    ),
    (
        "listens",
        (
            "the longest stretch of budgets over which the slope of log2 tokens used on log2 tokens asked has its "
            "95 % interval above one half"
        ),
        "",
    ),
    (
        "control, scaling",
        (
            "the share of samples within what was asked; the mean slope over all pairs of conditions, in points of "
            "accuracy per 1000 tokens"
        ),
        "Muennighoff et al. 2025, arXiv:2501.19393",
    ),
    (
        "no more gains",
        (
            "only where an equivalence test shows a difference within the margin that the config set before the "
            "run, adjusted over all verdicts of a report; never from a slope that is not significant"
        ),
        "Schuirmann 1987; Holm 1979",
    ),
)
"""What each number is, by which rule, and where the rule comes from."""


def rules() -> Iterator[Block]:
    """By which rule each number was made."""
    columns = tuple(Column(name, number=False) for name in ("number", "rule", "source"))
    yield Table(columns, RULES, "How each number is made")


def asked(run: RunFacts) -> Iterator[Block]:
    """What was asked and how it was judged."""
    plan, problems = run.stored.plan, run.config.get("problems", {})
    draws = sorted({one.draws for one in plan.planned})
    controls = sorted({one.condition.control for one in plan.planned})
    clusters = {problem.cluster for problem in plan.problems if problem.cluster is not None}
    source = [f"{problems.get('source', 'not recorded')}"]
    source += [f"{name} {problems[name]}" for name in ("revision", "split", "limit") if problems.get(name)]
    source += [f"{field} contains {text}" for field, text in (problems.get("where") or {}).items()]
    lines = [f"data set: {', '.join(source)}"] if run.origin is None else []
    if plan.problems:
        grouped = f" in {len(clusters):,} clusters" if clusters else ""
        marked = f"; fingerprint of their questions {run.fingerprint}" if run.fingerprint else ""
        lines.append(f"problems: {len(plan.problems):,}{grouped}{marked}")
    if draws:
        apart = "; each an independent request, no seed sent" if run.origin is None else ""
        lines.append(f"draws a cell: {', '.join(map(str, draws))}{apart}")
        how = ", ".join(f"{control.value} ({field_name(control)})" for control in controls)
        lines.append(f"asked to think by: {how}")
        lines.append(f"graded by: {run.grader or 'nobody'}; what is unreadable or truncated counts as wrong")
    if run.origin is None:
        lines += [f"endpoint {endpoint.name}: {endpoint.address}" for endpoint in plan.endpoints]
    yield Items(tuple(lines) or ("the source does not say",))


def prompts(run: RunFacts) -> Iterator[Block]:
    """Each different prompt with the conditions that it is of; those that differ by their budget only are one."""
    by_template: dict[tuple[str | None, str, str], list[Condition]] = {}
    for one in run.stored.plan.planned:
        by_template.setdefault(_template(one.condition), []).append(one.condition)
    if run.origin is not None and all(prompt == PROBLEM for _, prompt, _ in by_template):
        yield Paragraph("The source does not say in which words.")
        return
    for (system, prompt, body), conditions in by_template.items():
        yield Heading(4, f"Prompt of {_named(conditions)}")
        if system is not None:
            yield Code(system, "System message")
        yield Code(prompt, "User message")
        yield Code(body, "Request fields")


def prices(run: RunFacts) -> Iterator[Block]:
    """What a token costs, what was paid, and what it would have been without the cache's discount."""
    if run.origin is not None:
        yield Paragraph("Imported: nothing was paid here.")
        return
    by_label: dict[str, list[Condition]] = {}
    for one in run.stored.plan.planned:
        by_label.setdefault(one.condition.label, []).append(one.condition)
    rows = []
    for label, conditions in by_label.items():
        price = conditions[0].price
        sums = [row.sums for row in run.status.progress.conditions if row.label == label]
        paid = None if price is None else sum(one.billed_pico for one in sums)
        full = None if price is None else _uncached(price, [(one.prompt_tokens, one.completion_tokens) for one in sums])
        rows.append(
            (
                label,
                conditions[0].model,
                price_of(price),
                "" if price is None else price.source,
                UNPRICED if paid is None else exact_dollars(paid),
                "" if full is None else exact_dollars(full),
            )
        )
    names = ("label", "model", "price", "from")
    columns = (
        *(Column(name, number=False) for name in names),
        Column("paid for samples"),
        Column("at full list price"),
    )
    yield Table(
        columns, tuple(rows), "Prices as they were frozen into the run; list price without the cache's discount"
    )


def price_of(price: Price | None) -> str:
    """A price in words."""
    if price is None:
        return UNPRICED
    if price.per_hour is not None:
        return f"${price.per_hour} an hour of the server"
    cached = f", ${price.cached_input} cached input" if price.cached_input is not None else ""
    said = f"${price.input} input, ${price.output} output{cached}, a million tokens"
    return said + "".join(
        f"; above {tier.above_input_tokens:,} input tokens ${tier.input} and ${tier.output}" for tier in price.tiers
    )


def standing(run: RunFacts) -> Iterator[Block]:
    """Where a run stands, and what it has cost."""
    status, row = run.status, run.run
    sums = status.sums
    reasoning = "" if sums.reasoning_tokens is None else f" ({sums.reasoning_tokens:,} reasoning)"
    draws = f"draws: {sums.kept:,} of {sums.planned:,}, {sums.failed:,} failed for good, {sums.owed:,} owed"
    tokens = f"tokens: {sums.prompt_tokens:,} in, {sums.completion_tokens:,} out{reasoning}"
    if run.origin is not None:
        files = ", ".join(f"{one.name} (SHA-256 {one.sha256})" for one in run.origin.files)
        says = [f"{name}: {said}" for name, said in run.origin.says.items()]
        yield Items(
            (f"files: {files}", f"read as: {run.origin.format}, on {run.origin.imported_at}", *says, draws, tokens)
        )
        return
    unpriced = any(not one.priced for one in status.progress.conditions)
    spent = exact_dollars(row.spent_pico) + (f" for what has a price; the rest is {UNPRICED}" if unpriced else "")
    yield Items(
        (
            f"state: {status.state.value}{f' ({row.reason})' if row.reason else ''}",
            draws,
            f"spent: {spent}",
            f"in doubt: {exact_dollars(row.unknown_pico)} at most, in {row.unknown_attempts:,} requests",
            f"cap: {'none' if row.cap_pico is None else dollars(row.cap_pico)}",
            tokens,
            f"started: {row.started_at or 'not yet'}; ended: {row.ended_at or 'not yet'}; worked {row.worked_s:,.0f} s",
        )
    )


def made_with(run: RunFacts) -> Iterator[Block]:
    """The versions of what made a run."""
    yield Items(tuple(f"{name} {version}" for name, version in run.versions.items()) or ("versions were not recorded",))


def _uncached(price: Price, sums: Sequence[tuple[int, int]]) -> int | None:
    """What tokens in and out come to without any discount; None for prices that their sums do not tell."""
    if price.per_hour is not None or price.tiers:
        return None
    plain = replace(price, cached_input=None)
    return sum(cost(plain, Usage(prompt, completion)) for prompt, completion in sums)


def _named(conditions: Sequence[Condition]) -> str:
    """`o1-mini 16, 32, 64; o3 low`."""
    budgets: dict[str, list[str]] = {}
    for one in conditions:
        budgets.setdefault(one.label, []).extend([] if one.budget is None else [str(one.budget)])
    return "; ".join(f"{label} {', '.join(asked)}".rstrip() for label, asked in budgets.items())


def _template(condition: Condition) -> tuple[str | None, str, str]:
    """System message, prompt and request fields with `{budget}` where the condition's own budget stands."""
    if condition.budget is None:
        return condition.system, condition.prompt, condition.body
    if isinstance(condition.budget, str):
        fields = condition.body.replace(f'"{condition.budget}"', '"{budget}"')
        return condition.system, condition.prompt, fields
    number = re.compile(rf"(?<![\w.]){condition.budget}(?![\w.]*\w)")
    system = None if condition.system is None else number.sub("{budget}", condition.system)
    return system, number.sub("{budget}", condition.prompt), number.sub("{budget}", condition.body)
