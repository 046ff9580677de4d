"""The words of the stand-in model: a short plausible solution with checks, and an ending with or without an answer.

Owns sentences only. Apart from the ending, nothing in a text can be taken for a final answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_OPENINGS = (
    "Let me set this up carefully.\n\n",
    "We begin by naming the quantities.\n\n",
    "First I restate what is asked.\n\n",
    "**Setup.** Write the condition as an equation.\n\n",
    "To solve this, I look for an invariant first.\n\n",
    "I will count by cases and then check the total.\n\n",
    "### Step 1: Understanding the problem\n\n",
)

_STEPS = (
    "Put $x = {a}$ and $y = {b}$; then $x + y = {sum}$. ",
    "Modulo ${m}$ the left side is ${r}$, which leaves {c} residues to look at. ",
    "By symmetry we may assume $a \\le b$, so only {c} of the {a} cases remain. ",
    "Expanding gives $n^2 - {a}n + {b} = 0$, whose discriminant is positive. ",
    "There are $\\binom{{{n}}}{{{k}}}$ ways to choose the first {k}. ",
    "The case $n = {n}$ is degenerate, so I set it aside. ",
    "Using the law of cosines with sides ${a}$ and ${b}$, the third side follows. ",
    "Inclusion and exclusion removes {c} of the {a} pairs that were counted twice. ",
    "Write ${a} = {m} \\cdot {q} + {r}$ and follow the remainder {r}. ",
    "A generating function would also do; its coefficient of $z^{{{n}}}$ is what we need. ",
    "Since ${m}$ divides the product, one of the factors is a multiple of it. ",
    "The recurrence $u_{{k+1}} = {k}u_k + {c}$ starts at $u_0 = {r}$. ",
    "Suppose instead that $k > {k}$; then the bound {a} is passed, a contradiction. ",
    "So far this accounts for {c} configurations out of {sum}. ",
)

_CHECKS = (
    "Wait, let me check that: with $n = {n}$ both sides give {sum}. Good. ",
    "Hmm, {a} does not satisfy the second condition, so I go back one step. ",
    "Let me verify this with a smaller case: for ${k}$ the same argument gives {c}, as it should. ",
    "Double-checking the arithmetic: ${a} + {b} = {sum}$, yes. ",
    "Actually, I forgot the boundary case $k = {k}$; including it adds {c}. ",
    "A second way of counting agrees up to the factor {m}, which cancels. ",
)

_ENDINGS = (
    "\n\n**Final Answer:** \\boxed{{{answer}}}",
    "\n\n**Final Answer:** $\\boxed{{{answer}}}$",
    "\n\nThe final answer is $\\boxed{{{answer}}}$.",
    "\n\nThus, the answer is \\boxed{{{answer}}}.",
    "\n\n\\[\n\\boxed{{{answer}}}\n\\]",
    "\n\n$$\\boxed{{{answer}}}$$\n",
    "\n\n**Final Answer:** {answer}",
    "\n\n**Answer: {answer}**",
)

_GIVEN_UP = (
    "\n\nI was not able to complete this count, so I leave it here.",
    "\n\nThe two methods disagree and I cannot settle which one is wrong.",
    "\n\nMore work is needed to finish the last case.",
)


def compose(answer: str, generator: Random, chars: int | None = None) -> tuple[str, str]:
    """A solution and its ending with the answer; together `chars` long, or a few hundred characters."""
    ending = _one(_ENDINGS, generator).format(answer=answer)
    return _reasoning(generator, chars, len(ending)), ending


def undecided(generator: Random, chars: int | None = None) -> tuple[str, str]:
    """A solution and an ending that gives no answer."""
    ending = _one(_GIVEN_UP, generator)
    return _reasoning(generator, chars, len(ending)), ending


def _reasoning(generator: Random, chars: int | None, reserved: int) -> str:
    pieces = [_one(_OPENINGS, generator)]
    pieces += [_sentence(_STEPS, generator) for _ in range(3 + int(generator.random() * 8))]
    pieces += [_sentence(_CHECKS, generator) for _ in range(1 + int(generator.random() * 3))]
    text = "".join(pieces)
    if chars is None:
        return text
    room = max(0, chars - reserved)
    return (text * (room // len(text) + 1))[:room]


def _sentence(templates: tuple[str, ...], generator: Random) -> str:
    a, b = 11 + int(generator.random() * 988), 11 + int(generator.random() * 988)
    m = 3 + b % 14
    return _one(templates, generator).format(
        a=a, b=b, sum=a + b, m=m, q=a // m, r=a % m, c=2 + a % 38, n=5 + b % 60, k=2 + a % 7
    )


def _one(choices: tuple[str, ...], generator: Random) -> str:
    return choices[int(generator.random() * len(choices))]
