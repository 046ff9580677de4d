"""What more votes bring: the difference between a vote of k and one of more samples, and how sure it is.

**By problems only.** The interval treats the problems as a sample of problems and takes each problem's expectation as
it stands. To resample draws with replacement would be wrong here: a resample repeats samples, so a vote of nearly all n
of them sees some answers twice, leaders win by more than they would, and maj@k of the resample is biased, the more so
the nearer k is to n (pass@k likewise, downwards: duplicates cover less). Differences are taken within problems, because
k and more votes are drawn from the same samples.

**Twice the draws.** At K = n, maj@K is one vote, 0, 1 or a share, not an expectation; at K near n all subsets are
nearly the same vote. Then the difference is mostly luck of these draws, which an interval over problems only sees where
problems are many. With 2K draws and more the subsets are half new to each other. So to say that k to K votes gain
nothing needs 2K draws of every problem, and `enough` tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from core.analysis.intervals import difference_interval, standard_error

if TYPE_CHECKING:
    from core.analysis.intervals import Interval
    from core.analysis.vote_table import VoteTable
    from core.vocabulary import Json

DRAWS_A_VOTE = 2
"""Draws that each of the K votes needs before K can be said to gain nothing."""


@dataclass(frozen=True, slots=True)
class VoteGain:
    """From votes of k to votes of more samples."""

    k: int
    more: int
    gain: float | None
    """Mean over problems of maj@more - maj@k, a share; None without a problem."""
    se: float | None
    """Clustered by problem; None below 2 clusters, like the next."""
    ci95: Interval | None
    enough: bool
    """Whether every problem has the draws, twice `more`, without which "gains nothing" cannot be said."""

    def to_json(self) -> dict[str, Json]:
        """The gain by its names; it is a share, +.05 being 5 points."""
        return {
            "k": self.k,
            "more": self.more,
            "gain": self.gain,
            "se": self.se,
            "ci95": self.ci95 and list(self.ci95),
            "enough_draws": self.enough,
        }


def vote_gain(table: VoteTable, k: int, more: int) -> VoteGain:
    """What `more` votes earn beyond `k` votes, on the same problems.

    The interval is over problems only, see `core.analysis.intervals.difference_interval`.

    Raises:
        ValueError: the table has no column for one of the two.
    """
    for votes in (k, more):
        if votes not in table.ks:
            raise ValueError(f"the table has no votes of {votes}, only of {', '.join(map(str, table.ks)) or 'none'}")
    differences = (table.credit[:, table.ks.index(more)] - table.credit[:, table.ks.index(k)]).tolist()
    gain = fsum(differences) / len(differences) if differences else None
    return VoteGain(
        k=k,
        more=more,
        gain=gain,
        se=standard_error(differences, table.clusters),
        ci95=difference_interval(differences, table.clusters),
        enough=bool(table.drawn) and min(table.drawn) >= DRAWS_A_VOTE * more,
    )
