"""Where the model that is behind at little spending overtakes the other, and how sure that is.

Both lines are read on the same resampled problems, so what is hard for both moves neither. Knows nothing of how far
apart the two are anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.comparison import NO_VOTES, pair_of
from core.analysis.intervals import CONFIDENCE
from core.analysis.lines import read_off
from core.analysis.options import in_words
from core.analysis.resampling import TIMES, problem_weights

if TYPE_CHECKING:
    from core.analysis.comparison import Pair, Tables
    from core.analysis.grid import Grid, Reals, Whole
    from core.analysis.options import Basis, Options
    from core.vocabulary import Json

_LEVEL = 1e-12
"""Accuracies that differ by less are level: it is rounding."""


@dataclass(frozen=True, slots=True)
class Crossover:
    """Two models' lines, and where they cross."""

    first: str
    second: str
    basis: Basis
    problems: int
    low: float
    """The least spend that both lines reach, per problem."""
    high: float
    overtaker: str | None
    """Behind somewhere below, ahead from the crossover to the end of the common range; None where the lines do not
    cross."""
    spend: float | None
    """Where it overtakes for good, per problem; None where the lines do not cross."""
    ci95: tuple[float | None, float | None] | None
    """Of the spend, over all resamples. The lower end is None where the overtaker may be ahead from the start of the
    common range, the upper one where it may not be ahead at its end. None itself with a single cluster of problems."""
    crosses: float
    """Share of resamples in which the overtaker overtakes; where the lines do not cross, in which either does."""

    @property
    def told(self) -> bool:
        """Whether it can be said that there is a crossover: 95 % of the resamples have one, and there were some."""
        return self.spend is not None and self.ci95 is not None and self.crosses >= CONFIDENCE

    @property
    def words(self) -> str:
        """Who overtakes whom and where, in a sentence; or that it cannot be told."""
        low, high = (in_words(value, self.basis) for value in (self.low, self.high))
        if self.spend is None or self.overtaker is None:
            if self.crosses > 1 - CONFIDENCE:
                return (
                    f"whether {self.first} and {self.second} cross cannot be told: these lines do not, between {low} "
                    f"and {high} a problem, but in {self.crosses:.0%} of resamples they do"
                )
            return f"{self.first} and {self.second} do not cross between {low} and {high} a problem"
        other = self.second if self.overtaker == self.first else self.first
        at = in_words(self.spend, self.basis)
        if not self.told or self.ci95 is None:
            return (
                f"whether {self.overtaker} overtakes {other} cannot be told: the lines cross at {at} a problem, in "
                f"{self.crosses:.0%} of resamples"
            )
        left, right = (None if end is None else in_words(end, self.basis) for end in self.ci95)
        return f"{self.overtaker} overtakes {other} at {at} a problem [{left or low}, {right or high}]"

    def to_json(self) -> dict[str, Json]:
        """The crossover by its names; spends are per problem, in `basis`."""
        return {
            "first": self.first,
            "second": self.second,
            "basis": self.basis,
            "problems": self.problems,
            "words": self.words,
            "told": self.told,
            "lowest_common_spend": self.low,
            "highest_common_spend": self.high,
            "overtaker": self.overtaker,
            "spend": self.spend,
            "ci95": self.ci95 and list(self.ci95),
            "crosses_in": self.crosses,
        }


def crossover(
    first: Grid,
    second: Grid,
    *,
    basis: Basis | None = None,
    tables: Tables = NO_VOTES,
    times: int = TIMES,
    seed: int = 0,
) -> Crossover | None:
    """The spend from which on the model that was behind is ahead.

    Lines are straight between options in log2 of the mean spend, so their difference is straight between the options of
    both, and its last change of sign is found exactly. The interval is the percentile interval over resamples of the
    problems. A resample without a crossover counts as one below the range (the overtaker is ahead throughout) or above
    it (it is not ahead at the end), so that the interval is not only of those resamples that suit it; one whose lines
    have no common range is left out.

    Args:
        first: one model.
        second: the other.
        basis: what is spent; None takes dollars where both are priced, else tokens.
        tables: expected credit of votes of the first and of the second.
        times: resamples.
        seed: of the resamples.

    Returns:
        None where the two cannot be compared: see `pair_of`.
    """
    pair = pair_of(first, second, basis=basis, tables=tables)
    if pair is None:
        return None
    once = np.ones((1, len(pair.first.problems)), dtype=np.int64)
    weights = problem_weights(pair.first.clusters, times, seed)
    (place,), (opposite,) = (overtaking(*_lead(pair, once, sign)) for sign in (1, -1))
    sign = 1 if np.isfinite(place) else -1 if np.isfinite(opposite) else 0
    if not sign:
        either = [np.isfinite(overtaking(*_lead(pair, weights, way))) for way in (1, -1)]
        return _crossover(pair, None, None, None, float(np.mean(either[0] | either[1])))
    places = overtaking(*_lead(pair, weights, sign))
    name = pair.second.name if sign > 0 else pair.first.name
    spend = float(2 ** (place if sign > 0 else opposite))
    ci95 = _middle(places, pair) if pair.first.resamplable else None
    return _crossover(pair, name, spend, ci95, float(np.mean(np.isfinite(places))))


def overtaking(spend: Reals, lead: Reals) -> Reals:
    """Where each row's lead becomes positive for good.

    Args:
        spend: places in rising order; rows x places.
        lead: at those places, straight between them; NaN where it is not known.

    Returns:
        The place; -inf where the lead is positive throughout, inf where it is not positive at the end, NaN where it is
        not known.
    """
    rows = np.arange(len(lead))
    last = lead.shape[1] - 1
    behind = lead <= 0
    at = last - np.argmax(behind[:, ::-1], axis=1)
    following = np.minimum(at + 1, last)
    x0, x1, y0, y1 = spend[rows, at], spend[rows, following], lead[rows, at], lead[rows, following]
    with np.errstate(invalid="ignore", divide="ignore"):
        place = x0 + (x1 - x0) * -y0 / (y1 - y0)
    # To be level at first and ahead later is not to overtake.
    place = np.where((lead < 0).any(axis=1), place, -np.inf)
    place = np.where(lead[:, -1] > 0, place, np.inf)
    return np.where(np.isnan(lead).any(axis=1), np.nan, place)


def _lead(pair: Pair, weights: Whole, sign: int) -> tuple[Reals, Reals]:
    """log2 spends at which either line may bend, and the second's lead there (the first's where sign is -1)."""
    (x, y), (u, v) = (_points(line, weights) for line in (pair.first, pair.second))
    low = np.maximum(x.min(axis=1), u.min(axis=1))[:, None]
    high = np.minimum(x.max(axis=1), u.max(axis=1))[:, None]
    at = np.sort(np.clip(np.concatenate([x, u], axis=1), low, np.maximum(low, high)), axis=1)
    lead = sign * (read_off(u, v, at) - read_off(x, y, at))
    return at, np.where(low < high, np.where(np.abs(lead) < _LEVEL, 0.0, lead), np.nan)


def _points(line: Options, weights: Whole) -> tuple[Reals, Reals]:
    accuracy, cost = line.resampled(weights)
    # A resample may hold only problems that cost nothing: it has no place on the axis, and no common range.
    return np.log2(np.where(cost > 0, cost, np.nan)), accuracy


def _middle(places: Reals, pair: Pair) -> tuple[float | None, float | None] | None:
    """The percentile interval in spends; see `Crossover.ci95`."""
    known = places[~np.isnan(places)]
    if not len(known):
        return None
    tail = 100 * (1 - CONFIDENCE) / 2
    # Infinities have no values between them: whole places only.
    low, high = np.percentile(known, [tail, 100 - tail], method="nearest")
    below = None if low == -np.inf else float(2 ** min(low, pair.high))
    return below, None if high == np.inf else float(2 ** max(high, pair.low))


def _crossover(
    pair: Pair,
    overtaker: str | None,
    spend: float | None,
    ci95: tuple[float | None, float | None] | None,
    crosses: float,
) -> Crossover:
    return Crossover(
        first=pair.first.name,
        second=pair.second.name,
        basis=pair.first.basis,
        problems=len(pair.first.problems),
        low=float(2**pair.low),
        high=float(2**pair.high),
        overtaker=overtaker,
        spend=spend,
        ci95=ci95,
        crosses=crosses,
    )
