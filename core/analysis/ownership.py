"""Total cost of ownership at equal accuracy: training, paid once, against thinking, paid with every query.

Training is CAPEX, thinking OPEX: total = train_usd + queries x query_usd. Knows nothing of interest, of what else a
query costs, or of how accuracy came about; whoever asks brings the prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.trade import Contour, Trade
    from core.vocabulary import Json

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Owned:
    """One model as it is paid for, at one accuracy."""

    name: str
    train_usd: float
    """Once."""
    query_usd: float
    """Thinking, per query."""

    def total_usd(self, queries: float) -> float:
        """Of so many queries, the training included."""
        return self.train_usd + queries * self.query_usd

    def to_json(self) -> dict[str, Json]:
        """Both prices by their names."""
        return {"name": self.name, "train_usd": self.train_usd, "query_usd": self.query_usd}


@dataclass(frozen=True, slots=True)
class Reign:
    """The numbers of queries for which one model costs the least."""

    owned: Owned
    from_queries: float
    to_queries: float
    """Infinite for the last."""

    def to_json(self) -> dict[str, Json]:
        """The reign by its names; `to_queries` is None where it does not end."""
        end = None if self.to_queries == inf else self.to_queries
        return self.owned.to_json() | {"from_queries": self.from_queries, "to_queries": end}


@dataclass(frozen=True, slots=True)
class Split:
    """How to share money between training and thinking, for so many queries at one accuracy."""

    accuracy: float
    queries: float
    train_flop: float
    train_usd: float
    query_usd: float
    extrapolated: bool
    """Whether no model with so much, or so little, training was measured at this accuracy."""

    @property
    def total_usd(self) -> float:
        """Training and all queries."""
        return self.train_usd + self.queries * self.query_usd

    @property
    def train_share(self) -> float:
        """Share of all dollars that goes into training."""
        return self.train_usd / self.total_usd

    def to_json(self) -> dict[str, Json]:
        """The split by its names."""
        return {
            "accuracy": self.accuracy,
            "queries": self.queries,
            "train_flop": self.train_flop,
            "train_usd": self.train_usd,
            "query_usd": self.query_usd,
            "total_usd": self.total_usd,
            "train_share": self.train_share,
            "extrapolated": self.extrapolated,
        }


@dataclass(frozen=True, slots=True)
class Ownership:
    """All models that reach one accuracy, by what they cost to have and to ask."""

    accuracy: float
    owned: tuple[Owned, ...]
    """From the least training to the most."""
    reigns: tuple[Reign, ...]
    """Which of them costs the least, by the number of queries; where one reign ends, two models break even."""
    split: Split | None
    """Between training and thinking, for the queries asked about; see `best_training` for where it is None."""

    def to_json(self) -> dict[str, Json]:
        """The models by their names."""
        return {
            "accuracy": self.accuracy,
            "models": [one.to_json() for one in self.owned],
            "cheapest": [reign.to_json() for reign in self.reigns],
            "best_split": self.split.to_json() if self.split else None,
        }


def ownership_of(
    trade: Trade, usd_per_train_flop: float, queries: float | None = None, usd_per_test: float | None = None
) -> tuple[Ownership, ...]:
    """What every model costs at every accuracy of a trade.

    Args:
        trade: the plane, with its levels of accuracy.
        usd_per_train_flop: dollars per FLOP of training.
        queries: how many are to be asked; None leaves out the best split for them.
        usd_per_test: dollars per FLOP, or token, of test compute. Not needed where the trade is in dollars.

    Returns:
        One for each level, by rising accuracy. Empty where test compute has no price.
    """
    found = []
    for contour in trade.contours:
        owned = owned_at(trade, contour.level, usd_per_train_flop, usd_per_test)
        split = best_training(trade, contour.level, queries or 0, usd_per_train_flop, usd_per_test)
        if owned:
            found.append(Ownership(contour.level, owned, reigns(owned), split))
    return tuple(found)


def break_even_queries(first: Owned, second: Owned) -> float | None:
    """Queries at which both have cost the same: (difference in training) / (difference per query).

    Returns:
        None where they never do after the start: one of them costs no more in either way, or both cost the same per
        query.
    """
    saved = first.query_usd - second.query_usd
    extra = second.train_usd - first.train_usd
    return extra / saved if extra * saved > 0 else None


def reigns(owned: Sequence[Owned]) -> tuple[Reign, ...]:
    """Which model costs the least, from 0 queries up; of equals the one that comes first. Empty without a model."""
    if not owned:
        return ()
    holder, since = min(owned, key=lambda one: (one.train_usd, one.query_usd)), 0.0
    found: list[Reign] = []
    while True:
        rivals = [(break_even_queries(holder, one), one) for one in owned if one.query_usd < holder.query_usd]
        after = [(max(at, since), one.query_usd, one) for at, one in rivals if at is not None]
        if not after:
            return (*found, Reign(holder, since, inf))
        end, _, following = min(after, key=lambda rival: rival[:2])
        if end > since:
            found.append(Reign(holder, since, end))
        holder, since = following, end


def owned_at(
    trade: Trade, accuracy: float, usd_per_train_flop: float, usd_per_test: float | None = None
) -> tuple[Owned, ...]:
    """What each model costs to have and to ask at one of the trade's levels of accuracy.

    Args:
        trade: the plane, with its levels.
        accuracy: one of them.
        usd_per_train_flop: dollars per FLOP of training.
        usd_per_test: dollars per FLOP, or token, of test compute. Not needed where the trade is in dollars.

    Returns:
        From the least training to the most, those that reach the level. Empty where the trade has no such level, or
        test compute has no price.
    """
    contour, price = _contour(trade, accuracy), _test_price(trade, usd_per_test)
    if contour is None or price is None:
        return ()
    places = zip(contour.names, contour.log10_train, contour.log10_test, strict=True)
    return tuple(Owned(name, 10**train * usd_per_train_flop, 10**test * price) for name, train, test in places)


def best_training(
    trade: Trade, accuracy: float, queries: float, usd_per_train_flop: float, usd_per_test: float | None = None
) -> Split | None:
    """The training that makes so many queries cheapest, along the fitted line of equal accuracy.

    Where thinking falls as training^slope, total = t x train + queries x c x train^slope is least where the dollars
    spent on training are -slope times those spent on thinking, however many queries there are: the share of training is
    -slope / (1 - slope). (The derivative by train, set to 0.) More queries move both up, together.

    Args:
        trade: the plane, with its slope.
        accuracy: one of its levels.
        queries: how many are to be asked.
        usd_per_train_flop: dollars per FLOP of training.
        usd_per_test: dollars per FLOP, or token, of test compute. Not needed where the trade is in dollars.

    Returns:
        None where the trade has no such level, test compute has no price, there is nothing to ask or to pay, or
        training saves no thinking (slope 0 or above): then the least training is the best.
    """
    contour, price = _contour(trade, accuracy), _test_price(trade, usd_per_test)
    slope = trade.slope
    if contour is None or price is None or slope >= 0 or min(queries, usd_per_train_flop, price) <= 0:
        return None
    # t x train = -slope x queries x price x 10^intercept x train^slope, solved for train.
    log_train = (
        log10(-slope * queries) + log10(price) + contour.intercept - log10(usd_per_train_flop)
    ) / (1 - slope)  # fmt: skip
    low, high = min(contour.log10_train), max(contour.log10_train)
    return Split(
        accuracy=contour.level,
        queries=queries,
        train_flop=10**log_train,
        train_usd=10**log_train * usd_per_train_flop,
        query_usd=10 ** (contour.intercept + slope * log_train) * price,
        extrapolated=not low <= log_train <= high,
    )


def _contour(trade: Trade, accuracy: float) -> Contour | None:
    return next((one for one in trade.contours if abs(one.level - accuracy) < _ROUNDING), None)


def _test_price(trade: Trade, usd_per_test: float | None) -> float | None:
    return 1.0 if trade.basis == "dollars" else usd_per_test
