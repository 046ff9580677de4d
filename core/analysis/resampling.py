"""What other problems, and other draws of them, might have given: the bootstrap, seeded.

A resample is written as weights, how often each problem is in it, so that whatever is a mean over problems is one
product of matrices, and every condition sees the same problems: differences between budgets keep their pairing.
Problems of one cluster come and go together (Miller 2024, arXiv:2411.00640, section 2.2). The full, hierarchical form
draws problems first, then draws of each (Davison and Hinkley 1997, *Bootstrap Methods*, section 3.8): its spread holds
that of the draws twice, so it is the wider of the two where draws are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.analysis.intervals import CONFIDENCE, count_clusters, members

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from core.analysis.grid import Grid, Reals, Whole
    from core.analysis.intervals import Interval
    from core.analysis.records import CellSamples

TIMES = 1000
"""Resamples, where nobody says otherwise."""


def problem_weights(clusters: Sequence[Hashable | None], times: int = TIMES, seed: int = 0) -> Whole:
    """How often each problem is in each resample: a row for each of `times`, a column for each problem.

    As many clusters are drawn as there are; a problem whose cluster is None stands for itself.
    """
    member, count = list(members(clusters)), count_clusters(clusters)
    generator = np.random.default_rng(seed)
    chances = np.full(count, 1 / count) if count else np.zeros(0)
    taken = generator.multinomial(count, chances, size=times) if count else np.zeros((times, 0), dtype=np.int64)
    return np.asarray(taken[:, member], dtype=np.int64)


def weighted_means(values: Reals, weights: Whole) -> Reals:
    """The mean of each column of `values` (a row a problem) in each resample: a row for each; NaN is left out."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ np.where(known, values, 0.0)) / (weights @ known.astype(np.float64)))


def resampled_draws(grid: Grid, weights: Whole, seed: int = 0) -> tuple[Reals, Reals]:
    """(accuracy, mean tokens) of each condition, by draws of the problems that `weights` took: a row per resample.

    The second step of the hierarchical bootstrap: a problem that was taken twice has its draws drawn twice. From sums
    alone, right answers are drawn (binomially, which is the same), and tokens stay at their means.
    """
    generator = np.random.default_rng([seed, 1])
    shape = len(weights), grid.drawn.shape[1]
    accuracy, tokens = np.full(shape, np.nan), np.full(shape, np.nan)
    for column in range(shape[1]):
        rows = np.flatnonzero(grid.drawn[:, column] > 0)
        taken = weights[:, rows]
        if grid.samples is None:
            right = _right_of_sums(grid.right[rows, column], grid.drawn[rows, column], taken, generator)
            used = taken @ grid.tokens[rows, column]
        else:
            right, used = _sums_of_cells([grid.samples[column].cells[row] for row in rows], taken, generator)
        with np.errstate(invalid="ignore", divide="ignore"):
            accuracy[:, column], tokens[:, column] = right / taken.sum(axis=1), used / taken.sum(axis=1)
    return accuracy, tokens


def middle(values: Reals, confidence: float = CONFIDENCE) -> Interval | None:
    """The percentile interval of resampled values; None where none is finite."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def _right_of_sums(right: Whole, drawn: Whole, taken: Whole, generator: np.random.Generator) -> Reals:
    """The sum over the problems taken of the share right of their new draws: one for each row of `taken`."""
    total = np.zeros(len(taken))
    # The draws of all problems of one share are drawn in one go: a sum of such binomials is one.
    for good, n in np.unique(np.column_stack([right, drawn]), axis=0).tolist():
        alike = taken[:, (right == good) & (drawn == n)].sum(axis=1)
        total += generator.binomial(alike * n, good / n) / n
    return total


def _sums_of_cells(cells: Sequence[CellSamples], taken: Whole, generator: np.random.Generator) -> tuple[Reals, Reals]:
    """The same of new draws of the samples themselves, and of their mean tokens."""
    right, used = np.zeros(len(taken)), np.zeros(len(taken))
    for cell, times in zip(cells, taken.T, strict=True):
        held = np.flatnonzero(times)
        facts = np.array([(good, t) for (_, good), t in zip(cell.ballots, cell.completion_tokens, strict=True)])
        sums = _sums_of_draws(facts, times[held] * len(facts), generator) / len(facts)
        right[held] += sums[:, 0]
        used[held] += sums[:, 1]
    return right, used


def _sums_of_draws(facts: Reals, draws: Whole, generator: np.random.Generator) -> Reals:
    """Sums over so many draws with replacement of each row of facts: a row for each number of draws."""
    n = len(facts)
    if n == 1:
        return np.asarray(draws[:, None] * facts[0])
    taken = generator.integers(n, size=int(draws.sum()), dtype=np.int32)
    ends = np.cumsum(draws)
    return np.asarray(np.add.reduceat(facts[taken], np.concatenate(([0], ends[:-1])), axis=0))
