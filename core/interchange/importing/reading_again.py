"""Texts of foreign samples read by our own grader, beside what their source says; both readings are kept.

Ours counts where a person asks for it, where a source has only texts in the place of answers, or says nothing of right
and wrong; else the source's own does. How to read follows from the known answers where nobody says it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.grading import GradingSpec, check_truth
from core.grading.workers import GradingPool
from core.interchange.importing.facts import refuse
from core.interchange.importing.foreign import SAID
from core.visible import visible_line
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.interchange.importing.foreign import ForeignRun, ForeignSample
    from core.vocabulary import Problem

FALLBACK = GradingSpec("exact")
"""How answers are read of which nothing is known."""
_SURE = frozenset({"integer", "choice"})
"""Kinds that read an answer out of any text; the others need to be asked for."""
_BATCH = 1000

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def read_again(run: ForeignRun, asked: GradingSpec | None) -> ForeignRun:
    """The run with our reading beside its source's, where there is something to read.

    Args:
        run: Somebody else's results; one of our own bundles comes back as it is.
        asked: How a person wants answers to be read.

    Raises:
        UsageError: the known answers cannot be graded so, or nothing says what is right.
    """
    if run.format == "bundle" or not run.samples:
        return run
    spec = asked or spec_for(run.problems)
    graded = any(sample.said() is not None for sample in run.samples)
    if spec is None:
        if not graded:
            refuse(run.files[0].name, "says neither which answers are right nor what the right ones are; map one with "
                   "--map graded=COLUMN or --map truth=COLUMN")  # fmt: skip
        return replace(run, spec=FALLBACK)
    texts = any(sample.text is not None for sample in run.samples)
    if asked is None and graded and not (texts and spec.kind in _SURE):
        return replace(run, spec=spec)
    _check(run, spec)
    grades = asyncio.run(_read(run, spec))
    samples = tuple(
        replace(sample, grades=(*sample.grades, (spec.identity, grade)))
        for sample, grade in zip(run.samples, grades, strict=True)
    )
    ours = asked is not None or not graded or (run.texts and spec.kind in _SURE)
    return replace(run, samples=samples, spec=spec, grader=spec.identity if ours else SAID)


def spec_for(problems: Sequence[Problem]) -> GradingSpec | None:
    """How answers are to be read that have these known ones; None where one of them is not known."""
    truths = [problem.answer.strip() for problem in problems]
    if not truths or not all(truths):
        return None
    numbers = [int(truth) for truth in truths if _INTEGER.fullmatch(truth)]
    if len(numbers) == len(truths):
        low, high = min(numbers), max(numbers)
        usual = GradingSpec("integer")
        if usual.low <= low and high <= usual.high:
            return usual
        least = 0 if low >= 0 else -(10 ** len(str(-low)) - 1)
        return GradingSpec("integer", low=least, high=max(usual.high, 10 ** len(str(abs(high))) - 1))
    if all(len(truth) == 1 and "A" <= truth <= "Z" for truth in truths):
        last = max(*truths, GradingSpec("choice").choices[-1])
        return GradingSpec("choice", choices="".join(chr(code) for code in range(ord("A"), ord(last) + 1)))
    return FALLBACK


def _check(run: ForeignRun, spec: GradingSpec) -> None:
    for problem in run.problems:
        if (reason := check_truth(spec, problem.answer)) is not None:
            name = visible_line(problem.id, 80)
            raise UsageError(
                f"{run.files[0].name}: problem {name}: its known answer cannot be graded as {spec.kind}: "
                f"{visible_line(reason, 200)}; choose another with --grading"
            )


async def _read(run: ForeignRun, spec: GradingSpec) -> list[Grade]:
    """The grades of all samples; heavy ones as many at once as the pool has processes."""
    grades: list[Grade] = []
    async with GradingPool() as pool:

        async def one(sample: ForeignSample) -> Grade:
            text, said = sample.text, sample.said()
            if text is None:
                text = None if said is None else said.answer
            if text is None:
                return Grade(None, Verdict.NO_ANSWER, "the source has neither a text nor an answer")
            return await pool.grade(spec, text, run.problems[sample.problem].answer)

        for start in range(0, len(run.samples), _BATCH):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(sample)) for sample in run.samples[start : start + _BATCH]]
            grades += [task.result() for task in tasks]
    return grades
