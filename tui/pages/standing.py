"""A run's standing in lines and tables for people: the words of `thinktop status`. Reads nothing, prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars
from core.vocabulary import State
from tui.cli.spelling import spelled
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import (
    LABEL,
    RIGHT,
    SIMULATED,
    STRONG,
    VOTES,
    WRONG,
    joined,
    labelled,
    numbers,
    plain_table,
    word,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from core.status import Status
    from core.store.place import Place
    from core.store.progress import Progress, RunRow
    from tui.pages.tally import Tally

_STATE_STYLES = {
    State.RUNNING: "bold green",
    State.FINISHED: "bold green",
    State.OUTAGE: "bold red",
    State.INTERRUPTED: "bold red",
}
_GLYPHS = {State.RUNNING: "●", State.FINISHED: "✓", State.OUTAGE: "!", State.INTERRUPTED: "!", State.CAPPED: "■"}
_BAR_LEAST, _BAR_MOST = 10, 40
_NAME = 40
"""Characters of a run's name that fit a heading."""


def summary(status: Status, warnings: Sequence[str], place: Place, width: int) -> list[Text]:
    """A run in a few lines: who it is, how far, what it cost, what is wrong."""
    run, sums = status.progress.run, status.sums
    if run.imported and not sums.planned:
        points = labelled("draws", "none: published points without their samples; see thinktop curve")
        return [heading(status), points, _money(status), *(labelled("warning", plain(one, WRONG)) for one in warnings)]
    asked_here = [] if run.imported else [_sampler(status, place)]
    lines = [heading(status), *asked_here, _draws(status, width), _money(status)]
    told = f"{sums.completion_tokens:,} out"
    if sums.reasoning_tokens:
        told += f" ({sums.reasoning_tokens:,} reasoning)"
    used = f"{run.spent_tokens + run.unknown_tokens:,} of {run.cap_tokens:,} allowed" if run.cap_tokens else ""
    overrun = Text(f"overrun {amounts.times(status.overrun)}", VOTES) if status.overrun is not None else Text()
    asked = f"{sums.prompt_tokens:,} in"
    if run.imported and sums.kept and not sums.completion_tokens:
        told, asked = "not said by its source", ""
    lines.append(labelled("tokens", told, asked, used, overrun))
    left = f"ETA {amounts.duration(status.eta_s)}" if status.sampler_alive and status.eta_s is not None else ""
    if not run.imported:
        lines.append(labelled("time", f"{amounts.duration(run.worked_s)} worked", left))
        lines.append(_requests(status))
    if status.sampler_alive and run.waiting:
        lines.append(labelled("waiting", plain(run.waiting)))
    lines += [labelled("warning", plain(text, WRONG)) for text in warnings]
    return lines


def heading(status: Status) -> Text:
    """Name, state with its reason, and the mark of a run that is simulated or imported."""
    run = status.progress.run
    line = Text.assemble(plain(run.name, STRONG, _NAME), (f" ({run.id})  ", LABEL), state_words(status.state))
    since = _since(run, status.state)
    if since:
        line.append(f" since {amounts.moment(since)}", LABEL)
    if run.simulated:
        line.append("  SIMULATED", SIMULATED)
    if run.imported:
        line.append("  IMPORTED", LABEL)
    if run.reason:
        line.append_text(Text.assemble("\n", (f"{'because':<9}", LABEL), plain(run.reason)))
    return line


def state_words(state: State) -> Text:
    """A state with its glyph, in its colour."""
    return Text(f"{_GLYPHS.get(state, '○')} {state.value.upper()}", _STATE_STYLES.get(state, STRONG))


def condition_table(tallied: Sequence[Tally]) -> Table:
    """A row for each condition: draws, accuracy, tokens, overrun with quartiles, dollars, what was cut or failed."""
    table = plain_table()
    several = len({one.row.label for one in tallied}) > 1
    if several:
        words(table, "label", most=16)
    numbers(table, ["budget", "draws", "accuracy", "tokens"])
    numbers(table, [f"overrun  q1{amounts.DASH}q3"], VOTES)
    numbers(table, ["$", "cut", "failed"])
    for one in tallied:
        sums = one.row.sums
        cells: list[Text | str] = [word(one.row.label)] if several else []
        cells += [
            plain(amounts.budget(one.row.budget)),
            f"{sums.kept:,}/{sums.planned:,}" + ("+" if one.extended else ""),
            _accuracy(one),
            amounts.tokens(one.mean_tokens),
            _overrun(one),
            dollars(sums.billed_pico).removeprefix("$") if one.row.priced else UNPRICED,
            str(sums.truncated or amounts.NOTHING),
            Text(f"{sums.failed:,}", WRONG) if sums.failed else amounts.NOTHING,
        ]
        table.add_row(*cells)
    return table


def runs_table(found: Sequence[Status]) -> Table:
    """A row for each run."""
    table = plain_table()
    numbers(table, ["id"])
    words(table, "name", most=24)
    table.add_column("state", no_wrap=True)
    numbers(table, ["draws", "done", "failed", "spent", "ETA"])
    table.add_column("", no_wrap=True)
    for one in found:
        run, sums = one.progress.run, one.sums
        table.add_row(
            str(run.id),
            word(run.name),
            state_words(one.state),
            f"{sums.kept:,}/{sums.planned:,}" if sums.planned else amounts.NOTHING,
            amounts.share(sums.kept / sums.planned if sums.planned else None),
            Text(f"{sums.failed:,}", WRONG) if sums.failed else amounts.NOTHING,
            _spent(one),
            amounts.duration(one.eta_s) if one.sampler_alive else amounts.NOTHING,
            _marks(run),
        )
    return table


def _marks(run: RunRow) -> Text:
    """What it is, where it is not a run that asked real models from here."""
    marks = [Text("SIMULATED", SIMULATED)] if run.simulated else []
    return Text(" ").join([*marks, *([Text("IMPORTED", LABEL)] if run.imported else [])])


def is_unpriced(progress: Progress) -> bool:
    """Whether some of what was asked has no price, so that what was spent is more than is counted."""
    return any(not row.priced for row in progress.conditions)


def _spent(status: Status) -> str:
    """Dollars spent; where models without a price took part: what is known, marked so."""
    run = status.progress.run
    if run.imported:
        return amounts.NOTHING
    if not is_unpriced(status.progress):
        return dollars(run.spent_pico)
    return f"{dollars(run.spent_pico)} + {UNPRICED}" if run.spent_pico else UNPRICED


def _since(run: RunRow, state: State) -> str | None:
    """When the state began, as far as the store says."""
    match state:
        case State.STOPPED | State.CAPPED | State.FINISHED:
            return run.ended_at
        case State.INTERRUPTED:
            return run.beat_at
        case State.PLANNED:
            return run.created_at
        case State.RUNNING:
            return run.sampler_started_at
    return None


def _sampler(status: Status, place: Place) -> Text:
    run = status.progress.run
    if status.sampler_alive:
        return labelled("sampler", plain(f"process {run.pid} on {run.host}"), "alive")
    if status.state is State.INTERRUPTED:
        advice = f"gone without a word; go on with: {spelled(place, 'resume', str(run.id))}"
        return labelled("sampler", Text(advice, WRONG))
    return labelled("sampler", "none")


def _draws(status: Status, width: int) -> Text:
    sums = status.sums
    done = sums.kept / sums.planned if sums.planned else 0.0
    counted = Text(f"{sums.kept:,}/{sums.planned:,}  {amounts.share(done)}")
    failed = Text(f"{sums.failed:,} failed", WRONG if sums.failed else "")
    said = joined([counted, failed, f"{sums.owed:,} owed"])
    cells = min(max(width - 13 - said.cell_len, _BAR_LEAST), _BAR_MOST)
    return Text.assemble((f"{'draws':<9}", LABEL), (amounts.bar(done, cells), RIGHT), "  ", said)


def _money(status: Status) -> Text:
    run = status.progress.run
    if run.imported:
        return labelled("dollars", "nothing was spent: it was measured elsewhere")
    doubt = Text()
    if run.unknown_attempts:
        known = dollars(run.unknown_pico) if run.unknown_pico or not is_unpriced(status.progress) else UNPRICED
        doubt = Text(f"{known} in doubt ({amounts.counted(run.unknown_attempts, 'request')})", WRONG)
    cap = "no cap" if run.cap_pico is None else f"cap {dollars(run.cap_pico)}"
    reserved = f"{dollars(run.reserved_pico)} reserved" if run.reserved_pico else ""
    spent = _spent(status)
    return labelled("dollars", spent if spent == UNPRICED else f"{spent} spent", reserved, doubt, cap)


def _requests(status: Status) -> Text:
    run = status.progress.run
    parts: list[Text | str] = [f"{run.attempts:,}", f"{run.retries:,} retries", f"429: {run.busy_replies or 0:,}"]
    if status.sampler_alive:
        parts.append(f"in flight {status.in_flight}/{run.slots or 0}")
        parts.append(f"{run.requests_per_s or 0:.1f}/s")
        parts.append(f"{amounts.tokens(run.tokens_per_s or 0)} tok/s")
    elif status.in_flight:
        parts.append(Text(f"{status.in_flight} left in flight", WRONG))
    return labelled("requests", *parts)


def _accuracy(one: Tally) -> str:
    """Accuracy with half the width of its interval, in points."""
    if one.accuracy is None:
        return amounts.NOTHING
    half = (one.ci95[1] - one.ci95[0]) / 2 if one.ci95 else None
    return f"{amounts.share(one.accuracy)} ± {amounts.points(half):>2}"


def _overrun(one: Tally) -> str:
    if one.overrun is None:
        return amounts.NOTHING
    first, median, third = one.overrun
    quartiles = f"{amounts.times(first)}{amounts.DASH}{amounts.times(third).removeprefix(amounts.TIMES)}"
    return f"{amounts.times(median)}  {quartiles:>10}"
