"""What the stand-in model makes of a problem and a budget: tokens, an answer, a text. Pure, given its generator.

Calibrated on what o1-mini was seen to do with 30 competition problems when its prompt asked for a number of tokens:
it uses far more than it is asked for, stops growing past 2^11, and its votes saturate. Knows nothing of requests.

Accuracy follows what the model typically uses at that budget, not what one draw happened to use: so each cell has one
distribution of answers, which `answer_chances` gives exactly.
"""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.simulator.budget import Asked
from core.simulator.texts import compose, undecided

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from core.simulator.knowledge import Known

_USED = ((0, 600), (2, 760), (4, 363), (5, 420), (6, 471), (7, 1106), (8, 2194), (9, 5355), (10, 8668), (11, 11104),
         (13, 11250), (15, 8190), (17, 8000))  # fmt: skip
"""Mean tokens used where the prompt asked for 2^x: measured; between them, a straight line in log-log."""
_EFFORT_TOKENS = {"minimal": 420, "low": 1200, "medium": 4000, "high": 9000, "xhigh": 12000, "max": 14000}
"""Mean tokens used at each effort level."""
_ANSWER_TOKENS = 300
"""Mean tokens used with thinking switched off: the answer alone."""

_SPREAD = 0.45
"""Standard deviation of the logarithm of tokens between draws of a cell."""
_HARD_OVER_EASY = 3.0
"""How many times the tokens of the easiest problem the hardest one takes."""
_NO_ANSWER = 0.015
"""Share of the draws that end without an answer."""

_HARD = 0.7
"""From this hardness on, the favourite wrong answer beats the right one."""
_CEILING_EASY = ((0.0, 0.93), (_HARD, 0.64))
_CEILING_HARD = ((_HARD, 0.16), (1.0, 0.03))
"""By hardness: the chance of the right answer with all the thinking in the world."""
_HALF_WAY = ((0.0, 6.0), (0.21, 7.6), (0.27, 9.0), (0.45, 9.4), (0.49, 12.55), (_HARD, 12.7), (1.0, 12.6))
"""By hardness: log2 of the tokens that bring half of that chance. The two steps are the curve's two rises."""
_OCTAVES = 0.2
"""How sharply that chance rises, in doublings of the tokens."""
_FAVOURITE_EASY, _FAVOURITE_HARD = 0.25, 0.6
"""The favourite's share of the wrong answers."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model generated for one request."""

    text: str
    answer: str | None
    """None where the text holds no readable answer."""
    tokens: int
    """Completion tokens, thinking included."""
    reasoning_tokens: int
    """The part of them that was thinking: in whole blocks of 64, as o1 reports it."""
    cut: bool
    """Whether the token cap cut it, before the answer."""


def expected_tokens(asked: Asked) -> float:
    """Tokens that the model typically uses, over all problems, before any token cap."""
    if asked.words is not None:
        natural = tokens_for_words(asked.words)
    else:
        natural = float(_EFFORT_TOKENS[asked.effort or "medium"])
    return natural if asked.thinking is None else min(natural, float(asked.thinking + _ANSWER_TOKENS))


def tokens_for_words(budget: int) -> float:
    """Mean tokens used where the prompt asks for `budget` tokens."""
    points = [(float(x), math.log2(used)) for x, used in _USED]
    return float(2 ** _line(points, math.log2(max(1, budget))))


def chance_right(hardness: float, tokens: float) -> float:
    """Chance of the right answer to a problem of this hardness, where `tokens` are typically used."""
    ceiling = _line(_CEILING_EASY if hardness < _HARD else _CEILING_HARD, hardness)
    rise = (math.log2(tokens) - _line(_HALF_WAY, hardness)) / _OCTAVES
    return (1 - _NO_ANSWER) * ceiling / (1 + math.exp(-rise))


def answer_chances(known: Known, tokens: float) -> dict[str | None, float]:
    """The chance of each answer, where `tokens` are typically used; None is no answer."""
    right = chance_right(known.hardness, tokens)
    wrong = 1 - _NO_ANSWER - right
    favourite, *others = known.wrong
    share = _FAVOURITE_EASY if known.hardness < _HARD else _FAVOURITE_HARD
    chances: dict[str | None, float] = {known.answer: right, favourite: wrong * share}
    chances.update(dict.fromkeys(others, wrong * (1 - share) / len(others)))
    chances[None] = _NO_ANSWER
    return chances


def generate(known: Known, asked: Asked, generator: Random, chars: int | None = None) -> Generation:
    """One draw of the model.

    Args:
        known: The problem.
        asked: How much thinking the request asks for.
        generator: This draw's own.
        chars: Length of the text in characters; None is a few hundred.
    """
    wanted = _tokens(known.hardness, asked, generator)
    answer = _pick(answer_chances(known, expected_tokens(asked)), generator.random())
    reasoning, ending = compose(answer, generator, chars) if answer is not None else undecided(generator, chars)
    tokens = wanted if asked.cap is None else min(wanted, asked.cap)
    cut = tokens < wanted
    text = reasoning[: len(reasoning) * tokens // wanted] if cut else reasoning + ending
    visible = min(tokens, len(text) // 4 + 1)
    thought = 0 if asked.thinking == 0 else (tokens - visible) // 64 * 64
    return Generation(text, None if cut else answer, tokens, thought, cut)


def _tokens(hardness: float, asked: Asked, generator: Random) -> int:
    """Tokens of one draw: lognormal around the budget's mean, more for hard problems, the mean over both kept."""
    slope = math.log(_HARD_OVER_EASY)
    # The mean of exp(slope * (u - 1/2)) over uniform u, and of exp(spread * z) over normal z, are divided out.
    over_problems = 2 * math.sinh(slope / 2) / slope
    factor = math.exp(slope * (hardness - 0.5) + _SPREAD * generator.gauss() - _SPREAD**2 / 2) / over_problems
    if asked.thinking is None:
        return max(1, round(expected_tokens(asked) * factor))
    natural = expected_tokens(Asked(words=asked.words, effort=asked.effort))
    # A thinking budget is a wall: the model thinks as it likes up to it, then answers.
    return max(1, round(min(natural * factor, asked.thinking) + _ANSWER_TOKENS * (0.8 + 0.4 * generator.random())))


def _pick(chances: dict[str | None, float], lot: float) -> str | None:
    for answer, chance in chances.items():
        if lot < chance:
            return answer
        lot -= chance
    return None


def _line(points: Sequence[tuple[float, float]], x: float) -> float:
    """The height at x of straight lines through the points, level outside them."""
    right = bisect(points, x, key=lambda point: point[0])
    if right == 0 or right == len(points):
        return points[min(right, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[right - 1], points[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
