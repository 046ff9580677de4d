"""From accuracy over spending to spending at a given accuracy, and one slope common to several levels.

A level has one place on a line only if the line never falls, so each line is made to rise first: the nearest rising one
in least squares. A dip is taken for noise. Everything works on many resamples at once, a row for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.analysis.grid import Reals

_ROUNDING = 1e-9

_HARDLY = 1e-3
"""Sum of squares of log10 training around its levels' means below which models are of equal training: for two models
at one level, a factor of 1.1. A slope over less is noise over next to nothing, and its power of ten no number."""


def rising(values: Reals) -> Reals:
    """The nearest sequences that never fall, in least squares: isotonic regression, each row by itself.

    By the max-min formula (Robertson, Wright and Dykstra 1988, *Order Restricted Statistical Inference*, section 1.4):
    at i, the largest over j <= i of the smallest over k >= i of the mean of j to k.
    """
    count = values.shape[1]
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    start, end = np.arange(count)[:, None], np.arange(count)[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (sums[:, None, 1:] - sums[:, :-1, None]) / (end - start + 1)
    means = np.where(end >= start, means, np.inf)
    smallest = np.minimum.accumulate(means[:, :, ::-1], axis=2)[:, :, ::-1]
    largest = np.maximum.accumulate(np.where(end >= start, smallest, -np.inf), axis=1)
    return np.asarray(np.diagonal(largest, axis1=1, axis2=2))


def reached_at(spend: Reals, accuracy: Reals, levels: Reals) -> Reals:
    """Where each row's line, made to rise, first reaches each level; NaN where it starts above or ends below.

    Args:
        spend: places of the points (a logarithm of what they spend), in any order; rows x points.
        accuracy: at those points.
        levels: accuracies.

    Returns:
        Rows x levels, in the unit of `spend`, straight between points.
    """
    order = np.argsort(spend, axis=1, kind="stable")
    x = np.take_along_axis(spend, order, axis=1)
    y = rising(np.take_along_axis(accuracy, order, axis=1))
    there = y[:, None, :] >= levels[None, :, None] - _ROUNDING
    at = np.argmax(there, axis=2)
    before = np.maximum(at - 1, 0)
    x0, x1 = np.take_along_axis(x, before, axis=1), np.take_along_axis(x, at, axis=1)
    y0, y1 = np.take_along_axis(y, before, axis=1), np.take_along_axis(y, at, axis=1)
    climb = y1 - y0
    share = np.where(climb > 0, (levels - y0) / np.where(climb > 0, climb, 1), 1.0)
    known = there.any(axis=2) & (levels >= y[:, :1] - _ROUNDING)
    return np.where(known, x0 + np.minimum(share, 1.0) * (x1 - x0), np.nan)


def common_slope(train: Reals, reached: Reals) -> Reals:
    """The slope of least squares of what is reached on `train` with an effect for each level; of each row.

    A level tells what its models tell beside its own mean; one that a single model reaches, or models of (nearly)
    equal training, tells nothing. NaN where none tells anything.

    Args:
        train: of each model.
        reached: rows x models x levels; NaN where a model does not reach a level.
    """
    known = ~np.isnan(reached)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    x, y = np.where(known, train[None, :, None], 0.0), np.where(known, reached, 0.0)
    off_x = np.where(known, x - x.sum(axis=1, keepdims=True) / count, 0.0)
    off_y = np.where(known, y - y.sum(axis=1, keepdims=True) / count, 0.0)
    spread = (off_x**2).sum(axis=(1, 2))
    told = spread > _HARDLY
    return np.where(told, (off_x * off_y).sum(axis=(1, 2)) / np.where(told, spread, 1.0), np.nan)


def levels_between(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, both included."""
    first, last = int(np.ceil(low / step - _ROUNDING)), int(np.floor(high / step + _ROUNDING))
    return [round(i * step, 2) for i in range(first, last + 1)]
