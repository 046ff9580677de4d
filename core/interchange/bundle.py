"""Runs as one zip to share: everything that thinktop knows of them, so that importing it gives the same numbers.

The members of a bundle, all UTF-8 (in fact ASCII) JSON with sorted keys; `.jsonl` has an object a line:

    runs/N/run.json          name, state, reason, simulated, seed, created_at, started_at, ended_at, worked_s, cap_pico,
                             cap_tokens, max_concurrency, max_attempts, give_up_after_s, on_unknown, versions {name:
                             version}, endpoints [the Endpoint record], grader (identity of the current one, or null),
                             warnings [{at, text}], imported (the Origin record, or null)
    runs/N/config.json       the resolved config
    runs/N/problems.jsonl    position, key, question, answer, cluster, difficulty, content
    runs/N/conditions.jsonl  position, label, model, endpoint, control, budget, token_cap, prompt, system, body (an
                             object), price (the Price record as an object, or null: unpriced)
    runs/N/cells.jsonl       problem, condition, planned, planned_first
    runs/N/samples.jsonl     problem, condition, draw, step, kept_at, finish_reason, prompt_tokens, cached_tokens,
                             completion_tokens, reasoning_tokens, billed_pico, estimated, seconds, model, fingerprint,
                             text_sha; text and reasoning unless texts are left out
    runs/N/grades.jsonl      problem, condition, draw, step, grader (identity), answer, verdict, note; of all graders
    runs/N/scores.jsonl      problem, condition, draw, step, name, value
    runs/N/attempts.jsonl    problem, condition, draw, step, purpose, number, reserved_at, ended_at, outcome,
                             reserved_pico, reserved_tokens, billed_pico, billed_tokens, status, message, request_id
    runs/N/failures.jsonl    problem, condition, draw, step, failed_at, reason
    runs/N/aggregates.jsonl  position, label, model, control, budget, votes, problems, accuracy, mean_tokens
    manifest.json            format, version, thinktop, texts, problems, runs [{name, folder, redacted [paths]}],
                             contents {member: {sha256, bytes, records}}; the last member, the first to be read

N counts from 1. `problem` and `condition` are positions, as problems.jsonl and conditions.jsonl have them. Amounts that
end in `_pico` are whole picodollars (1e-12 USD), null where unpriced; prices are decimal strings in USD per million
tokens. The attempt of a sample is the `kept` one for `ask` of the same problem, condition, draw and step; imported
samples have none. `content` is the SHA-256 of the question, its white space made single, so that runs pair with each
other; null where no question is kept.

Without problems (`problems: false`) nothing tells what was asked or what is right: question and answer are null, texts
are left out too, as are notes, warnings, server messages and reasons; a key that repeats the question becomes a number,
and settings that repeat it, such as a prompt with an example, are `REDACTED`. Answers that were read, and hashes of
texts, are replaced by codes: equal where they were equal within a problem, so votes stay what they were, and not to be
undone by whoever does not have the problem.

No key is in a bundle: in settings and messages, what carries or looks like one is replaced by `REDACTED`; headers,
proxies and the like are emptied, addresses lose users and parameters, paths their folders. The manifest says where.

Two exports of the same run are equal byte for byte. Rows are streamed: a million samples need no more memory than ten.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from core.interchange.redaction import Redaction
from core.interchange.withholding import Share, Whole, Withheld
from core.store.bundling import (
    aggregate_facts,
    attempt_facts,
    cell_places,
    condition_facts,
    failure_facts,
    grade_facts,
    problem_facts,
    run_facts,
    sample_facts,
    score_facts,
    stored_config,
)
from core.vocabulary import Json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from core.interchange.withholding import Telling
    from core.store.bundling import CellPlace

FORMAT = "thinktop bundle"
VERSION = 1
MANIFEST = "manifest.json"

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can give a member: the same in every export."""
_MODE = 0o100644 << 16

_Row = dict[str, Any]


@dataclass(slots=True)
class _Members:
    """The members of an archive, written one after the other, each hashed as it goes."""

    archive: zipfile.ZipFile
    contents: dict[str, Json] = field(default_factory=dict)

    def write(self, name: str, rows: Iterable[Mapping[str, Json]], indent: int | None = None) -> int:
        """How many records were written, a line each."""
        info = zipfile.ZipInfo(name, _EARLIEST)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, _MODE
        digest, size, records = hashlib.sha256(), 0, 0
        with self.archive.open(info, "w", force_zip64=True) as member:
            for row in rows:
                separators = (",", ":") if indent is None else (",", ": ")
                line = json.dumps(row, sort_keys=True, indent=indent, separators=separators).encode() + b"\n"
                member.write(line)
                digest.update(line)
                size += len(line)
                records += 1
        self.contents[name] = {"sha256": digest.hexdigest(), "bytes": size, "records": records}
        return records


def write_bundle(file: BinaryIO, connection: sqlite3.Connection, run_ids: Sequence[int], share: Share) -> int:
    """How many samples were written.

    Args:
        file: to be written from its start.
        connection: to a store, within one transaction.
        run_ids: the runs, in order.
        share: what is left out.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        members, runs, samples = _Members(archive), list[Json](), 0
        for number, run_id in enumerate(run_ids, start=1):
            folder = f"runs/{number}/"
            facts = run_facts(connection, run_id)
            redaction = Redaction.of_endpoints(facts["endpoints"], os.environ)
            samples += _write_run(members, folder, connection, run_id, facts, redaction, share)
            runs.append({"name": facts["name"], "folder": folder, "redacted": list(redaction.places)})
        manifest: dict[str, Json] = {
            "format": FORMAT,
            "version": VERSION,
            "thinktop": version("thinktop"),
            "texts": share.with_texts,
            "problems": share.problems,
            "runs": runs,
            "contents": dict(members.contents),
        }
        members.write(MANIFEST, [manifest], indent=1)
    return samples


def _write_run(
    members: _Members,
    folder: str,
    connection: sqlite3.Connection,
    run_id: int,
    facts: _Row,
    redaction: Redaction,
    share: Share,
) -> int:
    """How many samples it has."""
    tell: Telling = Whole(redaction.message) if share.problems else Withheld()
    if not share.problems:
        redaction.hidden = tuple(one["question"].strip() for one in problem_facts(connection, run_id))
    config = redaction.settings("config.json", stored_config(connection, run_id))
    conditions = redaction.settings("conditions.jsonl", list(condition_facts(connection, run_id)))
    places = cell_places(connection, run_id)

    def write(name: str, facts_of: Callable[[int], Iterable[_Row]], told: Callable[[_Row], _Row]) -> int:
        return members.write(f"{folder}{name}.jsonl", map(told, _placed(places, facts_of)))

    members.write(f"{folder}run.json", [redaction.settings("run.json", tell.run(facts))], indent=1)
    members.write(f"{folder}config.json", [config], indent=1)
    members.write(f"{folder}problems.jsonl", map(tell.problem, problem_facts(connection, run_id)))
    members.write(f"{folder}conditions.jsonl", conditions)
    members.write(f"{folder}cells.jsonl", map(_planned, places))
    samples = write("samples", lambda cell: sample_facts(connection, cell, texts=share.with_texts), tell.sample)
    write("grades", lambda cell: grade_facts(connection, cell), tell.grade)
    write("scores", lambda cell: score_facts(connection, cell), dict)
    write("attempts", lambda cell: attempt_facts(connection, cell), tell.attempt)
    write("failures", lambda cell: failure_facts(connection, cell), tell.failure)
    members.write(f"{folder}aggregates.jsonl", aggregate_facts(connection, run_id))
    return samples


def _placed(places: Iterable[CellPlace], facts_of: Callable[[int], Iterable[_Row]]) -> Iterator[_Row]:
    """The facts of all cells, each with its place in the plan."""
    for place in places:
        where = {"problem": place.problem, "condition": place.condition}
        for fact in facts_of(place.id):
            yield where | fact


def _planned(place: CellPlace) -> _Row:
    return {key: value for key, value in place._asdict().items() if key != "id"}
