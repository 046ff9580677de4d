"""What a curve says, in a sentence that somebody will act on: it still grows, it has stopped, or one cannot tell.

Owns the order of the rules and the words. The tests are its neighbours': `plateau` looks at the end of the curve,
`equivalence` says what may be called no difference, `gain` measures the slope.

**The rules**, the first that fits:

1. *withheld*: the control was not obeyed, so the budgets say nothing about thinking.
2. *falling*: over the upper half of its doublings the curve's slope is below 0 (95 % interval, whatever the draws that
   failed would have been), unless rule 4 fits.
3. *ceiling*: nine problems in ten are always right at the last point; this set of problems cannot show a gain.
4. *no more gains*: the last doubling or more is within the margin, up or down, by an equivalence test, adjusted over
   all verdicts of the report. Never because a slope is not significant.
5. *growing*: over the upper half the slope is above 0, in the same way. But a plateau that only the other verdicts of
   the report stand in the way of is not growth, nor are votes that fell behind where they cannot be tested any more:
   those are too early to tell.
6. *withheld*: a plateau may not be looked for, because too much was cut off or is missing.
7. *too early to tell*, with what would tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import log2
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.analysis.equivalence import LEVEL, holm
from core.analysis.gain import Gain, gain_along
from core.analysis.obedience import Finding as Obeyed
from core.analysis.plateau import (
    APART,
    LOST_AT_MOST,
    SMALLEST_VOTE,
    Comparison,
    Need,
    Points,
    comparisons,
    gain_at_the_end,
    need,
    points_of_thinking,
    points_of_votes,
    sign_at_the_end,
)
from core.analysis.vote_gains import DRAWS_A_VOTE, VoteGain, vote_gain
from core.analysis.wording import in_points, power_of_two

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.grid import Grid
    from core.analysis.intervals import Interval
    from core.analysis.obedience import Obedience
    from core.analysis.vote_table import VoteTable
    from core.vocabulary import Json

_NO_TOKENS = "the source does not say how many tokens were used"

MARGIN = 0.02
"""Accuracy that counts as no gain, where a run says nothing else."""
NEARLY_ALL = 0.9
"""Share of problems that are always right at the ceiling."""
NEARLY_WHOLE = 0.9
"""Share of the problems asked that must have a sample at every budget: those that come first are not any problems."""
Over = Literal["thinking", "votes"]


class Finding(StrEnum):
    """What is found of a curve."""

    GROWING = "growing"
    FALLING = "falling"
    CEILING = "ceiling"
    NO_MORE_GAINS = "no more gains"
    TOO_EARLY = "too early to tell"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One label of one run, as far as verdicts look at it."""

    grid: Grid
    votes: Sequence[VoteTable] = ()
    """Expected votes of its conditions; the one with the most draws of each problem gets a verdict."""
    obedience: Obedience | None = None
    """Whether its control was obeyed, where that was tested."""
    margin: float = MARGIN
    """Accuracy (a share) that counts as no gain, chosen before the run."""

    def __post_init__(self) -> None:
        """Refuse a margin within which nothing is equal."""
        if self.margin <= 0:
            raise ValueError(f"a margin is above 0, not {self.margin:g}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence on one curve, and its numbers; None where they cannot be said."""

    run: int
    name: str
    """The label, as figures call it."""
    over: Over
    """Along what: the budgets of a label, or the votes at one budget."""
    finding: Finding
    words: str
    per_doubling: float | None
    """Accuracy for each doubling of the tokens, over the whole curve."""
    ci95: Interval | None
    """Of `per_doubling`."""
    end_per_doubling: float | None
    """The same over the upper half of its doublings, as far as it can be tested."""
    end_ci95: Interval | None
    beyond_tokens: float | None
    """Completion tokens per problem from which nothing more is gained."""
    margin: float
    p: float | None
    """Of the equivalence test: of the stretch that is reported, else of the last one that could be."""
    p_adjusted: float | None
    """The same, adjusted over all verdicts that were asked for together."""
    more_problems: int | None
    """How many more, of the same kind with as many draws, would tell; about."""
    reasons: tuple[str, ...]
    """What else was looked at, a sentence each."""

    def to_json(self) -> dict[str, Json]:
        """As `curve --json` prints it."""
        return {
            "run": self.run,
            "label": self.name,
            "over": self.over,
            "finding": self.finding.value,
            "words": self.words,
            "per_doubling": self.per_doubling,
            "ci95": self.ci95 and list(self.ci95),
            "end_per_doubling": self.end_per_doubling,
            "end_ci95": self.end_ci95 and list(self.end_ci95),
            "beyond_tokens": self.beyond_tokens,
            "margin": self.margin,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "more_problems": self.more_problems,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class _Question:
    """One curve that a verdict is asked of, before the p values of all are adjusted."""

    evidence: Evidence
    over: Over
    points: Points | None
    """None where nothing can be tested; `instead` says why."""
    instead: str = ""
    withheld: bool = False
    note: str = ""
    """What is reported beside the finding, whatever it is."""
    untested: VoteGain | None = None
    """From the most votes that can be tested to all of them, where there are more."""


def verdicts_of(evidence: Sequence[Evidence]) -> tuple[Verdict, ...]:
    """A verdict for each label over its budgets, and over the votes of its condition with the most draws.

    Everything that one report says must be asked for in one call: whoever reads ten verdicts gives chance ten tries, so
    the p values of all equivalence tests are adjusted together (`holm`).
    """
    questions = [question for one in evidence for question in (*_over_thinking(one), *_over_votes(one))]
    made = [
        comparisons(question.points, question.evidence.margin)
        if question.points is not None and not question.withheld
        else ()
        for question in questions
    ]
    adjusted = holm([[comparison.p for comparison in each] for each in made])
    level = LEVEL / max(sum(bool(each) for each in made), 1)
    return tuple(
        _verdict(question, each, values, level)
        for question, each, values in zip(questions, made, adjusted, strict=True)
    )


def _over_thinking(evidence: Evidence) -> list[_Question]:
    if int((evidence.grid.drawn.sum(axis=0) > 0).sum()) < 2:  # noqa: PLR2004 - one point is no curve
        return []
    points = points_of_thinking(evidence.grid)
    if np.isnan(evidence.grid.tokens).all() and evidence.grid.drawn.any():
        return [_Question(evidence, "thinking", None, _NO_TOKENS)]
    held, asked = len(evidence.grid.held), int((evidence.grid.drawn.sum(axis=1) > 0).sum())
    if 1 < held < NEARLY_WHOLE * asked:
        why = f"{held} of {asked} problems have a sample at every budget so far"
        return [_Question(evidence, "thinking", None, why)]
    if points is None:
        alike = "all budgets used equally many tokens"
        why = alike if held > 1 else "no two problems have a sample at every budget"
        return [_Question(evidence, "thinking", None, why)]
    obedience = evidence.obedience
    if obedience is not None and obedience.finding is Obeyed.IGNORED:
        why = obedience.words(f"the control ({evidence.grid.control.value})")
        return [_Question(evidence, "thinking", points, why, withheld=True)]
    return [_Question(evidence, "thinking", points)]


def _over_votes(evidence: Evidence) -> list[_Question]:
    """None where each problem was asked once: nobody thought of voting."""
    tables = [table for table in evidence.votes if table.drawn]
    if not tables:
        return []
    table = max(reversed(tables), key=lambda one: min(one.drawn))
    draws = min(table.drawn)
    if draws < DRAWS_A_VOTE:
        return []
    where = "" if table.budget is None else f"votes at {table.budget}"
    if not table.tokens > 0:
        return [_Question(evidence, "votes", None, _NO_TOKENS, note=where)]
    points = points_of_votes(table)
    if points is not None:
        most = max(k for k in table.ks if DRAWS_A_VOTE * k <= draws)
        beyond = vote_gain(table, most, table.ks[-1]) if table.ks[-1] > most else None
        return [_Question(evidence, "votes", points, note=where, untested=beyond)]
    why = f"votes of {SMALLEST_VOTE} need {DRAWS_A_VOTE * SMALLEST_VOTE} draws of each problem, and there are {draws}"
    return [_Question(evidence, "votes", None, why, note=where)]


def _verdict(question: _Question, made: Sequence[Comparison], adjusted: Sequence[float], level: float) -> Verdict:
    points, margin = question.points, question.evidence.margin
    if points is None:
        return _record(question, Finding.TOO_EARLY, f"not enough to tell: {question.instead}")
    whole = gain_along(points.octaves, points.shares, points.clusters)
    if question.withheld:
        return _record(question, Finding.WITHHELD, f"no verdict: {question.instead}", whole)
    end = gain_at_the_end(points)
    shown = [i for i, p in enumerate(adjusted) if p <= LEVEL]
    reported = shown[-1] if shown else 0
    tested = (made[reported], adjusted[reported]) if made else None
    sign = sign_at_the_end(points)
    tested_only = " that can be tested" if question.untested is not None else ""
    aside: tuple[str, ...] = (f"over the last {end.doublings:.1f} doublings{tested_only}: {_slope(end)}",)
    if sign != end.sign:
        aside += ("not if the draws that failed had come out against it",)
    if sign < 0 and not shown:
        return _record(question, Finding.FALLING, f"falling: {_slope(end)}", whole, tested, aside)
    if points.always_right >= NEARLY_ALL * len(points.shares):
        by = " by vote" if question.over == "votes" else ""
        words = f"at the ceiling ({points.always_right} of {len(points.shares)} problems always right{by})"
        at = f"at {power_of_two(points.octaves[-1])} tokens"
        return _record(question, Finding.CEILING, words, whole, tested, (at, *aside))
    if shown and tested is not None:
        start = points.octaves[tested[0].start]
        words = f"no more gains beyond {power_of_two(start)} tokens, within {_points(margin)} (equivalence test)"
        seen = f"tested up to {power_of_two(points.octaves[-1])} tokens: {_difference(tested[0])}"
        return _record(question, Finding.NO_MORE_GAINS, words, whole, tested, (seen, *aside))
    if made and made[0].p <= LEVEL:
        words = (
            f"not enough to tell: no more gains within {_points(margin)} taken alone (p {made[0].p:.2g}), but not "
            f"beside the other verdicts that were asked for (p {adjusted[0]:.2g})"
        )
        return _record(question, Finding.TOO_EARLY, words, whole, tested, aside)
    if sign > 0:
        return _grown(question, whole, end, tested, aside)
    return _untold(question, points, level, whole, tested, aside)


def _grown(
    question: _Question, whole: Gain, end: Gain, tested: tuple[Comparison, float] | None, aside: tuple[str, ...]
) -> Verdict:
    """Of a curve that rises at its end: still growing, unless more votes than can be tested fell behind that rise."""
    beyond = question.untested
    if beyond is not None and _behind(beyond, end, question.evidence.margin):
        words = (
            f"grew by {_slope(end)} up to {beyond.k} votes; not enough to tell whether it still does: votes of "
            f"{beyond.more} need {DRAWS_A_VOTE * beyond.more} draws of each problem"
        )
        seen = f"from {beyond.k} to {beyond.more} votes: {in_points(beyond.gain or 0.0)} points"
        return _record(question, Finding.TOO_EARLY, words, whole, tested, (seen, *aside))
    # What counts is what more would bring: where the curve bends, that is what its end brings.
    least = min((whole, end), key=lambda gain: gain.per_doubling) if whole.sign > 0 else end
    return _record(question, Finding.GROWING, f"still growing: {_slope(least)}", whole, tested, aside)


def _behind(beyond: VoteGain, end: Gain, margin: float) -> bool:
    """Whether the votes that cannot be tested brought no more than the margin, and less than going on as before would.

    The latter for sure: their interval is below it.
    """
    if beyond.gain is None or beyond.ci95 is None:
        return False
    return beyond.gain <= margin and beyond.ci95[1] < end.per_doubling * log2(beyond.more / beyond.k)


def _untold(
    question: _Question,
    points: Points,
    level: float,
    whole: Gain,
    tested: tuple[Comparison, float] | None,
    aside: tuple[str, ...],
) -> Verdict:
    """Of a curve of which nothing can be said yet: what would tell, or what stands in the way."""
    so_far = {1: f"grew by {_slope(whole)}; ", -1: f"fell by {_slope(whole)}; ", 0: ""}[whole.sign]
    if tested is None:
        finding, why = _untested(points)
        return _record(question, finding, so_far + why, whole, None, aside)
    last = tested[0]
    needed = need(points, last, level)
    words = f"{so_far}not enough to tell{' whether it still does' if so_far else ''}: {_in_words(needed, last)}"
    ends = (power_of_two(points.octaves[i]) for i in (last.start, -1))
    seen = f"from {' to '.join(ends)} tokens: {_difference(last)}"
    return _record(question, Finding.TOO_EARLY, words, whole, tested, (seen, *aside), needed.more_problems)


def _untested(points: Points) -> tuple[Finding, str]:
    """Why there was nothing to compare the last point with."""
    if points.octaves[-1] - points.octaves[0] < APART:
        return Finding.TOO_EARLY, "not enough to tell: the most tokens used are not twice the fewest"
    if max(points.lost) > LOST_AT_MOST:
        worst = int(np.argmax(points.lost))
        at = f"at {power_of_two(points.octaves[worst])} tokens {100 * points.lost[worst]:.1f} % of the draws"
        return (
            Finding.WITHHELD,
            f"no verdict: {at} were cut off or failed, and a plateau takes at most {100 * LOST_AT_MOST:g} %",
        )
    return Finding.TOO_EARLY, "not enough to tell: all problems belong to one cluster"


def _record(
    question: _Question,
    finding: Finding,
    words: str,
    whole: Gain | None = None,
    tested: tuple[Comparison, float] | None = None,
    reasons: tuple[str, ...] = (),
    more_problems: int | None = None,
) -> Verdict:
    beyond = None
    if finding is Finding.NO_MORE_GAINS and tested is not None and question.points is not None:
        beyond = float(2 ** question.points.octaves[tested[0].start])
    end = None if whole is None or question.points is None else gain_at_the_end(question.points)
    return Verdict(
        run=question.evidence.grid.run,
        name=question.evidence.grid.name,
        over=question.over,
        finding=finding,
        words=words,
        per_doubling=None if whole is None else whole.per_doubling,
        ci95=None if whole is None else whole.ci95,
        end_per_doubling=None if end is None else end.per_doubling,
        end_ci95=None if end is None else end.ci95,
        beyond_tokens=beyond,
        margin=question.evidence.margin,
        p=None if tested is None else tested[0].p,
        p_adjusted=None if tested is None else tested[1],
        more_problems=more_problems,
        reasons=((question.note,) if question.note else ()) + reasons,
    )


def _in_words(needed: Need, comparison: Comparison) -> str:
    """What would tell."""
    if needed.more_problems is None:
        return f"{_difference(comparison)}, too near the margin of {_points(comparison.test.margin)}"
    problems = f"about {_about(needed.more_problems)} more problem{'s' * (needed.more_problems > 1)} would"
    if needed.draws_help is None:
        return problems
    if not needed.draws_help:
        return f"{problems}; more draws would not"
    if needed.draws_factor is not None:
        return f"about {_about(needed.draws_factor)} times the draws would, or {problems.removesuffix(' would')}"
    return f"{problems}, or fewer with more draws"


def _about(number: float) -> str:
    """Two digits that count: `2,600`, `37`, `4`."""
    if number < 10:  # noqa: PLR2004 - one digit
        return f"{max(number, 1.1):.2g}" if number != int(number) else str(int(number))
    return f"{int(float(f'{number:.2g}')):,}"


def _slope(gain: Gain) -> str:
    """`+6.6 points per doubling [4.9, 8.4]`."""
    within = "" if gain.ci95 is None else " [{}, {}]".format(*(in_points(end, plus=False) for end in gain.ci95))
    return f"{in_points(gain.per_doubling)} points per doubling{within}"


def _difference(comparison: Comparison) -> str:
    test = comparison.test
    return f"{in_points(test.difference)} points (se {100 * test.se:.1f})"


def _points(margin: float) -> str:
    """`2 points`."""
    return "1 point" if margin == 0.01 else f"{100 * margin:g} points"  # noqa: PLR2004 - one point
