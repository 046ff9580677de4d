"""The option that pays best where a right answer is worth so many dollars. Knows nothing of time or of risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.resampling import TIMES, middle, problem_weights

if TYPE_CHECKING:
    from core.analysis.intervals import Interval
    from core.analysis.options import Option, Options
    from core.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Payoff:
    """What to ask for at one value of a right answer, and how sure that is."""

    name: str
    value_usd: float
    """What a right answer is worth."""
    option: Option
    accuracy: float
    cost_usd: float
    """Per problem."""
    agrees: float
    """Share of resamples of the problems in which this option pays best."""
    net_usd_ci95: Interval | None
    """Of the net, from the same resamples; None with a single cluster of problems."""
    rival: Option | None
    """The other option that pays best most often; None where none ever does."""
    rival_agrees: float

    @property
    def net_usd(self) -> float:
        """Value earned less what it costs, per problem. Below 0, asking does not pay."""
        return self.value_usd * self.accuracy - self.cost_usd

    def to_json(self) -> dict[str, Json]:
        """The payoff by its names; dollars per problem."""
        return {
            "name": self.name,
            "value_usd": self.value_usd,
            "option": self.option.to_json(),
            "accuracy": self.accuracy,
            "cost_usd": self.cost_usd,
            "net_usd": self.net_usd,
            "net_usd_ci95": self.net_usd_ci95 and list(self.net_usd_ci95),
            "agrees_in": self.agrees,
            "rival": self.rival.to_json() if self.rival else None,
            "rival_agrees_in": self.rival_agrees,
        }


def what_pays(options: Options, value_usd: float, times: int = TIMES, seed: int = 0) -> Payoff | None:
    """The option with the most value x accuracy - cost, of equals the cheaper, and how often resamples agree.

    The best of many owes something to luck, so its net flatters it; a low share of agreement says how much of a choice
    it was.

    Returns:
        None unless the options are in dollars.
    """
    if options.basis != "dollars":
        return None
    accuracy, cost = options.accuracy, options.cost
    by_cost = np.argsort(cost, kind="stable")
    best = int(by_cost[np.argmax((value_usd * accuracy - cost)[by_cost])])
    accuracies, costs = options.resampled(problem_weights(options.clusters, times, seed))
    nets = value_usd * accuracies - costs
    wins = np.bincount(by_cost[np.argmax(nets[:, by_cost], axis=1)], minlength=len(cost)) / times
    others = wins.copy()
    others[best] = 0
    rival = int(np.argmax(others))
    return Payoff(
        name=options.name,
        value_usd=value_usd,
        option=options.each[best],
        accuracy=float(accuracy[best]),
        cost_usd=float(cost[best]),
        agrees=float(wins[best]),
        net_usd_ci95=middle(nets[:, best]) if options.resamplable else None,
        rival=options.each[rival] if others[rival] else None,
        rival_agrees=float(others[rival]),
    )
