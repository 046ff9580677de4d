"""What somebody thinks of starting: a config's sweep, or more of a run. Foreseen first, then begun; no terminal.

Both ways of a proposal do what the command line does, by the same functions: `thinktop estimate` and `thinktop run`, or
`thinktop extend` and `thinktop resume`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from core import wishes
from core.config.draft import Draft  # noqa: TC001 - a field of a record
from core.config.keys import dotted
from core.config.layers import variables_of
from core.errors import EndpointError
from core.planning import plan_of, problems_of, warnings_of
from core.sampler.detach import start_detached
from core.store.opening import reading
from core.store.place import Place
from core.watching import status as status_now
from tui.steering.estimating import foresee, foresee_anew
from tui.steering.extending import foresee_more
from tui.steering.growth import Wanted  # noqa: TC001 - a field of a record
from tui.steering.keeping import AnotherPlanError, keep
from tui.steering.running import nothing_to_do
from tui.steering.sampling import check_keys

if TYPE_CHECKING:
    from core.config import Config
    from core.estimate import Estimate, Share
    from core.plan import Plan
    from core.store.progress import RunRow
    from core.vocabulary import Problem

FLAGGED = (
    "cells chosen after results were seen are flagged: headline accuracy keeps the first plan's draws, votes use all"
)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a proposal comes to."""

    plan: Plan
    estimate: Estimate
    run: RunRow | None
    """The run that it goes on with."""
    config: Config | None = None
    """Of a sweep."""
    added: str = ""
    """Of an extension: what is added, in words."""
    notes: tuple[str, ...] = ()
    """What a person should know."""
    warnings: tuple[str, ...] = ()
    """What may not be meant."""
    refusal: tuple[str, ...] = ()
    """Why it cannot be begun as it is."""
    name_taken: bool = False
    """Whether that is because another run has the name."""

    @property
    def spends(self) -> bool:
        """Whether it may cost real money."""
        if all(endpoint.simulated for endpoint in self.plan.endpoints):
            return False
        judged = self.config is not None and self.config.grading.judge is not None
        return judged or self.real_worst_pico != 0

    @property
    def real_requests(self) -> int:
        """Requests, without those that are simulated."""
        return sum(share.requests for share in self._real_shares)

    @property
    def real_expected_pico(self) -> int | None:
        """Picodollars expected, without what is simulated; None is unpriced."""
        return _sum([share.expected_pico for share in self._real_shares])

    @property
    def real_worst_pico(self) -> int | None:
        """Picodollars at worst, without what is simulated; None is unpriced."""
        return _sum([share.worst_pico for share in self._real_shares])

    @property
    def _real_shares(self) -> list[Share]:
        real = {endpoint.name for endpoint in self.plan.endpoints if not endpoint.simulated}
        return [share for share in self.estimate.shares if share.condition.endpoint in real]


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that was set going."""

    run_id: int
    said: str
    """What came of it, in a line."""


@dataclass(slots=True)
class Shelf:
    """The problems that were read last, kept for as long as what is read stays the same."""

    _key: tuple[str, ...] = ()
    _problems: list[Problem] = field(default_factory=list)

    def problems(self, config: Config) -> list[Problem]:
        """The problems that a config names."""
        parts = (config.problems, config.grading)
        key = (*(part.model_dump_json() for part in parts), str(config.run.seed), str(config.folder))
        if key != self._key:
            self._problems, self._key = problems_of(config, config.problems.source), key
        return self._problems


class Proposal(Protocol):
    """Something to foresee, and then to begin."""

    def foresee(self, place: Place, shelf: Shelf) -> Prospect:
        """What it comes to.

        Raises:
            ThinktopError: it is wrong, in the command line's words.
        """

    def begin(self, place: Place, prospect: Prospect) -> Begun:
        """The run, with a sampler that works at it; `prospect` is what somebody agreed to.

        Raises:
            ThinktopError: it cannot be, in the command line's words.
        """


@dataclass(frozen=True, slots=True)
class Sweep:
    """A config's sweep: a new run, or one gone on with."""

    draft: Draft

    def foresee(self, place: Place, shelf: Shelf) -> Prospect:
        """As `thinktop estimate`, with what would keep `thinktop run` from starting."""
        config = self.draft.config()
        plan = plan_of(config, shelf.problems(config))
        taken: tuple[str, ...] = ()
        try:
            found = foresee(place, config, plan)
        except AnotherPlanError as error:
            found, taken = foresee_anew(place, plan), error.differing
        return Prospect(
            plan=found.plan,
            estimate=found.estimate,
            run=found.run,
            config=config,
            notes=(*found.notes, *self._notes(place, config)),
            warnings=tuple(warnings_of(config)),
            refusal=taken or _missing_key(plan),
            name_taken=bool(taken),
        )

    def begin(self, place: Place, prospect: Prospect) -> Begun:
        """As `thinktop run`, with a sampler of its own."""
        assert prospect.config is not None
        check_keys(prospect.plan.endpoints)
        return _set_going(place, keep(place, prospect.config, prospect.plan).id)

    def _notes(self, place: Place, config: Config) -> list[str]:
        notes = [
            f"{variable.said} in the environment beats {dotted(variable.path)} here"
            for variable in variables_of(os.environ, {})
        ]
        if "store" in config.run.model_fields_set and Place.at(config.run.store) != place:
            notes.append(f"it is kept in this store, {place.path}, not in {config.run.store} as the config says")
        if config.grading.judge is not None:
            notes.append(
                f"{config.grading.judge.model} judges each answer: that comes on top, and counts against the cap"
            )
        return notes


@dataclass(frozen=True, slots=True)
class Extension:
    """More draws, budgets or problems for a run."""

    run_id: int
    wanted: Wanted

    def foresee(self, place: Place, shelf: Shelf) -> Prospect:
        """As `thinktop extend --dry-run`."""
        del shelf
        more = foresee_more(place, self.run_id, self.wanted)
        run = more.status.progress.run
        return Prospect(
            plan=more.plan,
            estimate=more.estimate,
            run=run,
            added=more.added,
            notes=(FLAGGED,) if more.status.sums.kept else (),
            refusal=_missing_key(more.plan),
        )

    def begin(self, place: Place, prospect: Prospect) -> Begun:
        """As `thinktop extend --yes`, and a sampler for it if none lives."""
        check_keys(prospect.plan.endpoints)
        wishes.extend(place, self.run_id, prospect.plan, prospect.added)
        begun = _set_going(place, self.run_id)
        return Begun(begun.run_id, f"added {prospect.added}; {begun.said}")


def _missing_key(plan: Plan) -> tuple[str, ...]:
    try:
        check_keys(plan.endpoints)
    except EndpointError as error:
        return (str(error),)
    return ()


def _set_going(place: Place, run_id: int) -> Begun:
    """A run that is in the store, with a sampler if it needs one and may have one."""
    with reading(place) as db:
        status = status_now(db, place, run_id)
    if status.sampler_alive:
        return Begun(run_id, f"its sampler, {status.progress.run.pid}, has it already")
    if status.progress.run.paused:
        return Begun(run_id, "it is paused by a wish; p goes on with it")
    if nothing_to_do(status):
        return Begun(run_id, "nothing is owed")
    return Begun(run_id, f"sampler {start_detached(place, run_id)} has it")


def _sum(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
