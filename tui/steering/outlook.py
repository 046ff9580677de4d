"""An estimate as it is shown: a table by condition, the totals, what the cap would cut; and the same as JSON.

Made from a plan, what the store holds of it, and what earlier draws took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.estimate import Estimate, Limits, estimate
from core.money import UNPRICED, dollars, usd
from core.outlook import CellKey, owed_cells
from core.store.observations import observations
from core.store.opening import reading
from core.visible import visible_line
from tui.pages import amounts
from tui.pages.tables import LABEL, SIMULATED, STRONG, VOTES, numbers, plain_table, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from core.estimate import Share
    from core.plan import Live, Plan
    from core.store.place import Place
    from core.store.progress import RunRow
    from core.vocabulary import Condition, Json


def outlook(plan: Plan, place: Place, held: Mapping[CellKey, int], run: RunRow | None) -> Estimate:
    """What the rest of a plan would take.

    Args:
        plan: What is wanted.
        place: The store that may know earlier draws; need not exist.
        held: Draws that need no asking, by cell.
        run: What the run has spent so far, if there is one.
    """
    observed = {}
    if place.path.exists():
        with reading(place) as db:
            observed = observations(db, simulated=plan.simulated)
    return estimate(owed_cells(plan, held), observed, _limits(plan.live, run))


def _limits(live: Live, run: RunRow | None) -> Limits:
    if run is None:
        return Limits(live.max_concurrency, live.cap_pico, live.cap_tokens)
    pico, tokens = run.spent_pico + run.unknown_pico, run.spent_tokens + run.unknown_tokens
    return Limits(
        live.max_concurrency,
        None if live.cap_pico is None else max(live.cap_pico - pico, 0),
        None if live.cap_tokens is None else max(live.cap_tokens - tokens, 0),
    )


def print_outlook(console: Console, plan: Plan, found: Estimate) -> None:
    """Print an estimate for a person."""
    title = Text(visible_line(plan.name), STRONG)
    if plan.simulated:
        title.append("  SIMULATED", SIMULATED)
    console.print(title)
    labels = len({share.condition.label for share in found.shares}) > 1
    capped = plan.live.cap_pico is not None or plan.live.cap_tokens is not None
    table = plain_table()
    if labels:
        words(table, "label", most=20)
    numbers(table, ["budget", "requests", "tokens each", "expected", "worst case"])
    if capped:
        numbers(table, ["within cap"], VOTES)
    words(table, "from")
    for share in found.shares:
        table.add_row(*(Text(cell) for cell in _row(share, labels=labels, capped=capped)))
    console.print(table)
    for line in summary(plan, found):
        console.print(line)


def summary(plan: Plan, found: Estimate) -> list[Text]:
    """The totals, and what the caps mean for them, a line each."""
    lines = [
        Text.assemble(
            ("total     ", LABEL),
            f"{found.requests:,} requests, {amounts.tokens(found.prompt_tokens)} tokens in, "
            f"{amounts.tokens(found.completion_tokens)} out, about {amounts.duration(found.seconds)} "
            f"at {plan.live.max_concurrency} at once",
        ),
        Text.assemble(
            ("cost      ", LABEL),
            (f"{dollars(found.expected_pico)} expected", STRONG),
            f", {dollars(found.worst_pico)} at worst; up to {dollars(found.peak_reserved_pico)} reserved at once",
        ),
    ]
    if any(share.assumed for share in found.shares):
        rule = "where this store has no earlier draws of a model, control and budget, a rule of thumb stands in"
        lines.append(Text.assemble(("assumed   ", LABEL), rule))
    return lines + _caps(plan.live, found)


def _caps(live: Live, found: Estimate) -> list[Text]:
    if live.cap_pico is None and live.cap_tokens is None:
        return []
    caps = [] if live.cap_pico is None else [dollars(live.cap_pico)]
    caps += [] if live.cap_tokens is None else [f"{live.cap_tokens:,} tokens"]
    cap = " and ".join(caps)
    if found.cut_expected:
        cut, when = found.cut_expected, "as expected"
    elif found.cut_worst:
        cut, when = found.cut_worst, "at worst only"
    else:
        return [Text.assemble(("cap       ", LABEL), f"{cap}: everything fits, even at worst")]
    return [Text.assemble(("cap       ", LABEL), f"{cap} would cut short ", (_named(cut), VOTES), f" ({when})")]


def outlook_json(plan: Plan, found: Estimate) -> dict[str, Json]:
    """What `thinktop estimate --json` prints."""
    return {
        "name": plan.name,
        "simulated": plan.simulated,
        "requests": found.requests,
        "prompt_tokens": found.prompt_tokens,
        "completion_tokens": found.completion_tokens,
        "expected_usd": _usd(found.expected_pico),
        "worst_usd": _usd(found.worst_pico),
        "peak_reserved_usd": _usd(found.peak_reserved_pico),
        "cap_usd": _usd(plan.live.cap_pico),
        "cap_tokens": plan.live.cap_tokens,
        "seconds": round(found.seconds, 1),
        "cut_expected": [str(condition) for condition in found.cut_expected],
        "cut_worst": [str(condition) for condition in found.cut_worst],
        "conditions": [
            {
                "label": share.condition.label,
                "model": share.condition.model,
                "control": share.condition.control.value,
                "budget": share.condition.budget,
                "requests": share.requests,
                "prompt_tokens": share.prompt_tokens,
                "completion_tokens": share.completion_tokens,
                "expected_usd": _usd(share.expected_pico),
                "worst_usd": _usd(share.worst_pico),
                "seconds": round(share.seconds, 1),
                "observed_draws": share.observed,
                "fit_expected": share.fit_expected,
                "fit_worst": share.fit_worst,
            }
            for share in found.shares
        ],
    }


def _row(share: Share, *, labels: bool, capped: bool) -> list[str]:
    row = [visible_line(share.condition.label)] if labels else []
    row += [
        amounts.budget(share.condition.budget),
        f"{share.requests:,}",
        amounts.tokens(share.completion_tokens / share.requests if share.requests else None),
        UNPRICED if share.expected_pico is None else dollars(share.expected_pico),
        UNPRICED if share.worst_pico is None else dollars(share.worst_pico),
    ]
    if capped:
        row.append(amounts.NOTHING if share.fit_expected is None else f"{share.fit_expected:,}")
    row.append("assumed" if share.assumed else f"{share.observed:,} draws")
    return row


def _named(cut: tuple[Condition, ...], most: int = 6) -> str:
    shown = [visible_line(str(condition)) for condition in cut[:most]]
    return ", ".join(shown) + (f" and {len(cut) - most} more" if len(cut) > most else "")


def _usd(pico: int | None) -> str | None:
    return None if pico is None else usd(pico)
