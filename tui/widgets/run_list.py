"""The columns of the list of runs. As wide as what the runs at hand need; where there is no room, some give way.

Name, state, percentage, dollars and ETA never do.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from core.vocabulary import State
from tui.pages import amounts
from tui.widgets.bars import bar, strip
from tui.widgets.budgets import power
from tui.widgets.headline import state_text
from tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.snapshots.runs import RunLine

MARKED, PINNED = "◆", "▲"
SIMULATED = "SIM"
IMPORTED = "IMP"
_ALIVE = "●"
"""After a state that does not say it: a sampler holds the run."""

_LEAST_NAME, _SOME_NAME, _MOST_NAME = 9, 16, 40
"""Cells that a name always has, that it has before other columns get any, and that it has at most."""
_MOST_MODELS = 14
_MOST_STRIP = 12
"""Blocks of a run's strip at most."""
_BAR = 6
_CAPS, _BARS, _ALL = 76, 96, 136
"""Cells from which on there is room for the cap, for bars, and for what is good to know."""


class Cells(NamedTuple):
    """Cells that the columns of a list need for the runs in it; when they change, the columns do."""

    name: int
    flags: int
    models: int
    state: int
    simulated: int
    draws: int
    strip: int
    dollars: int
    rate: int
    width: int
    """Cells of the whole table."""


def cells_needed(lines: Sequence[RunLine], width: int) -> Cells:
    """What the columns need for these runs in a table of some width."""
    marks = int(any(line.marked for line in lines)) + int(any(line.pinned for line in lines))
    cap = width >= _CAPS
    name = max((cell_len(visible_line(line.run.name, 60)) for line in lines), default=0)
    return Cells(
        name=min(max(name, _LEAST_NAME), _SOME_NAME if cap else _LEAST_NAME),
        flags=marks + 1 if marks else 0,
        models=_most((_models(line) for line in lines), 6, _MOST_MODELS),
        state=_most((_state(line) for line in lines), 10, 13),
        simulated=len(SIMULATED) if any(line.run.simulated or line.run.imported for line in lines) else 0,
        draws=max((2 * len(f"{line.status.sums.planned:,}") + 1 for line in lines), default=5),
        strip=min(max((_strip_cells(line) for line in lines), default=4), _MOST_STRIP),
        dollars=_most((_dollars(line, cap=cap) for line in lines), 8, 15),
        rate=5 if any(line.live for line in lines) else 0,
        width=width,
    )


def run_columns(cells: Cells) -> list[Column[RunLine]]:
    """The columns, from who a run is to when it began."""
    wide = cells.width >= _BARS
    columns = [
        Column(
            "run",
            cells.name + cells.flags,
            lambda one: _name(one, cells.flags),
            lambda one: one.run.name.casefold(),
            right=False,
            stretches=_MOST_NAME - cells.name,
        ),
        Column("models", cells.models, _models, lambda one: one.listed.models, right=False, gives_way=7),
        Column("state", cells.state, _state, lambda one: one.status.state.value, right=False),
    ]
    if cells.simulated:
        columns.append(Column("", cells.simulated, _simulated))
    if wide:
        columns.append(Column("done", _BAR + 5, _done_with_bar, _done))
    else:
        columns.append(Column("done", 4, _percent, _done))
    columns.append(Column("draws", cells.draws, _draws, lambda one: one.status.sums.kept, gives_way=4))
    if wide:
        columns.append(Column("accuracy", max(5 + cells.strip, 8), _accuracy, _best, right=False, gives_way=2))
    else:
        columns.append(Column("best", 4, _best_share, _best, gives_way=1))
    if cells.width >= _ALL:
        columns.append(Column("at", 5, _best_budget, right=False, gives_way=8))
    cap = cells.width >= _CAPS
    columns.append(Column("$ of cap" if cap else "$", cells.dollars, lambda one: _dollars(one, cap=cap), _spent))
    if cells.rate:
        columns.append(Column("req/s", cells.rate, _rate, _requests, gives_way=6))
    columns.append(Column("ETA", 6, _eta, _seconds_left))
    columns.append(Column("started", 7, _started, lambda one: one.run.started_at, gives_way=5))
    if cells.width >= _ALL:
        columns.append(Column("sampler", 8, _sampler, gives_way=9))
    return columns


def words_of(line: RunLine) -> str:
    """What a filter looks at: name, number, models, state, and whether it is live, simulated, imported, marked ..."""
    flags = {
        "live": line.live,
        "simulated": line.run.simulated,
        "imported": line.run.imported,
        "marked": line.marked,
        "pinned": line.pinned,
    }
    said = [name for name, holds in flags.items() if holds]
    return " ".join([line.run.name, str(line.run.id), *line.listed.models, line.status.state.value, *said])


def short_moment(stamped: str, today: date) -> str:
    """A stored time here: `15:23` today, `Nov 22` this year, `2025-11` before."""
    then = datetime.fromisoformat(stamped).astimezone()
    if then.date() == today:
        return then.strftime("%H:%M")
    return f"{then:%b} {then.day}" if then.year == today.year else then.strftime("%Y-%m")


def _most(texts: Iterable[Text], least: int, most: int) -> int:
    return min(max([least, *(text.cell_len for text in texts)]), most)


def _name(one: RunLine, flags: int) -> Text:
    signs = (PINNED if one.pinned else "") + (MARKED if one.marked else "")
    return Text.assemble((signs.ljust(flags), "key"), (visible_line(one.run.name, 60), "strong"))


def _models(one: RunLine) -> Text:
    first, *more = one.listed.models or ("",)
    text = Text(visible_line(first, 40), "label")
    if more:
        sign = f" +{len(more)}"
        text.truncate(_MOST_MODELS - len(sign), overflow="ellipsis")
        text.append(sign)
    return text


def _state(one: RunLine) -> Text:
    text = state_text(one.status.state)
    if one.status.state is State.PAUSED and one.status.sampler_alive:
        text.append(f" {_ALIVE}", "good")
    return text


def _simulated(one: RunLine) -> Text:
    if one.run.simulated:
        return Text(SIMULATED, "simulated")
    return Text(IMPORTED, "label") if one.run.imported else Text()


def _done(one: RunLine) -> float:
    sums = one.status.sums
    return sums.kept / sums.planned if sums.planned else 1.0


def _percent(one: RunLine) -> Text:
    if not one.status.sums.planned:
        return Text(amounts.NOTHING, "frame")
    return Text(f"{int(100 * _done(one))}%", "strong")  # rounded down: 100 % is all of them


def _done_with_bar(one: RunLine) -> Text:
    sums = one.status.sums
    percent = _percent(one)
    if not sums.planned:
        return Text.assemble(" " * (_BAR + 5 - percent.cell_len), percent)
    drawn = bar(_BAR, [(sums.kept, "good"), (sums.failed, "bad")], sums.planned)
    return Text.assemble(drawn, " " * (5 - percent.cell_len), percent)


def _draws(one: RunLine) -> Text:
    sums = one.status.sums
    if not sums.planned:
        return Text(amounts.NOTHING, "frame")
    return Text.assemble((f"{sums.kept:,}", "plain"), (f"/{sums.planned:,}", "label"))


def _best(one: RunLine) -> float | None:
    return one.listed.best[1] if one.listed.best else None


def _best_share(one: RunLine) -> Text:
    best = _best(one)
    return Text(amounts.NOTHING, "frame") if best is None else Text(amounts.share(best), "strong")


def _best_budget(one: RunLine) -> Text:
    return Text(power(one.listed.best[0].budget), "label") if one.listed.best else Text()


def _accuracy(one: RunLine) -> Text:
    share = _best_share(one)
    return Text.assemble(" " * (4 - share.cell_len), share, " ", _strip(one) if one.listed.best else Text())


def _strip(one: RunLine) -> Text:
    """Accuracy over the budgets of each label; a gap between labels."""
    rows = zip(one.listed.progress.conditions, one.listed.accuracies, strict=True)
    groups = [strip((share for _, share in group), "") for _, group in groupby(rows, key=lambda row: row[0].label)]
    return Text(" ").join(groups)


def _strip_cells(one: RunLine) -> int:
    conditions = one.listed.progress.conditions
    return len(conditions) + len({row.label for row in conditions}) - 1


def _spent(one: RunLine) -> int:
    return one.run.spent_pico


def _dollars(one: RunLine, *, cap: bool) -> Text:
    """What is spent of the cap: dollars, or tokens where those are capped."""
    run = one.run
    text = Text()
    if run.imported:
        return Text(amounts.NOTHING, "frame")
    if not one.priced and not run.spent_pico:
        text.append(UNPRICED if run.cap_tokens is None or not cap else amounts.tokens(run.spent_tokens), "warn")
    else:
        text.append("" if one.priced else "≥", "warn").append(dollars(run.spent_pico).removeprefix("$"), "plain")
    if cap and run.cap_pico is not None:
        text.append(f"/{dollars(run.cap_pico).removeprefix('$').removesuffix('.00')}", "label")
    elif cap and run.cap_tokens is not None and not one.priced:
        text.append(f"/{amounts.tokens(run.cap_tokens)} tok", "label")
    return text


def _requests(one: RunLine) -> float | None:
    return one.run.requests_per_s if one.status.sampler_alive else None


def _rate(one: RunLine) -> Text:
    rate = _requests(one)
    return Text(amounts.NOTHING, "frame") if rate is None else Text(f"{rate:.1f}", "plain")


def _seconds_left(one: RunLine) -> float | None:
    return one.status.eta_s if one.status.sampler_alive else None


def _eta(one: RunLine) -> Text:
    left = _seconds_left(one)
    return Text(amounts.NOTHING, "frame") if left is None else Text(amounts.duration(left), "strong")


def _started(one: RunLine) -> Text:
    if one.run.started_at is None:
        return Text(amounts.NOTHING, "frame")
    return Text(short_moment(one.run.started_at, datetime.now().astimezone().date()), "label")


def _sampler(one: RunLine) -> Text:
    if one.status.sampler_alive:
        return Text(f"{one.run.pid}", "good")
    return Text("gone", "bad") if one.status.state is State.INTERRUPTED else Text(amounts.NOTHING, "frame")
