"""What a run would take, beside the form that asks for it: dollars first; then what keeps it, what cuts it, by budget.

Where there is room for a few lines only, it says the same in short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.bars import bar
from tui.widgets.budgets import power
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.estimate import Estimate, Share
    from core.plan import Live
    from core.vocabulary import Condition
    from tui.look import Ink
    from tui.steering.proposing import Prospect

_SHORT = 8
"""Lines below which only the totals are said."""
_LEAST_TABLE = 3
"""Lines of the table by condition below which it is left out."""
_MOST_NAMED = 4
_ASSUMED = "assumed: this store has no earlier draws of such a model, control and budget"
_IN_CAP = 5
"""The column of the draws that fit under the cap."""
_WHAT = 10
"""Cells of the name of a total."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is known of what would be started."""

    prospect: Prospect | None = None
    """None where there is none: nothing asked yet, or something is wrong."""
    wrong: tuple[str, ...] = ()
    """What is wrong with what was asked, a line each."""
    waiting: str = ""
    """What is said while there is neither."""


class EstimatePane(Lines):
    """The pane."""

    DEFAULT_CSS: ClassVar[str] = """
    EstimatePane {
        border: round $rule; border-title-color: $quiet; border-title-background: $background;
        border-subtitle-color: $quiet; border-subtitle-background: $background;
        padding: 0 1; width: 1fr; height: 1fr;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="estimate")
        self.border_title = Text("estimate")
        self._foresight = Foresight(waiting="reading")
        self._stale = False

    def show(self, foresight: Foresight) -> None:
        """Show what is known now."""
        self._foresight = foresight
        self.set_stale(stale=False)
        self.redraw()

    def set_stale(self, *, stale: bool, words: str = "reckoning") -> None:
        """Say whether what is shown is of an earlier state of the form, and what is being done about it."""
        self._stale = stale
        self.border_subtitle = Text(words) if stale else None

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """What fits: the totals always, the rest in the order in which it matters."""
        told = self._foresight
        if told.prospect is None:
            shown = [part for line in told.wrong for part in _broken(line, width, "bad")]
            return shown or [Text(told.waiting, "label")]
        return _short(told.prospect, width) if height < _SHORT else _long(told.prospect, width, height)


def money_line(prospect: Prospect) -> Text:
    """Expected, at worst, and the cap."""
    found, live = prospect.estimate, prospect.plan.live
    line = Text.assemble(
        *_priced(found.expected_pico),
        (" expected  ", "label"),
        *_priced(found.worst_pico),
        (" at worst  ", "label"),
    )
    line.append_text(_cap(live))
    if prospect.plan.simulated:
        line.append("  ").append(" SIMULATED ", "simulated")
    return line


def spending(prospect: Prospect) -> Text:
    """What real money somebody is asked to agree to: expected, at worst, the cap."""
    found, live = prospect.estimate, prospect.plan.live
    parts = [
        Text.assemble(
            (f"{prospect.real_requests:,}", "strong"),
            (" more" if prospect.added else "", "plain"),
            (f" requests to real servers, about {amounts.duration(found.seconds)}", "plain"),
        ),
        Text.assemble(("expected   ", "label"), *_priced(prospect.real_expected_pico)),
        Text.assemble(("at worst   ", "label"), *_priced(prospect.real_worst_pico)),
        Text.assemble(("cap        ", "label"), _caps(live)),
    ]
    if found.cut_expected:
        fits = sum(share.fit_expected or 0 for share in found.shares)
        parts.append(Text(f"the cap comes first: about {fits:,} of {found.requests:,} fit", "votes"))
    if prospect.run is not None:
        spent = (dollars(prospect.run.spent_pico), "strong"), (" so far, which the cap counts", "label")
        parts.append(Text.assemble(("spent      ", "label"), *spent))
    parts += [Text(line, "label") for line in map(visible_line, prospect.notes)]
    return Text("\n").join(parts)


def _short(prospect: Prospect, width: int) -> list[Text]:
    found, plan = prospect.estimate, prospect.plan
    counts = Text("  ").join(
        Text.assemble((number, "strong"), (f" {what}", "label"))
        for number, what in (
            (f"{found.requests:,}", "requests"),
            (amounts.tokens(found.completion_tokens), "tokens"),
            (amounts.duration(found.seconds), f"at {plan.live.max_concurrency:,} at once"),
            (dollars(found.peak_reserved_pico), "reserved at most"),
        )
    )
    return [_fitting(money_line(prospect), width), _fitting(counts, width), *_said(prospect, width)]


def _long(prospect: Prospect, width: int, height: int) -> list[Text]:
    found, live = prospect.estimate, prospect.plan.live
    lines = [_fitting(money_line(prospect), width), _against_cap(found, live, width)]
    lines += [_total(what, words, width) for what, words in _totals(prospect)]
    said = list(_said(prospect, width))
    if said:
        lines += [Text(), *said]
    room = height - len(lines) - 2
    if room >= _LEAST_TABLE:
        lines += [Text(), *_table(found, live, width, room)]
    return lines


def _totals(prospect: Prospect) -> list[tuple[str, Text]]:
    found, live = prospect.estimate, prospect.plan.live
    reserved = Text.assemble(("up to ", "label"), *_priced(found.peak_reserved_pico), (" set aside at once", "label"))
    return [
        ("requests", Text.assemble((f"{found.requests:,}", "strong"), (_plan_words(prospect), "label"))),
        (
            "tokens",
            Text.assemble(
                (amounts.tokens(found.prompt_tokens), "strong"),
                (" in  ", "label"),
                (amounts.tokens(found.completion_tokens), "strong"),
                (" out, as expected", "label"),
            ),
        ),
        (
            "time",
            Text.assemble(
                (amounts.duration(found.seconds), "strong"), (f" at {live.max_concurrency:,} at once", "label")
            ),
        ),
        ("reserved", reserved),
    ]


def _plan_words(prospect: Prospect) -> str:
    """What the number of requests is made of."""
    plan = prospect.plan
    if prospect.added:
        return f"  added to {plan.draws - prospect.estimate.requests:,}"
    if prospect.run is not None:
        return f"  owed of {plan.draws:,}"
    return f"  {amounts.counted(len(plan.problems), 'problem')}, {amounts.counted(len(plan.planned), 'condition')}"


def _said(prospect: Prospect, width: int) -> Iterator[Text]:
    """What keeps it from starting, what cuts it, what to know; a line or more each."""
    for line in prospect.refusal:
        yield from _broken(line, width, "bad")
    if prospect.name_taken:
        yield from _broken("ctrl+n gives it the next free name", width, "plain")
    yield from _cut_by_cap(prospect.estimate, prospect.plan.live, width)
    if prospect.run is not None and not prospect.added:
        run = prospect.run
        words = f"{visible_line(run.name)} ({run.id}) is in the store already: this is what it still owes"
        yield from _broken(words, width, "asked")
    if prospect.added:
        yield from _broken(f"adds {prospect.added}", width, "asked")
    for line in prospect.warnings:
        yield from _broken(line, width, "warn")
    for line in prospect.notes:
        yield from _broken(line, width, "label")
    if any(share.assumed for share in prospect.estimate.shares):
        yield from _broken(_ASSUMED, width, "label")


def _cut_by_cap(found: Estimate, live: Live, width: int) -> Iterator[Text]:
    if found.cut_expected:
        cut, when = found.cut_expected, "as expected"
    elif found.cut_worst:
        cut, when = found.cut_worst, "at worst only"
    else:
        return
    del live
    yield from _broken(f"the cap would cut short {_named(cut)} ({when})", width, "votes")


def _named(cut: Sequence[Condition]) -> str:
    shown = [visible_line(str(condition)) for condition in cut[:_MOST_NAMED]]
    return ", ".join(shown) + (f" and {len(cut) - _MOST_NAMED} more" if len(cut) > _MOST_NAMED else "")


def _against_cap(found: Estimate, live: Live, width: int) -> Text:
    """How much of the cap it takes: as expected, and dotted what it may take at worst."""
    if live.cap_pico is None or found.expected_pico is None or found.worst_pico is None:
        return Text()
    share = f"  {100 * found.expected_pico / live.cap_pico:,.0f}% of the cap"
    expected = found.expected_pico
    ink: Ink = "good" if expected <= live.cap_pico else "bad"
    parts: list[tuple[float, Ink]] = [(expected, ink), (max(found.worst_pico - expected, 0), "votes")]
    drawn = bar(max(width - len(share), 4), parts, live.cap_pico, faint=("votes",))
    return drawn.append(share, "label")


def _table(found: Estimate, live: Live, width: int, rows: int) -> list[Text]:
    """By condition, as many as there is room for."""
    labelled = len({share.condition.label for share in found.shares}) > 1
    capped = live.cap_pico is not None or live.cap_tokens is not None
    head = ["budget", "requests", "tokens", "expected", "worst", *(["in cap"] if capped else [])]
    cells = [7, 9, 7, 10, 10, *([7] if capped else [])]
    room = width - sum(cells)
    label, source = (min(14, max(room, 0)) if labelled else 0), "from" if room >= 8 + 14 * labelled else ""
    lines = [_row("model" if labelled else "", label, head, cells, source, heading=True)]
    shown = found.shares if len(found.shares) <= rows - 1 else found.shares[: rows - 2]
    lines += [
        _row(share.condition.label, label, _facts(share, capped=capped), cells, _source(share) if source else "")
        for share in shown
    ]
    if len(shown) < len(found.shares):
        lines.append(Text(f"... and {len(found.shares) - len(shown)} more conditions", "label"))
    return lines


def _facts(share: Share, *, capped: bool) -> list[str]:
    each = share.completion_tokens / share.requests if share.requests else None
    facts = [
        power(share.condition.budget),
        f"{share.requests:,}",
        amounts.tokens(each),
        UNPRICED if share.expected_pico is None else dollars(share.expected_pico),
        UNPRICED if share.worst_pico is None else dollars(share.worst_pico),
    ]
    if capped:
        fit = share.fit_worst if share.fit_expected == share.requests else share.fit_expected
        facts.append(amounts.NOTHING if fit is None else "all" if fit >= share.requests else f"{fit:,}")
    return facts


def _source(share: Share) -> str:
    return "assumed" if share.assumed else amounts.counted(share.observed, "draw")


def _row(
    label: str, label_cells: int, facts: Sequence[str], cells: Sequence[int], source: str, *, heading: bool = False
) -> Text:
    line = Text("", no_wrap=True)
    if label_cells:
        line.append(visible_line(label, label_cells - 2).ljust(label_cells), "label" if heading else "plain")
    for index, (fact, width) in enumerate(zip(facts, cells, strict=True)):
        line.append(fact.rjust(width) if index else fact.ljust(width), "label" if heading else _ink(index, fact))
    return line.append(f"  {source}" if source else "", "label")


def _ink(column: int, fact: str) -> Ink:
    """The budget stands out, and what the cap cuts."""
    if column == 0:
        return "strong"
    return "votes" if column == _IN_CAP and fact != "all" else "plain"


def _total(what: str, words: Text, width: int) -> Text:
    return _fitting(Text.assemble((what.ljust(_WHAT), "label"), words), width)


def _cap(live: Live) -> Text:
    if live.cap_pico is None and live.cap_tokens is None:
        return Text("no cap", "warn")
    return Text.assemble(("cap ", "label"), _caps(live))


def _caps(live: Live) -> Text:
    caps = [] if live.cap_pico is None else [dollars(live.cap_pico).removesuffix(".00")]
    caps += [] if live.cap_tokens is None else [f"{amounts.tokens(live.cap_tokens)} tokens"]
    return Text(" and ".join(caps), "strong") if caps else Text("none: nothing stops it", "warn")


def _priced(pico: int | None) -> tuple[tuple[str, str]]:
    return ((UNPRICED, "warn"),) if pico is None else ((dollars(pico), "strong"),)


def _fitting(line: Text, width: int) -> Text:
    line.truncate(width, overflow="ellipsis")
    return line


def _broken(words: str, width: int, ink: Ink) -> list[Text]:
    """Words over as many lines as they need, those after the first set in."""
    from rich.console import Console  # noqa: PLC0415 - wrapping wants one

    text = Text(visible_line(words), ink)
    parts = list(text.wrap(Console(width=max(width, 10)), max(width - 2, 10)))
    return [parts[0], *(Text.assemble("  ", part) for part in parts[1:])] if parts else []
