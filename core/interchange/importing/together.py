"""Several foreign files as one run: their problems and conditions by name, their draws one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.interchange.importing.conditions import Tables, numbered
from core.interchange.importing.foreign import ForeignRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.interchange.importing.foreign import ForeignFailure, ForeignSample


def together(runs: Sequence[ForeignRun], name: str) -> ForeignRun:
    """One run of several.

    Raises:
        UsageError: two files are the same or contradict each other, or one is a bundle, whose runs are whole already.
    """
    files = [file for run in runs for file in run.files]
    if len({file.sha256 for file in files}) < len(files):
        raise UsageError("--together: two of the files hold the same, to the byte; give each once")
    if any(run.format == "bundle" for run in runs):
        raise UsageError("--together: a bundle's runs are whole already; import it by itself")
    tables = Tables()
    samples: list[tuple[tuple[int, int], ForeignSample]] = []
    failures: list[tuple[tuple[int, int], ForeignFailure]] = []
    for number, run in enumerate(runs):
        where = run.files[0].name
        problems = [tables.problem(problem, where) for problem in run.problems]
        conditions = [tables.condition(condition, where) for condition in run.conditions]
        for sample in run.samples:
            placed = replace(sample, problem=problems[sample.problem], condition=conditions[sample.condition])
            samples.append(((number, sample.draw), placed))
        for failure in run.failures:
            failed = replace(failure, problem=problems[failure.problem], condition=conditions[failure.condition])
            failures.append(((number, failure.draw), failed))
    kept, failed_draws, cells = numbered(samples, failures)
    formats = sorted({run.format for run in runs})
    return ForeignRun(
        name=name,
        format=" and ".join(formats),
        files=tuple(files),
        problems=tuple(tables.problems.values()),
        conditions=tuple(tables.conditions.values()),
        cells=cells,
        samples=kept,
        failures=failed_draws,
        aggregates=tuple(dict.fromkeys(row for run in runs for row in run.aggregates)),
        texts=any(run.texts for run in runs),
        started_at=min((run.started_at for run in runs if run.started_at), default=None),
        ended_at=max((run.ended_at for run in runs if run.ended_at), default=None),
        simulated=any(run.simulated for run in runs),
        says={f"{run.name}: {key}": value for run in runs for key, value in run.says.items()},
        mapping={key: value for run in runs for key, value in run.mapping.items()},
        notes=tuple(dict.fromkeys(f"{run.name}: {note}" for run in runs for note in run.notes)),
    )
