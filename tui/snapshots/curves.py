"""Runs read for their figures, and when: what was read is kept, since reading a million samples takes seconds.

Figures are made here too, on the reader's thread: a fit or a comparison resamples problems a thousand times, which no
key may wait for. What was made is kept until more is read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from core.clock import monotonic
from core.store.progress import run_rows
from core.store.standing import counted_samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from core.analysis.study import LabelStudy, Study
    from core.figures.model import Figure
    from core.figures.spending import Spending
    from core.reading import ReadRun
    from core.store.progress import RunRow
    from core.store.standing import CountedSamples

AT_ONCE = 5_000
"""Samples up to which reading takes less time than it takes to say that it does."""
MOST = 50_000
"""Samples of a run from which on all of them are read only if somebody asks for it."""
REST_S = 10.0
"""Seconds between two readings, while things move."""
_REST = 20
"""Reading takes at most one part in so many of the time."""


class Asked(NamedTuple):
    """Which figure somebody wants to see, and how."""

    figure: str
    x: Spending
    linear: bool = False
    label: str | None = None
    """The only one to be shown, by its name; None shows all."""


class Label(NamedTuple):
    """A label that can be shown alone."""

    name: str
    run: int
    label: str


class Drawing(NamedTuple):
    """A figure that was made as it was asked for."""

    asked: Asked
    figure: Figure
    title: str
    """With the mark of simulated runs and the names of all."""


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run as it was read."""

    read: ReadRun
    exact: bool
    """Whether every sample was read; else the numbers come from the store's sums."""
    samples: int
    clock: str
    """The local time at which it was read."""
    gone_on: bool
    """Whether more has come since."""


@dataclass(frozen=True, slots=True)
class CurvesPicture:
    """What the screen of figures shows."""

    held: tuple[HeldRun, ...]
    reading: int
    """Samples that are about to be read."""
    runs: tuple[RunRow, ...]
    """Every run of the store."""
    labels: tuple[Label, ...]
    drawing: Drawing | None
    """None where nothing was read yet."""


@dataclass(frozen=True, slots=True)
class _Kept:
    read: ReadRun
    study: Study
    exact: bool
    counted: CountedSamples
    clock: str
    next_at: float
    """When to look again."""
    gone_on: bool = False


class _GivenUp(Exception):  # noqa: N818 - nothing went wrong
    """Nobody waits for it any more."""


class Readings:
    """What was read of each run. Used by one reading after the other, on the reader's thread."""

    def __init__(self, given_up: Callable[[], bool]) -> None:
        self._given_up = given_up
        self._kept: dict[int, _Kept] = {}
        self._announced: set[int] = set()
        self._study: tuple[tuple[Study, ...], Study] | None = None
        """The studies of single runs, and the one that they make together."""
        self._made: dict[Asked, Drawing] = {}
        """Of that one."""

    def picture(
        self, db: sqlite3.Connection, run_ids: Sequence[int], wanted: frozenset[int], asked: Asked
    ) -> CurvesPicture:
        """The runs as they are known now; what takes time to read is announced first, and read at the next call.

        Args:
            db: at one instant.
            run_ids: which runs.
            wanted: those of which every sample is to be read now, however many they are.
            asked: which figure of them.
        """
        held, reading = [], 0
        for run_id in run_ids:
            kept = self._kept.get(run_id)
            if kept is None or run_id in wanted or monotonic() >= kept.next_at:
                counted = counted_samples(db, run_id)
                if kept is None and counted.kept > AT_ONCE and run_id not in self._announced:
                    self._announced.add(run_id)
                    reading += counted.kept
                    continue
                kept = self._kept_now(db, run_id, kept, counted, wanted=run_id in wanted)
            if kept is not None:
                self._kept[run_id] = kept
                held.append(kept)
        shown = tuple(HeldRun(one.read, one.exact, one.counted.kept, one.clock, one.gone_on) for one in held)
        if not held:
            return CurvesPicture(shown, reading, tuple(run_rows(db)), (), None)
        study = self._together([one.study for one in held])
        labels = tuple(Label(one.name, one.run, one.label) for one in study.labels)
        return CurvesPicture(shown, reading, tuple(run_rows(db)), labels, self._drawn(study, asked))

    def _together(self, studies: Sequence[Study]) -> Study:
        """One study of all runs: the same one, with what it has worked out, as long as nothing more was read."""
        if self._study is None or [*map(id, self._study[0])] != [*map(id, studies)]:
            self._study = tuple(studies), together(studies)
            self._made = {}
        return self._study[1]

    def _drawn(self, study: Study, asked: Asked) -> Drawing:
        """The figure; of all labels where the one that was asked for is not there any more."""
        from core.figures.table import figure_of, titled  # noqa: PLC0415 - imports numpy

        if asked.label not in {one.name for one in study.labels}:
            asked = asked._replace(label=None)
        if asked not in self._made:
            figure = figure_of(study, asked.figure, asked.x, linear=asked.linear, label=asked.label)
            self._made[asked] = Drawing(asked, figure, titled(figure, study, asked.label).title)
        return self._made[asked]

    def _kept_now(
        self, db: sqlite3.Connection, run_id: int, kept: _Kept | None, counted: CountedSamples, *, wanted: bool
    ) -> _Kept | None:
        """What is known of a run now: read anew if it moved; every sample of a large one only where that is wanted."""
        if kept is None or wanted:
            return self._read(db, run_id, counted, every=wanted or counted.kept <= MOST) or kept
        if kept.counted == counted:
            return replace(kept, gone_on=False, next_at=monotonic() + REST_S)
        if kept.exact and counted.kept > MOST:
            return replace(kept, gone_on=True, next_at=monotonic() + REST_S)
        return self._read(db, run_id, counted, every=counted.kept <= MOST) or kept

    def _read(self, db: sqlite3.Connection, run_id: int, counted: CountedSamples, *, every: bool) -> _Kept | None:
        began = monotonic()
        found = self._exact(db, run_id) if every else _standing(db, run_id)
        if found is None:
            return None
        ended = monotonic()
        return _Kept(
            *found,
            exact=every,
            counted=counted,
            clock=datetime.now().astimezone().strftime("%H:%M:%S"),
            next_at=ended + max(REST_S, _REST * (ended - began)),
        )

    def _exact(self, db: sqlite3.Connection, run_id: int) -> tuple[ReadRun, Study] | None:
        """Every sample, a condition at a time; None where nobody waits for it any more."""
        from core.studying import read_study  # noqa: PLC0415 - imports numpy

        try:
            (read,), study = read_study(db, [run_id], at_each=self._go_on)
        except _GivenUp:
            return None
        return read, study

    def _go_on(self) -> None:
        if self._given_up():
            raise _GivenUp


def together(studies: Sequence[Study]) -> Study:
    """One study of several runs; a label that several of them have is called by its run too.

    What the first run says of how results are read holds for all.
    """
    labels = [one for study in studies for one in study.labels]
    shared = Counter(one.label for one in labels)
    return replace(
        studies[0],
        runs=tuple(run for study in studies for run in study.runs),
        labels=tuple(_renamed(one, f"{one.label} (run {one.run})") if shared[one.label] > 1 else one for one in labels),
        references=tuple(dict.fromkeys(one for study in studies for one in study.references)),
    )


def _renamed(label: LabelStudy, name: str) -> LabelStudy:
    return replace(label, name=name, grid=None if label.grid is None else replace(label.grid, name=name))


def _standing(db: sqlite3.Connection, run_id: int) -> tuple[ReadRun, Study]:
    from core.standing_curve import standing_run  # noqa: PLC0415 - imports numpy
    from core.studying import standing_study  # noqa: PLC0415 - as above

    return standing_run(db, run_id), standing_study(db, [run_id])
