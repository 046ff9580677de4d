"""What a screen reads from a store, timed at ten thousand and at a million samples."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.filling import filled
from core.store import grid, progress, samples
from core.store.opening import open_reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from core.store.place import Place

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
TIMES = 200
LIMIT_MS = 5.0
GROWTH = 2.0


def reads(folder: Path, rounds: int) -> list[Figure]:
    """Milliseconds of a monitor's whole picture, of a problem list, and of reading all samples for a curve."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        small, middle, large = (filled(Path(inside), size) for size in (SMALL, MIDDLE, LARGE))
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
        with closing(open_reader(middle[0])) as connection:
            curve = median(_timed(connection, middle[1], _all_samples) for _ in range(rounds))
        return [*figures, Figure("reads", f"all samples for a curve, {MIDDLE:,}", curve, "ms")]


def _monitor(connection: sqlite3.Connection, run_id: int) -> None:
    """All that the screen of one run shows: the run, its totals, its conditions, its cells, its warnings."""
    _ = progress.progress(connection, run_id).sums
    grid.grid(connection, run_id)
    progress.warnings(connection, run_id)


def _all_samples(connection: sqlite3.Connection, run_id: int) -> None:
    for _sample in samples.samples(connection, run_id):
        pass


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
