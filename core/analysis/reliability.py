"""How far one can rely on a condition: all of k samples right, the vote that it tends to, and what a margin tells.

**All of k right** is the other side of coverage: pass^k of tau-bench (Yao et al. 2024, arXiv:2406.12045),
the chance that k samples are all right. Coverage rises with k, this falls; the gap is what a checker could gain.

**The vote's limit** is what a problem's vote comes to with ever more samples: its most frequent answer wins; where
several are equally frequent each wins its share of times. Here the frequencies are those that were seen, so where two
answers are close the limit is as unsure as they are, and it has the luck of these draws in it.

**Confidence** asks whether the share of the leading answer tells that it is right, problem by problem: where it does,
a vote knows when it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, prod
from typing import TYPE_CHECKING

from core.analysis.curve import AtK
from core.analysis.intervals import Interval, interval, mean

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from core.analysis.vote_table import VoteTable
    from core.analysis.votes import Tallied
    from core.vocabulary import Budget, Json

BINS = 5
"""Of confidence, where nobody says otherwise: fifths."""


@dataclass(frozen=True, slots=True)
class VoteLimit:
    """What votes tend to with ever more samples."""

    each: tuple[float, ...]
    """Of each problem, 0 to 1."""
    mean: float | None
    """Over problems; None without one."""
    ci95: Interval | None
    """Over problems; None below 2 clusters."""

    def to_json(self) -> dict[str, Json]:
        """The limit by its names."""
        return {"problems": len(self.each), "limit": self.mean, "ci95": self.ci95 and list(self.ci95)}


@dataclass(frozen=True, slots=True)
class Bin:
    """Problems whose leading answer has about the same share."""

    low: float
    high: float
    """Shares above `low` and up to `high`."""
    problems: int
    share: float | None
    """Mean share of the leading answer; None without a problem, like the next two."""
    accuracy: float | None
    """Mean credit of the leading answer."""
    ci95: Interval | None

    def to_json(self) -> dict[str, Json]:
        """The bin by its names; all but `problems` are shares."""
        return {
            "low": self.low,
            "high": self.high,
            "problems": self.problems,
            "share": self.share,
            "accuracy": self.accuracy,
            "ci95": self.ci95 and list(self.ci95),
        }


@dataclass(frozen=True, slots=True)
class Confidence:
    """The share of the leading answer against whether it is right."""

    bins: tuple[Bin, ...]
    """From the least confident up."""
    silent: int
    """Problems of which no answer could be read: they are in no bin."""
    told_apart: float | None
    """Chance that of a problem with a right leader and one with a wrong one, the right has the larger share.

    The area under the ROC curve, equal shares counting half: .5 tells nothing. None unless there are both.
    """

    def to_json(self) -> dict[str, Json]:
        """The confidence by its names."""
        return {"bins": [one.to_json() for one in self.bins], "silent": self.silent, "roc_auc": self.told_apart}


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far one can rely on one condition."""

    label: str
    budget: Budget
    all_right: tuple[AtK, ...]
    """Chance that all of k samples are right, the mean over problems, with its interval."""
    vote_limit: VoteLimit
    confidence: Confidence

    def to_json(self) -> dict[str, Json]:
        """The reliability by its names; `all_right_at` by k."""
        return {
            "label": self.label,
            "budget": self.budget,
            "all_right_at": {str(at.k): at.value for at in self.all_right},
            "all_right_ci95": {str(at.k): at.ci95 and list(at.ci95) for at in self.all_right},
            "vote_limit": self.vote_limit.to_json(),
            "confidence": self.confidence.to_json(),
        }


def all_right_at_k(drawn: int, right: int, k: int) -> float:
    """Chance that `k` of `drawn` samples, taken without replacement, are all right: C(right, k) / C(drawn, k).

    pass^k of tau-bench (Yao et al. 2024, arXiv:2406.12045), unbiased.

    Raises:
        ValueError: k is below 1 or larger than drawn, or right is not within 0..drawn.
    """
    if not 1 <= k <= drawn:
        raise ValueError(f"all of {k} right needs 1 <= k <= {drawn}, the samples drawn")
    if not 0 <= right <= drawn:
        raise ValueError(f"{right} of {drawn} samples cannot be right")
    return prod(max(right - i, 0) / (drawn - i) for i in range(k)) if right >= k else 0.0


def reliability_of(table: VoteTable) -> Reliability:
    """All three, of one condition.

    Raises:
        ValueError: the table holds no counts of right samples and answers.
    """
    if len(table.tallied) < len(table.problems) or len(table.right) < len(table.problems):
        raise ValueError(f"the votes of {table.label} were not tallied problem by problem")
    cells = tuple(zip(table.tallied, table.drawn, strict=True))
    points = []
    for k in table.ks if cells else ():
        values = [all_right_at_k(n, c, k) for n, c in zip(table.drawn, table.right, strict=True)]
        points.append(AtK(k, fsum(values) / len(values), interval(values, sum(table.drawn), table.clusters)))
    return Reliability(
        label=table.label,
        budget=table.budget,
        all_right=tuple(points),
        vote_limit=vote_limit_of(cells, table.clusters),
        confidence=confidence_of(cells, table.clusters),
    )


def vote_limit_of(
    cells: Sequence[tuple[Collection[Tallied], int]], clusters: Sequence[Hashable | None] | None = None
) -> VoteLimit:
    """What the vote of each problem tends to, and the mean over problems.

    Args:
        cells: the votes by answer of each problem (`core.analysis.votes.tally`), and its samples.
        clusters: the cluster of each problem.
    """
    each = tuple(_leading(tallied)[1] for tallied, _ in cells)
    return VoteLimit(each, mean(each), interval(each, sum(drawn for _, drawn in cells), clusters))


def confidence_of(
    cells: Sequence[tuple[Collection[Tallied], int]],
    clusters: Sequence[Hashable | None] | None = None,
    bins: int = BINS,
) -> Confidence:
    """How the share of the leading answer goes with its being right.

    The share is of all samples of the problem: where few could be read, nobody is confident. A tie earns its share.

    Args:
        cells: as for `vote_limit_of`.
        clusters: the cluster of each problem.
        bins: of equal width, from 0 to 1.

    Raises:
        ValueError: bins is below 1.
    """
    if bins < 1:
        raise ValueError(f"{bins} bins hold nothing: ask for 1 or more")
    leaders = [(most / drawn, credit, i) for i, (most, credit, drawn) in enumerate(_leaders(cells)) if most]
    found = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(share, credit, i) for share, credit, i in leaders if low < share <= high]
        credits_, groups = [credit for _, credit, _ in inside], [clusters[i] for *_, i in inside] if clusters else None
        found.append(
            Bin(
                low=low,
                high=high,
                problems=len(inside),
                share=mean([share for share, _, _ in inside]),
                accuracy=mean(credits_),
                # One vote a problem, however many samples cast it.
                ci95=interval(credits_, len(inside), groups),
            )
        )
    return Confidence(tuple(found), len(cells) - len(leaders), _told_apart([(s, c) for s, c, _ in leaders]))


def _leaders(cells: Sequence[tuple[Collection[Tallied], int]]) -> Iterator[tuple[int, float, int]]:
    for tallied, drawn in cells:
        yield *_leading(tallied), drawn


def _leading(tallied: Collection[Tallied]) -> tuple[int, float]:
    """Votes of the most frequent answer, and its credit: those that tie share it."""
    most = max((votes for votes, _ in tallied), default=0)
    leaders = [right / most for votes, right in tallied if votes == most]
    return most, fsum(leaders) / len(leaders) if leaders else 0.0


def _told_apart(leaders: Sequence[tuple[float, float]]) -> float | None:
    """How often, over pairs of a right leader and a wrong one, each by its credit, the right one has more."""
    right, wrong = fsum(credit for _, credit in leaders), fsum(1 - credit for _, credit in leaders)
    if not right or not wrong:
        return None
    larger = below = 0.0
    by_share: dict[float, list[float]] = {}
    for share, credit in leaders:
        by_share.setdefault(share, []).append(credit)
    for _, credits_ in sorted(by_share.items()):
        alike = fsum(1 - credit for credit in credits_)
        larger += fsum(credits_) * (below + alike / 2)
        below += alike
    return larger / (right * wrong)
