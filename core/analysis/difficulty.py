"""Accuracy by how hard a problem is: problems in bins by difficulty, each condition's accuracy within each bin.

Difficulty is what the model itself finds hard (quintiles of the base model's pass@1: Snell et al. 2024,
arXiv:2408.03314, on question difficulty). Bins must not be made of the draws that they report: a problem that had bad
luck would be put among the hard ones and counted as hard, so that the hard bins would look harder, and the easy ones
easier, than they are (regression to the mean). So two rules, both of which bin by one thing and report another:

- **cross-fitting**, where every cell has 2 draws or more: problems are binned by their even draws, and their odd draws
  are reported; then the other way about. Each problem is reported twice, perhaps in two bins.
- **leave one condition out** otherwise: each condition's problems are binned by all the other conditions.

A problem's difficulty is the mean, over the conditions that bin it, of its share of wrong answers. Of equals, the one
that took more tokens there is harder, since most problems of a strong model are always right; then the later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from core.analysis.grid import mean_of_known
from core.analysis.intervals import interval, mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid, Reals, Whole
    from core.analysis.intervals import Interval
    from core.analysis.records import CellSamples
    from core.vocabulary import Budget, Json

BINS = 5
"""Quintiles."""

Method = Literal["cross-fitting", "leave one condition out"]


class Half(NamedTuple):
    """What some draws of every cell come to: problems x conditions."""

    shares: Reals
    """Right."""
    tokens: Reals
    """Mean per sample; NaN where nobody said."""
    drawn: Whole

    def hardness(self, columns: Whole | slice = slice(None)) -> tuple[Reals, Reals]:
        """Of each problem, over these conditions: mean share wrong, mean tokens."""
        return 1 - self.shares[:, columns].mean(axis=1), mean_of_known(self.tokens[:, columns].T)


_Binned = tuple["Whole", Half]
"""The bin of each cell's problem, and the draws that report it."""


@dataclass(frozen=True, slots=True)
class BinPoint:
    """One condition within one bin."""

    budget: Budget
    problems: int
    """Different ones."""
    samples: int
    accuracy: float
    ci95: Interval | None
    """Clustered by problem; None below 2 clusters."""
    tokens: float | None
    """Mean completion tokens per sample, mean over problems; None where nobody said of any."""

    def to_json(self) -> dict[str, Json]:
        """The point by its names."""
        return {
            "budget": self.budget,
            "problems": self.problems,
            "samples": self.samples,
            "accuracy": self.accuracy,
            "ci95": self.ci95 and list(self.ci95),
            "mean_completion_tokens": self.tokens,
        }


@dataclass(frozen=True, slots=True)
class Bin:
    """Problems of about one difficulty."""

    number: int
    """1 is the easiest."""
    points: tuple[BinPoint, ...]
    """In the order of the grid's conditions."""

    def to_json(self) -> dict[str, Json]:
        """The bin by its names."""
        return {"bin": self.number, "conditions": [point.to_json() for point in self.points]}


@dataclass(frozen=True, slots=True)
class Difficulty:
    """One label's bins, from the easiest to the hardest."""

    name: str
    method: Method
    problems: int
    left_out: int
    """Problems that lack a sample under some condition."""
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Json]:
        """The bins by their names."""
        return {
            "name": self.name,
            "method": self.method,
            "problems": self.problems,
            "left_out": self.left_out,
            "bins": [one.to_json() for one in self.bins],
        }


def difficulty_of(grid: Grid, bins: int = BINS) -> Difficulty | None:
    """Accuracy of each condition within each bin, bins and accuracies from different draws.

    Problems are those with a sample under every condition. Bins are as equal in size as can be.

    Returns:
        None with fewer problems than bins; or where no rule can be kept: one condition only, and cells of one draw, or
        known by their sums alone.
    """
    columns, rows = np.flatnonzero(grid.drawn.sum(axis=0) > 0), grid.held
    if not len(columns) or len(rows) < bins:
        return None
    binned = _crossed(grid, rows, columns, bins) or _left_out(grid, rows, columns, bins)
    if binned is None:
        return None
    method, reported = binned
    own = [grid.clusters[row] for row in rows]
    # Both halves of a problem belong together, as problems of a cluster do.
    clusters = [("alone", int(row)) if one is None else ("of", one) for row, one in zip(rows, own, strict=True)]
    return Difficulty(
        name=grid.name,
        method=method,
        problems=len(rows),
        left_out=len(grid.problems) - len(rows),
        bins=tuple(
            Bin(number + 1, tuple(
                _point(grid.budgets[column], at, reported, number, clusters) for at, column in enumerate(columns)
            ))
            for number in range(bins)
        ),
    )  # fmt: skip


def _crossed(grid: Grid, rows: Whole, columns: Whole, bins: int) -> tuple[Method, list[_Binned]] | None:
    """Binned by one half of the draws and reported by the other, both ways; None where a cell has no two draws."""
    if grid.samples is None or grid.drawn[np.ix_(rows, columns)].min() < 2:  # noqa: PLR2004 - two halves
        return None
    chosen = [grid.samples[column] for column in columns]
    by_id = [{cell.problem_id: cell for cell in condition.cells} for condition in chosen]
    table = [[cells[grid.problems[row]] for cells in by_id] for row in rows]
    evens, odds = (_half(table, start) for start in (0, 1))
    bins_of = [np.tile(binned(*half.hardness(), bins)[:, None], len(columns)) for half in (evens, odds)]
    return "cross-fitting", [(bins_of[0], odds), (bins_of[1], evens)]


def _left_out(grid: Grid, rows: Whole, columns: Whole, bins: int) -> tuple[Method, list[_Binned]] | None:
    """Each condition binned by all the others; None where there is no other."""
    if len(columns) < 2:  # noqa: PLR2004 - one to bin by, one to report
        return None
    at = np.ix_(rows, columns)
    whole = Half(grid.shares[at], grid.tokens[at], grid.drawn[at])
    others = [np.delete(np.arange(len(columns)), one) for one in range(len(columns))]
    return "leave one condition out", [
        (np.column_stack([binned(*whole.hardness(by), bins) for by in others]), whole),
    ]


def binned(wrong: Reals, tokens: Reals, bins: int) -> Whole:
    """The bin of each problem, 0 the easiest: by share wrong, then by tokens, then as they come."""
    # Shares that differ by rounding are equal: tokens decide.
    order = np.lexsort((tokens, np.round(wrong, 9)))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return np.asarray(ranks * bins // max(1, len(order)), dtype=np.int64)


def _half(table: Sequence[Sequence[CellSamples]], start: int) -> Half:
    """Every other draw of each cell, from the first or from the second on."""
    facts = [[_sums(cell, start) for cell in row] for row in table]
    right, tokens, drawn = np.moveaxis(np.array(facts, dtype=np.float64), 2, 0)
    return Half(right / drawn, np.where(tokens > 0, tokens, np.nan) / drawn, drawn.astype(np.int64))


def _sums(cell: CellSamples, start: int) -> tuple[int, int, int]:
    ballots, tokens = cell.ballots[start::2], cell.completion_tokens[start::2]
    return sum(right for _, right in ballots), sum(tokens), len(tokens)


def _point(
    budget: Budget, at: int, reported: Sequence[_Binned], number: int, clusters: Sequence[tuple[str, object]]
) -> BinPoint:
    values: list[float] = []
    tokens: list[float] = []
    members: list[int] = []
    samples = 0
    for bins_of, half in reported:
        inside = np.flatnonzero(bins_of[:, at] == number)
        values += half.shares[inside, at].tolist()
        tokens += [used for used in half.tokens[inside, at].tolist() if used > 0]
        members += inside.tolist()
        samples += int(half.drawn[inside, at].sum())
    return BinPoint(
        budget=budget,
        problems=len(set(members)),
        samples=samples,
        accuracy=float(np.mean(values)),
        ci95=interval(values, samples, [clusters[member] for member in members]),
        tokens=mean(tokens),
    )
