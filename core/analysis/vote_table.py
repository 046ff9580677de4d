"""What k samples of one condition earn, problem by problem, by a vote and by one of them being right.

A table is what gains, options and verdicts are worked out from: the expectations stand in it, made once, and the draws
do not. Its numbers of votes run up to the fewest samples that any problem has, so that every column is about the same
problems; beyond that, `votes_where` tells what the problems earn that have so many, and how many these are. Knows
nothing of intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum, isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.analysis.curve import vote_sizes
from core.analysis.passk import pass_at_k
from core.analysis.votes import maj_of_cells, tally_of_columns
from core.vocabulary import PICO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.analysis.records import ConditionSamples, ConditionTotals
    from core.analysis.votes import Tallied
    from core.vocabulary import Budget, Json

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class VoteTable:
    """The votes of one condition. Arrays have a row for each problem that has a sample and a column for each k."""

    label: str
    budget: Budget
    ks: tuple[int, ...]
    """Samples that vote, rising."""
    credit: Reals
    """Expected credit of the majority vote, maj@k."""
    coverage: Reals
    """Chance that one of k samples is right, pass@k."""
    problems: tuple[str, ...]
    """Their ids."""
    clusters: tuple[str | None, ...]
    drawn: tuple[int, ...]
    """Samples."""
    tokens: float
    """Completion tokens of one sample, the mean over problems of their means; NaN where nobody said of any."""
    dollars: float | None
    """Cost of one sample, as a mean like `tokens`; None where one is unpriced, or there is none."""
    seconds: float
    """Of one sample, as a mean like `tokens`."""
    right: tuple[int, ...] = ()
    """Right samples of each problem; empty where only expectations are known, like the next."""
    tallied: tuple[tuple[Tallied, ...], ...] = ()
    """Votes by answer of each problem."""
    lost: float = 0.0
    """Share of all draws that was cut off by the token cap or failed for good."""

    def to_json(self) -> dict[str, Json]:
        """The means over problems by their names, a list each with a number for each of `k`."""
        known = bool(self.problems)
        return {
            "label": self.label,
            "budget": self.budget,
            "problems": len(self.problems),
            "fewest_draws": min(self.drawn, default=0),
            "k": list(self.ks),
            "maj_at": [float(column.mean()) for column in self.credit.T] if known else [],
            "pass_at": [float(column.mean()) for column in self.coverage.T] if known else [],
            "tokens_per_sample": self.tokens if isfinite(self.tokens) else None,
            "usd_per_sample": self.dollars,
            "seconds_per_sample": self.seconds if isfinite(self.seconds) else None,
        }


class VotesWhere(NamedTuple):
    """What k samples earn on the problems that have so many."""

    maj: float | None
    """Mean over these problems of maj@k; None without one, like the next."""
    passed: float | None
    """Of pass@k."""
    problems: int
    """How many have k samples: the mean is about these, perhaps not the ones that a smaller k is about."""


class TalliedCell(NamedTuple):
    """One problem's samples, counted."""

    problem: str
    cluster: str | None
    samples: int
    right: int
    tallied: Sequence[Tallied]
    """Votes by answer."""
    tokens: float
    """Of all its samples together, like the next two."""
    dollars: float | None
    seconds: float


def vote_table(condition: ConditionSamples, ks: Sequence[int] | None = None) -> VoteTable:
    """The votes of a condition's samples.

    Args:
        condition: problems without a sample are left out.
        ks: samples that vote; None takes 1, 2, 4, ... up to 512 and the fewest that any problem has.

    Raises:
        ValueError: a k is below 1 or larger than the fewest samples of a problem.
    """
    lost = _lost((sum(cell.truncated), cell.missing, cell.samples) for cell in condition.cells)
    return replace(_table(condition.label, condition.budget, _cells(condition), ks), lost=lost)


def vote_table_of_tallies(
    condition: ConditionTotals, problems: Sequence[str], ks: Sequence[int] | None = None
) -> VoteTable:
    """The same from a store's sums.

    Args:
        condition: its cells' `tallied` must be there.
        problems: the id of each cell's problem.
        ks: as for `vote_table`.

    Raises:
        ValueError: as for `vote_table`; or a cell with samples has no tally.
    """
    cells = []
    for problem, cell in zip(problems, condition.cells, strict=True):
        if not cell.samples:
            continue
        if cell.tallied is None:
            raise ValueError(f"the votes of {problem!r} were not tallied")
        # Tokens, money and time may be of samples that are not graded yet: their means stand for those that are.
        each = cell.samples / cell.summed
        dollars = None if cell.cost_pico is None else cell.cost_pico / PICO * each
        tokens, seconds = cell.completion_tokens * each, cell.seconds * each
        cells.append(
            TalliedCell(problem, cell.cluster, cell.samples, cell.right, cell.tallied, tokens, dollars, seconds)
        )
    lost = _lost((cell.truncated, cell.missing, cell.summed) for cell in condition.cells)
    return replace(_table(condition.label, condition.budget, cells, ks), lost=lost)


def votes_where(condition: ConditionSamples, k: int) -> VotesWhere:
    """What `k` samples earn on the problems that have so many, for k beyond the fewest samples of a problem.

    Raises:
        ValueError: k is below 1.
    """
    if k < 1:
        raise ValueError(f"{k} samples cannot vote: ask for 1 or more")
    able = [cell for cell in _cells(condition) if cell.samples >= k]
    if not able:
        return VotesWhere(None, None, 0)
    credit = maj_of_cells([(cell.tallied, cell.samples) for cell in able], (k,))
    passed = [pass_at_k(cell.samples, cell.right, k) for cell in able]
    return VotesWhere(fsum(value for (value,) in credit) / len(able), fsum(passed) / len(able), len(able))


def _lost(cells: Iterable[tuple[int, int, int]]) -> float:
    """Of (truncated samples, draws that failed, samples) of each problem: the share of all draws that is of no use."""
    truncated, failed, samples = (sum(column) for column in zip((0, 0, 0), *cells, strict=True))
    return (truncated + failed) / (samples + failed) if samples + failed else 0.0


def _cells(condition: ConditionSamples) -> list[TalliedCell]:
    cells = []
    for cell in condition.cells:
        if not cell.samples:
            continue
        tallied = tally_of_columns(cell.answers, cell.right, cell.truncated)
        pico = [cost for cost in cell.cost_pico if cost is not None]
        cells.append(
            TalliedCell(
                cell.problem_id,
                cell.cluster,
                cell.samples,
                sum(right for _, right in tallied),
                tallied,
                sum(cell.completion_tokens),
                sum(pico) / PICO if len(pico) == cell.samples else None,
                fsum(cell.seconds),
            )
        )
    return cells


def _table(label: str, budget: Budget, cells: Sequence[TalliedCell], ks: Sequence[int] | None) -> VoteTable:
    sizes = tuple(sorted(set(ks))) if ks is not None else vote_sizes(min((cell.samples for cell in cells), default=0))
    counts = [(cell.samples, cell.right) for cell in cells]
    passes = {pair: [pass_at_k(*pair, k) for k in sizes] for pair in set(counts)}
    votes = maj_of_cells([(cell.tallied, cell.samples) for cell in cells], sizes)
    dollars = [cell.dollars / cell.samples for cell in cells if cell.dollars is not None]
    return VoteTable(
        label=label,
        budget=budget,
        ks=sizes,
        credit=np.array(votes, dtype=np.float64).reshape(len(cells), len(sizes)),
        coverage=np.array([passes[pair] for pair in counts], dtype=np.float64).reshape(len(cells), len(sizes)),
        problems=tuple(cell.problem for cell in cells),
        clusters=tuple(cell.cluster for cell in cells),
        drawn=tuple(cell.samples for cell in cells),
        tokens=_mean_of_told([cell.tokens / cell.samples for cell in cells]),
        dollars=fsum(dollars) / len(cells) if cells and len(dollars) == len(cells) else None,
        seconds=_mean_of_told([cell.seconds / cell.samples for cell in cells]),
        right=tuple(cell.right for cell in cells),
        tallied=tuple(tuple(cell.tallied) for cell in cells),
    )


def _mean_of_told(values: Sequence[float]) -> float:
    """The mean of what is not 0: 0 in all of a problem's samples is what its source did not say. NaN without any."""
    told = [value for value in values if value]
    return fsum(told) / len(told) if told else nan
