"""Everything that is said of the runs of one report, worked out only when somebody asks for it.

A `Study` is what figures, reports, `thinktop curve` and the monitor read from; each part of it is made by one neighbour
of this file, which alone knows what its number means. Three rules are kept here: accuracy and what follows from it take
the draws of the first plan, votes take every draw; models are compared in dollars where all are priced, since tokens of
two models are two units; and the verdicts of one study are adjusted together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from core.analysis.best_split import SplitRule, best_splits
from core.analysis.bootstrap import Bootstrapped, bootstrapped
from core.analysis.comparison import Comparison, compare
from core.analysis.coverage import Coverage, coverage_of
from core.analysis.crossover import Crossover, crossover
from core.analysis.difficulty import Difficulty, difficulty_of
from core.analysis.fits import Fits, fits_of
from core.analysis.frontier import Frontier, frontier
from core.analysis.gain import Gain, Straight, gain_per_doubling, straight_through_points
from core.analysis.knee import Knee, knee_of
from core.analysis.listening import Listening, listening_of, slopes_of_points
from core.analysis.options import Options, options_of
from core.analysis.ownership import Ownership, ownership_of
from core.analysis.pairing import Between, PairedDifference, between_labels, neighbouring_differences
from core.analysis.payoff import Payoff, what_pays
from core.analysis.reliability import Reliability, reliability_of
from core.analysis.s1 import S1, s1_of
from core.analysis.scored import Scored, scored_of
from core.analysis.trade import Trade, trades_of
from core.analysis.verdicts import MARGIN, Evidence, Verdict, verdicts_of
from core.analysis.vote_gains import VoteGain, vote_gain

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.analysis.curve import ConditionCurve
    from core.analysis.grid import Grid
    from core.analysis.obedience import Obedience
    from core.analysis.options import Basis
    from core.analysis.vote_table import VoteTable

_TWO = 2
"""Points that make a line, labels that make a comparison."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A published result to stand beside the run's own."""

    name: str
    accuracy: float
    tokens: float | None
    usd: float | None


@dataclass(frozen=True, slots=True)
class StudiedRun:
    """A run, as far as figures and reports name it."""

    id: int
    name: str
    simulated: bool
    imported: bool
    finished: bool = True
    """Whether nothing more is to come."""


@dataclass(frozen=True)
class LabelStudy:
    """One label of one run: what was measured, and what follows from it."""

    run: int
    name: str
    """The label, with its run where several have it."""
    label: str
    simulated: bool
    curves: tuple[ConditionCurve, ...]
    """From the least thinking to the most."""
    grid: Grid | None
    """The draws of the first plan; None for a published result without samples."""
    voting: Callable[[], tuple[VoteTable, ...]] = field(repr=False)
    """Makes the expected votes of its conditions, from every draw."""
    obedience: Obedience | None = None
    """Whether its control was obeyed, where that can be asked."""
    seed: int = 0
    margin: float = MARGIN
    """Accuracy that counts as no gain."""
    value_usd: float | None = None
    """What a right answer is worth."""

    @cached_property
    def votes(self) -> tuple[VoteTable, ...]:
        """Expected votes and coverage of each condition, problem by problem."""
        return self.voting()

    @cached_property
    def evidence(self) -> Evidence | None:
        """What a verdict looks at."""
        return None if self.grid is None else Evidence(self.grid, self.votes, self.obedience, self.margin)

    @cached_property
    def fits(self) -> Fits | None:
        """The shapes of its curve."""
        return None if self.grid is None else fits_of(self.grid)

    @cached_property
    def gain(self) -> Gain | None:
        """Accuracy per doubling of tokens."""
        return None if self.grid is None else gain_per_doubling(self.grid)

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """(tokens, accuracy) of each condition, then of its votes where it says their tokens itself."""
        asked = [(one.mean_completion_tokens, one.accuracy) for one in self.curves]
        votes = [(at.tokens, at.value) for one in self.curves for at in one.maj_at if at.k > 1]
        return tuple((x, y) for x, y in [*asked, *votes] if x and y is not None)

    @cached_property
    def lines(self) -> tuple[Straight, ...]:
        """Straight lines through published points: of what was asked, and with votes too where there are any."""
        if self.grid is not None:
            return ()
        asked = sum(one.accuracy is not None and bool(one.mean_completion_tokens) for one in self.curves)
        through = (self.points[:n] for n in sorted({asked, len(self.points)}))
        apart = [points for points in through if len({tokens for tokens, _ in points}) >= _TWO]
        return tuple(straight_through_points(*zip(*points, strict=True)) for points in apart)

    @cached_property
    def knee(self) -> Knee | None:
        """Where its curve stops rising, as far as a hinge can say."""
        return None if self.grid is None else knee_of(self.grid, seed=self.seed)

    @cached_property
    def listening(self) -> Listening | None:
        """How tokens used follow tokens asked."""
        if self.grid is not None:
            return listening_of(self.grid)
        said = [(one.budget_tokens, one.mean_completion_tokens) for one in self.curves]
        known = [(asked, used) for asked, used in said if asked and used]
        return slopes_of_points(*zip(*known, strict=True)) if len(known) >= _TWO else None

    @cached_property
    def differences(self) -> tuple[PairedDifference, ...]:
        """From each condition to the next, on the same problems."""
        return () if self.grid is None else neighbouring_differences(self.grid)

    @cached_property
    def bootstrap(self) -> Bootstrapped | None:
        """Intervals of its accuracies by resampling."""
        return None if self.grid is None else bootstrapped(self.grid, seed=self.seed)

    @cached_property
    def s1(self) -> S1 | None:
        """Control, scaling, performance."""
        return None if self.grid is None else s1_of(self.grid)

    @cached_property
    def difficulty(self) -> Difficulty | None:
        """Accuracy by how hard the problems are."""
        return None if self.grid is None else difficulty_of(self.grid)

    @cached_property
    def vote_gains(self) -> tuple[tuple[VoteGain, ...], ...]:
        """Of each condition: what each doubling of the votes brings."""
        return tuple(
            tuple(vote_gain(table, k, more) for k, more in pairwise(table.ks)) if table.problems else ()
            for table in self.votes
        )

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """How pass@k grows, of each condition."""
        return tuple(coverage_of(table) for table in self.votes)

    @cached_property
    def reliability(self) -> tuple[Reliability, ...]:
        """How far each condition can be relied on."""
        return tuple(reliability_of(table) for table in self.votes)

    @cached_property
    def scored(self) -> tuple[Scored, ...]:
        """What the scores of others' scorers are worth, where every sample has one."""
        held = (None if self.grid is None else self.grid.samples) or ()
        return tuple(scored for condition in held for scored in scored_of(condition, self.seed))

    @cached_property
    def options(self) -> Options | None:
        """What can be bought: each condition at each number of votes."""
        return None if self.grid is None else options_of(self.grid, self.votes)

    @cached_property
    def frontier(self) -> Frontier | None:
        """Where the next dollar goes."""
        return None if self.options is None else frontier(self.options, seed=self.seed)

    @cached_property
    def splits(self) -> SplitRule | None:
        """The best budget and votes for a given spend, judged on problems held out."""
        return None if self.options is None else best_splits(self.options, seed=self.seed)

    @cached_property
    def payoff(self) -> Payoff | None:
        """What pays best where a right answer is worth so much."""
        return what_pays(self.options, self.value_usd, seed=self.seed) if self.options and self.value_usd else None


@dataclass(frozen=True)
class Study:
    """The labels of one report, beside each other."""

    runs: tuple[StudiedRun, ...]
    labels: tuple[LabelStudy, ...]
    references: tuple[Reference, ...] = ()
    margin_chosen_late: bool = False
    """Whether a run has another margin here than it was started with."""
    seed: int = 0
    usd_per_train_flop: float | None = None
    queries: float | None = None

    @property
    def margin(self) -> float | None:
        """Accuracy that counts as no gain; None where the runs were started with different ones."""
        margins = {one.margin for one in self.labels} or {MARGIN}
        return margins.pop() if len(margins) == 1 else None

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each label over its budgets and over its votes, adjusted together."""
        evidence = [one.evidence for one in self.labels]
        return verdicts_of([one for one in evidence if one is not None])

    @cached_property
    def measured(self) -> tuple[LabelStudy, ...]:
        """The labels that have samples."""
        return tuple(one for one in self.labels if one.grid is not None and one.grid.drawn.any())

    @cached_property
    def pairs(self) -> tuple[tuple[LabelStudy, Grid, LabelStudy, Grid], ...]:
        """Each two measured labels, with their grids."""
        told = [(one, one.grid) for one in self.measured if one.grid is not None]
        return tuple((*first, *second) for first, second in combinations(told, 2))

    @cached_property
    def differences(self) -> tuple[Between, ...]:
        """Each two labels where both were asked for the same, on the same problems, whatever that cost."""
        return tuple(found for _, one, _, other in self.pairs for found in between_labels(one, other))

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Each two labels at equal dollars, or tokens where one is unpriced."""
        made = (compare(one, other, tables=(a.votes, b.votes)) for a, one, b, other in self.pairs)
        return tuple(comparison for comparison in made if comparison is not None)

    @cached_property
    def crossovers(self) -> tuple[Crossover, ...]:
        """Where one label overtakes another, on the same bases."""
        made = (crossover(one, other, tables=(a.votes, b.votes), seed=self.seed) for a, one, b, other in self.pairs)
        return tuple(crossing for crossing in made if crossing is not None)

    def compared_by(self, basis: Basis) -> tuple[tuple[Comparison, Crossover | None], ...]:
        """Each two labels that can be compared at equal spends of one basis, and where one overtakes the other."""
        found = []
        for a, one, b, other in self.pairs:
            tables = a.votes, b.votes
            comparison = compare(one, other, basis=basis, tables=tables)
            if comparison is not None:
                found.append((comparison, crossover(one, other, basis=basis, tables=tables, seed=self.seed)))
        return tuple(found)

    @cached_property
    def trades(self) -> tuple[Trade, ...]:
        """What training buys in thinking, in FLOP and in dollars."""
        return trades_of([one.grid for one in self.measured if one.grid is not None], seed=self.seed)

    @cached_property
    def ownership(self) -> tuple[Ownership, ...]:
        """Training once against thinking per query, at each accuracy that the models share; empty without a price."""
        if self.usd_per_train_flop is None:
            return ()
        return tuple(
            owned
            for trade in self.trades
            if trade.basis == "dollars"
            for owned in ownership_of(trade, self.usd_per_train_flop, self.queries)
        )
