"""Two models at equal spending, on the same problems. Knows nothing of where one overtakes the other.

Budgets are words to each model; only what they spend can be held equal. Accuracy is read off each model's line
(`core.analysis.lines`) at the same tokens, dollars, seconds or FLOP, within the range that both lines reach, and the
difference is taken problem by problem. Between models dollars are the fair unit: tokenizers differ, and so does what is
hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.intervals import difference_interval, standard_error
from core.analysis.lines import by_problem, common_range, line_of
from core.analysis.options import in_words, on_common_problems, options_of
from core.analysis.wording import counted, in_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid
    from core.analysis.intervals import Interval
    from core.analysis.options import Basis, Options
    from core.analysis.vote_table import VoteTable
    from core.vocabulary import Json

Tables = tuple["Sequence[VoteTable]", "Sequence[VoteTable]"]

NO_VOTES: Tables = ((), ())

SPENDS = 5
"""Places to compare at where nobody names any: evenly apart in log2, the ends of the common range among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two models' lines on the problems that both have."""

    first: Options
    second: Options
    unpaired: tuple[int, int]
    """Of the first and of the second: problems that the other lacks, or that lack a sample."""
    low: float
    """log2 of the least spend that both lines reach."""
    high: float
    """log2 of the most."""


@dataclass(frozen=True, slots=True)
class AtSpend:
    """Both models at one spend."""

    spend: float
    """Per problem."""
    first: float
    """Accuracy."""
    second: float
    se: float | None
    """Of the difference, paired, clustered by problem; None below 2 clusters, like the interval."""
    ci95: Interval | None

    @property
    def difference(self) -> float:
        """Accuracy of the second minus that of the first."""
        return self.second - self.first

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names; accuracies and their differences are shares."""
        return {
            "spend": self.spend,
            "first_accuracy": self.first,
            "second_accuracy": self.second,
            "difference": self.difference,
            "se": self.se,
            "ci95": self.ci95 and list(self.ci95),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models at the same spends."""

    first: str
    second: str
    basis: Basis
    problems: int
    """Pairs."""
    unpaired_first: int
    unpaired_second: int
    low: float
    """The least spend that both reach, per problem."""
    high: float
    at: tuple[AtSpend, ...]
    """By rising spend."""

    @property
    def words(self) -> str:
        """How far apart the two are at the most that both reach: `B less A: +7.0 points [2.1, 11.9] at $0.25 ...`."""
        most = self.at[-1]
        within = "" if most.ci95 is None else " [{}, {}]".format(*(in_points(end, plus=False) for end in most.ci95))
        return (
            f"{self.second} less {self.first}: {in_points(most.difference)} points{within} at "
            f"{in_words(most.spend, self.basis)} a problem, on {counted(self.problems, 'common problem')}"
        )

    def to_json(self) -> dict[str, Json]:
        """The comparison by its names; spends are per problem, in `basis`."""
        return {
            "first": self.first,
            "second": self.second,
            "basis": self.basis,
            "problems": self.problems,
            "unpaired_first": self.unpaired_first,
            "unpaired_second": self.unpaired_second,
            "lowest_common_spend": self.low,
            "highest_common_spend": self.high,
            "at": [one.to_json() for one in self.at],
        }


def compare(
    first: Grid,
    second: Grid,
    *,
    basis: Basis | None = None,
    tables: Tables = NO_VOTES,
    spends: Sequence[float] | None = None,
) -> Comparison | None:
    """Accuracy of both at equal spends, and the difference with its paired 95 % interval.

    Each line is straight between its options in log2 of the mean spend. The interval is that of a mean of what each
    problem adds to the difference (`difference_interval`), the uncertain spends of the options included.

    Args:
        first: one model.
        second: the other, or the same asked in another way.
        basis: what is held equal; None takes dollars where both are priced, else tokens.
        tables: expected credit of votes of the first and of the second; see `line_of` for where they come in.
        spends: per problem, in `basis`; those outside the common range are left out. None takes 5.

    Returns:
        None where there is nothing to hold equal: see `pair_of`.
    """
    pair = pair_of(first, second, basis=basis, tables=tables)
    if pair is None:
        return None
    if spends is None:
        places = np.linspace(pair.low, pair.high, SPENDS)
    else:
        asked = np.log2(sorted(spend for spend in spends if spend > 0))
        places = asked[(asked >= pair.low) & (asked <= pair.high)]
    clusters = pair.first.clusters
    ones, others = by_problem(pair.first, places), by_problem(pair.second, places)
    at = []
    for i, place in enumerate(places):
        differences = [float(value) for value in others[:, i] - ones[:, i]]
        at.append(
            AtSpend(
                spend=float(2**place),
                first=float(ones[:, i].mean()),
                second=float(others[:, i].mean()),
                se=standard_error(differences, clusters),
                ci95=difference_interval(differences, clusters),
            )
        )
    return Comparison(
        first=pair.first.name,
        second=pair.second.name,
        basis=pair.first.basis,
        problems=len(pair.first.problems),
        unpaired_first=pair.unpaired[0],
        unpaired_second=pair.unpaired[1],
        low=float(2**pair.low),
        high=float(2**pair.high),
        at=tuple(at),
    )


def pair_of(first: Grid, second: Grid, *, basis: Basis | None = None, tables: Tables = NO_VOTES) -> Pair | None:
    """Both lines on the problems that both have.

    Args:
        first: one model.
        second: the other.
        basis: what is held equal; None takes dollars where both are priced, else tokens.
        tables: expected credit of votes of the first and of the second.

    Returns:
        None where one of the two has no line (fewer than 2 conditions, or a unit that cannot be said of it), where no
        problem is in both, or where the lines have no range of spends in common.
    """
    if basis is None:
        both = [options_of(grid, (), "dollars") for grid in (first, second)]
        basis = "dollars" if all(both) else "tokens"
    options = [options_of(grid, votes, basis) for grid, votes in zip((first, second), tables, strict=True)]
    if options[0] is None or options[1] is None:
        return None
    (one, other), unpaired = on_common_problems([options[0], options[1]])
    if not one.problems:
        return None
    lines = line_of(one), line_of(other)
    if lines[0] is None or lines[1] is None:
        return None
    reach = common_range(lines[0], lines[1])
    return None if reach is None else Pair(lines[0], lines[1], (unpaired[0], unpaired[1]), *reach)
