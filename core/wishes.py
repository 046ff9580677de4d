"""What people ask of a run: the one place that writes it, for the shell and for screens alike.

A wish changes the run's live columns and is put on record, in one transaction; a sampler acts on it within a second,
and where none lives the columns hold for the next. Starting samplers is the caller's business. Of an imported run
nothing can be asked, and every function here says so (UsageError).
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from core.clock import utc_now
from core.errors import ThinktopError, UsageError
from core.money import dollars
from core.plan import Live
from core.store import notes, runs, settling
from core.store.imports import refuse_imported
from core.store.opening import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.config import LiveValue
    from core.plan import Plan
    from core.store.place import Place

RUN_SETTINGS = frozenset(field.name for field in fields(Live))
ENDPOINT_SETTINGS = frozenset({"timeout_s", "requests_per_minute", "tokens_per_minute", "max_concurrency"})


def pause(place: Place, run_id: int) -> None:
    """Send nothing more until `resume`, beyond the life of any sampler."""
    with writing(place) as db:
        refuse_imported(db, run_id, "paused")
        notes.set_paused(db, run_id, paused=True)
        notes.add_wish(db, run_id, "pause", "", utc_now())


def resume(place: Place, run_id: int) -> None:
    """Take back a pause, and a stop that no sampler has acted on."""
    with writing(place) as db:
        refuse_imported(db, run_id, "resumed")
        notes.set_paused(db, run_id, paused=False)
        notes.set_stop(db, run_id, None)
        notes.add_wish(db, run_id, "resume", "", utc_now())


def stop(place: Place, run_id: int, *, now: bool) -> None:
    """End the run's sampler: after what is in flight, or at once (what is in flight may be billed)."""
    with writing(place) as db:
        refuse_imported(db, run_id, "stopped")
        notes.set_stop(db, run_id, "now" if now else "drain")
        notes.add_wish(db, run_id, "stop", "now" if now else "", utc_now())


def set_live(place: Place, run_id: int, changes: Mapping[str, LiveValue]) -> None:
    """Change live settings; keys as `core.config.parse_live` gives them: `cap_pico`, `timeout_s`, `NAME.timeout_s` ...

    Raises:
        UsageError: the run has no endpoint of that name, or its cap in dollars cannot be held.
    """
    with writing(place) as db:
        refuse_imported(db, run_id, "set")
        names = [endpoint.name for endpoint in runs.load_endpoints(db, run_id)]
        for key, value in changes.items():
            name, _, setting = key.rpartition(".")
            if not name and setting in RUN_SETTINGS:
                notes.set_live(db, run_id, {setting: value})
                continue
            if name and name not in names:
                raise UsageError(f"the run has no endpoint {name!r}; it has {', '.join(names)}")
            assert setting in ENDPOINT_SETTINGS, setting
            for endpoint in [name] if name else names:
                notes.set_endpoint(db, run_id, endpoint, {setting: value})
        _check_that_the_cap_holds(db, run_id)
        words = ", ".join(_shown(key, value) for key, value in changes.items())
        notes.add_wish(db, run_id, "set", words, utc_now())


def extend(place: Place, run_id: int, plan: Plan, detail: str) -> None:
    """Add a plan's problems, conditions and draws to a run; nothing is taken away."""
    with writing(place) as db:
        add_plan(db, run_id, plan, detail)


def add_plan(db: sqlite3.Connection, run_id: int, plan: Plan, detail: str) -> None:
    """Within the caller's transaction, what `extend` does.

    Raises:
        UsageError: the run has a cap in dollars, which could not be held for what is added.
    """
    refuse_imported(db, run_id, "extended")
    runs.add_to_run(db, run_id, plan)
    _check_that_the_cap_holds(db, run_id)
    notes.reopen(db, run_id)
    notes.add_wish(db, run_id, "extend", detail, utc_now())


def retry(place: Place, run_id: int) -> int:
    """How many failed draws are owed again."""
    with writing(place) as db:
        refuse_imported(db, run_id, "asked again")
        taken_back = settling.take_back_failures(db, run_id)
        if taken_back:
            notes.reopen(db, run_id)
            notes.add_wish(db, run_id, "retry", f"{taken_back} draws", utc_now())
    return taken_back


def settle(place: Place, run_id: int, attempt_id: int, pico: int) -> None:
    """Close an attempt that is in doubt: it cost `pico` picodollars.

    Raises:
        ThinktopError: the run has no such attempt in doubt.
    """
    with writing(place) as db:
        refuse_imported(db, run_id, "settled")
        if not settling.settle(db, run_id, attempt_id, pico, utc_now()):
            raise ThinktopError(
                f"attempt {attempt_id} is not in doubt in this run; `thinktop log RUN --doubts` lists those that are"
            )
        notes.add_wish(db, run_id, "settle", f"attempt {attempt_id} cost {dollars(pico)}", utc_now())


def _check_that_the_cap_holds(db: sqlite3.Connection, run_id: int) -> None:
    if unpriced := runs.uncapped_models(db, run_id):
        raise UsageError(
            f"cap_usd: no price is known for {', '.join(unpriced)}, so a cap in dollars cannot be held; "
            "give the model a price, or use cap_tokens instead"
        )


def _shown(key: str, value: LiveValue) -> str:
    """`cap_usd = $20.00`, as people set it."""
    if key == "cap_pico":
        return f"cap_usd = {dollars(value) if isinstance(value, int) else 'none'}"
    return f"{key} = {'none' if value is None else value}"
