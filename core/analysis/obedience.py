"""Is the control obeyed: do the first draws use more tokens at the highest budget than at the lowest?

Ignored fields are the commonest failure of a sweep: the server takes an unknown `reasoning_effort` without a word, the
curve comes out flat, and that looks like "more thinking does not help". Owns the test and its three verdicts; knows
nothing of where samples are kept or of which field carried the budget. A cap on tokens (control `max_tokens`) needs no
test: what it cuts off differs by construction.

**The data.** Problems differ far more in length than budgets do, so each problem is its own control: what counts is
d = log(tokens at the highest budget) - log(tokens at the lowest), a mean over its draws. A problem that was cut off by
the token cap on both sides says nothing and is left out; cut off at the highest budget only, it may have risen without
limit, and the limit below takes it so.

**The test.** Wilcoxon's signed-rank test, one-sided (Wilcoxon 1945, Biometrics Bulletin 1:80-83), zeros ranked and then
dropped (Pratt 1959, JASA 54:655-667): exact up to 50 pairs, normal beyond. It asks nothing of the shape of d but
symmetry, and one runaway draw cannot decide it. The limits for the ratio are the same test's, inverted: order
statistics of the Walsh averages (d_i + d_j)/2 (Hodges and Lehmann 1963, Ann. Math. Statist. 34:598-611; Hollander,
Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., section 3.3).

**The rule.** Obeyed: p <= 0.01. Ignored: even the upper 99% limit of the ratio is below 1.5, so that there was enough
data to have seen a ratio worth the name, and there is no hint of a rise either (p > 0.1), so that a control that is
obeyed weakly is not accused. Else undecided, to be asked again with more draws. The levels are strict because a run
looks more than once. Fewer than 7 pairs are never enough: even if all agree, chance does as much once in 2^6 times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEVEL = 0.01
"""Chance, one-sided, of finding a rise where there is none, and of missing a ratio of `WORTH_SEEING`."""
HINT = 0.1
"""At this p or below a rise is hinted at, and `IGNORED` is not said."""
LEAST_PAIRS = 7
"""The fewest pairs that can reach `LEVEL`: 2^-7 < 0.01 < 2^-6."""
WORTH_SEEING = 1.5
"""A ratio of tokens, highest to lowest budget, that an obeyed control is expected to reach."""
_EXACT_PAIRS = 50


class Finding(StrEnum):
    """What the first draws say of a control."""

    OBEYED = "obeyed"
    IGNORED = "ignored"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Obedience:
    """What the first draws say, and on what grounds."""

    finding: Finding
    pairs: int
    """Problems that could be compared."""
    ratio: float | None
    """Geometric mean of tokens at the highest budget over that at the lowest; None without a pair."""
    upper: float | None
    """Upper 99% limit of the typical ratio, infinite where too much was cut off; None below `LEAST_PAIRS`."""
    p: float | None
    """Chance of so much more, were the control ignored; None below `LEAST_PAIRS`."""

    def words(self, field: str) -> str:
        """One sentence for a person; `field` names what carries the budget, such as "`reasoning_effort`"."""
        if self.ratio is None or self.upper is None:
            return f"not enough yet to say whether {field} is obeyed: {self.pairs} of {LEAST_PAIRS} problems"
        seen = f"x{self.ratio:.2f} tokens from the lowest to the highest budget over {self.pairs} problems"
        match self.finding:
            case Finding.OBEYED:
                return f"{field} is obeyed: {seen}"
            case Finding.IGNORED:
                return f"this endpoint seems to ignore {field}: {seen}, typically x{self.upper:.2f} at most"
            case Finding.UNDECIDED:
                limit = f"typically up to x{self.upper:.2f}" if math.isfinite(self.upper) else "many of them cut off"
                return f"not clear yet whether {field} is obeyed: {seen}, {limit}"


def obeys(low: Mapping[str, Sequence[int]], high: Mapping[str, Sequence[int]], *, cap: int | None = None) -> Obedience:
    """Whether one label's tokens rise from its lowest to its highest budget, by the rule above.

    Args:
        low: Completion tokens of the draws at the lowest budget (or level), by problem id.
        high: The same at the highest budget.
        cap: The token cap sent with both, at which answers were cut off; None where nothing was.
    """
    seen, possible = [], []
    for problem in low:
        before, after = low[problem], high.get(problem, ())
        if not before or not after or (cap is not None and min(*before, *after) >= cap):
            continue
        rise = _mean_log(after) - _mean_log(before)
        seen.append(rise)
        possible.append(math.inf if cap is not None and max(after) >= cap else rise)
    pairs = len(seen)
    if pairs == 0:
        return Obedience(Finding.UNDECIDED, 0, None, None, None)
    ratio = math.exp(math.fsum(seen) / pairs)
    if pairs < LEAST_PAIRS:
        return Obedience(Finding.UNDECIDED, pairs, ratio, None, None)
    p = rise_p_value(seen)
    upper = math.exp(upper_limit(possible))
    finding = Finding.UNDECIDED
    if p <= LEVEL:
        finding = Finding.OBEYED
    elif p > HINT and max(upper, ratio) < WORTH_SEEING:
        finding = Finding.IGNORED
    return Obedience(finding, pairs, ratio, upper, p)


def rise_p_value(differences: Sequence[float]) -> float:
    """Chance of a signed-rank sum at least this large among differences that are symmetric about zero.

    Equal sizes share the mean of their ranks; zeros take part in the ranking and then drop out (Pratt).
    """
    doubled = _doubled_ranks([abs(value) for value in differences])
    ranks = [rank for rank, value in zip(doubled, differences, strict=True) if value != 0]
    observed = sum(rank for rank, value in zip(doubled, differences, strict=True) if value > 0)
    if len(ranks) > _EXACT_PAIRS:
        spread = math.sqrt(sum(rank * rank for rank in ranks)) / 2
        return 1 - NormalDist(sum(ranks) / 2, spread).cdf(observed)
    ways = _ways(ranks)
    return sum(ways[observed:]) / (1 << len(ranks))


def upper_limit(differences: Sequence[float]) -> float:
    """Upper limit, one-sided at `LEVEL`, of the centre of these differences; infinite below `LEAST_PAIRS`."""
    return _upper_limit(tuple(sorted(differences)))


@lru_cache(maxsize=64)
def _upper_limit(rising: tuple[float, ...]) -> float:
    # Kept: a run's first draws are looked at every few seconds, and stay what they are.
    dropped = _dropped_from_the_top(len(rising))
    return _walsh_average_from_the_top(rising, dropped + 1) if dropped is not None else math.inf


def _walsh_average_from_the_top(rising: Sequence[float], place: int) -> float:
    """The average of two of these (or of one with itself) that stands at `place` from the largest, counted from 1.

    A thousand problems make half a million averages, so none is listed: the answer is the largest number that is
    reached by `place` of them, and how many reach a number is counted along the sorted values.
    """
    finite = [value for value in rising if math.isfinite(value)]
    endless = (len(rising) * (len(rising) + 1) - len(finite) * (len(finite) + 1)) // 2
    if place <= endless:
        return math.inf
    low, high = 2 * finite[0], 2 * finite[-1]
    if _reaching(finite, high) >= place - endless:
        return high / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _reaching(finite, middle) >= place - endless else (low, middle)
    return low / 2


def _reaching(rising: Sequence[float], total: float) -> int:
    """Pairs, one with itself included, that sum to at least `total`."""
    pairs, first, last = 0, 0, len(rising) - 1
    while first <= last:
        if rising[first] + rising[last] >= total:
            pairs += last - first + 1
            last -= 1
        else:
            first += 1
    return pairs


def _dropped_from_the_top(pairs: int) -> int | None:
    """The largest c with P(W <= c) <= LEVEL for the signed-rank sum W of so many pairs; None where there is none."""
    if pairs > _EXACT_PAIRS:
        mean = pairs * (pairs + 1) / 4
        spread = math.sqrt(pairs * (pairs + 1) * (2 * pairs + 1) / 24)
        return math.floor(NormalDist(mean, spread).inv_cdf(LEVEL))
    allowed = LEVEL * (1 << pairs)
    reached, largest = 0, None
    for total, ways in enumerate(_ways(range(1, pairs + 1))):
        reached += ways
        if reached > allowed:
            break
        largest = total
    return largest


def _ways(ranks: Sequence[int]) -> list[int]:
    """In how many ways signs can be given so that the positive ranks sum to 0, 1, 2, ..."""
    ways = [1]
    for rank in ranks:
        without = ways + [0] * rank
        ways = [stays + joins for stays, joins in zip(without, [0] * rank + ways, strict=True)]
    return ways


def _doubled_ranks(sizes: Sequence[float]) -> list[int]:
    """Twice the rank of each size, ties sharing the mean of theirs; doubled to stay whole."""
    ordered = sorted(range(len(sizes)), key=sizes.__getitem__)
    ranks = [0] * len(sizes)
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and sizes[ordered[end]] == sizes[ordered[start]]:
            end += 1
        for position in ordered[start:end]:
            ranks[position] = start + 1 + end
        start = end
    return ranks


def _mean_log(tokens: Sequence[int]) -> float:
    """Mean of log tokens; a draw of none counts as one token, which only an empty reply is."""
    return math.fsum(math.log(max(count, 1)) for count in tokens) / len(tokens)
