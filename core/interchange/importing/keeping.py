"""Foreign runs into the store, all of them in one transaction: nothing is ever half imported.

Nothing here asks where a run came from: the records are the same for every format.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from core.clock import utc_now
from core.config import config_from_mapping, from_resolved, resolved_json
from core.errors import StoreError, UsageError
from core.interchange.importing.facts import refuse
from core.interchange.importing.foreign import ENDPOINT, SAID
from core.interchange.importing.reading_again import FALLBACK
from core.money import MOST
from core.store import draws
from core.store.imported_rows import (
    ImportedRun,
    ImportedSample,
    add_cell,
    add_conditions,
    add_grades,
    add_problems,
    add_run,
    add_samples,
    free_name,
    packed,
)
from core.store.imports import Origin, ScoreRow, add_aggregates, add_scores, mark_imported
from core.store.notes import add_event
from core.store.opening import writing
from core.store.runs import grader_row
from core.store.texts import sha_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from core.grading import GradingSpec
    from core.interchange.importing.foreign import ForeignRun, ForeignSample
    from core.store.imported_rows import PackedSample
    from core.store.place import Place

_LONGEST_NAME = 80
_NOT_IN_A_NAME = re.compile(r"[/\\\s]+")
_MOST_CAP = 10**9


def keep(place: Place, runs: Sequence[ForeignRun]) -> list[tuple[int, str]]:
    """(row, name) of each run, made in this order; a name that is taken gets a number.

    Raises:
        UsageError: a run has more tokens or dollars than a store can hold; nothing was imported, as with the other.
        StoreError: the store cannot be written.
    """
    now = utc_now()
    for run in runs:
        _check_sums(run)
    samples = [[packed(_sample(sample, run, now)) for sample in run.samples] for run in runs]
    with writing(place) as db:
        return [_keep(db, run, its, now) for run, its in zip(runs, samples, strict=True)]


def run_name(wished: str) -> str:
    """A name that a run can have on a command line, out of a file's or a foreign run's."""
    name = _NOT_IN_A_NAME.sub("-", "".join(letter for letter in wished if letter.isprintable() or letter.isspace()))
    name = name.strip().lstrip("-.")[:_LONGEST_NAME]
    return f"imported-{name}".rstrip("-") if not name or name.isdigit() else name


def _keep(db: sqlite3.Connection, run: ForeignRun, samples: list[PackedSample], now: str) -> tuple[int, str]:
    name = free_name(db, run_name(run.name))
    files = ", ".join(file.name for file in run.files[:3]) + (" ..." if len(run.files) > 3 else "")  # noqa: PLR2004 - a line's worth
    run_id = add_run(
        db,
        ImportedRun(
            name=name,
            created_at=now,
            started_at=run.started_at,
            ended_at=run.ended_at,
            reason=draws.whole(f"imported from {files}"),
            simulated=run.simulated,
            seed=run.seed,
            config=_config(run, name),
            versions=run.versions or json.dumps({"thinktop": version("thinktop")}),
            worked_s=run.worked_s,
            grader_id=grader_row(db, run.grader),
        ),
    )
    problems, conditions = add_problems(db, run_id, run.problems), add_conditions(db, run_id, run.conditions)
    cells = {
        (cell.problem, cell.condition): add_cell(
            db, run_id, (problems[cell.problem], conditions[cell.condition]), cell.planned, cell.planned_first
        )
        for cell in run.cells
    }
    homes = (cells[sample.problem, sample.condition] for sample in run.samples)
    rows = add_samples(db, list(zip(homes, samples, strict=True)))
    graders = {
        identity: grader_row(db, identity)
        for identity in dict.fromkeys(identity for sample in run.samples for identity, _ in sample.grades)
    }
    told = list(zip(rows, run.samples, strict=True))
    add_grades(db, ((row, graders[identity], grade) for row, one in told for identity, grade in one.grades))
    add_scores(db, (ScoreRow(row, scorer, value) for row, one in told for scorer, value in one.scores))
    for failure in run.failures:
        cell_id = cells[failure.problem, failure.condition]
        draws.fail(db, cell_id, failure.draw, failure.step, failure.reason, failure.failed_at or now)
    add_aggregates(db, run_id, run.aggregates)
    mark_imported(db, run_id, Origin(run.format, run.files, now, run.says, run.mapping))
    add_event(db, run_id, "start", draws.whole(f"imported from {files} ({run.format})"), now)
    for at, text in run.warnings:
        add_event(db, run_id, "warning", text, at or now)
    return run_id, name


def _check_sums(run: ForeignRun) -> None:
    """Nothing, where the sums of a run fit the columns that hold them.

    Raises:
        UsageError: they do not.
    """
    dollars = sum(sample.billed_pico or 0 for sample in run.samples)
    used = [sample.usage for sample in run.samples if sample.usage is not None]
    tokens = sum(usage.prompt_tokens + usage.completion_tokens + (usage.reasoning_tokens or 0) for usage in used)
    for sum_, what in ((dollars, "dollars"), (tokens, "tokens")):
        if sum_ > MOST:
            refuse(run.files[0].name, f"adds up to more {what} than can be true")


def _sample(sample: ForeignSample, run: ForeignRun, now: str) -> ImportedSample:
    text = sample.text
    if text is None:
        known = sample.said(run.grader) or sample.said(SAID)
        text = (known.answer if known else None) or ""
        # Equal answers are no equal texts: what stands for a text is told apart by its place.
        sha = sample.text_sha or sha_of(f"{sample.problem} {sample.condition} {sample.draw} {sample.step} {text}")
    else:
        sha = sha_of(text)
    return ImportedSample(
        draw=sample.draw,
        step=sample.step,
        kept_at=sample.kept_at or run.ended_at or now,
        text=text,
        text_sha=sha,
        reasoning=sample.reasoning,
        usage=sample.usage,
        estimated=sample.estimated,
        billed_pico=sample.billed_pico,
        seconds=sample.seconds or 0.0,
        finish_reason=sample.finish_reason,
        model=sample.model,
        fingerprint=sample.fingerprint,
    )


def _config(run: ForeignRun, name: str) -> str:
    """The config that regrading and reports read: the source's own, else one that says what is known."""
    if run.config is not None:
        try:
            return resolved_json(from_resolved(run.config))
        except (StoreError, UsageError):
            pass  # of a thinktop that knew other settings; its samples are as good
    labels = dict.fromkeys(condition.label for condition in run.conditions)
    labels |= dict.fromkeys(row.label for row in run.aggregates)
    try:
        return _made(run, name, list(labels))
    except UsageError:  # names that no config may have: too long, or like a key
        return _made(run, "imported", [f"model-{number}" for number, _ in enumerate(labels, start=1)])


def _made(run: ForeignRun, name: str, labels: Sequence[str]) -> str:
    caps = {condition.label: min(condition.token_cap, _MOST_CAP) for condition in run.conditions}
    models = [{"name": label, "endpoint": ENDPOINT, "token_cap": caps.get(label, _MOST_CAP)} for label in labels]
    return resolved_json(
        config_from_mapping(
            {
                "run": {"name": name, "seed": run.seed},
                "problems": {"source": "imported"},
                "grading": _grading(run.spec or FALLBACK),
                "endpoints": {ENDPOINT: {"base_url": "https://imported.invalid/v1"}},
                "models": models,
            }
        )
    )


def _grading(spec: GradingSpec) -> dict[str, Any]:
    section: dict[str, Any] = {"kind": spec.kind}
    if spec.kind == "integer":
        section["range"] = [spec.low, spec.high]
    elif spec.kind == "choice":
        section["choices"] = spec.choices
    elif spec.kind in ("exact", "regex"):
        section["ignore_case"] = spec.ignore_case
    if spec.kind == "regex":
        section["pattern"] = spec.pattern
    return section
