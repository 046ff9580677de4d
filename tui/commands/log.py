"""`thinktop log`: what happened in a run, and which requests may have been billed without a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.text import Text

from core.errors import UsageError
from core.money import UNPRICED, dollars, usd
from core.store.notes import events
from core.store.opening import reading
from core.store.progress import progress, run_row
from core.store.provenance import doubts as doubts_of
from core.store.runs import find_run
from tui.cli.options import JsonOption, NewestRun, StoreOption, place_of
from tui.cli.spelling import spelled
from tui.console import plain, print_json, stderr, stdout
from tui.pages import amounts
from tui.pages.draw_page import attempt_json
from tui.pages.tables import LABEL, STRONG, WRONG, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.place import Place
    from core.store.progress import Progress
    from core.store.samples import AttemptRow
    from core.vocabulary import Json

KindOption = Annotated[str | None, Parameter(name="--kind", help="Only this kind: start, end, retry, failure ...")]
DoubtsOption = Annotated[
    bool, Parameter(name="--doubts", negative="", help="The requests in doubt, with what each may have cost.")
]

_ALARMING = frozenset({"doubt", "failure", "outage", "warning"})


def log(
    run: NewestRun = None,
    /,
    *,
    kind: KindOption = None,
    doubts: DoubtsOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """What happened in a run: starts, retries, outages, pauses, doubts, failures; or what is in doubt.

    What may have been billed without a reply: thinktop log aime-2024 --doubts
    """
    if doubts and kind is not None:
        raise UsageError("log takes --kind or --doubts, not both")
    if doubts:
        return _doubts(run, store, json=json)
    with reading(place_of(store)) as db:
        run_id = find_run(db, run)
        every = events(db, run_id)
        simulated = run_row(db, run_id).simulated
    kinds = sorted({one for _, one, _ in every})
    if kind is not None and kind not in kinds:
        raise UsageError(f"this run has no events of kind {kind!r}; it has: {', '.join(kinds) or 'none at all'}")
    told = [(at, one, text) for at, one, text in every if kind in (None, one)]
    if json:
        print_json(
            {
                "run": run_id,
                "simulated": simulated,
                "events": [{"at": at, "kind": one, "text": text} for at, one, text in told],
            }
        )
        return 0
    out = stdout()
    mark(out, simulated=simulated)
    for at, one, text in told:
        style = WRONG if one in _ALARMING else ""
        line = Text.assemble((amounts.moment(at), LABEL), "  ", plain(f"{one:<8}", style), " ", plain(text))
        out.print(line, soft_wrap=True)
    if not told:
        stderr().print("nothing has happened in this run yet")
    return 0


def _doubts(run: str | None, store: StoreOption, *, json: bool) -> int:
    place = place_of(store)
    with reading(place) as db:
        found = progress(db, find_run(db, run))
        open_ones = list(doubts_of(db, found.run.id))
    run_id = found.run.id
    if json:
        print_json(
            {
                "run": run_id,
                "simulated": found.run.simulated,
                "unknown_usd": usd(found.run.unknown_pico),
                "doubts": [_json(place, found, one) for one in open_ones],
            }
        )
    elif open_ones:
        _print_doubts(place, found, open_ones)
    else:
        stderr().print("nothing is in doubt in this run")
    return 0


def _print_doubts(place: Place, found: Progress, open_ones: Sequence[AttemptRow]) -> None:
    out = stdout()
    mark(out, simulated=found.run.simulated)
    for one in open_ones:
        known = dollars(one.reserved_pico) if _is_priced(found, one) else UNPRICED
        judge = " · its judge" if one.purpose == "judge" else ""
        where = f"{one.problem} · {one.label} {amounts.budget(one.budget)} · draw {one.draw}{judge}"
        parts = (f"{one.id:<7} ", STRONG), (f"{known} at most", WRONG), "  ", plain(where)
        out.print(Text.assemble(*parts, (f"  {amounts.moment(one.reserved_at)}", LABEL)))
        out.print(plain(f"        {one.message}", LABEL))
    run = found.run
    out.print(
        f"\n{amounts.counted(len(open_ones), 'request')} may have been billed, {dollars(run.unknown_pico)} at most."
    )
    out.print("Once you know what one has cost, close it:")
    out.print(f"  {_settle_line(place, run.id, open_ones[0])}", soft_wrap=True)


def _json(place: Place, found: Progress, one: AttemptRow) -> dict[str, Json]:
    may_cost = usd(one.reserved_pico) if _is_priced(found, one) else None
    return {
        **attempt_json(one),
        "problem": one.problem,
        "label": one.label,
        "budget": one.budget,
        "draw": one.draw,
        "may_cost_usd": may_cost,
        "settle": _settle_line(place, found.run.id, one),
    }


def _is_priced(found: Progress, one: AttemptRow) -> bool:
    """Whether a price was known when it was sent: a judge's own, which only its reservation tells, or the model's."""
    if one.purpose == "judge":
        return one.reserved_pico > 0
    return any(row.priced for row in found.conditions if (row.label, row.budget) == (one.label, one.budget))


def _settle_line(place: Place, run_id: int, attempt: AttemptRow) -> str:
    return spelled(place, "settle", str(run_id), str(attempt.id), "--usd", "X")
