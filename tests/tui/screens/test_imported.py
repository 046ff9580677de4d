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


async def test_published_points_have_no_draws_no_work_and_no_requests_to_count(monitored, place):
    async with monitored(place, run_id=2) as seen:
        assert "published points" in seen.text
        for told in ("0/0", "100%  ", "$0.00", "429", "ETA"):
            assert told not in "\n".join(seen.text.splitlines()[:4])
        await seen.press("f")
        assert "IMPORTED" in seen.text
        assert "0 samples" not in seen.text
    async with monitored(place, run_id=None) as seen:
        assert "0/0" not in seen.text


async def test_of_an_imported_draw_nothing_is_made_up(monitored, place):
    async with monitored(place, run_id=1) as seen:
        await seen.press("3", "enter", "3", "enter")
        assert "no text is in what was imported" in seen.text
        assert "0 tokens out" not in seen.text
        await seen.press("tab", "tab")
        assert "sent to" not in seen.text
