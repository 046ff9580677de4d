"""How many samples come in from others' files, and go out into files, for each second of the processor."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.made_up import RIGHT, conditions
from bench.truths import growing
from core.interchange.exporting import export_runs
from core.interchange.importing.keeping import keep
from core.interchange.importing.wanted import Wanted, foreign_runs
from core.store.opening import reading
from core.store.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROBLEMS, DRAWS = 30, 416
"""Times eight budgets: 99,840 samples."""
SUFFIXES = (".jsonl", ".csv", ".parquet", ".zip")
_THOUGHT = "So 2 + 3 = 5, which leaves 68 of them; look at it once more from the other side, by parity. "
_THOUGHTS = 6


def interchange(folder: Path, subject: str) -> list[Figure]:
    """Once each, texts of some 600 characters included."""
    lines = folder / "foreign.jsonl"
    written = 0
    with lines.open("w") as file:
        for line in _lines():
            file.write(line + "\n")
            written += 1
    place = Place.at(folder / "imported.db")
    began = time.process_time()
    kept = keep(place, foreign_runs([lines], Wanted()))
    figures = [_figure(subject, f"import of .jsonl, {written:,} samples", written, began)]
    with reading(place) as connection:
        for suffix in SUFFIXES:
            began = time.process_time()
            done = export_runs(connection, place, [run for run, _ in kept], folder / f"samples{suffix}")
            assert done.written == written
            figures.append(_figure(subject, f"export as {suffix}", written, began))
    return figures


def _figure(subject: str, what: str, samples: int, began: float) -> Figure:
    return Figure(subject, what, samples / (time.process_time() - began), "/s", note="for each second of the processor")


def _lines() -> Iterator[str]:
    """The samples as others write them down, a line each; no two texts are the same."""
    for condition in conditions(growing, PROBLEMS, DRAWS):
        for cell in condition.cells:
            columns = (cell.answers, cell.right, cell.completion_tokens, cell.seconds)
            for draw, (answer, right, tokens, seconds) in enumerate(zip(*columns, strict=True)):
                yield json.dumps(
                    {
                        "problem_id": cell.problem_id,
                        "draw": draw,
                        "model": condition.model,
                        "budget": condition.budget,
                        "target": RIGHT,
                        "answer": answer,
                        "correct": right,
                        "prompt_tokens": 180,
                        "completion_tokens": tokens,
                        "seconds": seconds,
                        "question": f"How many of {cell.problem_id} are left?",
                        "text": f"{condition.budget} {cell.problem_id} {draw}: {_THOUGHT * _THOUGHTS}{answer}",
                    }
                )
