"""Small foreign files of every form that is read, and ways to see what they come to."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from core.interchange.importing.wanted import Wanted, foreign_runs

SHARED = Path(__file__).parents[5] / "shared" / "data"


def sample(problem="p1", epoch=1, *, value="C", answer="7", target="7", **more):
    """A sample of an Inspect log, as its summaries have it."""
    usage = {"input_tokens": 10, "output_tokens": 100, "total_tokens": 110, "reasoning_tokens": 60}
    return {
        "id": problem,
        "epoch": epoch,
        "input": f"What is {problem}?",
        "target": target,
        "scores": {"match": {"value": value, "answer": answer}},
        "model_usage": {"openai/o9": usage, "google/judge": {"input_tokens": 5, "output_tokens": 5}},
        "total_time": 9.0,
        "working_time": 4.0,
    } | more


def header(model="openai/o9", *, epochs=1, status="success", **config):
    """The header of an Inspect log."""
    return {
        "version": 2,
        "status": status,
        "eval": {
            "task": "sums",
            "model": model,
            "created": "2026-01-01T00:00:00+00:00",
            "config": {"epochs": epochs},
            "scorers": [{"name": "match"}],
        },
        "plan": {"config": config},
        "stats": {"completed_at": "2026-01-01T01:00:00+00:00"},
    }


class Files:
    """Writes foreign files into a folder."""

    header, sample = staticmethod(header), staticmethod(sample)

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, content):
        """A file of these bytes or this text."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def lines(self, *rows, name="s.jsonl"):
        """A file with an object a line."""
        return self.write(name, "".join(json.dumps(row) + "\n" for row in rows))

    def zip(self, members, name="log.eval", packed=zipfile.ZIP_DEFLATED):
        """A zip of these members, JSON unless they are bytes."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w", packed) as archive:
            for member, content in members.items():
                archive.writestr(member, content if isinstance(content, bytes) else json.dumps(content))
        return path

    def log(self, *samples, name="log.eval", head=None):
        """An Inspect log with summaries only."""
        return self.zip({"header.json": head or header(), "summaries.json": list(samples)}, name)


@pytest.fixture
def files(tmp_path):
    """A writer of foreign files."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    return Files(folder)


@pytest.fixture
def imported():
    """The runs in foreign files."""

    def read(*paths, **wanted):
        return foreign_runs(paths, Wanted(**wanted))

    return read


@pytest.fixture
def shared():
    """The folder of results that others measured; only where it is there."""
    if not SHARED.is_dir():
        pytest.skip("the shared data are not here")
    return SHARED
