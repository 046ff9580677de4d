"""A run's status in numbers, as `status --json` gives it: derived from its progress, never stored. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.money import usd
from core.vocabulary import State

if TYPE_CHECKING:
    from core.store.progress import Progress, Sums
    from core.vocabulary import Json

ENOUGH_PER_S = 2.0
"""Replies a second, over the last seconds, from which on they say how fast a run is going now."""
AT_WORK = frozenset({State.RUNNING, State.OUTAGE, State.PAUSING, State.STOPPING})


@dataclass(frozen=True, slots=True)
class Status:
    """A run at one instant, with what follows from it."""

    progress: Progress
    sums: Sums
    state: State
    sampler_alive: bool
    eta_s: float | None
    """Seconds of work left; None where that cannot be told, or nothing is left."""
    overrun: float | None
    """Geometric mean of tokens used per token asked for; None without budgets in tokens."""

    @property
    def in_flight(self) -> int:
        """Requests that are out; with no sampler, those that one left behind."""
        run = self.progress.run
        return (run.in_flight or 0) if self.sampler_alive else run.open_attempts

    def to_json(self) -> dict[str, Json]:
        """The object of `thinktop status --json`."""
        run, sums = self.progress.run, self.sums
        return {
            "id": run.id,
            "name": run.name,
            "state": self.state.value,
            "reason": run.reason,
            "simulated": run.simulated,
            "imported": run.imported,
            "sampler_alive": self.sampler_alive,
            "planned": sums.planned,
            "done": sums.kept,
            "failed": sums.failed,
            "owed": sums.owed,
            "in_flight": self.in_flight,
            "attempts": run.attempts,
            "retries": run.retries,
            "unknown_attempts": run.unknown_attempts,
            "prompt_tokens": sums.prompt_tokens,
            "completion_tokens": sums.completion_tokens,
            "reasoning_tokens": sums.reasoning_tokens,
            "estimated": sums.estimated,
            "truncated": sums.truncated,
            "spent_usd": usd(run.spent_pico),
            "reserved_usd": usd(run.reserved_pico),
            "unknown_usd": usd(run.unknown_pico),
            "cap_usd": None if run.cap_pico is None else usd(run.cap_pico),
            "cap_tokens": run.cap_tokens,
            "unpriced": any(not row.priced for row in self.progress.conditions),
            "elapsed_s": round(run.worked_s, 3),
            "eta_s": None if self.eta_s is None else round(self.eta_s, 1),
            "overrun": None if self.overrun is None else round(self.overrun, 4),
            "started_at": run.started_at,
            "ended_at": run.ended_at,
        }


def status_of(progress: Progress, *, sampler_alive: bool) -> Status:
    """The status that a run's progress comes to; `sampler_alive` as found by looking at its process and lock."""
    state = State(progress.run.state)
    if (state in AT_WORK or state is State.PAUSED) and not sampler_alive:
        state = State.PAUSED if progress.run.paused else State.INTERRUPTED
    return Status(
        progress=progress,
        sums=progress.sums,
        state=state,
        sampler_alive=sampler_alive,
        eta_s=seconds_left(progress) if state in AT_WORK and state is not State.STOPPING else None,
        overrun=overrun_of(progress),
    )


def seconds_left(progress: Progress) -> float | None:
    """Seconds until what is owed is done, at the pace of the last seconds where they say enough, else of the whole run.

    What is owed is counted in request time, by each condition's mean; a condition without samples counts with the mean
    of the others. None before any sample, or when nothing is owed.
    """
    sums, run = progress.sums, progress.run
    if sums.kept == 0 or sums.owed == 0 or sums.seconds <= 0 or run.worked_s <= 0:
        return None
    mean = sums.seconds / sums.kept
    left = sum(
        row.sums.owed * (row.sums.seconds / row.sums.kept if row.sums.kept else mean) for row in progress.conditions
    )
    recent = run.requests_per_s or 0.0
    at_once = recent * mean if recent >= ENOUGH_PER_S else sums.seconds / run.worked_s
    return left / at_once


def overrun_of(progress: Progress) -> float | None:
    """Geometric mean over samples of tokens used per token asked for, over the budgets in tokens."""
    logs, samples = 0.0, 0
    for row in progress.conditions:
        if isinstance(row.budget, int) and row.budget > 0 and row.sums.log2_tokens:
            logs += row.sums.log2_tokens - row.sums.kept * math.log2(row.budget)
            samples += row.sums.kept
    return 2 ** (logs / samples) if samples else None
