"""The best (budget, votes) for a given spend, and what choosing so is worth on problems that had no say in it.

The most accurate of many options owes some of its lead to luck, so its own accuracy flatters it. Here a rule is judged
instead: of the options that cost no more than the spend, take the most accurate on some problems, and score it on the
others (cross-validation; "compute-optimal" of Snell et al. 2024, arXiv:2408.03314, who choose on one of two folds and
score on the other). No accuracy is given for an option on the problems that it was chosen by.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.intervals import count_clusters, interval, members, standard_error

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from core.analysis.grid import Reals, Whole
    from core.analysis.intervals import Interval
    from core.analysis.options import Basis, Option, Options
    from core.vocabulary import Json

FOLDS = 10
"""Parts that the problems are dealt into; fewer where there are fewer clusters."""

_ROUNDING = 1 + 1e-9
"""A spend that is an option's own cost affords it."""


@dataclass(frozen=True, slots=True)
class BestSplit:
    """What to buy for one spend, and what buying by this rule is worth."""

    spend: float
    """Per problem, at most."""
    option: Option
    """The choice of all problems together; its own accuracy is not given, see the rule's."""
    chosen_in: int
    """Folds that choose it too."""
    folds: int
    accuracy: float
    """Of the rule, on problems held out."""
    se: float | None
    """Clustered by problem. The folds' training problems overlap, which it does not know."""
    ci95: Interval | None
    cost: float
    """Of the rule, per problem, on problems held out."""
    picks: tuple[tuple[Option, int], ...]
    """Every option that a fold chose, and how many did, most often chosen first."""

    def to_json(self) -> dict[str, Json]:
        """The split by its names; spend and cost are per problem, in the `basis` of its rule."""
        return {
            "spend": self.spend,
            "option": self.option.to_json(),
            "chosen_in_folds": self.chosen_in,
            "folds": self.folds,
            "held_out_accuracy": self.accuracy,
            "held_out_se": self.se,
            "held_out_ci95": self.ci95 and list(self.ci95),
            "held_out_cost": self.cost,
            "picks": [{"option": option.to_json(), "folds": count} for option, count in self.picks],
        }


@dataclass(frozen=True, slots=True)
class SplitRule:
    """The rule over a range of spends."""

    name: str
    basis: Basis
    problems: int
    seed: int
    splits: tuple[BestSplit, ...]
    """By rising spend."""

    def to_json(self) -> dict[str, Json]:
        """The rule by its names."""
        return {
            "name": self.name,
            "basis": self.basis,
            "problems": self.problems,
            "seed": self.seed,
            "splits": [split.to_json() for split in self.splits],
        }


def best_splits(
    options: Options, spends: Sequence[float] | None = None, folds: int = FOLDS, seed: int = 0
) -> SplitRule | None:
    """For each spend: the option to buy, and the held-out accuracy of choosing so.

    Clusters are dealt into folds at random, by the seed. For each fold, the options whose mean cost on all other
    problems is within the spend are compared by their mean accuracy there (of equals the cheaper), and the first is
    scored on the fold's problems. Each problem is scored once.

    Args:
        options: what can be bought.
        spends: per problem, in the options' unit. Left out where some fold can afford nothing for it. None takes 1.4,
            2.8, 5.7 ... times the least that every fold can do with, until everything can be had: budgets and votes
            mostly double, and a spend halfway between two is not a toss-up.
        folds: parts; at most as many as there are clusters.
        seed: deals the clusters out.

    Returns:
        None with fewer than 2 options, or fewer than 2 clusters.
    """
    fold = deal(options.clusters, folds, seed)
    count = int(fold.max(initial=-1)) + 1
    if len(options.each) < 2 or count < 2:  # noqa: PLR2004 - a choice has two sides, and so has a split
        return None
    training = np.array([fold != one for one in range(count)], dtype=np.float64)
    training /= training.sum(axis=1, keepdims=True)
    accuracy, cost = training @ options.credit, training @ options.spend
    least = float(cost.min(axis=1).max())
    wanted = _spread_out(least, float(cost.max())) if spends is None else sorted(spends)
    affordable = [spend for spend in wanted if spend * _ROUNDING >= least]
    splits = tuple(_split(options, fold, accuracy, cost, spend) for spend in affordable)
    return SplitRule(options.name, options.basis, len(options.problems), seed, splits)


def deal(clusters: Sequence[Hashable | None], folds: int, seed: int) -> Whole:
    """The fold of each problem, 0 up: clusters are shuffled, then dealt out in turn, so that none is in two folds."""
    member, count = np.array(members(clusters), dtype=np.int64), count_clusters(clusters)
    place = np.empty(count, dtype=np.int64)
    place[np.random.default_rng(seed).permutation(count)] = np.arange(count)
    return place[member] % max(1, min(folds, count))


def _split(options: Options, fold: Whole, accuracy: Reals, cost: Reals, spend: float) -> BestSplit:
    choices = [choice(accuracy[one], cost[one], spend) for one in range(len(accuracy))]
    bought = np.array(choices)[fold]
    rows = np.arange(len(fold))
    credit = [float(value) for value in options.credit[rows, bought]]
    counted = Counter(choices)
    whole = choice(options.accuracy, options.cost, spend)
    return BestSplit(
        spend=spend,
        option=options.each[whole],
        chosen_in=counted[whole],
        folds=len(choices),
        accuracy=float(np.mean(credit)),
        se=standard_error(credit, options.clusters),
        ci95=interval(credit, int(options.drawn[rows, bought].sum()), options.clusters),
        cost=float(options.spend[rows, bought].mean()),
        picks=tuple((options.each[at], folds) for at, folds in counted.most_common()),
    )


def choice(accuracy: Reals, cost: Reals, spend: float) -> int:
    """The most accurate option within the spend, of equals the cheaper; the cheapest where nothing is within it."""
    within = cost <= max(spend * _ROUNDING, float(cost.min()))
    return int(np.lexsort((cost, np.where(within, -accuracy, np.inf)))[0])


def _spread_out(least: float, most: float) -> list[float]:
    """Doubling, from halfway between the least and its double up to what affords everything; none from nothing."""
    if least <= 0:
        return []
    steps = int(np.ceil(np.log2(most / least) - 0.5))
    return [least * 2.0 ** (i + 0.5) for i in range(max(steps, 0) + 1)]
