"""The lines on top of a run: who it is, how far, what it costs, how fast; and one line for what must be known now.

State, percentage, dollars and ETA have their places and never leave them, whatever the width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.clock import seconds_since
from core.money import UNPRICED, dollars
from core.visible import visible_line
from core.vocabulary import State
from tui.pages import amounts
from tui.pages.standing import is_unpriced
from tui.widgets.bars import bar
from tui.widgets.budgets import ranged
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.status import Status
    from tui.look import Ink

_WIDE = 100
"""Cells from which on there is room for words where a narrow screen has signs only."""
_DRAWS_BAR, _DOLLARS_BAR = 34, 26
"""Cells of the bars at most."""
_BETWEEN = 15
"""Cells between draws and dollars, where it is said how many draws failed."""
_ASIDE, _ASIDE_LEAST = 22, 10
"""The same on a narrow screen, where what is in doubt is said too; and on the narrowest."""
_NARROWEST = 70
_BAR_LEAST = 4
_SMALL = 8
"""Cells of a small amount: `<$0.0001`."""
_LARGE = 11
"""Cells of an amount that no cap limits: `$999,999.99`."""
_STATE = 13
"""Cells of the longest state with its sign."""
_GLYPHS: dict[State, tuple[str, str]] = {
    State.PLANNED: ("○", "strong"),
    State.RUNNING: ("●", "good"),
    State.OUTAGE: ("!", "bad"),
    State.PAUSING: ("◐", "warn"),
    State.PAUSED: ("‖", "warn"),
    State.STOPPING: ("◐", "warn"),
    State.STOPPED: ("■", "strong"),
    State.INTERRUPTED: ("!", "bad"),
    State.CAPPED: ("■", "votes"),
    State.FINISHED: ("✓", "good"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the headline shows."""

    status: Status
    burn_pico: float | None
    """Picodollars a minute, of late; None where nothing is being spent."""
    read_only: bool


class Headline(Lines):
    """Four lines where there is room for words, else three."""

    DEFAULT_CSS: ClassVar[str] = "Headline { height: 4; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="headline")
        self._standing: Standing | None = None

    def show(self, standing: Standing) -> None:
        """Show how a run stands."""
        self._standing = standing
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The lines, in the order that a narrow screen can do without the last."""
        if self._standing is None:
            return [Text("reading the store", "label")]
        wide = width >= _WIDE - 2
        told = notice(self._standing)
        status = self._standing.status
        if wide:
            return [
                _ends(_who(status, 46), _now(self._standing, wide=True), width),
                _cut(told, width),
                _meters(status, width),
                _pace_and_money(self._standing, width, wide=True),
            ][:height]
        return [
            _ends(_who(status, 30), _now(self._standing, wide=False), width),
            _progress(status, width),
            _cut(told, width) if told.plain else _pace_and_money(self._standing, width, wide=False),
        ][:height]


def state_text(state: State) -> Text:
    """A state with its sign, in its colour."""
    glyph, ink = _GLYPHS[state]
    return Text.assemble((f"{glyph} ", ink), (state.value.upper(), ink))


def notice(standing: Standing) -> Text:
    """What must be known now, in one line; empty when all is as it should be."""
    status, run = standing.status, standing.status.progress.run
    match status.state:
        case State.PAUSING:
            return Text(f"PAUSING: {status.in_flight:,} in flight will finish; nothing new is sent", "warn")
        case State.PAUSED:
            held = "" if standing.read_only else "; p goes on"
            return Text(f"PAUSED: nothing is sent, the clocks stand still{held}", "warn")
        case State.STOPPING:
            return Text(f"STOPPING: {status.in_flight:,} in flight will finish; nothing new is sent", "warn")
        case State.INTERRUPTED:
            left = (
                f" with {status.in_flight:,} in flight, up to {dollars(run.reserved_pico)}" if status.in_flight else ""
            )
            go_on = "" if standing.read_only else "; p goes on with a new one"
            return Text(f"INTERRUPTED: its sampler is gone{left}{go_on}", "bad")
        case State.CAPPED:
            doubt = f", D settles {dollars(run.unknown_pico)} in doubt" if run.unknown_pico else ""
            go_on = "" if standing.read_only else f"; c raises the cap{doubt}"
            return Text(f"CAPPED: {visible_line(run.reason, 200) or 'the next draw does not fit'}{go_on}", "votes")
        case State.STOPPED | State.PLANNED:
            why = f": {visible_line(run.reason, 200)}" if run.reason else ""
            go_on = "" if standing.read_only or not status.sums.owed else "; p goes on"
            return Text(f"{status.state.value.upper()}{why}{go_on}", "warn")
        case State.OUTAGE:
            why = visible_line(run.waiting or run.reason, 200)
            return Text(f"OUTAGE{_since(run.waiting_since)}: {why}", "bad")
        case State.RUNNING if run.waiting:
            return Text(f"{visible_line(run.waiting, 200)}{_since(run.waiting_since)}", "warn")
    return Text()


def _since(stamped: str | None) -> str:
    return f" for {amounts.duration(round(seconds_since(stamped)))}" if stamped else ""


def _who(status: Status, cells: int) -> Text:
    """The run and what it asks of whom."""
    run = status.progress.run
    conditions = status.progress.conditions
    labels = list(dict.fromkeys(row.label for row in conditions))
    models = visible_line(labels[0], 24) if len(labels) == 1 else f"{len(labels)} models"
    asked = f"{models} · {ranged([row.budget for row in conditions])}" if conditions else "published points"
    return Text.assemble((visible_line(run.name, cells - 12), "strong"), (f"  {asked}", "label"))


def _now(standing: Standing, *, wide: bool) -> Text:
    """State, time worked, time left, and whether any of it is real."""
    status, run = standing.status, standing.status.progress.run
    gap = "   " if wide else " "
    text = state_text(status.state)
    text.append(" " * (_STATE - text.cell_len))
    if not run.imported or run.worked_s:
        text.append(f"{gap}{amounts.duration(run.worked_s):>6}", "plain")
    left = amounts.duration(status.eta_s) if status.eta_s is not None and status.sampler_alive else amounts.NOTHING
    if not run.imported:
        text.append(f"{gap}ETA ", "label").append(f"{left:<6}", "strong")
    if standing.read_only:
        text.append(f"{gap}READ-ONLY" if wide else " RO", "label")
    if run.simulated:
        text.append(gap).append(" SIMULATED " if wide else "SIMULATED", "simulated")
    if run.imported:
        text.append(gap).append("IMPORTED", "label")
    return text


def _meters(status: Status, width: int) -> Text:
    """Draws and dollars as bars, which give way to their numbers; how long they are depends on plan and cap alone."""
    told = _draws(status, 0).cell_len + _dollars(status, 0).cell_len
    cells = max(width - told - _BETWEEN, 0)
    dollars_cells = min(cells * 3 // 7, _DOLLARS_BAR)
    draws_cells = min(cells - dollars_cells, _DRAWS_BAR)
    return _ends(_draws(status, draws_cells).append_text(_failed(status)), _dollars(status, dollars_cells), width)


def _draws(status: Status, cells: int) -> Text:
    return Text.assemble(("draws    ", "label"), _draws_bar(status, cells), "  ", _counted(status))


def _draws_bar(status: Status, cells: int) -> Text:
    sums = status.sums
    if status.progress.run.imported and not sums.planned:
        return Text()
    return bar(cells, [(sums.kept, "good"), (sums.failed, "bad")], sums.planned)


def _counted(status: Status) -> Text:
    """Draws done of those planned, in as many cells from the first to the last."""
    sums = status.sums
    if status.progress.run.imported and not sums.planned:
        return Text(amounts.NOTHING, "frame")
    planned = f"{sums.planned:,}"
    percent = int(100 * sums.kept / sums.planned) if sums.planned else 100  # rounded down: 100 % is all of them
    return Text.assemble(
        (f"{sums.kept:>{len(planned)},}", "strong"), (f"/{planned}", "label"), (f"  {percent:>3}%", "strong")
    )


def _failed(status: Status) -> Text:
    failed = status.sums.failed
    return Text(f"  {amounts.tokens(failed)} failed", "bad") if failed else Text()


def _dollars(status: Status, cells: int) -> Text:
    """What is spent of the cap, with what is in doubt and reserved; tokens where there is no price."""
    run = status.progress.run
    parts: list[tuple[float, Ink]]
    if run.cap_pico is not None:
        parts = [(run.spent_pico, "good"), (run.unknown_pico, "bad"), (run.reserved_pico, "asked")]
        drawn = bar(cells, parts, run.cap_pico, faint=("asked",))
    elif run.cap_tokens is not None:
        parts = [(run.spent_tokens, "good"), (run.unknown_tokens, "bad"), (run.reserved_tokens, "asked")]
        drawn = bar(cells, parts, run.cap_tokens, faint=("asked",))
    else:
        drawn = Text()
    label = "dollars  " if run.cap_pico is not None or run.cap_tokens is None else "tokens  "
    return Text.assemble((label, "label"), drawn, "  ", _spent(status))


def _spent(status: Status, *, short: bool = False) -> Text:
    """What is spent of the cap, in as many cells from the first dollar to the last."""
    run, rows = status.progress.run, status.progress.conditions
    if run.imported:
        return Text("none spent", "label")
    unpriced = is_unpriced(status.progress)
    text = Text()
    if run.spent_pico or not unpriced or any(row.priced for row in rows):
        cells = max(len(dollars(run.cap_pico)), _SMALL) if run.cap_pico is not None else 0 if short else _LARGE
        text.append(f"{dollars(run.spent_pico):>{cells}}", "strong")
    if run.cap_pico is not None:
        text.append(f" of {dollars(run.cap_pico).removesuffix('.00')}", "label")
    if unpriced:
        text.append(" + " if text.plain else "", "label").append(UNPRICED, "warn")
    if run.cap_tokens is not None:
        text.append(f" {amounts.tokens(run.spent_tokens):>6}", "strong")
        text.append(f" of {amounts.tokens(run.cap_tokens)} {'tok' if short else 'tokens'}", "label")
    elif run.cap_pico is None:
        text.append(" no cap", "label")
    return text


def _progress(status: Status, width: int) -> Text:
    """A narrow screen's second line: the bar, the count, the money; between them what failed and what is in doubt."""
    narrowest = width < _NARROWEST
    counted, spent, run = _counted(status), _spent(status, short=narrowest), status.progress.run
    room = width - counted.cell_len - spent.cell_len - 3
    cells = max(room - (_ASIDE_LEAST if narrowest else _ASIDE), min(room, _BAR_LEAST), 0)
    text = Text.assemble(_draws_bar(status, cells), "  ", counted)
    doubt = Text(f"  {dollars(run.unknown_pico)}?", "bad") if run.unknown_pico else Text()
    for aside in (_failed(status), doubt):
        if text.cell_len + aside.cell_len + 1 + spent.cell_len <= width:
            text.append_text(aside)
    return _ends(text, spent, width)


def _pace(status: Status, room: int) -> Text:
    """How fast it goes and what goes wrong, the more telling first, as much as there is room for."""
    run = status.progress.run
    parts: list[Text] = []
    if status.sampler_alive:
        slots = run.slots or run.max_concurrency
        parts.append(_told("in flight ", f"{status.in_flight}", f"/{slots}"))
        parts.append(_told("", f"{run.requests_per_s or 0:.1f}", " req/s"))
        parts.append(_told("", amounts.tokens(run.tokens_per_s or 0), " tok/s"))
    if status.overrun is not None:
        parts.append(Text.assemble(("overrun ", "label"), (amounts.times(status.overrun), "votes")))
    if not run.imported:
        parts += [_told("429 ", f"{run.busy_replies or 0:,}"), _told("retries ", f"{run.retries:,}")]
    while parts and Text("  ").join(parts).cell_len > room:
        parts.pop()
    return Text("  ").join(parts)


def _pace_and_money(standing: Standing, width: int, *, wide: bool) -> Text:
    """The line of rates: of requests on the left, of dollars on the right."""
    money = _money(standing, wide=wide)
    return _ends(_pace(standing.status, width - money.cell_len - 1), money, width)


def _told(before: str, number: str, after: str = "") -> Text:
    """A number with its words."""
    return Text.assemble((before, "label"), (number, "strong"), (after, "label"))


def _money(standing: Standing, *, wide: bool) -> Text:
    """How fast money goes, and what may still be billed."""
    status, run = standing.status, standing.status.progress.run
    parts = []
    if standing.burn_pico is not None and status.sampler_alive:
        parts.append(Text(f"{dollars(round(standing.burn_pico))}/min", "plain"))
    if run.reserved_pico:
        parts.append(Text(f"+{dollars(run.reserved_pico)}{' reserved' if wide else ''}", "asked"))
    if run.unknown_attempts and wide:
        parts.append(Text(f"{dollars(run.unknown_pico)} in doubt ({run.unknown_attempts:,})", "bad"))
    return Text("  ").join(parts)


def _ends(left: Text, right: Text, width: int) -> Text:
    """One text at either end of a line; where both do not fit, the left one is cut."""
    room = width - right.cell_len - (1 if right.plain else 0)
    line = Text("", no_wrap=True).append_text(left)
    line.truncate(max(room, 0), overflow="ellipsis")
    return line.append(" " * (width - line.cell_len - right.cell_len)).append_text(right)


def _cut(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis")
    return text
