"""What one label offers and what it takes: an option is a condition asked for k votes.

Each option has two numbers for every problem, the credit that it is expected to earn and what it spends. Means over
problems, and over resampled problems, are all that frontiers, comparisons and trades are made of. Knows nothing of how
a vote is counted; what cannot be said in the unit asked for is None, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.analysis.intervals import count_clusters
from core.analysis.wording import power_of_two, three_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.analysis.grid import Grid, Reals, Whole
    from core.analysis.vote_table import VoteTable
    from core.vocabulary import Budget, Json

Basis = Literal["dollars", "tokens", "seconds_sequential", "seconds_parallel", "flops"]
"""What spending is counted in, per problem. Of k votes: k samples' worth; in parallel, as long as one sample takes.
FLOP are 2 x active parameters x completion tokens."""

BASES: tuple[Basis, ...] = ("dollars", "tokens", "seconds_parallel", "seconds_sequential", "flops")

_SMALL = 0.1


def in_words(value: float, basis: Basis) -> str:
    """A spend for people: `$0.13`, `$0.000052`, `2^13.4 tokens`, `41 s`, `2.5e+14 FLOP`."""
    if basis == "dollars":
        digits = f"{abs(value):,.2f}" if abs(value) >= _SMALL or not value else three_digits(abs(value))
        return f"{'-' if value < 0 else ''}${digits}"
    if basis == "tokens":
        return f"{power_of_two(log2(value))} tokens" if value > 0 else "0 tokens"
    return f"{value:.2g} FLOP" if basis == "flops" else f"{three_digits(value)} s"


@dataclass(frozen=True, slots=True)
class Option:
    """One condition, asked for so many votes."""

    budget: Budget
    votes: int

    def to_json(self) -> dict[str, Json]:
        """The option by its two names."""
        return {"budget": self.budget, "votes": self.votes}


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """The options of one label. Arrays have a row for each problem and a column for each option; nothing is NaN."""

    name: str
    basis: Basis
    each: tuple[Option, ...]
    conditions: tuple[int, ...]
    """Of each option, the column of its condition in the grid: higher is more thinking."""
    credit: Reals
    """Expected share right, or expected credit of the vote."""
    spend: Reals
    """Per problem, in `basis`."""
    drawn: Whole
    """Samples behind each credit."""
    problems: tuple[tuple[str, int], ...]
    """What each says, and how many before it in the grid say the same."""
    clusters: tuple[str | None, ...]
    left_out: int
    """Problems of the grid that lack a sample, or a vote, somewhere."""

    @property
    def accuracy(self) -> Reals:
        """Of each option: mean credit over problems."""
        return np.asarray(self.credit.mean(axis=0))

    @property
    def cost(self) -> Reals:
        """Of each option: mean spend over problems."""
        return np.asarray(self.spend.mean(axis=0))

    @property
    def resamplable(self) -> bool:
        """Whether there are two clusters: resamples of one are all the same, and say nothing."""
        return count_clusters(self.clusters) > 1

    def resampled(self, weights: Whole) -> tuple[Reals, Reals]:
        """(accuracy, cost) of each option in each resample of the problems: a row for each."""
        shares = weights / weights.sum(axis=1, keepdims=True)
        return np.asarray(shares @ self.credit), np.asarray(shares @ self.spend)

    def only(self, wanted: Sequence[int]) -> Options:
        """The same with these options only, in this order."""
        at = list(wanted)
        return replace(
            self,
            each=tuple(self.each[i] for i in at),
            conditions=tuple(self.conditions[i] for i in at),
            credit=self.credit[:, at],
            spend=self.spend[:, at],
            drawn=self.drawn[:, at],
        )

    def rows(self, wanted: Sequence[int]) -> Options:
        """The same with these problems only, in this order."""
        at = list(wanted)
        return replace(
            self,
            credit=self.credit[at],
            spend=self.spend[at],
            drawn=self.drawn[at],
            problems=tuple(self.problems[i] for i in at),
            clusters=tuple(self.clusters[i] for i in at),
        )


def options_of(grid: Grid, tables: Sequence[VoteTable] = (), basis: Basis | None = None) -> Options | None:
    """Every condition of the grid at one vote, and at the votes that its table has.

    Problems are those with a sample under every condition, so that all options are judged on the same ones.

    Args:
        grid: the label.
        tables: expected credit of votes; those of other labels are passed over. A condition without one has one vote.
        basis: None takes dollars where every sample is priced, else tokens.

    Returns:
        None where no problem is under every condition, or where the unit cannot be said: a sample is unpriced, the
        parameters are not known, or an option costs nothing.
    """
    if basis is None:
        return options_of(grid, tables, "dollars") or options_of(grid, tables, "tokens")
    columns = [int(i) for i in np.flatnonzero(grid.drawn.sum(axis=0) > 0)]
    each = _per_sample(grid, basis)
    if each is None or not columns:
        return None
    shares = grid.shares
    by_budget = {table.budget: table for table in tables if table.label == grid.label}
    options: list[Option] = []
    conditions: list[int] = []
    credit: list[Reals] = []
    spend: list[Reals] = []
    for column in columns:
        for votes, earned in ((1, shares[:, column]), *_votes(grid, by_budget.get(grid.budgets[column]))):
            options.append(Option(grid.budgets[column], votes))
            conditions.append(column)
            credit.append(earned)
            spend.append(each[:, column] * (1 if basis == "seconds_parallel" else votes))
    earned, spent = np.column_stack(credit), np.column_stack(spend)
    held = np.flatnonzero(np.isfinite(earned).all(axis=1))
    if not len(held) or not np.isfinite(spent[held]).all() or not (spent[held].mean(axis=0) > 0).all():
        return None
    whole = Options(
        name=grid.name,
        basis=basis,
        each=tuple(options),
        conditions=tuple(conditions),
        credit=earned,
        spend=spent,
        drawn=grid.drawn[:, conditions],
        problems=grid.keys,
        clusters=grid.clusters,
        left_out=len(grid.problems) - len(held),
    )
    return whole.rows([int(i) for i in held])


def on_common_problems(several: Sequence[Options]) -> tuple[tuple[Options, ...], tuple[int, ...]]:
    """The same labels on the problems that all of them have, in one order; and how many each has beside those.

    Problems are matched by what they say; of several that say the same, the first with the first, and so on. A problem
    is of the first cluster that any label knows for it. Without a common problem each has no row left.
    """
    places = [{key: row for row, key in enumerate(options.problems)} for options in several]
    common = [key for key in places[0] if all(key in place for place in places[1:])] if places else []
    rows = [[place[key] for key in common] for place in places]
    together = [options.rows(at) for options, at in zip(several, rows, strict=True)]
    clusters = tuple(
        next((one for one in named if one is not None), None)
        for named in zip(*(options.clusters for options in together), strict=True)
    )
    unpaired = tuple(options.left_out + len(options.problems) - len(common) for options in several)
    return tuple(replace(options, clusters=clusters) for options in together), unpaired


def _per_sample(grid: Grid, basis: Basis) -> Reals | None:
    """Of each cell: what one sample spends."""
    if basis == "dollars":
        return grid.dollars
    if basis == "tokens":
        return grid.tokens
    if basis == "flops":
        return None if grid.params is None else np.asarray(2 * grid.params * grid.tokens)
    return grid.seconds


def _votes(grid: Grid, table: VoteTable | None) -> Iterator[tuple[int, Reals]]:
    """Each k above 1 of a table with its credit, in the order of the grid's problems; NaN for one that it lacks."""
    if table is None:
        return
    place = {problem: row for row, problem in enumerate(table.problems)}
    rows = np.array([place.get(problem, -1) for problem in grid.problems], dtype=np.int64)
    for column, k in enumerate(table.ks):
        if k > 1:
            yield k, np.where(rows >= 0, table.credit[rows, column], np.nan)
