"""Two conditions on the same problems: the difference of their accuracies, problem by problem.

Problems differ far more in hardness than conditions do in accuracy, and what is hard for one is mostly hard for the
other, so the difference within a problem is much surer than the difference of two means (Miller 2024,
arXiv:2411.00640, section 4.2). Two overlapping intervals of points on a curve say nothing about it; this does. Owns who
is paired with whom, and how sure the mean difference is; gives no verdict.

**Who is paired.** Problems that say the same (`Grid.contents`), in one run or across two, with a sample on both sides.
Where a grid asks the same thing under several ids, the first of them is paired with the first of the other grid, the
second with the second, and what is left over stays unpaired, as do problems that only one side has.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt
from typing import TYPE_CHECKING

from core.analysis.intervals import NO_SPREAD, count_clusters, difference_interval, standard_error, t_p_value
from core.analysis.wording import counted, in_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid
    from core.analysis.intervals import Interval
    from core.vocabulary import Budget, Json


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Accuracy of the second condition minus that of the first, on the problems that both have."""

    problems: int
    """Pairs."""
    unpaired_first: int
    """Problems with a sample under the first condition only."""
    unpaired_second: int
    difference: float | None
    """Mean over pairs, a share: +.15 is 15 points more for the second. None without a pair."""
    se: float | None
    """Of the difference, paired, clustered by problem; None below 2 clusters, like the next two."""
    ci95: Interval | None
    p: float | None
    """Chance of a difference this large, to either side, if there were none."""
    se_unpaired: float | None
    """What `se` would be had the two been asked different problems: what pairing is worth."""

    def to_json(self) -> dict[str, Json]:
        """The numbers by their names; accuracies and their differences are shares."""
        return {
            "problems": self.problems,
            "unpaired_first": self.unpaired_first,
            "unpaired_second": self.unpaired_second,
            "difference": self.difference,
            "se": self.se,
            "ci95": self.ci95 and list(self.ci95),
            "p": self.p,
            "se_unpaired": self.se_unpaired,
        }


@dataclass(frozen=True, slots=True)
class Between:
    """Two labels asked for the same; or for what each was asked for alone."""

    first: str
    first_budget: Budget
    second: str
    second_budget: Budget
    found: PairedDifference

    @property
    def words(self) -> str:
        """`B less A at medium, 45 problems paired, whatever they spent: -29.4 points [-41.0, -17.9]`."""
        found = self.found
        within = "" if found.ci95 is None else " [{}, {}]".format(*(in_points(end) for end in found.ci95))
        asked = "" if self.first_budget is None else f" at {self.first_budget}"
        if self.first_budget != self.second_budget:
            asked = f", {self.second_budget} less {self.first_budget}"
        return (
            f"{self.second} less {self.first}{asked}, {counted(found.problems, 'problem')} paired, whatever they spent:"
            f" {in_points(found.difference or 0.0)} points{within}"
        )

    def to_json(self) -> dict[str, Json]:
        """The difference, second less first, with who is paired with whom."""
        return {
            "first": self.first,
            "first_budget": self.first_budget,
            "second": self.second,
            "second_budget": self.second_budget,
            **self.found.to_json(),
        }


def paired_difference(a: Grid, i: int, b: Grid, j: int) -> PairedDifference:
    """How much more accurate column `j` of grid `b` is than column `i` of grid `a`, on the same problems.

    The mean of the differences within problems, with its clustered standard error and Student's t at clusters - 1
    degrees of freedom for interval and p (Miller 2024, arXiv:2411.00640, sections 2.2 and 4.2). A pair is in the
    cluster that `a` says, else in that of `b`. Where all clusters differ by the same, `se` is 0 and says nothing: the
    interval is that of `core.analysis.intervals.difference_interval`, and p that of the sign test, 2^(1 - clusters).
    """
    firsts, seconds = _rows(a, i), _rows(b, j)
    pairs = [(row, seconds[key]) for key, row in firsts.items() if key in seconds]
    first = [float(a.right[p, i] / a.drawn[p, i]) for p, _ in pairs]
    second = [float(b.right[q, j] / b.drawn[q, j]) for _, q in pairs]
    clusters = [b.clusters[q] if a.clusters[p] is None else a.clusters[p] for p, q in pairs]
    differences = [later - earlier for earlier, later in zip(first, second, strict=True)]
    middle = fsum(differences) / len(pairs) if pairs else None
    se = standard_error(differences, clusters)
    p_value = None if middle is None or se is None else _p_value(middle, se, count_clusters(clusters))
    return PairedDifference(
        problems=len(pairs),
        unpaired_first=len(firsts) - len(pairs),
        unpaired_second=len(seconds) - len(pairs),
        difference=middle,
        se=se,
        ci95=difference_interval(differences, clusters),
        p=p_value,
        se_unpaired=_unpaired(first, second, clusters),
    )


def neighbouring_differences(grid: Grid) -> tuple[PairedDifference, ...]:
    """From each condition to the next, in the order of the columns: one fewer than there are conditions."""
    return tuple(paired_difference(grid, i, grid, i + 1) for i in range(len(grid.budgets) - 1))


def between_labels(a: Grid, b: Grid) -> tuple[Between, ...]:
    """From grid `a` to grid `b` at each budget that both have; between their only conditions where each has one.

    What the two spend there may differ much: at equal spending they are compared by `core.analysis.comparison`, which
    needs two conditions of each.
    """
    same = [(i, b.budgets.index(budget)) for i, budget in enumerate(a.budgets) if budget in b.budgets]
    if len(a.budgets) == len(b.budgets) == 1:
        same = [(0, 0)]
    return tuple(Between(a.name, a.budgets[i], b.name, b.budgets[j], paired_difference(a, i, b, j)) for i, j in same)


def _rows(grid: Grid, column: int) -> dict[tuple[str, int], int]:
    """The row of each problem that has a sample there, by its key."""
    return {key: row for row, key in enumerate(grid.keys) if grid.drawn[row, column]}


def _p_value(middle: float, se: float, clusters: int) -> float:
    """Student's; of the sign test where all clusters differ by the same, and 1 where they do not differ."""
    if se > NO_SPREAD:
        return t_p_value(middle / se, clusters - 1)
    return 2.0 ** (1 - clusters) if abs(middle) > NO_SPREAD else 1.0


def _unpaired(first: Sequence[float], second: Sequence[float], clusters: Sequence[str | None]) -> float | None:
    """The standard error of the difference of two independent means (Miller 2024, section 4.1)."""
    one, other = standard_error(first, clusters), standard_error(second, clusters)
    return None if one is None or other is None else sqrt(one**2 + other**2)
