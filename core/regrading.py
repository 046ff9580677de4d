"""All samples of a run read and judged again by another grader; what that changes; and making it the run's own.

Samples pass through in batches, so that memory does not grow with the run. Nothing that counts changes before the last
step, one transaction that adopts the new grades and sums: whoever looks sees the old grades or the new ones, and a
regrading that is cut off leaves the run as it was. The run is owned meanwhile, so no sampler adds to it.

The hard thing is a run that is graded again by the grader that it has (a process had died, a deadline had passed): its
grades are in use, so there the new ones are held back and written in the last step too, those that differ only.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.clock import utc_now
from core.errors import UsageError
from core.grading import check_truth, flip_kind
from core.grading.workers import GradingPool
from core.sampler.ownership import owned
from core.store.notes import add_event
from core.store.opening import reading, writing
from core.store.provenance import grader_of
from core.store.regrading import Regradable, adopt, batch, grade_again
from core.store.runs import grader_row, load_run
from core.visible import visible_line
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.grading import GradingSpec
    from core.store.place import Place
    from core.vocabulary import Problem

BATCH = 500
"""Samples in memory at once, texts included."""
EXAMPLES = 5
"""Of each kind of flip."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A sample whose verdict changed."""

    sample: Regradable
    after: Grade


@dataclass(slots=True)
class Regraded:
    """What grading again has come to; truncated samples are counted apart, since they are wrong in any case."""

    before: str | None
    """The grader that counted until now."""
    after: str
    samples: int = 0
    truncated: int = 0
    right_before: int = 0
    right_after: int = 0
    flips: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Flip]] = field(default_factory=dict)

    def count(self, sample: Regradable, after: Grade) -> None:
        """Take a sample's new grade into account."""
        self.samples += 1
        if sample.truncated:
            self.truncated += 1
            return
        self.right_before += sample.before is not None and sample.before.verdict is Verdict.RIGHT
        self.right_after += after.verdict is Verdict.RIGHT
        kind = flip_kind(sample.before, after)
        if kind is not None:
            self.flips[kind] += 1
            kept = self.examples.setdefault(kind, [])
            if len(kept) < EXAMPLES:
                kept.append(Flip(sample, after))


def regrade(
    place: Place,
    run_id: int,
    spec: GradingSpec,
    config: str,
    *,
    dry_run: bool = False,
    tell: Callable[[int], None] = lambda _: None,
) -> Regraded:
    """What a grader makes of all samples of a run; unless `dry_run`, it is the run's own then.

    Args:
        place: The store.
        run_id: The run's row.
        spec: How answers are to be read; not by a judge.
        config: The run's resolved config with this grading, for going on.
        dry_run: Look only: nothing is written.
        tell: Called with the number of samples graded so far, after each batch.

    Raises:
        Refused: a sampler has the run.
        UsageError: this kind cannot grade some problem's known answer, or needs a package that is not installed.
    """
    with reading(place) as db:
        run = load_run(db, run_id)
        done = Regraded(grader_of(db, run_id), spec.identity)
    check_truths(spec, run.plan.problems)
    with nullcontext() if dry_run else owned(place, run_id, run.plan.name):
        held_back = asyncio.run(_grade_all(place, run_id, spec, done, dry_run=dry_run, tell=tell))
        if dry_run:
            return done
        with writing(place) as db:
            grader_id = grader_row(db, spec.identity)
            grade_again(db, grader_id, held_back)
            adopt(db, run_id, grader_id, config)
            words = f"regraded {done.samples} samples by {spec.identity}: {flips_in_words(done)}"
            add_event(db, run_id, "regrade", words, utc_now())
    return done


def flips_in_words(done: Regraded) -> str:
    """The flips on one line: `12 wrong to right, 3 no answer to wrong`."""
    return ", ".join(f"{number} {kind}" for kind, number in done.flips.most_common()) or "no verdict changed"


def check_truths(spec: GradingSpec, problems: Sequence[Problem]) -> None:
    """Nothing, where this kind can grade each problem's known answer.

    Raises:
        UsageError: it cannot, or needs a package that is not installed.
    """
    if not problems:
        raise UsageError("it has points without samples only: there is nothing to read again")
    for problem in problems:
        if not problem.answer:
            name = visible_line(problem.id, 80)
            raise UsageError(f"problem {name}: what was imported does not say its right answer: nothing can be judged")
        reason = check_truth(spec, problem.answer)
        if reason is not None:
            raise UsageError(
                f"problem {visible_line(problem.id, 80)}: its known answer cannot be graded as {spec.kind}: "
                f"{visible_line(reason, 200)}; choose another grading.kind"
            )


async def _grade_all(
    place: Place,
    run_id: int,
    spec: GradingSpec,
    done: Regraded,
    *,
    dry_run: bool,
    tell: Callable[[int], None],
) -> list[tuple[int, Grade]]:
    """Grade batch after batch and write what is not in use yet; the grades that are to be written at the end."""
    held_back: list[tuple[int, Grade]] = []
    after = 0
    async with GradingPool() as pool:
        while True:
            with reading(place) as db:
                samples = batch(db, run_id, after, BATCH)
            if not samples:
                return held_back
            after = samples[-1].id
            grades = await _graded(pool, spec, samples)
            for sample, grade in zip(samples, grades, strict=True):
                done.count(sample, grade)
            pairs = [(sample.id, grade) for sample, grade in zip(samples, grades, strict=True)]
            if not dry_run and done.before == done.after:
                held_back += [pair for pair, sample in zip(pairs, samples, strict=True) if pair[1] != sample.before]
            elif not dry_run:
                with writing(place) as db:
                    grade_again(db, grader_row(db, spec.identity), pairs)
            tell(done.samples)


async def _graded(pool: GradingPool, spec: GradingSpec, samples: Sequence[Regradable]) -> list[Grade]:
    """The grades of a batch; heavy ones as many at once as the pool has processes."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(pool.grade(spec, sample.text, sample.truth)) for sample in samples]
    return [task.result() for task in tasks]
