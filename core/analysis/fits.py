"""Three shapes that a curve may have over log2 tokens: straight, a hinge, a sigmoid; and which of them to believe.

Each shape is level + rise * basis(log2 tokens): the basis is the identity, min(x, knee), or the logistic function of
(x - middle) / width. So for a given knee, or middle and width, the best level and rise are linear least squares, and
the rest is a search over a grid (variable projection: Golub and Pereyra 1973, SIAM J. Numer. Anal. 10:413). All of it
is products of arrays, and a thousand resamples are fitted at once.

The loss is the sum over problems and conditions of (share - problem's own level - shape)^2. In a full table that is
least squares on the conditions' means: the problems' levels come out. What the means share is in the comparison and in
the bands, which leave out or resample whole problems, with all their conditions and tokens.

The hinge and the sigmoid only rise; the sigmoid's asymptotes are within [0, 1]. A straight line knows no limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.analysis.full_table import FullTable, full_table
from core.analysis.intervals import count_clusters, members, standard_error, t_quantile
from core.analysis.resampling import TIMES, problem_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid, Reals, Whole
    from core.vocabulary import Json

KNEES = 101
"""Knees that are tried, evenly between the second point and the last: the first search; then it closes in."""
_MIDDLES, _WIDTHS = 25, 6
_NARROWEST = 0.15
"""Octaves: a sigmoid that is steeper looks like a step between any two budgets."""
_SAME_PLACE = 1e-3
"""Octaves: two places that are this near are one."""
_ROUNDS = 4
"""Of closing in, each to a fifth of the spacing before; sigmoids need some."""
_CLOSER = 5


class Shape(StrEnum):
    """The shapes, from the simplest."""

    STRAIGHT = "straight"
    HINGE = "hinge"
    SIGMOID = "sigmoid"


LEAST_CONDITIONS = {Shape.STRAIGHT: 2, Shape.HINGE: 4, Shape.SIGMOID: 5}
"""One more than the shape has parameters, so that something is left to be wrong about; two points are a line."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One shape, as fitted to a label's curve."""

    shape: Shape
    level: float
    rise: float
    place: float
    """Log2 tokens of the knee or of the middle; 0 for a straight line."""
    width: float
    """Of the sigmoid, in octaves; 1 for the others."""
    r2: float | None
    """Share of the conditions' variance that it explains; None where they do not vary."""
    error: float
    """Mean squared error on problems left out, after taking out each problem's own level."""

    @property
    def params(self) -> dict[str, float]:
        """The numbers by their usual names; tokens as log2."""
        if self.shape is Shape.STRAIGHT:
            return {"intercept": self.level, "slope": self.rise}
        if self.shape is Shape.HINGE:
            return {"intercept": self.level, "slope": self.rise, "knee": self.place}
        return {"low": self.level, "high": self.level + self.rise, "middle": self.place, "width": self.width}

    def predict(self, log2_tokens: Reals) -> Reals:
        """The accuracy that the shape has at these log2 tokens."""
        basis = _BASES[self.shape](np.asarray(log2_tokens, dtype=np.float64), self.place, self.width)
        return np.asarray(self.level + self.rise * basis, dtype=np.float64)

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {"params": dict(self.params), "r2": self.r2, "lopo_error": self.error}


@dataclass(frozen=True, slots=True)
class Fits:
    """The shapes of one label's curve, and the one to go by; None where there are too few conditions for it."""

    run: int
    name: str
    problems: int
    straight: Fit
    hinge: Fit | None
    sigmoid: Fit | None
    chosen: Fit

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {
            "run": self.run,
            "label": self.name,
            "problems": self.problems,
            "chosen": self.chosen.shape.value,
            "straight": self.straight.to_json(),
            "hinge": None if self.hinge is None else self.hinge.to_json(),
            "sigmoid": None if self.sigmoid is None else self.sigmoid.to_json(),
        }


class Many(NamedTuple):
    """One shape fitted to many curves: an entry for each."""

    level: Reals
    rise: Reals
    place: Reals
    width: Reals
    left: Reals
    """Sum of squares that is left."""

    def at(self, shape: Shape, octaves: Reals) -> Reals:
        """What each predicts: a row for each curve; `octaves` is one row for all of them, or one for each."""
        basis = _BASES[shape](np.atleast_2d(octaves), self.place[:, None], self.width[:, None])
        return np.asarray(self.level[:, None] + self.rise[:, None] * basis, dtype=np.float64)


def fits_of(grid: Grid) -> Fits | None:
    """The fitted shapes of a label; None without two problems under two conditions.

    Chosen is the simplest shape whose error on left-out problems is within one standard error, of the paired
    difference over problems, of the best (Breiman et al. 1984, Classification and Regression Trees, section 3.4.3).
    Problems of one cluster are left out together. A hinge whose knee is the last condition is no hinge, but a straight
    line, and is not chosen.
    """
    table = full_table(grid)
    if table is None:
        return None
    fits: dict[Shape, Fit] = {}
    errors: dict[Shape, Reals] = {}
    for shape, least in LEAST_CONDITIONS.items():
        if len(table.columns) >= least:
            errors[shape] = _errors_left_out(shape, table)
            fits[shape] = _fit(shape, table, float(errors[shape].mean()))
    hinge = fits.get(Shape.HINGE)
    if hinge is not None and hinge.place >= table.octaves[-1] - _SAME_PLACE:
        del errors[Shape.HINGE]
    chosen = _simplest_of_the_best(errors, table.clusters)
    return Fits(
        run=grid.run,
        name=grid.name,
        problems=len(table.rows),
        straight=fits[Shape.STRAIGHT],
        hinge=fits.get(Shape.HINGE),
        sigmoid=fits.get(Shape.SIGMOID),
        chosen=fits[chosen],
    )


def band(fit: Fit, grid: Grid, at: Reals, times: int = TIMES, seed: int = 0) -> tuple[Reals, Reals]:
    """95 % limits of the fitted shape at these log2 tokens, point by point: refitted to resampled problems.

    Percentiles, moved outwards for few problems (`outer_percentiles`).

    Raises:
        ValueError: the grid is not one that `fits_of` fits.
    """
    table = full_table(grid)
    if table is None:
        raise ValueError("nothing is fitted to fewer than two problems or two conditions")
    many = refitted(fit.shape, table, times, seed)
    tails = outer_percentiles(count_clusters(table.clusters))
    low, high = np.percentile(many.at(fit.shape, np.asarray(at, dtype=np.float64)), tails, axis=0)
    return low, high


def refitted(shape: Shape, table: FullTable, times: int, seed: int) -> Many:
    """The shape in each resample of the problems; their tokens are resampled with them."""
    octaves, means = _means(table, problem_weights(table.clusters, times, seed))
    return fit_many(shape, octaves, means, _grid(shape, table.octaves))


def outer_percentiles(clusters: int) -> tuple[float, float]:
    """The percentiles, in per cent, that a 95 % bootstrap interval has with so many clusters.

    The plain ones make intervals too short by sqrt((n - 1) / n) and by the normal's quantile in place of Student's:
    Phi(-t sqrt(n / (n - 1))), the expanded percentile interval of Hesterberg 2015, The American Statistician 69:371.
    """
    if clusters < 2:  # noqa: PLR2004 - one cluster has no spread
        return 0.0, 100.0
    tail = 100 * NormalDist().cdf(-t_quantile(clusters - 1) * sqrt(clusters / (clusters - 1)))
    return tail, 100 - tail


def fit_many(shape: Shape, octaves: Reals, means: Reals, tried: tuple[Reals, Reals]) -> Many:
    """The best of the shapes whose (places, widths) are tried, for each row of accuracies over log2 tokens.

    Args:
        shape: which.
        octaves: a row for each curve, or one row for all of them.
        means: a row for each curve, a column for each condition.
        tried: as many places as widths.
    """
    places, widths = tried
    basis = _BASES[shape](octaves[:, :, None], places, widths)
    middle = basis.mean(axis=1)
    basis -= middle[:, None, :]
    from_mean = means - means.mean(axis=1, keepdims=True)
    spread = np.einsum("tck,tck->tk", basis, basis)
    along = np.einsum("tck,tc->tk", basis, from_mean) if len(basis) > 1 else from_mean @ basis[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        rise = np.where(spread > _FLAT, along / spread, 0.0)
    level = means.mean(axis=1, keepdims=True) - rise * middle
    explained = rise * along
    if shape is not Shape.STRAIGHT:
        explained, rise = np.where(rise > 0, explained, 0.0), np.maximum(rise, 0.0)
        level = means.mean(axis=1, keepdims=True) - rise * middle
    if shape is Shape.SIGMOID:
        # A little slack: rounding must not forbid an asymptote at 0 or 1.
        explained = np.where((level >= -_FLAT) & (level + rise <= 1 + _FLAT), explained, -1.0)
    best = explained.argmax(axis=1)
    each = np.arange(len(means))
    left = (from_mean**2).sum(axis=1) - explained[each, best]
    return Many(level[each, best], rise[each, best], places[best], widths[best], left)


_FLAT = 1e-12


def _straight(x: Reals, _place: Reals | float, _width: Reals | float) -> Reals:
    return x + 0.0


def _hinge(x: Reals, place: Reals | float, _width: Reals | float) -> Reals:
    return np.minimum(x, place)


def _sigmoid(x: Reals, place: Reals | float, width: Reals | float) -> Reals:
    # tanh cannot overflow.
    return np.asarray(0.5 + 0.5 * np.tanh((x - place) / (2 * width)), dtype=np.float64)


_BASES = {Shape.STRAIGHT: _straight, Shape.HINGE: _hinge, Shape.SIGMOID: _sigmoid}


def _grid(shape: Shape, octaves: Reals) -> tuple[Reals, Reals]:
    """(places, widths) to try first. A knee before the second point could be anywhere: it begins there."""
    if shape is Shape.STRAIGHT:
        return np.zeros(1), np.ones(1)
    if shape is Shape.HINGE:
        return np.linspace(octaves[1], octaves[-1], KNEES), np.ones(KNEES)
    widest = max(float(np.ptp(octaves)) / 2, 2 * _NARROWEST)
    places, widths = np.meshgrid(
        np.linspace(octaves[0], octaves[-1], _MIDDLES), np.geomspace(_NARROWEST, widest, _WIDTHS)
    )
    return places.ravel(), widths.ravel()


def _closer(shape: Shape, tried: tuple[Reals, Reals], best: Many, step: float) -> tuple[Reals, Reals]:
    """A finer grid around the best, within what was allowed at first."""
    places, widths = tried
    span = np.linspace(-step, step, 2 * _CLOSER + 1)
    reach = np.ptp(places) / ((KNEES if shape is Shape.HINGE else _MIDDLES) - 1)
    near = np.clip(best.place[0] + span * reach, places.min(), places.max())
    if shape is Shape.HINGE:
        return near, np.ones(len(near))
    ratio = (widths.max() / widths.min()) ** (1 / (_WIDTHS - 1))
    wide = np.clip(best.width[0] * ratio**span, widths.min(), widths.max())
    finer = np.meshgrid(near, wide)
    return finer[0].ravel(), finer[1].ravel()


def _fit(shape: Shape, table: FullTable, error: float) -> Fit:
    octaves, means = table.octaves[None, :], table.shares.mean(axis=0)[None, :]
    first = _grid(shape, table.octaves)
    many = fit_many(shape, octaves, means, first)
    if shape is not Shape.STRAIGHT:
        for turn in range(_ROUNDS):
            finer = fit_many(shape, octaves, means, _closer(shape, first, many, float(_CLOSER) ** -turn))
            many = finer if finer.left[0] < many.left[0] else many
    spread = float(((means - means.mean()) ** 2).sum())
    return Fit(
        shape=shape,
        level=float(many.level[0]),
        rise=float(many.rise[0]),
        place=float(many.place[0]),
        width=float(many.width[0]),
        r2=1 - float(many.left[0]) / spread if spread > _FLAT else None,
        error=error,
    )


def _means(table: FullTable, weights: Whole) -> tuple[Reals, Reals]:
    """(log2 tokens, accuracy) of each condition, in each row of weights."""
    count = weights.sum(axis=1, keepdims=True)
    return np.log2(weights @ table.tokens / count), weights @ table.shares / count


def _errors_left_out(shape: Shape, table: FullTable) -> Reals:
    """Of each problem: mean squared error of the shape fitted without it (and its cluster), its own level taken out."""
    fold, count = np.array(members(table.clusters)), count_clusters(table.clusters)
    if count < 2:  # noqa: PLR2004 - nothing would be left to fit
        return np.zeros(len(fold))
    kept = (fold[None, :] != np.arange(count)[:, None]).astype(np.int64)
    octaves, means = _means(table, kept)
    predicted = fit_many(shape, octaves, means, _grid(shape, table.octaves)).at(shape, table.octaves)[fold]
    off = table.shares - predicted
    return np.asarray(((off - off.mean(axis=1, keepdims=True)) ** 2).mean(axis=1), dtype=np.float64)


def _simplest_of_the_best(errors: dict[Shape, Reals], clusters: Sequence[str | None]) -> Shape:
    """The first shape that is within one standard error of the best."""
    best = min(errors, key=lambda shape: float(errors[shape].mean()))
    for shape, own in errors.items():
        worse = own - errors[best]
        spread = standard_error(worse.tolist(), clusters) or 0.0
        if float(worse.mean()) <= spread:
            return shape
    return best
