"""Problems x conditions of one label as arrays: what fits, verdicts, comparisons and figures are worked out from.

A grid holds what each cell comes to, not its draws, so it can be made from a store's sums as well as from samples; only
what needs the draws themselves looks at `samples`. Conditions stand from the least thinking to the most: by the tokens
asked for, else by the tokens used.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.analysis.records import CellTotals
from core.vocabulary import PICO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.analysis.records import CellSamples, ConditionSamples, ConditionTotals
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
    def placed_tokens(self) -> Reals:
        """`tokens`, a cell of which nobody has said them taken at the mean of its condition, if that is known."""
        return np.where(np.isnan(self.tokens), self.mean_tokens, self.tokens)

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
    known = {cell.problem_id: cell for condition in reversed(conditions) for cell in condition.cells}
    ids = [tuple(cell.problem_id for cell in condition.cells) for condition in conditions]
    grid = _grid(
        conditions,
        ids,
        [np.array([_of_samples(cell) for cell in condition.cells], dtype=np.float64) for condition in conditions],
        {key: cell.cluster for key, cell in known.items()},
        {key: cell.content for key, cell in known.items()},
    )
    complete = all(one == grid.problems for one in ids)
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
    clusters: dict[str, str | None] = {}
    for condition, ids in zip(conditions, problems, strict=True):
        clusters.update(zip(ids, (cell.cluster for cell in condition.cells), strict=True))
    tables = [_of_totals(condition.cells) for condition in conditions]
    grid = _grid(conditions, [tuple(ids) for ids in problems], tables, clusters, contents)
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


_NOTHING = (0, 0, 0, 0, nan, nan, nan)
"""What a cell without a sample comes to, in the order of `_ARRAYS`."""


def _grid(
    conditions: Sequence[ConditionSamples | ConditionTotals],
    ids: Sequence[tuple[str, ...]],
    tables: Sequence[Reals],
    clusters: Mapping[str, str | None],
    contents: Mapping[str, str],
) -> Grid:
    """The grid from what the cells of each condition come to, a row each in the order of `_ARRAYS`."""
    if not conditions:
        raise ValueError("a grid needs a condition")
    problems = tuple(dict.fromkeys(chain.from_iterable(ids)))
    row_of = {key: row for row, key in enumerate(problems)}
    whole = np.full((len(problems), len(conditions), len(_NOTHING)), _NOTHING)
    for column, (own, table) in enumerate(zip(ids, tables, strict=True)):
        whole[[row_of[key] for key in own], column] = table.reshape(len(own), len(_NOTHING))
    first, counts = conditions[0], whole[..., :4].astype(np.int64)
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
        drawn=counts[..., 0],
        right=counts[..., 1],
        missing=counts[..., 2],
        truncated=counts[..., 3],
        tokens=whole[..., 4],
        dollars=whole[..., 5],
        seconds=whole[..., 6],
    )


def _of_samples(cell: CellSamples) -> tuple[float, ...]:
    n = cell.samples
    if not n:
        return (0, 0, cell.missing, *_NOTHING[3:])
    priced = [cost for cost in cell.cost_pico if cost is not None]
    return (
        n,
        sum(right for _, right in cell.ballots),
        cell.missing,
        sum(cell.truncated),
        sum(cell.completion_tokens) / n or nan,
        sum(priced) / PICO / n if len(priced) == n else nan,
        sum(cell.seconds) / n or nan,
    )


def _of_totals(cells: Sequence[CellTotals]) -> Reals:
    """All cells at once: a monitor asks for thousands every few seconds."""
    if not cells:
        return np.empty((0, len(_NOTHING)))
    columns = dict(zip(CellTotals._fields, zip(*cells, strict=True), strict=True))
    names = "samples", "right", "missing", "truncated", "summed", "completion_tokens", "cost_pico", "seconds"
    # An unpriced cell's None becomes NaN.
    drawn, right, missing, cut, summed, tokens, pico, seconds = (
        np.array(columns[name], dtype=np.float64) for name in names
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.where(told, total / summed, nan) for told, total in (
            (tokens > 0, tokens), (summed > 0, pico / PICO), (seconds > 0, seconds)
        )]  # fmt: skip
    # Of those that are not graded yet some may be among the truncated ones.
    return np.column_stack([drawn, right, missing, np.minimum(cut, drawn), *means])
