"""What every reader makes of foreign bytes: neutral records, checked, and no trace left of the format they came in.

Problems and conditions are those of `core.vocabulary`; samples name theirs by position. What a source does not say is
None here; how the store writes that is the writer's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.grading import GradingSpec
    from core.store.imports import AggregateRow, SourceFile
    from core.vocabulary import Condition, Grade, Problem, Usage

SAID = "imported-1"
"""The grader whose grades are what a source itself says of its samples."""

ENDPOINT = "imported"
"""The endpoint of conditions that were asked elsewhere."""

NO_CAP = 2**31 - 1
"""The token cap of conditions whose source names none."""


@dataclass(frozen=True, slots=True)
class ForeignSample:
    """A draw that came back, as a source reports it."""

    problem: int
    """Its place in the run's problems, from 0; the condition's likewise."""
    condition: int
    draw: int
    text: str | None
    """What the model wrote; None where only an answer is reported, or nothing."""
    grades: tuple[tuple[str, Grade], ...]
    """(grader, grade): what the source says stands under `SAID`."""
    step: int = 0
    reasoning: str | None = None
    text_sha: bytes | None = None
    """Where the source knows the hash of a text that it does not give."""
    usage: Usage | None = None
    """Completion tokens with reasoning included, whatever the source's convention; None where it does not say."""
    estimated: bool = False
    billed_pico: int | None = None
    """As the source reports it; nothing is spent by importing."""
    seconds: float | None = None
    kept_at: str | None = None
    finish_reason: str | None = None
    """`length` where it was cut, whatever the source calls that."""
    model: str | None = None
    fingerprint: str | None = None
    scores: tuple[tuple[str, float], ...] = ()
    """(scorer, value): what reward models and verifiers thought of it."""

    def said(self, grader: str = SAID) -> Grade | None:
        """What a grader makes of it; None where it has not seen it."""
        return next((grade for name, grade in self.grades if name == grader), None)


@dataclass(frozen=True, slots=True)
class ForeignFailure:
    """A draw that brought no sample: never an answer."""

    problem: int
    condition: int
    draw: int
    reason: str
    step: int = 0
    failed_at: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignCell:
    """The draws that a source planned of a problem under a condition."""

    problem: int
    condition: int
    planned: int
    planned_first: int


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """One run's worth of somebody else's results."""

    name: str
    format: str
    """What it was recognised as: `inspect`, `samples`, `aggregates`, `bundle`."""
    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cells: tuple[ForeignCell, ...] = ()
    samples: tuple[ForeignSample, ...] = ()
    failures: tuple[ForeignFailure, ...] = ()
    aggregates: tuple[AggregateRow, ...] = ()
    grader: str = SAID
    """The grader whose grades count."""
    spec: GradingSpec | None = None
    """How its answers were read, or are to be read when they are read again."""
    texts: bool = False
    """Whether the source's own answers are texts that have to be read, not answers."""
    started_at: str | None = None
    ended_at: str | None = None
    worked_s: float = 0.0
    simulated: bool = False
    seed: int = 0
    config: str | None = None
    """The resolved config, where the source has one."""
    versions: str | None = None
    """What it was made with, as JSON of name to version."""
    warnings: tuple[tuple[str, str], ...] = ()
    """(time, text) of what the run has warned of where it was made."""
    says: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What whoever imports it should know, a line each."""
