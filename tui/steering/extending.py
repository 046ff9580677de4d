"""Extending a run: the estimate, the question, the wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import wishes
from core.money import dollars
from core.store.imports import refuse_imported
from core.store.opening import reading
from core.store.runs import find_run, load_run
from core.store.samples import cells
from core.visible import visible_line
from core.watching import status
from tui.cli.confirming import agreed
from tui.console import stderr
from tui.steering.growth import Wanted, detail, extended
from tui.steering.outlook import outlook, print_outlook
from tui.steering.wishing import named, say, say_who_acts, status_of

if TYPE_CHECKING:
    from core.estimate import Estimate
    from core.plan import Plan
    from core.status import Status
    from core.store.place import Place


@dataclass(frozen=True, slots=True)
class More:
    """What would be added to a run."""

    status: Status
    """The run as it stands."""
    plan: Plan
    """The run's plan with what is added."""
    estimate: Estimate
    """Of what is added only."""
    added: str
    """That in words."""


def foresee_more(place: Place, run_id: int, wanted: Wanted) -> More:
    """What would be added to a run, and what that would take.

    Raises:
        UsageError: as `extended`; or the run is an imported one.
    """
    with reading(place) as db:
        refuse_imported(db, run_id, "extended")
        held, one = load_run(db, run_id).plan, status(db, place, run_id)
        counted = {(row.problem, row.label, row.budget): row.planned for row in cells(db, run_id)}
    plan = extended(held, wanted)
    return More(one, plan, outlook(plan, place, counted, one.progress.run), detail(held, plan))


def extend_run(place: Place, which: str, wanted: Wanted, *, dry_run: bool, yes: bool) -> None:
    """Add what is wanted to the run that a person means, once they have agreed to what it would cost."""
    with reading(place) as db:
        run_id = find_run(db, which)
    more = foresee_more(place, run_id, wanted)
    print_outlook(stderr(), more.plan, more.estimate)
    if dry_run:
        say("nothing was changed (--dry-run)")
        return
    question = f"Add {more.estimate.requests:,} draws for about {dollars(more.estimate.expected_pico)}?"
    if not yes and not agreed(question, "say --yes to spend, or --dry-run to look first"):
        say("nothing was changed")
        return
    wishes.extend(place, run_id, more.plan, more.added)
    say(f"{named(more.status)}: added {visible_line(more.added)}")
    say_who_acts(place, status_of(place, str(run_id)))
