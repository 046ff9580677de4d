"""Training against thinking: how much test compute a bigger training run saves at equal accuracy.

Jones 2021 (*Scaling scaling laws with board games*, arXiv:2104.03113) finds lines of equal skill that are
straight and parallel in the plane of log train compute and log test compute. Here the same plane is made from runs of
several models on the same problems: for each level of accuracy, the test compute at which each model reaches it, and
one slope common to all levels. The slope is what 10x of training is worth in thinking. Knows nothing of what training
costs: `core.analysis.ownership` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.contours import common_slope, levels_between, reached_at
from core.analysis.lines import line_of
from core.analysis.options import on_common_problems, options_of
from core.analysis.resampling import TIMES, middle, problem_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid, Reals, Whole
    from core.analysis.intervals import Interval
    from core.analysis.options import Basis, Options
    from core.vocabulary import Budget, Json

_STEPS = (0.1, 0.05, 0.02, 0.01)
"""How far apart levels of accuracy are: the widest of these that leaves enough of them."""

_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class TradePoint:
    """One condition of one model in the plane."""

    name: str
    budget: Budget
    log10_train: float
    """Of FLOP."""
    log10_test: float
    """Per problem, of the trade's `basis`."""
    accuracy: float

    def to_json(self) -> dict[str, Json]:
        """The point by its names."""
        return {
            "name": self.name,
            "budget": self.budget,
            "log10_train_flop": self.log10_train,
            "log10_test": self.log10_test,
            "accuracy": self.accuracy,
        }


@dataclass(frozen=True, slots=True)
class Contour:
    """One level of accuracy: where each model that reaches it does so, and the fitted line through them."""

    level: float
    names: tuple[str, ...]
    log10_train: tuple[float, ...]
    log10_test: tuple[float, ...]
    intercept: float
    """Of the fitted line: log10 test = intercept + slope x log10 train, the slope being the trade's."""

    def to_json(self) -> dict[str, Json]:
        """The line by its names."""
        return {
            "accuracy": self.level,
            "names": list(self.names),
            "log10_train_flop": list(self.log10_train),
            "log10_test": list(self.log10_test),
            "intercept": self.intercept,
        }


@dataclass(frozen=True, slots=True)
class Trade:
    """What training buys in thinking, over several models on the same problems."""

    basis: Basis
    """What test compute is counted in: `flops`, `tokens` or `dollars`, per problem."""
    problems: int
    """Those that all models have."""
    names: tuple[str, ...]
    """From the least training to the most."""
    unpaired: tuple[int, ...]
    """Of each: problems that another lacks, or that lack a sample."""
    points: tuple[TradePoint, ...]
    contours: tuple[Contour, ...]
    slope: float
    """Of log10 test compute on log10 train compute at equal accuracy; below 0 where training saves thinking."""
    ci95: Interval | None
    """Of the slope, from the problem bootstrap; None with a single cluster of problems."""

    @property
    def tenfold(self) -> float:
        """How many times the thinking equals 10x of training: 10^-slope. Below 1 where more training asks for more."""
        return float(10**-self.slope)

    @property
    def tenfold_ci95(self) -> Interval | None:
        """Of `tenfold`."""
        return None if self.ci95 is None else (float(10 ** -self.ci95[1]), float(10 ** -self.ci95[0]))

    @property
    def origin(self) -> tuple[float, float]:
        """The smallest log10 train and log10 test of the points: less these, both axes start at zero."""
        return min(point.log10_train for point in self.points), min(point.log10_test for point in self.points)

    @property
    def words(self) -> str:
        """The slope in a sentence, with its interval."""
        between = self.tenfold_ci95
        if self.tenfold < 1:
            reach = "" if between is None else f" [{_times(1 / between[1])}, {_times(1 / between[0])}]"
            return f"10x of training saves no thinking: it takes {_times(1 / self.tenfold)}{reach} {_WORDS[self.basis]}"
        reach = "" if between is None else f" [{_times(between[0])}, {_times(between[1])}]"
        return f"10x of training buys what {_times(self.tenfold)}{reach} of thinking buys, in {_WORDS[self.basis]}"

    def to_json(self) -> dict[str, Json]:
        """The trade by its names; `from_zero` has the points on axes that both start at zero."""
        train, test = self.origin
        return {
            "basis": self.basis,
            "problems": self.problems,
            "names": list(self.names),
            "unpaired": list(self.unpaired),
            "points": [point.to_json() for point in self.points],
            "from_zero": [[point.log10_train - train, point.log10_test - test] for point in self.points],
            "contours": [contour.to_json() for contour in self.contours],
            "slope": self.slope,
            "slope_ci95": self.ci95 and list(self.ci95),
            "thinking_per_tenfold_training": self.tenfold,
            "thinking_per_tenfold_training_ci95": self.tenfold_ci95 and list(self.tenfold_ci95),
            "words": self.words,
        }


_WORDS: dict[Basis, str] = {"flops": "FLOP", "tokens": "tokens", "dollars": "dollars"}


def _times(ratio: float) -> str:
    """`15x`, `1.5x`, `0.31x`: two digits, more only before the point."""
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2g}x"  # noqa: PLR2004 - two digits


def trades_of(
    grids: Sequence[Grid], *, levels: Sequence[float] | None = None, times: int = TIMES, seed: int = 0
) -> tuple[Trade, ...]:
    """In FLOP where all models' parameters are known, else in tokens; and in dollars where all are priced."""
    told = [grid for grid in grids if grid.train_flops]
    compute: Basis = "flops" if all(grid.params for grid in told) else "tokens"
    bases: tuple[Basis, ...] = (compute, "dollars")
    found = (trade_of(told, basis, levels=levels, times=times, seed=seed) for basis in bases)
    return tuple(one for one in found if one is not None)


def trade_of(
    grids: Sequence[Grid],
    basis: Basis = "flops",
    *,
    levels: Sequence[float] | None = None,
    times: int = TIMES,
    seed: int = 0,
) -> Trade | None:
    """Lines of equal accuracy over several models, and their common slope with its interval.

    Each model's line is made to rise (`core.analysis.contours`) and read for the log10 test compute at each level. The
    slope is that of least squares of log10 test on log10 train with an effect for each level; its interval comes from
    resamples of the problems, the same for all models, with the levels held fixed.

    Args:
        grids: a label each; those without `train_flops`, or without a line in this unit, are left out.
        basis: `flops` needs `params`; `dollars` needs prices.
        levels: accuracies; None takes round ones that two models or more reach.
        times: resamples.
        seed: of the resamples.

    Returns:
        None with fewer than two models that differ in training, without a problem that all have, or where no level is
        reached by two models that differ in training.
    """
    told = sorted((grid for grid in grids if grid.train_flops), key=lambda grid: grid.train_flops or 0.0)
    offered = [(grid.train_flops, options_of(grid, (), basis)) for grid in told]
    kept = [(flops, options) for flops, options in offered if flops and options is not None and line_of(options)]
    if len({flops for flops, _ in kept}) < 2:  # noqa: PLR2004 - a slope needs two places
        return None
    models, unpaired = on_common_problems([options for _, options in kept])
    if not models[0].problems:
        return None
    lines = [line for line in map(line_of, models) if line is not None]
    if len(lines) < len(models):
        return None
    train = np.log10([flops for flops, _ in kept])
    once = np.ones((1, len(models[0].problems)), dtype=np.int64)
    wanted = np.array(_levels(lines, once) if levels is None else sorted(levels), dtype=np.float64)
    reached = _reached(lines, once, wanted)
    slope = float(common_slope(train, reached)[0])
    if not np.isfinite(slope):
        return None
    weights = problem_weights(models[0].clusters, times, seed)
    slopes = common_slope(train, _reached(lines, weights, wanted))
    names = tuple(options.name for options in models)
    return Trade(
        basis=basis,
        problems=len(models[0].problems),
        names=names,
        unpaired=unpaired,
        points=tuple(point for x, line in zip(train, lines, strict=True) for point in _points(float(x), line)),
        contours=_contours(names, train, reached[0], wanted, slope),
        slope=slope,
        ci95=middle(slopes) if models[0].resamplable else None,
    )


def _reached(lines: Sequence[Options], weights: Whole, levels: Reals) -> Reals:
    """log10 test compute: resamples x models x levels."""
    resampled = [line.resampled(weights) for line in lines]
    # A resample may hold only problems that cost nothing: nothing is reached in it.
    places = [(np.log10(np.where(cost > 0, cost, np.nan)), accuracy) for accuracy, cost in resampled]
    return np.stack([reached_at(spend, accuracy, levels) for spend, accuracy in places], axis=1)


def _levels(lines: Sequence[Options], once: Whole) -> list[float]:
    """Round accuracies that two lines or more reach: tenths if there are enough, else finer."""
    low, high = min(line.accuracy.min() for line in lines), max(line.accuracy.max() for line in lines)
    shared: list[float] = []
    for step in _STEPS:
        levels = levels_between(float(low), float(high), step)
        reached = _reached(lines, once, np.array(levels))[0]
        shared = [level for level, column in zip(levels, reached.T, strict=True) if np.isfinite(column).sum() > 1]
        if len(shared) >= _ENOUGH:
            break
    return shared


def _points(log10_train: float, line: Options) -> list[TradePoint]:
    return [
        TradePoint(line.name, option.budget, log10_train, float(np.log10(cost)), float(accuracy))
        for option, cost, accuracy in zip(line.each, line.cost, line.accuracy, strict=True)
    ]


def _contours(names: Sequence[str], train: Reals, reached: Reals, levels: Reals, slope: float) -> tuple[Contour, ...]:
    """The levels that two models or more reach."""
    contours = []
    for level, places in zip(levels, reached.T, strict=True):
        known = [int(i) for i in np.flatnonzero(np.isfinite(places))]
        if len(known) > 1:
            contours.append(
                Contour(
                    level=float(level),
                    names=tuple(names[i] for i in known),
                    log10_train=tuple(float(train[i]) for i in known),
                    log10_test=tuple(float(places[i]) for i in known),
                    intercept=float(np.mean(places[known] - slope * train[known])),
                )
            )
    return tuple(contours)
