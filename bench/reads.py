"""What screens read from a store, timed at ten thousand and at a million samples, and with many problems or runs."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.filling import filled, many
from core.store import events, flights, grid, listing, one_problem, progress
from core.store.draw_rows import Fate, draw_rows
from core.store.opening import open_reader
from core.store.strips import strips

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from core.store.place import Place

SMALL, LARGE = 10_000, 1_000_000
TIMES = 200
LIMIT_MS = 5.0
GROWTH = 2.0
RUNS = 50
WIDE_TIMES = 30
IN_VIEW = 40
"""Problems, or draws, that a screen has room for."""
TABLE_MS, LIST_MS, PAGE_MS = 25.0, 20.0, 5.0


def reads(folder: Path, _rounds: int) -> list[Figure]:
    """Milliseconds of a monitor's whole picture, of a problem list and of a list of runs."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        small, large = (filled(Path(inside), size) for size in (SMALL, LARGE))
        figures = []
        for what, read, limit_ms in (
            ("a monitor's picture", _monitor, LIMIT_MS),
            ("the list of problems", progress.problems, None),
        ):
            few, many = _in_turn(small, large, read)
            figures += [
                Figure("reads", f"{what}, {SMALL:,} samples", few, "ms"),
                Figure("reads", f"{what}, {LARGE:,} samples", many, "ms", at_most=limit_ms),
                Figure("reads", f"{what}, {LARGE:,} / {SMALL:,}", many / few, "", at_most=GROWTH),
            ]
        return [*figures, *_wide(Path(inside)), _list_of_runs(Path(inside))]


def _wide(folder: Path) -> list[Figure]:
    """Milliseconds of what screens read of a run of 1,000 problems x 12 budgets and a million samples."""
    place, run_id = filled(folder, LARGE, wide=True)
    with closing(open_reader(place)) as connection:
        in_view = [strip.id for strip in strips(connection, run_id)][:IN_VIEW]
        problem = in_view[-1]
        readings: list[tuple[str, float | None, Callable[[sqlite3.Connection, int], object]]] = [
            ("run and conditions", None, progress.progress),
            ("table of problems", TABLE_MS, strips),
            (f"leading votes of {IN_VIEW} problems", None, lambda db, run: grid.answers_of(db, run, in_view)),
            ("one problem", PAGE_MS, lambda db, run: one_problem.one_problem(db, run, problem)),
            ("page of its draws", PAGE_MS, lambda db, run: draw_rows(db, run, problem, limit=IN_VIEW)),
            ("page of wrong draws", None, lambda db, run: draw_rows(db, run, problem, limit=IN_VIEW, fate=Fate.WRONG)),
            ("requests that are out", PAGE_MS, flights.flights),
            ("requests in doubt", PAGE_MS, flights.in_doubt),
            ("latest events", PAGE_MS, lambda db, run: events.latest_events(db, run, IN_VIEW)),
        ]
        return [
            Figure(
                "reads",
                f"1,000 problems x 12: {what}",
                median(_timed(connection, run_id, read) for _ in range(WIDE_TIMES)),
                "ms",
                at_most=limit_ms,
            )
            for what, limit_ms, read in readings
        ]


def _list_of_runs(folder: Path) -> Figure:
    """Milliseconds of the list of all runs of a store."""
    place = many(folder, RUNS)
    with closing(open_reader(place)) as connection:
        taken = median(_timed(connection, 0, lambda db, _: listing.listing(db)) for _ in range(WIDE_TIMES))
    return Figure("reads", f"a list of {RUNS} runs of 240 cells", taken, "ms", at_most=LIST_MS)


def _monitor(connection: sqlite3.Connection, run_id: int) -> None:
    """All that the screen of one run shows: the run, its totals, its conditions, its cells, its warnings."""
    _ = progress.progress(connection, run_id).sums
    grid.grid(connection, run_id)
    progress.warnings(connection, run_id)


def _in_turn(
    small: tuple[Place, int], large: tuple[Place, int], read: Callable[[sqlite3.Connection, int], object]
) -> tuple[float, float]:
    """Median milliseconds of a reading of each of two stores, taken in turn."""
    with closing(open_reader(small[0])) as first, closing(open_reader(large[0])) as second:
        pairs = [(_timed(first, small[1], read), _timed(second, large[1], read)) for _ in range(TIMES)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def _timed(connection: sqlite3.Connection, run_id: int, read: Callable[[sqlite3.Connection, int], object]) -> float:
    """Milliseconds of one reading, in a transaction of its own as screens read."""
    began = time.perf_counter()
    connection.execute("BEGIN")
    read(connection, run_id)
    connection.execute("ROLLBACK")
    return 1000 * (time.perf_counter() - began)
