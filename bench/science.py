"""What the numbers cost: curves with votes, resamples, verdicts and fits; reading samples for them; files of others.

All of it in the processor's time (`bench.processor`), so that a busy machine counts for little; a multiple of the bare
work beside it, taken in the same run, says how far a figure is from what cannot be done without.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure
from bench.filling import filled
from bench.interchange import interchange
from bench.made_up import conditions
from bench.processor import cpu_ms
from bench.truths import growing
from core.analysis.curve import condition_curve
from core.analysis.fits import Fit, band, fits_of
from core.analysis.grid import grid_of
from core.analysis.knee import knee_of
from core.analysis.resampling import TIMES, middle, problem_weights, resampled_draws, weighted_means
from core.analysis.verdicts import Evidence, verdicts_of
from core.analysis.vote_table import vote_table
from core.analysis.votes import tally_of_columns
from core.reading import read_conditions
from core.store.columns import GRADES, SAMPLES, cell_rows, condition_rows
from core.store.opening import open_reader
from core.study_json import study_json
from core.studying import read_study, standing_study

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from bench.truths import Reals
    from core.analysis.grid import Grid
    from core.analysis.records import ConditionSamples

SUBJECT = "science"
PROBLEMS, DRAWS = 30, 256
STORED, MANY = 100_000, 1_000_000
"""Samples of a store: of which all are read, and of which only the sums are."""
CURVE_MS, PROBLEMS_MS, FULL_MS, READ_MS = 100.0, 50.0, 1500.0, 300.0
_MOST_ROWS = 1 << 62
PLACES = np.linspace(4.0, 11.0, 64)
"""Log2 tokens at which a band is drawn."""


def science(folder: Path, rounds: int) -> list[Figure]:
    """Milliseconds of the processor, medians over rounds; samples for each second of it, once."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        store, wide = filled(Path(inside), STORED), filled(Path(inside), MANY, wide=True)
        figures = _from_samples(rounds)
        with closing(open_reader(store[0])) as connection:
            figures += [*_reading(connection, store[1], rounds), *_standing(connection, store[1], "30 x 8", rounds)]
        with closing(open_reader(wide[0])) as connection:
            figures += _standing(connection, wide[1], "1,000 x 12", rounds)
        return figures + interchange(Path(inside), SUBJECT)


def _from_samples(rounds: int) -> list[Figure]:
    """What is worked out of samples in memory: a whole sweep of them."""
    sweep = conditions(growing, PROBLEMS, DRAWS)
    grid, weights, tables = grid_of(sweep), problem_weights([None] * PROBLEMS), [vote_table(one) for one in sweep]
    fits = fits_of(grid)
    assert fits is not None
    assert fits.sigmoid is not None
    size = f"{PROBLEMS} x {len(sweep)} x {DRAWS}"
    curve, counted = cpu_ms(partial(_curves, sweep), rounds), cpu_ms(partial(_counted, sweep), rounds)
    full, bare = cpu_ms(lambda: resampled_draws(grid, weights), rounds), cpu_ms(partial(_bare_draws, grid), rounds)
    close = conditions(_close, PROBLEMS, DRAWS)
    return [
        _ms(f"curve with votes to k = {DRAWS}, {size}", curve, CURVE_MS),
        _ms("the same where no vote is decided", cpu_ms(partial(_curves, close), rounds)),
        Figure(SUBJECT, "curve with votes / its answers counted", curve / counted, ""),
        _ms(f"bootstrap of problems x{TIMES}", cpu_ms(partial(_bootstrap, grid), rounds), PROBLEMS_MS),
        _ms(f"bootstrap of problems and draws x{TIMES}", full, FULL_MS),
        Figure(SUBJECT, "bootstrap of draws / its random numbers alone", full / bare, ""),
        _ms("grid", cpu_ms(lambda: grid_of(sweep), rounds)),
        _ms("tables of votes", cpu_ms(lambda: [vote_table(one) for one in sweep], rounds)),
        _ms("verdicts on thinking and votes", cpu_ms(lambda: verdicts_of([Evidence(grid, tables)]), rounds)),
        _ms("three shapes fitted and compared", cpu_ms(lambda: fits_of(grid), rounds)),
        *_bands([fits.straight, fits.sigmoid], grid, rounds),
        _ms(f"knee x{TIMES}", cpu_ms(lambda: knee_of(grid), rounds)),
    ]


def _bands(fits: Sequence[Fit], grid: Grid, rounds: int) -> list[Figure]:
    return [
        _ms(f"band of the {fit.shape.value} x{TIMES}", cpu_ms(partial(band, fit, grid, PLACES), rounds)) for fit in fits
    ]


def _reading(connection: sqlite3.Connection, run_id: int, rounds: int) -> list[Figure]:
    """All samples of a run, and all that is said of them."""
    read = cpu_ms(_as_screens(connection, lambda: _arrays(connection, run_id)), rounds)
    rows = cpu_ms(_as_screens(connection, lambda: _bare_rows(connection, run_id)), rounds)
    said = cpu_ms(_as_screens(connection, lambda: study_json(*read_study(connection, [run_id]))), rounds)
    return [
        _ms(f"{STORED:,} samples read into arrays", read, READ_MS),
        Figure(SUBJECT, "samples read / their bare rows", read / rows, ""),
        _ms("samples read, and all of curve --json", said),
    ]


def _standing(connection: sqlite3.Connection, run_id: int, size: str, rounds: int) -> list[Figure]:
    """What a monitor's figure needs, from sums: a first time, and again when little has changed."""
    work = _as_screens(connection, lambda: standing_study(connection, [run_id]).verdicts)
    return [
        _ms(f"verdicts from sums, {size}", cpu_ms(work, rounds)),
        _ms(f"verdicts from sums, {size}, again", cpu_ms(work, rounds, remembered=True)),
    ]


def _as_screens(connection: sqlite3.Connection, work: Callable[[], object]) -> Callable[[], None]:
    """The work in a transaction of its own."""

    def within() -> None:
        connection.execute("BEGIN")
        work()
        connection.execute("ROLLBACK")

    return within


def _ms(what: str, value: float, at_most: float | None = None) -> Figure:
    return Figure(SUBJECT, what, value, "ms", at_most=at_most)


def _close(hardness: Reals, x: Reals) -> Reals:
    """A truth in which the right answer is hardly more frequent than the favourite wrong one."""
    return 0.3 + 0.1 * hardness + 0.0 * x


def _curves(sweep: Sequence[ConditionSamples]) -> None:
    for condition in sweep:
        assert condition_curve(condition).maj_at[-1].k == DRAWS


def _counted(sweep: Sequence[ConditionSamples]) -> None:
    """The least that votes can be made of."""
    for condition in sweep:
        for cell in condition.cells:
            tally_of_columns(cell.answers, cell.right, cell.truncated)


def _bootstrap(grid: Grid) -> None:
    """Intervals of the accuracy and the tokens of each condition."""
    weights = problem_weights(grid.clusters)
    for values in (grid.shares, grid.tokens):
        for column in weighted_means(values, weights).T:
            middle(column)


def _bare_draws(grid: Grid) -> None:
    """As many random numbers as the full bootstrap takes, with nothing made of them."""
    generator = np.random.default_rng(0)
    for n in grid.drawn.ravel().tolist():
        generator.integers(n, size=n * TIMES, dtype=np.int32)


def _arrays(connection: sqlite3.Connection, run_id: int) -> None:
    grid_of([condition.samples for condition in read_conditions(connection, run_id)])


def _bare_rows(connection: sqlite3.Connection, run_id: int) -> None:
    """The same rows of the store, with nothing made of them."""
    for condition in condition_rows(connection, run_id):
        for cell in cell_rows(connection, condition.id):
            connection.execute(SAMPLES, {"cell_id": cell.id}).fetchall()
    connection.execute(GRADES, {"run_id": run_id, "low": 0, "high": _MOST_ROWS}).fetchall()
