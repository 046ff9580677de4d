"""Problems x conditions of one label as arrays: what fits, verdicts, comparisons and figures are worked out from.

A grid holds what each cell comes to, not its draws, so it can be made from a store's sums as well as from samples; only
what needs the draws themselves looks at `samples`. Conditions stand from the least thinking to the most: by the tokens
asked for, else by the tokens used.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.vocabulary import PICO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.analysis.records import CellSamples, CellTotals, ConditionSamples, ConditionTotals
    from core.vocabulary import Budget, Control

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One label of one run. Arrays have a row for each problem and a column for each condition."""

    run: int
    name: str
    """What figures and sentences call it: the label, with the run where several have it."""
    label: str
    model: str
    control: Control
    budgets: tuple[Budget, ...]
    asked: tuple[int | None, ...]
    """Tokens asked for; None for an effort level, or where nothing was asked."""
    problems: tuple[str, ...]
    """Their ids."""
    contents: tuple[str, ...]
    """What they say: equal across runs where question and answer are."""
    clusters: tuple[str | None, ...]
    drawn: Whole
    """Samples."""
    right: Whole
    """Of those; truncated ones are wrong."""
    missing: Whole
    """Draws that failed for good."""
    truncated: Whole
    tokens: Reals
    """Mean completion tokens of a sample; NaN without one, or where nobody has said, like the next two."""
    dollars: Reals
    """Mean cost; NaN too where a sample is unpriced."""
    seconds: Reals
    train_flops: float | None = None
    params: float | None = None
    """Active parameters."""
    samples: tuple[ConditionSamples, ...] | None = None
    """The draws, in the order of the columns; each condition's cells in the order of the rows. None from sums."""

    @property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """What each problem says, and how many before it say the same: equal where two runs ask the same thing.

        The same text twice in one run is two problems.
        """
        seen = Counter[str]()
        found = []
        for content in self.contents:
            found.append((content, seen[content]))
            seen[content] += 1
        return tuple(found)

    @property
    def shares(self) -> Reals:
        """Share of each cell's samples that is right; NaN without a sample."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.right / self.drawn, dtype=np.float64)

    @property
    def held(self) -> Whole:
        """The rows of the problems that have a sample under every condition that has any."""
        columns = self.drawn.sum(axis=0) > 0
        return np.flatnonzero((self.drawn[:, columns] > 0).all(axis=1))

    @property
    def accuracy(self) -> Reals:
        """Of each condition: the mean over its problems of the share right; NaN without a sample."""
        return mean_of_known(self.shares)

    @property
    def mean_tokens(self) -> Reals:
        """Of each condition: mean over its problems of mean completion tokens."""
        return mean_of_known(self.tokens)

    @property
    def mean_dollars(self) -> Reals:
        """Of each condition: mean over its problems of mean cost; NaN where any of them is unpriced."""
        known = mean_of_known(self.dollars)
        unpriced = ((self.drawn > 0) & np.isnan(self.dollars)).any(axis=0)
        return np.where(unpriced, np.nan, known)

    @property
    def mean_seconds(self) -> Reals:
        """Of each condition: mean over its problems of mean seconds, as if asked one after another."""
        return mean_of_known(self.seconds)

    def columns(self, wanted: Sequence[int]) -> Grid:
        """The same with these conditions only, in this order."""
        at = list(wanted)
        return replace(
            self,
            budgets=tuple(self.budgets[i] for i in at),
            asked=tuple(self.asked[i] for i in at),
            samples=None if self.samples is None else tuple(self.samples[i] for i in at),
            **{name: getattr(self, name)[:, at] for name in _ARRAYS},
        )

    def rows(self, wanted: Sequence[int] | Whole) -> Grid:
        """The same with these problems only, in this order; without their draws."""
        at = [int(i) for i in wanted]
        return replace(
            self,
            problems=tuple(self.problems[i] for i in at),
            contents=tuple(self.contents[i] for i in at),
            clusters=tuple(self.clusters[i] for i in at),
            samples=None,
            **{name: getattr(self, name)[at] for name in _ARRAYS},
        )


_ARRAYS = ("drawn", "right", "missing", "truncated", "tokens", "dollars", "seconds")


def grid_of(
    conditions: Sequence[ConditionSamples],
    *,
    name: str | None = None,
    train_flops: float | None = None,
    params: float | None = None,
) -> Grid:
    """The grid of one label's conditions; a problem that a condition lacks has no sample there.

    Raises:
        ValueError: there is no condition.
    """
    columns = [{cell.problem_id: _of_samples(cell) for cell in condition.cells} for condition in conditions]
    known = {cell.problem_id: cell for condition in reversed(conditions) for cell in condition.cells}
    grid = _grid(
        conditions,
        columns,
        {key: cell.cluster for key, cell in known.items()},
        {key: cell.content for key, cell in known.items()},
    )
    complete = all(tuple(column) == grid.problems for column in columns)
    held = tuple(conditions) if complete else None
    return in_order(
        replace(grid, name=name or grid.name, train_flops=train_flops, params=params, samples=held),
    )


def grid_of_totals(
    conditions: Sequence[ConditionTotals],
    problems: Sequence[Sequence[str]],
    contents: Mapping[str, str],
    *,
    name: str | None = None,
    train_flops: float | None = None,
    params: float | None = None,
) -> Grid:
    """The same from sums, without draws.

    Args:
        conditions: of one label.
        problems: of each condition the ids of its cells' problems.
        contents: what each problem says.
        name: what figures call the label; its own name if nobody says.
        train_flops: of the model's training, where it is known.
        params: active parameters, where they are known.

    Raises:
        ValueError: there is no condition.
    """
    columns, clusters = [], dict[str, str | None]()
    for condition, ids in zip(conditions, problems, strict=True):
        columns.append({key: _of_totals(cell) for key, cell in zip(ids, condition.cells, strict=True)})
        clusters |= {key: cell.cluster for key, cell in zip(ids, condition.cells, strict=True)}
    grid = _grid(conditions, columns, clusters, contents)
    return in_order(replace(grid, name=name or grid.name, train_flops=train_flops, params=params))


def in_order(grid: Grid) -> Grid:
    """The grid from the least tokens asked for to the most; where not all ask for tokens, by the tokens used.

    There a condition of which no tokens are known stands last.
    """
    if all(asked is not None for asked in grid.asked):
        keys = [float(asked or 0) for asked in grid.asked]
    else:
        keys = [inf if np.isnan(used) else float(used) for used in grid.mean_tokens]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return grid if order == list(range(len(keys))) else grid.columns(order)


def mean_of_known(values: Reals) -> Reals:
    """The mean of each column over what is not NaN; NaN where nothing is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, values, 0.0).sum(axis=0) / count, dtype=np.float64)


class _Sums(NamedTuple):
    """What one cell comes to, in the order of a grid's arrays."""

    drawn: int = 0
    right: int = 0
    missing: int = 0
    truncated: int = 0
    tokens: float = nan
    dollars: float = nan
    seconds: float = nan


def _grid(
    conditions: Sequence[ConditionSamples | ConditionTotals],
    columns: Sequence[Mapping[str, _Sums]],
    clusters: Mapping[str, str | None],
    contents: Mapping[str, str],
) -> Grid:
    if not conditions:
        raise ValueError("a grid needs a condition")
    problems = tuple(dict.fromkeys(key for column in columns for key in column))
    rows = [[column.get(key, _Sums()) for column in columns] for key in problems]
    table = np.array(rows, dtype=np.float64).reshape(len(problems), len(conditions), len(_Sums._fields))
    first, whole = conditions[0], table[..., :4].astype(np.int64)
    return Grid(
        run=first.run,
        name=first.label,
        label=first.label,
        model=first.model,
        control=first.control,
        budgets=tuple(condition.budget for condition in conditions),
        asked=tuple(condition.budget_tokens for condition in conditions),
        problems=problems,
        contents=tuple(contents.get(key) or key for key in problems),
        clusters=tuple(clusters[key] for key in problems),
        drawn=whole[..., 0],
        right=whole[..., 1],
        missing=whole[..., 2],
        truncated=whole[..., 3],
        tokens=table[..., 4],
        dollars=table[..., 5],
        seconds=table[..., 6],
    )


def _of_samples(cell: CellSamples) -> _Sums:
    n = cell.samples
    if not n:
        return _Sums(missing=cell.missing)
    priced = [cost for cost in cell.cost_pico if cost is not None]
    return _Sums(
        drawn=n,
        right=sum(right for _, right in cell.ballots),
        missing=cell.missing,
        truncated=sum(cell.truncated),
        tokens=sum(cell.completion_tokens) / n or nan,
        dollars=sum(priced) / PICO / n if len(priced) == n else nan,
        seconds=sum(cell.seconds) / n or nan,
    )


def _of_totals(cell: CellTotals) -> _Sums:
    if not cell.summed:
        return _Sums(missing=cell.missing)
    return _Sums(
        drawn=cell.samples,
        right=cell.right,
        missing=cell.missing,
        # Of those that are not graded yet some are among the truncated ones.
        truncated=min(cell.truncated, cell.samples),
        tokens=cell.completion_tokens / cell.summed or nan,
        dollars=nan if cell.cost_pico is None else cell.cost_pico / PICO / cell.summed,
        seconds=cell.seconds / cell.summed or nan,
    )
