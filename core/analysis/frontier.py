"""Where the next dollar goes: the options that nothing cheaper beats, and what a little more of each kind brings.

Spending more can mean thinking longer (the next budget, the same votes) or asking more often (the same budget, more
votes). Along the frontier both are priced side by side. The frontier is picked by the very accuracies that it shows, so
it flatters a little: what a rule for picking is worth on problems that it has not seen is `core.analysis.best_split`'s
business. Knows nothing of what a right answer is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.analysis.intervals import CONFIDENCE
from core.analysis.resampling import TIMES, middle, problem_weights

if TYPE_CHECKING:
    from core.analysis.grid import Reals
    from core.analysis.intervals import Interval
    from core.analysis.options import Basis, Option, Options
    from core.vocabulary import Json

Kind = Literal[
    "think longer", "more votes", "think longer, more votes", "think longer, fewer votes", "more votes, shorter"
]
"""How one option differs from a cheaper one."""

_PAIR = 2
"""Votes that agree or tie."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one option to a costlier one."""

    kind: Kind
    start: Option
    end: Option
    gain: float
    """Accuracy of the end minus that of the start, on the same problems."""
    extra: float
    """What the end costs more, per problem."""
    ci95: Interval | None
    """Of the gain per unit of spending, from the problem bootstrap; None where the end may well cost no more,
    or no resample differs."""

    @property
    def rate(self) -> float:
        """Accuracy gained per unit of spending: per dollar, per token."""
        return self.gain / self.extra

    def to_json(self) -> dict[str, Json]:
        """The step by its names; gains are shares, `rate` and `rate_ci95` per unit of the frontier's `basis`."""
        return {
            "kind": self.kind,
            "from": self.start.to_json(),
            "to": self.end.to_json(),
            "gain": self.gain,
            "extra_cost": self.extra,
            "rate": self.rate,
            "rate_ci95": self.ci95 and list(self.ci95),
        }


@dataclass(frozen=True, slots=True)
class Place:
    """An option on the frontier, and the ways on from there."""

    option: Option
    accuracy: float
    cost: float
    """Per problem."""
    steadiness: float
    """Share of resamples in which it is on the frontier too."""
    onward: Step | None
    """To the next option of the frontier; None at its end."""
    longer: Step | None
    """The same votes at the next longer condition that costs more; None where there is none."""
    wider: Step | None
    """The same condition at its next number of votes; of two votes only where there are no more."""
    longer_pays_more: float | None
    """Share of resamples in which thinking longer gains more per unit than more votes; None unless both can be had."""

    def to_json(self) -> dict[str, Json]:
        """The place by its names."""
        return {
            "option": self.option.to_json(),
            "accuracy": self.accuracy,
            "cost": self.cost,
            "on_frontier_in": self.steadiness,
            "next": self.onward.to_json() if self.onward else None,
            "think_longer": self.longer.to_json() if self.longer else None,
            "more_votes": self.wider.to_json() if self.wider else None,
            "longer_pays_more_in": self.longer_pays_more,
        }


@dataclass(frozen=True, slots=True)
class Frontier:
    """One label's frontier, from the cheapest option to the most accurate one."""

    name: str
    basis: Basis
    problems: int
    left_out: int
    """Problems that lack a sample under some condition."""
    options: int
    places: tuple[Place, ...]

    def to_json(self) -> dict[str, Json]:
        """The frontier by its names; costs are per problem, in `basis`."""
        return {
            "name": self.name,
            "basis": self.basis,
            "problems": self.problems,
            "left_out": self.left_out,
            "options": self.options,
            "places": [place.to_json() for place in self.places],
        }


def frontier(options: Options, times: int = TIMES, seed: int = 0) -> Frontier | None:
    """The options that are more accurate than all that cost no more, and the marginal accuracy of going on.

    A rate is the difference of two mean accuracies divided by that of two mean costs, on the same problems; its
    interval comes from `times` resamples of the problems, so it holds what is uncertain of both.

    Returns:
        None with fewer than 2 options: there is no way on.
    """
    if len(options.each) < 2:  # noqa: PLR2004 - a step has two ends
        return None
    resampled = options.resampled(problem_weights(options.clusters, times, seed))
    steady = efficient(*resampled).mean(axis=0)
    accuracy, cost = options.accuracy, options.cost
    on = np.flatnonzero(efficient(accuracy[None], cost[None])[0])
    path = [int(i) for i in on[np.argsort(cost[on], kind="stable")]]
    places = []
    for at, following in zip(path, [*path[1:], None], strict=True):
        longer, wider = _next(options, at, longer=True), _next(options, at, longer=False)
        places.append(
            Place(
                option=options.each[at],
                accuracy=float(accuracy[at]),
                cost=float(cost[at]),
                steadiness=float(steady[at]),
                onward=_step(options, resampled, at, following),
                longer=_step(options, resampled, at, longer),
                wider=_step(options, resampled, at, wider),
                longer_pays_more=_pays_more(resampled, at, longer, wider),
            )
        )
    return Frontier(
        name=options.name,
        basis=options.basis,
        problems=len(options.problems),
        left_out=options.left_out,
        options=len(options.each),
        places=tuple(places),
    )


def efficient(accuracy: Reals, cost: Reals) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Of each row's options, those that are more accurate than every one that costs no more (Pareto).

    Of equals in both, the first is one.
    """
    order = np.lexsort((-accuracy, cost), axis=1)
    ranked = np.take_along_axis(accuracy, order, axis=1)
    before = np.maximum.accumulate(ranked, axis=1)
    leads = np.ones(ranked.shape, dtype=np.bool_)
    leads[:, 1:] = ranked[:, 1:] > before[:, :-1]
    found = np.empty_like(leads)
    np.put_along_axis(found, order, leads, axis=1)
    return found


def _next(options: Options, at: int, *, longer: bool) -> int | None:
    """The nearest option that differs from this one in its condition only, or its votes only, and costs more.

    Two votes agree or tie, so they earn what one earns: they are passed over for the next number, where there is one.
    """
    cost, here = options.cost, options.each[at]
    alike = [
        option.votes == here.votes if longer else options.conditions[i] == options.conditions[at]
        for i, option in enumerate(options.each)
    ]
    onward = [i for i, same in enumerate(alike) if same and cost[i] > cost[at]]
    telling = onward if longer else [i for i in onward if options.each[i].votes > _PAIR] or onward
    return min(telling, key=cost.__getitem__, default=None)


def _step(options: Options, resampled: tuple[Reals, Reals], start: int, end: int | None) -> Step | None:
    if end is None:
        return None
    rates = _rates(resampled, start, end)
    costlier = np.isnan(rates).mean() <= (1 - CONFIDENCE) / 2
    ci95 = middle(rates) if costlier else None
    return Step(
        kind=_kind(options, start, end),
        start=options.each[start],
        end=options.each[end],
        gain=float(options.accuracy[end] - options.accuracy[start]),
        extra=float(options.cost[end] - options.cost[start]),
        # Resamples that all say the same have nothing to say of others.
        ci95=ci95 if ci95 and ci95[0] < ci95[1] else None,
    )


def _rates(resampled: tuple[Reals, Reals], start: int, end: int) -> Reals:
    """Accuracy per unit of spending in each resample; NaN where the end costs no more there."""
    accuracy, cost = resampled
    extra = cost[:, end] - cost[:, start]
    return np.where(extra > 0, (accuracy[:, end] - accuracy[:, start]) / np.where(extra > 0, extra, 1), np.nan)


def _pays_more(resampled: tuple[Reals, Reals], at: int, longer: int | None, wider: int | None) -> float | None:
    if longer is None or wider is None:
        return None
    return float(np.mean(_rates(resampled, at, longer) > _rates(resampled, at, wider)))


def _kind(options: Options, start: int, end: int) -> Kind:
    """Named by what a sample costs, since a model asked to think longer does not always do so."""
    votes = options.each[end].votes - options.each[start].votes
    if options.conditions[start] == options.conditions[end]:
        return "more votes"
    a_sample = options.cost / [option.votes for option in options.each]
    if a_sample[end] <= a_sample[start]:
        return "more votes, shorter"
    return "think longer" if votes == 0 else "think longer, more votes" if votes > 0 else "think longer, fewer votes"
