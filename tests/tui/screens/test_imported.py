"""Imported runs in the monitor: seen as what they are, and asked for nothing."""

from __future__ import annotations

import json

import pytest

from core.interchange.importing.keeping import keep
from core.interchange.importing.wanted import Wanted, foreign_runs
from core.store.opening import reading
from core.store.place import Place
from core.store.progress import run_row

ROWS = [
    {"id": f"p{n}", "model": "m", "effort": effort, "target": "7", "answer": "7" if n else "8", "graded": "CI"[not n]}
    for n in range(3)
    for effort in ("low", "high")
]
POINTS = [{"token_limit": 2**n, "accuracy": n / 20, "avg_tokens_used": 100.0 * 2**n} for n in range(4, 12)]


@pytest.fixture
def place(tmp_path):
    """A store with a table of samples (1) and published points (2)."""
    table, points = tmp_path / "theirs.jsonl", tmp_path / "results_log.json"
    table.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    points.write_text(json.dumps(POINTS))
    place = Place.at(tmp_path / "runs.db")
    keep(place, foreign_runs([table, points], Wanted()))
    return place


async def test_the_list_marks_them_and_counts_no_dollars(monitored, place):
    async with monitored(place, run_id=None) as seen:
        assert "IMP" in seen.line("theirs")
        assert "IMP" in seen.line("results_log")
        assert "unpriced" not in seen.text
        assert "imported: nothing was spent" in seen.text


@pytest.mark.parametrize("run_id", [1, 2])
async def test_each_page_of_one_opens_and_no_key_asks_anything_of_it(monitored, place, run_id):
    async with monitored(place, run_id=run_id) as seen:
        assert "IMPORTED" in seen.text
        for key in ("p", "s", "R", "plus", "f", "escape"):
            await seen.press(key)
    with reading(place) as db:
        found = run_row(db, run_id)
        assert (found.state, found.paused, found.attempts) == ("finished", False, 0)
        assert db.execute("SELECT count(*) FROM wishes").fetchone() == (0,)
