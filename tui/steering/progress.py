"""A run's progress in words: a block of three lines for a terminal, one plain line for a log.

Pure: a status and a width in, text out. Nothing here wraps: what does not fit is left out, the least telling first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from core.money import dollars
from core.visible import visible_line
from core.vocabulary import State
from tui.pages import amounts
from tui.pages.standing import is_unpriced, state_words
from tui.pages.tables import LABEL, RIGHT, SIMULATED, STRONG, WRONG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.status import Status

_MARK = "SIMULATED"
_SEPARATOR = " · "
_BAR = 24
"""Cells of the bar at most."""
_NAME_LIMIT = 32
_ENDS = (State.FINISHED, State.CAPPED, State.STOPPED, State.INTERRUPTED)


def block(status: Status, width: int) -> Text:
    """Three lines, or four where something is waited for; none is wider than `width` cells."""
    run = status.progress.run
    head = [state_words(status.state), Text(amounts.duration(run.worked_s)), *map(Text, _left(status))]
    title = Text(visible_line(run.name, _NAME_LIMIT), style=STRONG)
    mark = [Text(_MARK, style=SIMULATED)] if run.simulated else []
    lines = [
        _joined([*mark, title, *head], width),
        _joined([_bar(status, min(_BAR, width // 4)), *map(Text, _money(status))], width, separator="  "),
        _joined([Text(words, style=LABEL) for words in _pace(status)], width),
    ]
    reason = _reason(status)
    if reason:
        lines.append(_joined([Text(reason, style="yellow")], width))
    return Text("\n").join(lines)


def line(status: Status) -> str:
    """One line without styles, for a file or a pipe."""
    run = status.progress.run
    words = [visible_line(run.name, _NAME_LIMIT), status.state.value, counted(status), *_money(status), *_pace(status)]
    words += _left(status)
    reason = _reason(status)
    if reason:
        words.append(reason)
    if run.simulated:
        words.append(_MARK)
    return _SEPARATOR.join(words)


def counted(status: Status) -> str:
    """`742/1,920 39%`: the draws that came back, of those planned."""
    sums = status.sums
    share = sums.kept / sums.planned if sums.planned else 1.0
    percent = f"{int(100 * share)}%"  # rounded down: 100 % is all of them
    return f"{sums.kept:,}/{sums.planned:,} {percent}"


def over(status: Status) -> bool:
    """Whether nothing will come of watching any longer."""
    return not status.sampler_alive and (status.state in _ENDS or status.state is State.PAUSED)


def _bar(status: Status, cells: int) -> Text:
    sums = status.sums
    whole = amounts.bar(sums.kept / sums.planned if sums.planned else 1.0, cells)
    done = len(whole.rstrip("─"))
    failed = min(-(-cells * sums.failed // sums.planned) if sums.planned else 0, cells - done)
    return Text.assemble(
        (whole[:done], RIGHT), ("━" * failed, WRONG), (whole[done + failed :], LABEL), f"  {counted(status)}"
    )


def _money(status: Status) -> list[str]:
    """What is spent, of what; set aside; in doubt. Tokens where there is no price."""
    run = status.progress.run
    unpriced = is_unpriced(status.progress)
    parts = []
    if not unpriced or run.spent_pico:
        cap = "" if run.cap_pico is None else f" of {dollars(run.cap_pico)}"
        parts.append(f"{dollars(run.spent_pico)}{cap}")
    if unpriced:
        parts.append("unpriced")
    if run.cap_tokens is not None or unpriced:
        cap = "" if run.cap_tokens is None else f" of {amounts.tokens(run.cap_tokens)}"
        parts.append(f"{amounts.tokens(run.spent_tokens)} tokens{cap}")
    if run.unknown_pico:
        parts.append(f"{dollars(run.unknown_pico)} in doubt")
    if run.reserved_pico:
        parts.append(f"+{dollars(run.reserved_pico)} reserved")
    return parts


def _pace(status: Status) -> list[str]:
    """How fast it goes, and what goes wrong; the more telling first."""
    run, sums = status.progress.run, status.sums
    parts = []
    if status.sampler_alive:
        parts.append(f"{status.in_flight}/{run.slots or run.max_concurrency} in flight")
        parts.append(f"{run.requests_per_s or 0:.1f} req/s")
        parts.append(f"{amounts.tokens(run.tokens_per_s or 0)} tok/s")
    if sums.failed:
        parts.append(f"{sums.failed:,} failed")
    if run.unknown_attempts:
        parts.append(f"{run.unknown_attempts:,} in doubt")
    if run.busy_replies:
        parts.append(f"429: {run.busy_replies:,}")
    if status.overrun is not None:
        parts.append(f"overrun {amounts.times(status.overrun)}")
    if run.retries:
        parts.append(f"retries {run.retries:,}")
    return parts


def _left(status: Status) -> list[str]:
    working = status.eta_s is not None and status.state is State.RUNNING
    return [f"ETA {amounts.duration(status.eta_s)}"] if working else []


def _reason(status: Status) -> str:
    """What it waits for, or why it is in this state; the reason may hold a server's words."""
    run = status.progress.run
    said = visible_line(run.waiting or "", 200) if status.sampler_alive else ""
    return said or (visible_line(run.reason, 200) if run.reason and status.state is not State.RUNNING else "")


def _joined(parts: Iterable[Text], width: int, separator: str = _SEPARATOR) -> Text:
    """As many of the parts, from the first, as fit."""
    found = Text(no_wrap=True, overflow="ellipsis")
    for part in parts:
        needed = cell_len(found.plain) + (len(separator) if found.plain else 0) + part.cell_len
        if found.plain and needed > width:
            break
        found.append(separator if found.plain else "", style=LABEL).append_text(part)
    found.truncate(width, overflow="ellipsis")
    return found
